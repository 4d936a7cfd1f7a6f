"""Text that has broken programs before, for every place where somebody may type some."""

from __future__ import annotations

import unicodedata

KEPT = {
    "rich markup": "[red]Acme[/red] [link=http://example.com]x[/link] :smile:",
    "a closing tag": "[/]",
    "an open bracket": "[bold",
    "ansi escapes": "Acme \x1b[31mred\x1b[0m",
    "terminal title and clipboard": "Acme \x1b]0;title\x07\x1b]52;c;aGk=\x07",
    "c1 controls": "Acme \x9b31m\x85x",
    "backspaces": "Acme\b\b\b\b\x7f",
    "newline and tab": "Acme\nTraders\tPune\r\nx",
    "line separators": "Acme\u2028x\u2029y",
    "bidi overrides": "Acme \u202egnp.exe\u2066x\u2069",
    "devanagari": "आशा ट्रेडर्स क्ष\u200dत्र",
    "emoji with joiners": "Acme 👩\u200d👩\u200d👧 🇮🇳",
    "many combining marks": "A" + "\u0301\u0316" * 30,
    "zero width": "Ac\u200bme\u2060\ufeffx",
    "tags and private use": "Acme \U000e0001\ue000\U0010ffff",
    "sql": "Robert'; DROP TABLE invoices;--",
    "wildcards": "100%_\\%",
    "csv formula": "=cmd|' /C calc'!A0",
    "other formulas": '@SUM(1+1)*cmd|"x"',
    "a plus": "+1",
    "quotes and commas": "\"a\",'b',`c`,\\",
    "format strings": "{0} {self} %s %(x)s ${HOME} $(id) `id`",
    "json": '{"a": [1, null]}',
    "path": "../../etc/passwd",
    "yes": "--yes",
    "percent": "%00%0a",
}
"""Stored as they are, by what is special about them."""

REFUSED = {
    "nul": "Acme\0Traders",
    "ten thousand": "x" * 10_000,
    "ten thousand letters": "क" * 10_000,
    "white space": " \t\n\u3000",
    "half a pair": "Acme \ud83d",
    "nothing": "",
}
"""Refused with exit code 3."""

_SEPARATORS = {"\u2028", "\u2029"}
_JOINERS = {"\u200c", "\u200d"}


def stored(text: str) -> str:
    """What becomes of a text: NFC, without outer white space."""
    return unicodedata.normalize("NFC", text).strip()


def harmful(said: str) -> set[str]:
    """The characters in a terminal's output that could do more than be seen; new lines are the program's own."""
    return {
        character
        for character in said
        if (unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") or character in _SEPARATORS)
        and character not in _JOINERS
        and character not in "\n\t"
    }
