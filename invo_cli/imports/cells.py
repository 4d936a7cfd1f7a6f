"""The text of one cell as the value it stands for, and what Excel did to it on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from invo_cli.errors import InvalidError
from invo_cli.gst.text import quoted

Kind = Literal["text", "flag", "date", "hsn"]
DateReader = Callable[[str], str]
"""Gives a date in the spelling of the file as YYYY-MM-DD, or refuses it."""
_FLAGS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
_SHORTENED = re.compile(r"-?[0-9](?:[.,][0-9]+)?[Ee][+-][0-9]{1,3}")
_EXCEL_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|#+)")
_ZERO_LOST = re.compile("[1-9][0-9]{2}|[1-9][0-9]{4}|[1-9][0-9]{6}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOKENS = {
    "YYYY": "(?P<year>[0-9]{4})",
    "YY": "(?P<year>[0-9]{2})",
    "MMM": "(?P<month>[A-Za-z]{3})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
}
_TOKEN = re.compile("|".join(_TOKENS))


def value_of(text: str, kind: Kind, read_date: DateReader) -> Any:
    """The value of a cell, None when it is blank; InvalidError with a code for what Excel has spoilt."""
    text = text.strip()
    if not text:
        return None
    if text[0] == "#" or (len(text) < 30 and text[-1].isdigit()):
        _refuse_spoilt(text)
    return text if kind == "text" else _READERS[kind](text, read_date)


def date_reader(form: str | None) -> DateReader:
    """How dates of a form such as DD-MM-YYYY, D/M/YY or DD-MMM-YYYY are read; None: as YYYY-MM-DD.

    A date that is YYYY-MM-DD already, as the cells of Excel are, is taken in any case.
    """
    if form is None:
        return lambda text: text
    pattern = re.compile(_pattern(form))

    def read(text: str) -> str:
        found = pattern.fullmatch(text)
        if found is None:
            if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return text
            raise InvalidError(
                f"Date {quoted(text)} is not of the form {form}.", hint="Compare it with the --map file."
            )
        return f"{_year(found['year'])}-{_month(found['month'])}-{found['day'].zfill(2)}"

    return read


def _pattern(form: str) -> str:
    """A regular expression of a form of dates; InvalidError when it does not name day, month and year once each."""
    found = _TOKEN.findall(form)
    rest = _TOKEN.sub("", form)
    if sorted(token[0] for token in found) != ["D", "M", "Y"] or re.search("[A-Za-z0-9]", rest):
        raise InvalidError(
            f"date_format {quoted(form)} is no form of a date.", hint="Write DD-MM-YYYY, D/M/YY or DD-MMM-YYYY."
        )
    pieces = re.split(f"({_TOKEN.pattern})", form)
    return "".join(_TOKENS.get(piece, re.escape(piece)) for piece in pieces)


def _year(text: str) -> str:
    return text if len(text) == 4 else f"20{text}"


def _month(text: str) -> str:
    if text.isdigit():
        return text.zfill(2)
    if text.lower() not in _MONTHS:
        raise InvalidError(f"There is no month {quoted(text)}.", hint="Write Jan, Feb, …, Dec.")
    return f"{_MONTHS.index(text.lower()) + 1:02}"


def _refuse_spoilt(text: str) -> None:
    if text.startswith("#FORMULA"):
        raise InvalidError(
            f"The cell holds a formula: {quoted(text[9:])}.",
            hint="Copy the column and paste it as values.",
            code="excel_formula",
        )
    if _EXCEL_ERROR.fullmatch(text):
        raise InvalidError(f"The cell holds the error {text} of Excel.", hint="Correct it there.", code="excel_error")
    if _SHORTENED.fullmatch(text):
        raise InvalidError(
            f"{quoted(text)} is a number that Excel has shortened: its last digits are lost.",
            hint="Give the column the format Text in Excel, enter the value again and save.",
            code="excel_notation",
        )


def _flag(text: str, read_date: DateReader) -> bool:
    found = _FLAGS.get(text.lower())
    if found is None:
        raise InvalidError(f"{quoted(text)} is neither true nor false.", hint="Write true or false.")
    return found


def _date(text: str, read_date: DateReader) -> str:
    found = read_date(text)
    if re.fullmatch("[0-9]{1,2}[-/. ][0-9A-Za-z]{1,3}[-/. ](?:[0-9]{2}){1,2}", found):
        raise InvalidError(
            f"Date {quoted(text)} is not of the form YYYY-MM-DD.",
            hint='Say how dates are written in the file of --map: date_format = "DD-MM-YYYY"',
        )
    return found


def _hsn(text: str, read_date: DateReader) -> str:
    if _ZERO_LOST.fullmatch(text):
        raise InvalidError(
            f"HSN code {text} has {len(text)} digits: Excel has perhaps dropped a zero in front.",
            hint=f"Write 0{text} in a column of the format Text.",
            code="excel_zero",
        )
    return text


_READERS: Mapping[str, Callable[[str, DateReader], Any]] = {"flag": _flag, "date": _date, "hsn": _hsn}
