"""Seller and buyer as they stood on a document when it was issued."""

from __future__ import annotations

import json
from decimal import Decimal

from invo_cli.gst.document import Address, Buyer, Seller


def seller_of(text: str) -> Seller:
    """The seller from the JSON stored with a document."""
    stored = json.loads(text)
    turnover = stored["turnover"]
    return Seller(
        **stored
        | {"address": Address(**stored["address"]), "turnover": None if turnover is None else Decimal(turnover)}
    )


def buyer_of(text: str) -> Buyer:
    """The buyer from the JSON stored with a document."""
    stored = json.loads(text)
    return Buyer(**stored | {"address": Address(**stored["address"])})
