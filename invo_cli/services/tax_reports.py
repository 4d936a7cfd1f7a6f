"""The tax of a period: by return period, rate, state or kind, and by HSN as table 12 of GSTR-1 has it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.gst.document import Supply
from invo_cli.gst.money import from_thousandths
from invo_cli.models import Business, Invoice, InvoiceLine
from invo_cli.services.access import Right, demands
from invo_cli.services.report_sums import COUNTED, HEADER_AMOUNTS, LINE_AMOUNTS, Days, Grouping, added_up
from invo_cli.services.reports import state_name

HEADS = ("cgst", "sgst", "igst", "cess")
_TAXES, _LINE_TAXES = (
    {name: amounts[name] for name in ("taxable_value", *HEADS)} for amounts in (HEADER_AMOUNTS, LINE_AMOUNTS)
)
_SUPPLY = {"supply": Invoice.supply, "reverse_charge": Invoice.reverse_charge}
_EXPORTS = {supply.value for supply in Supply if supply.is_export}


def _supply(row: Any) -> tuple[str, bool]:
    return row.supply, bool(row.reverse_charge)


TAX_GROUPINGS: Mapping[str, Grouping] = {
    "month": Grouping(
        names=("month", "supply", "reverse_charge"),
        keys={"period": Invoice.return_period} | _SUPPLY,
        label=lambda row: (f"{row.period[2:]}-{row.period[:2]}", *_supply(row)),
        amounts=_TAXES,
    ),
    "rate": Grouping(
        names=("gst_rate", "taxability", "supply", "reverse_charge"),
        keys={"rate": InvoiceLine.gst_rate_thousandths, "taxability": InvoiceLine.taxability} | _SUPPLY,
        label=lambda row: (from_thousandths(row.rate), row.taxability, *_supply(row)),
        amounts=_LINE_TAXES,
        of_lines=True,
        is_counting=False,
    ),
    "state": Grouping(
        names=("place_of_supply", "state_name", "supply", "reverse_charge"),
        keys={"place": Invoice.place_of_supply} | _SUPPLY,
        label=lambda row: (row.place, state_name(row.place), *_supply(row)),
        amounts=_TAXES,
    ),
    "kind": Grouping(
        names=("kind", "supply", "reverse_charge"),
        keys=_SUPPLY,
        label=lambda row: (row.kind, *_supply(row)),
        amounts=_TAXES,
    ),
}
"""The month is that of the return in which a document is reported. By rate documents are not counted: one may have
lines of several."""

HSN = Grouping(
    names=("hsn", "uqc", "gst_rate", "section"),
    keys={
        "hsn": InvoiceLine.hsn,
        "unit": InvoiceLine.unit,
        "rate": InvoiceLine.gst_rate_thousandths,
        "is_registered": Invoice.buyer_gstin.is_not(None),
        "supply": Invoice.supply,
    },
    label=lambda row: (row.hsn, "NA" if is_service(row.hsn) else row.unit, from_thousandths(row.rate), _section(row)),
    amounts={**COUNTED, **LINE_AMOUNTS},
    of_lines=True,
    is_counting=False,
)


@demands(Right.REPORT_READ)
def tax_summary(session: Session, business: Business, *, by: str, days: Days) -> list[dict[str, Any]]:
    """Taxable value and tax of issued documents by one of TAX_GROUPINGS and kind of supply, credit notes negative.

    Under reverse charge the tax is shown, though the recipient pays it.
    """
    rows = added_up(session, business, TAX_GROUPINGS[by], days)
    return [row | {"tax": sum((row[head] for head in HEADS), Decimal(0))} for row in rows]


@demands(Right.REPORT_READ)
def hsn(session: Session, business: Business, days: Days) -> list[dict[str, Any]]:
    """Lines of issued documents by HSN, unit quantity code, rate and section, credit notes negative.

    Section b2b is what goes to holders of a GSTIN, but for exports; services have the unit NA and no quantity.
    """
    rows = added_up(session, business, HSN, days)
    return [row | {"quantity": from_thousandths(0)} if is_service(row["hsn"]) else row for row in rows]


def is_service(code: str | None) -> bool:
    """SAC codes begin with 99 (Scheme of Classification of Services)."""
    return code is not None and code.startswith("99")


def _section(row: Any) -> str:
    return "b2b" if row.is_registered and row.supply not in _EXPORTS else "b2c"
