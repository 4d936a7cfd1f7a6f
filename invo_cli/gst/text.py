"""Text that people type: what is kept, what is refused, and how a refused value is quoted back."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

from invo_cli.errors import InvalidError

QUOTED_LENGTH = 40
FORMULA_STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet takes for the beginning of a formula, or drops before one; the signs in their full width too."""


def clean_text(value: str, *, what: str, limit: int) -> str:
    """The text in Unicode NFC without outer whitespace; inner newlines, control and bidi characters are kept.

    `what` begins the sentence of the refusal; `limit` counts characters after normalising.
    Raises InvalidError for an empty text, one over the limit, a NUL, or half a surrogate pair.
    """
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise InvalidError(f"{what} is empty.", hint="Write at least one character.")
    if "\0" in text:
        raise InvalidError(f"{what} contains a NUL character.", hint="Remove the character U+0000.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidError(f"{what} contains half of a surrogate pair.", hint="Save the text as valid UTF-8.")
    if len(text) > limit:
        raise InvalidError(f"{what} has {len(text)} characters; at most {limit} are allowed.", hint="Shorten it.")
    return text


def quoted(value: str) -> str:
    """A value as an error sentence shows it: in quotes, cut at 40 characters, unprintable ones escaped."""
    cut = value if len(value) <= QUOTED_LENGTH else value[: QUOTED_LENGTH - 1] + "…"
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut) + "'"


def nearest(value: str, known: Iterable[str]) -> str | None:
    """The known spelling most like the value, ignoring case; None when nothing is near."""
    spellings = {spelling.casefold(): spelling for spelling in known}
    found = difflib.get_close_matches(value[:100].casefold(), spellings, n=1)
    return spellings[found[0]] if found else None
