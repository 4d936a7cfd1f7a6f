"""How number series look, and the account of their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invo_cli.errors import InvalidError
from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invo_cli.services.series_audit import Account, Range
    from invo_cli.services.series_settings import Series

LISTING = Listing(
    (
        Column("kind", "Kind"),
        Column("financial_year", "Year"),
        Column("pattern", "Pattern"),
        Column("set_for", "Set for"),
        Column("last_number", "Last number"),
        Column("next_number", "Next number"),
        Column("first_serial", "First serial", right=True, extra=True),
        Column("last_serial", "Last serial", right=True, extra=True),
    ),
    name="kind",
)

ACCOUNTS = Listing(
    (
        Column("financial_year", "Year"),
        Column("kind", "Kind"),
        Column("series", "Series"),
        Column("first_serial", "First", right=True),
        Column("last_serial", "Last", right=True),
        Column("issued", "Issued", right=True),
        Column("cancelled", "Cancelled", right=True),
        Column("deleted", "Deleted", right=True),
        Column("missing", "Missing"),
        Column("duplicates", "Twice"),
        Column("beyond", "Beyond"),
    ),
    name="series",
    fallback_name="kind",
)


def as_row(series: Series) -> dict[str, Any]:
    """A series as scripts see it; the year is the one its numbers are shown for."""
    return {
        "kind": series.kind.value,
        "financial_year": series.year.label,
        "pattern": series.pattern.text,
        "set_for": {None: "default", "": "every year"}.get(series.set_for, series.set_for),
        "last_number": _number(series, series.last_serial) if series.last_serial >= series.first_serial else None,
        "next_number": _number(series, series.last_serial + 1),
        "first_serial": series.first_serial,
        "last_serial": series.last_serial,
    }


def print_page(row: Any) -> None:
    """One series for a person."""
    print_fields(row["kind"].replace("_", " "), row, skip=("kind",))


def account_row(account: Account) -> dict[str, Any]:
    """The account of a series as scripts see it: counts, and serials such as `3, 5-9` where something is wrong."""
    return {
        "financial_year": account.financial_year,
        "kind": account.kind,
        "series": account.series,
        "first_serial": account.first_serial,
        "last_serial": account.last_serial,
        "issued": account.issued,
        "cancelled": account.cancelled,
        "deleted": account.deleted,
        "missing": _shown(account.missing),
        "duplicates": _shown(account.duplicates),
        "beyond": _shown(account.beyond),
    }


def finding(account: Account) -> str:
    """What is wrong with a series, in a few words."""
    found = {"missing": account.missing, "twice": account.duplicates, "beyond its counter": account.beyond}
    wrong = "; ".join(f"{word} {_shown(ranges)}" for word, ranges in found.items() if ranges)
    return f"{account.series} of {account.financial_year} ({account.kind}): {wrong}"


def _number(series: Series, serial: int) -> str | None:
    """The number of a serial; None when the pattern has come to its end."""
    try:
        return series.pattern.render(series.year, serial)
    except InvalidError:
        return None


def _shown(ranges: Sequence[Range]) -> str | None:
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges) or None
