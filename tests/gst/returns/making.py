"""Books for tests of returns: amounts in rupees, taxes worked out, everything else with a default."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from invo_cli.gst.document import Kind, Supply, Taxability
from invo_cli.gst.returns import writing
from invo_cli.gst.returns.books import Books, Document, Filer, Line
from invo_cli.gst.returns.gstr1 import Gstr1, build

FILER = Filer(gstin="27AAPFU0939F1ZV", state="27")
BUYER, OTHER_BUYER = "29AAGCB7383J1Z4", "27AAGCB7383J1Z8"
OPERATOR = "29AABCF8078M1C8"
PERIOD = "102026"


def paise(rupees: str | int) -> int:
    return int(Decimal(rupees) * 100)


def taxed(rupees: str | int, rate: str = "18", *, intra: bool = True, cess: str = "0", **fields: Any) -> Line:
    """A taxable line; its tax rounded half up."""
    taxable, thousandths = paise(rupees), int(Decimal(rate) * 1000)
    head = _share(taxable, thousandths, 200_000 if intra else 100_000)
    taxes = (0, head, head) if intra else (head, 0, 0)
    fields = {"hsn": "8517", "description": "Telephone", "quantity": 1000, **fields}
    return Line(Taxability.TAXABLE, thousandths, taxable, *taxes, paise(cess), **fields)


def untaxed(rupees: str | int, taxability: Taxability = Taxability.EXEMPT, **fields: Any) -> Line:
    return Line(taxability, 0, paise(rupees), **{"hsn": "0101", "quantity": 1000, **fields})


def document(*lines: Line, **fields: Any) -> Document:
    """An invoice of 5 October 2026 to an unregistered buyer at home; `value` in rupees, else lines and taxes."""
    reverse = fields.get("reverse_charge", False)
    whole = sum(line.taxable_paise + (0 if reverse else sum(line[3:7])) for line in lines)
    value = paise(fields.pop("value")) if "value" in fields else whole
    defaults: dict[str, Any] = {
        "kind": Kind.TAX_INVOICE,
        "number": "INV-1",
        "date": dt.date(2026, 10, 5),
        "period": PERIOD,
        "pos": "27",
        "value_paise": value,
        "lines": lines,
    }
    return Document(**{**defaults, **fields})


def note(*lines: Line, kind: Kind = Kind.CREDIT_NOTE, number: str = "CN-1", **fields: Any) -> Document:
    return document(*lines, kind=kind, number=number, **fields)


def export(*lines: Line, paid: bool = True, **fields: Any) -> Document:
    supply = Supply.EXPORT_WITH_PAYMENT if paid else Supply.EXPORT_WITHOUT_PAYMENT
    return document(*lines, pos="96", supply=supply, **fields)


def returned(*documents: Document, **fields: Any) -> Gstr1:
    """The return of some documents; further fields are those of the books."""
    return build(Books(**{"filer": FILER, "period": PERIOD, "documents": documents, **fields}))


def file_of(gstr1: Gstr1, **options: Any) -> dict[str, Any]:
    """The file, which must be one part, read back."""
    (text,) = writing.parts(gstr1, **options)
    read: dict[str, Any] = json.loads(text)
    return read


def section_text(gstr1: Gstr1, name: str) -> str:
    """A section as it is written, compact."""
    return json.dumps(file_of(gstr1)[name], separators=(",", ":"), ensure_ascii=False)


def rules_of(gstr1: Gstr1) -> list[str]:
    return [finding.rule for finding in gstr1.findings]


def only(values: Iterable[Any]) -> Any:
    (value,) = values
    return value


def _share(taxable: int, thousandths: int, divisor: int) -> int:
    return int((Decimal(taxable * thousandths) / divisor).quantize(Decimal(1), rounding=ROUND_HALF_UP))
