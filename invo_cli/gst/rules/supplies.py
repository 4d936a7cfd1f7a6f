"""Where and how a supply is made: place of supply, exports, SEZ, deemed exports, reverse charge."""

from __future__ import annotations

from collections.abc import Iterator

from invo_cli.gst.document import Supply
from invo_cli.gst.rules.base import Breach, Case, refuses, warns
from invo_cli.gst.states import OVERSEAS, STATES, obsolete_warning
from invo_cli.gst.supply import current_state
from invo_cli.gst.text import quoted

_POS = "place_of_supply"


@refuses(
    "GST-30", "The place of supply is a state, 96 for other countries or 97.", "CGST Rules 46(n); IGST Act s.10-13"
)
def place_exists(case: Case) -> Iterator[Breach]:
    """99 stands in some GSTINs, but no supply is made there."""
    place = case.document.place_of_supply
    if place not in STATES:
        yield Breach(
            f"There is no place of supply {quoted(place)}.", "Write two digits, such as 29 for Karnataka.", _POS
        )


@refuses("GST-31", "A supply to a GSTIN takes place in India.", "IGST Act s.10, s.12")
def registered_in_india(case: Case) -> Iterator[Breach]:
    """Place of supply 96 is for buyers without an Indian registration."""
    document = case.document
    if document.buyer.gstin and document.place_of_supply == OVERSEAS:
        yield Breach(
            f"Place of supply 96 does not go with GSTIN {document.buyer.gstin}.",
            f"Use {document.buyer.gstin[:2]}, the state of the GSTIN.",
            _POS,
        )


@refuses("GST-32", "The place of supply of an export is 96.", "IGST Act s.2(5), s.2(6), s.11(b)")
def export_leaves_india(case: Case) -> Iterator[Breach]:
    """What stays in India is no export, wherever the buyer lives."""
    document = case.document
    if document.supply.is_export and document.place_of_supply != OVERSEAS:
        yield Breach(
            f"The supply is an export, but its place of supply is {document.place_of_supply}.",
            "Use 96, or make the supply regular.",
            _POS,
        )


@warns("GST-33", "The buyer of an export is overseas.", "IGST Act s.2(6); INV-01 BuyerDtls.Stcd")
def export_buyer(case: Case) -> Iterator[Breach]:
    """Goods may be exported on the order of somebody in India, but the returns do not expect it."""
    document = case.document
    if document.supply.is_export and not document.buyer.is_overseas:
        yield Breach(
            f"The supply is an export, but the buyer's state is {document.buyer.state}.",
            "Set the customer's state to 96.",
            "customer.state",
        )


@warns("GST-34", "A supply whose place is abroad is an export.", "IGST Act s.16(1)(a)")
def abroad_is_export(case: Case) -> Iterator[Breach]:
    """A service paid in rupees may be none; all others would be taxed for nothing."""
    document = case.document
    if document.place_of_supply == OVERSEAS and not document.supply.is_export and not document.buyer.gstin:
        yield Breach(
            f"The place of supply is 96, but the supply is {document.supply}.",
            "Use export_with_payment or export_without_payment.",
            "supply",
        )


@warns(
    "GST-35",
    "State codes 25 (from 2020-01-26) and 28 are no longer in use.",
    "Dadra and Nagar Haveli and Daman and Diu (Merger of Union Territories) Act, 2019; "
    "Andhra Pradesh Reorganisation Act, 2014",
)
def states_in_use(case: Case) -> Iterator[Breach]:
    """Old papers keep their code."""
    document = case.document
    codes = {
        "seller.state": document.seller.state,
        "customer.state": document.buyer.state,
        _POS: document.place_of_supply,
    }
    for field, code in codes.items():
        warning = obsolete_warning(STATES[code], document.date) if code in STATES else None
        if warning:
            yield Breach(warning, "Use the code of the successor.", field)


@warns("GST-36", "A SEZ supply goes to a unit or developer of a SEZ.", "IGST Act s.16(1)(b)")
def sez_supply(case: Case) -> Iterator[Breach]:
    """The customer's flag says so."""
    document = case.document
    if document.supply.is_sez and not document.buyer.is_sez:
        yield Breach(
            f"The supply is {document.supply}, but the customer is not marked as SEZ.",
            "If the customer is in a SEZ: invo customer edit --sez",
            "supply",
        )


