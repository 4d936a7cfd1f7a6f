"""What the words of a bank line tell: numbers of documents, UPI ids, names. Pure text, in upper case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

MOST_WORDS = 6
"""Of so many words, divided by signs or blanks, a document number may consist."""
LONGEST = 16
LEAST_PREFIX = 3
"""So much of the last word of a name must be there when the bank has cut it off."""
_LEGAL = frozenset(
    ("PVT", "PRIVATE", "LTD", "LIMITED", "LLP", "CO", "COMPANY", "MS", "MR", "MRS", "AND", "THE", "M", "S")
)
"""Words that banks and customers leave out at will."""


def compact(number: str) -> str:
    """A document number without its signs: payers write INV 26-27 0001 for INV/26-27/0001."""
    return re.sub("[^A-Z0-9]", "", number.upper())


def possible_numbers(text: str) -> Iterator[str]:
    """Everything in the text that may be the compact form of a document number: whole words, one or several."""
    words = re.findall("[A-Z0-9]+", text)
    for first in range(len(words)):
        joined = ""
        for word in words[first : first + MOST_WORDS]:
            joined += word
            if len(joined) > LONGEST:
                break
            yield joined


def written_numbers(text: str) -> Iterator[str]:
    """Everything in the text that may be a document number with its own signs, such as INV/26-27/0001."""
    for chain in re.findall("[A-Z0-9]+(?:[/-][A-Z0-9]+)+", text):
        starts = [0, *(sign.end() for sign in re.finditer("[/-]", chain))]
        ends = [*(sign.start() for sign in re.finditer("[/-]", chain)), len(chain)]
        for start in starts:
            yield from (chain[start:end] for end in ends if start < end <= start + LONGEST)


def is_telling(number: str) -> bool:
    """Whether a compact number can hardly be there by accident: letters and digits, six of them or more."""
    return len(number) >= 6 and re.search("[A-Z]", number) is not None and re.search("[0-9]{2}", number) is not None


def upi_ids(text: str) -> set[str]:
    """The UPI ids in the text, such as ASHA@OKHDFC."""
    return set(re.findall(r"[A-Z0-9][A-Z0-9._-]*@[A-Z]{2,}", text))


def name_words(name: str) -> Sequence[str]:
    """The words of a customer's name that a bank would write, in its order."""
    plain = unicodedata.normalize("NFKD", name.upper())
    words = re.findall(r"[^\W_]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    return [word for word in words if word not in _LEGAL]


def name_key(words: Sequence[str]) -> tuple[str, str]:
    """What a text that names somebody surely has: the first word, and the beginning of the second."""
    return words[0], words[1][:LEAST_PREFIX] if len(words) > 1 else ""


def possible_keys(text_words: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The `name_key` of everybody whom these words may name."""
    beginnings = {word[:LEAST_PREFIX] for word in text_words} | {""}
    return ((word, beginning) for word in text_words for beginning in beginnings)


def is_named(words: Sequence[str], text_words: frozenset[str]) -> bool:
    """Whether every word of the name is in the text; the last of several may be cut off."""
    *before, last = words
    if not all(word in text_words for word in before):
        return False
    if last in text_words:
        return True
    return bool(before) and any(len(word) >= LEAST_PREFIX and last.startswith(word) for word in text_words)
