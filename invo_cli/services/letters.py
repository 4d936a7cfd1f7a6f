"""What an e-mail about a document says, and to whom it goes: read at once, before anything is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.models import Business, Customer, Invoice
from invo_cli.services import printing
from invo_cli.services.access import Right, demands

_FACTS = ("code", "name", "gstin", "mobile", "email", "upi", "bank")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A document, what its paper needs beside it, the business that writes, and the customer's address if known."""

    document: dict[str, Any]
    extras: dict[str, Any]
    business: dict[str, Any]
    address: str | None

    @property
    def outstanding(self) -> str | None:
        """What is still owed, in rupees; None for what is paid, and for notes."""
        is_owed = self.document["payment_status"] is not None and Decimal(self.document["outstanding"]) > 0
        return str(self.document["outstanding"]) if is_owed else None

    def values(self, **more: Any) -> dict[str, Any]:
        """What a template may name."""
        return {"document": self.document, "business": self.business, "outstanding": self.outstanding} | more


@demands(Right.MAIL_SEND)
def about(session: Session, business: Business, invoice: Invoice, *, today: date) -> Letter:
    """The letter of an issued document; raises ConflictError for a draft and for a cancelled one."""
    require_sendable(invoice)
    document, extras = printing.paper(session, business, invoice, today=today)
    customer = session.get_one(Customer, (business.id, invoice.customer_id))
    return Letter(
        document=document,
        extras=extras,
        business={name: getattr(business, name) for name in _FACTS},
        address=address(customer.email, invoice),
    )


def require_sendable(invoice: Invoice) -> None:
    """Raise ConflictError for what nobody should be sent."""
    name = invoice.number or f"D-{invoice.document_no}"
    if invoice.status == "draft":
        raise ConflictError(f"{name} is a draft.", hint=f"Issue it first: invo invoice issue {name}")
    if invoice.status == "cancelled":
        raise ConflictError(f"{name} is cancelled.", hint="Send the document that takes its place.")


def address(of_today: str | None, invoice: Invoice) -> str | None:
    """Where a customer reads e-mail: his address of today, else the one that the document was issued with."""
    return of_today or json.loads(invoice.buyer)["email"]
