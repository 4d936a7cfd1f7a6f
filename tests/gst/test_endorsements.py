"""Each document bears the sentences that the law wants on it, and no other."""

from __future__ import annotations

import pytest

from invo_cli.gst.document import Supply
from invo_cli.gst.endorsements import endorsements

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("supply", list(Supply))
def test_a_zero_rated_supply_says_how_its_tax_is_settled(supply: Supply) -> None:
    said = " ".join(endorsements(supply, is_composition=False))
    zero_rated, _, payment = supply.partition("_with")
    assert bool(said) == (zero_rated in ("sez", "export"))
    assert ("UNDERTAKING WITHOUT PAYMENT OF INTEGRATED TAX" in said) == (payment == "out_payment")
    assert ("ON PAYMENT OF INTEGRATED TAX" in said) == (payment == "_payment")


def test_a_composition_taxable_person_says_so() -> None:
    assert endorsements(Supply.REGULAR, is_composition=True) == [
        "Composition taxable person, not eligible to collect tax on supplies"
    ]
