"""The sentences that the law wants on a document, in the law's own words."""

from __future__ import annotations

from invo_cli.gst.document import Supply

# CGST Rules 46, proviso on exports.
_ZERO_RATED = "SUPPLY MEANT FOR EXPORT/SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS"
_ON_PAYMENT = f"{_ZERO_RATED} ON PAYMENT OF INTEGRATED TAX"
_WITHOUT_PAYMENT = f"{_ZERO_RATED} UNDER BOND OR LETTER OF UNDERTAKING WITHOUT PAYMENT OF INTEGRATED TAX"
# CGST Rules 5(1)(f).
_COMPOSITION = "Composition taxable person, not eligible to collect tax on supplies"


def endorsements(supply: Supply, *, is_composition: bool) -> list[str]:
    """What a document of this supply bears; `is_composition` is about its seller (CGST Act s.10)."""
    found = [_COMPOSITION] if is_composition else []
    if supply.is_without_payment:
        found.append(_WITHOUT_PAYMENT)
    elif supply.is_export or supply.is_sez:
        found.append(_ON_PAYMENT)
    return found
