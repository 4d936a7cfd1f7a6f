"""Text that has broken programs before."""

from __future__ import annotations

KEPT = {
    "rich markup": "[red]Acme[/red] [link=http://example.com]x[/link] :smile:",
    "ansi escapes": "Acme \x1b[31mred\x1b]0;title\x07",
    "newline and tab": "Acme\nTraders\tPune\r",
    "bidi overrides": "Acme \u202egnp.exe\u2066x\u2069",
    "devanagari": "आशा ट्रेडर्स क्षत्रिय",
    "emoji": "Acme 👩‍👩‍👧 🇮🇳",
    "quotes and sql": "Robert'); DROP TABLE customers;-- \"'`\\",
    "csv formula": '=HYPERLINK("http://example.com")',
    "a dash": "--yes",
    "wide and unassigned": "Acme \U000e0001\ufeff\u2028x",
}
"""Stored as they are, by what is special about them; none has outer white space after `strip`."""
REFUSED = {"nul": "Acme\0Traders", "ten thousand": "x" * 10_000, "white space": " \t\n ", "half a pair": "Acme \ud83d"}
HARMFUL = frozenset("\x1b\x07\r\u202e\u2066\u2069\u2028\ufeff\0")
"""Characters that never reach a terminal."""