@warns("GST-37", "A supply to a unit or developer of a SEZ is a SEZ supply.", "IGST Act s.7(5)(b), s.16(1)(b)")
def sez_customer(case: Case) -> Iterator[Breach]:
    """Without it CGST and SGST may be charged where IGST is due."""
    document = case.document
    if document.buyer.is_sez and not document.supply.is_sez:
        yield Breach(
            f"The customer is marked as SEZ, but the supply is {document.supply}.",
            "Use sez_with_payment or sez_without_payment.",
            "supply",
        )


@warns(
    "GST-38", "A supply without payment of tax needs a letter of undertaking.", "CGST Rules 96A; 37/2017-Central Tax"
)
def letter_of_undertaking(case: Case) -> Iterator[Breach]:
    """The number is printed on the document."""
    if case.document.supply.is_without_payment and not case.document.seller.lut:
        yield Breach(
            "The number of the letter of undertaking is missing.",
            "Add it with: invo business edit --lut NUMBER",
            "seller.lut",
        )


@refuses("GST-39", "A deemed export is never under reverse charge.", "CGST Act s.147; GSTR-1 table 6C")
def deemed_export(case: Case) -> Iterator[Breach]:
    """It is taxed as an ordinary supply."""
    if case.document.supply is Supply.DEEMED_EXPORT and case.document.reverse_charge:
        yield Breach("A deemed export cannot be under reverse charge.", "Leave one of the two out.", "reverse_charge")


@refuses(
    "GST-40", "IGST inside a state goes with reverse charge.", "GSTR-1 table 4B, invoice type CBW; INV-01 IgstOnIntra"
)
def intra_state_igst(case: Case) -> Iterator[Breach]:
    """The return takes such an invoice under reverse charge only."""
    if case.document.supply is Supply.INTRA_STATE_IGST and not case.document.reverse_charge:
        yield Breach(
            "A supply of intra_state_igst has no reverse charge.",
            "Set reverse_charge, or make the supply regular.",
            "reverse_charge",
        )


@refuses("GST-41", "IGST inside a state has the seller's state as place of supply.", "IGST Act s.8; INV-01 IgstOnIntra")
def intra_state_place(case: Case) -> Iterator[Breach]:
    """Between states IGST is due anyway."""
    document = case.document
    if document.supply is Supply.INTRA_STATE_IGST and is_between_states(case):
        yield Breach(
            f"A supply of intra_state_igst cannot take place in {document.place_of_supply}.",
            "Make the supply regular.",
            _POS,
        )


@warns("GST-42", "An export names the country of destination.", "CGST Rules 46, proviso on exports")
def destination(case: Case) -> Iterator[Breach]:
    """The delivery's country, else the buyer's."""
    document = case.document
    country = (document.ship_to and document.ship_to.country) or document.buyer.address.country
    if document.supply.is_export and not country:
        yield Breach("The country is missing.", "Add the country to the customer's address.", "customer.address")


@refuses("GST-47", "An export or a SEZ supply is never under reverse charge.", "IGST Act s.5(3), s.16(1)")
def zero_rated_forward(case: Case) -> Iterator[Breach]:
    """Zero-rated supplies are those of the supplier: it pays the tax, or supplies under bond or LUT."""
    document = case.document
    if document.reverse_charge and (document.supply.is_export or document.supply.is_sez):
        yield Breach(
            f"A supply of {document.supply} cannot be under reverse charge.",
            "Leave one of the two out.",
            "reverse_charge",
        )


@warns("GST-48", "Under reverse charge the recipient is registered.", "CGST Act s.9(3), s.9(4), s.24(iii)")
def recipient_is_registered(case: Case) -> Iterator[Breach]:
    """Who has to pay the tax has to register for it."""
    document = case.document
    if document.reverse_charge and not document.buyer.gstin:
        yield Breach(
            "The tax is payable by a buyer without GSTIN.",
            "Ask for the GSTIN, or leave reverse charge out.",
            "customer.gstin",
        )


def is_between_states(case: Case) -> bool:
    """Whether the supply takes place outside the seller's state."""
    document = case.document
    return current_state(document.place_of_supply, document.date) != current_state(document.seller.state, document.date)


RULES = (
    place_exists,
    registered_in_india,
    export_leaves_india,
    export_buyer,
    abroad_is_export,
    states_in_use,
    sez_supply,
    sez_customer,
    letter_of_undertaking,
    deemed_export,
    intra_state_igst,
    intra_state_place,
    destination,
    zero_rated_forward,
    recipient_is_registered,
)
