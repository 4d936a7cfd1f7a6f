"""Every table of invo."""

from invo_cli.models.audit import AuditEvent, AuditPersonal
from invo_cli.models.base import Base
from invo_cli.models.business import Book, Business, IdempotencyKey, NumberCounter, NumberSeries
from invo_cli.models.customer import Customer
from invo_cli.models.invoice import STATUSES, Invoice, InvoiceLine, NoteOriginal
from invo_cli.models.item import ITEM_KINDS, Item
from invo_cli.models.mail import MAIL_KINDS, MAIL_STATUSES, SentMail
from invo_cli.models.payment import DIRECTIONS, METHODS, Allocation, Payment
from invo_cli.models.period import PeriodLock
from invo_cli.models.user import ROLES, User

__all__ = [
    "DIRECTIONS",
    "ITEM_KINDS",
    "MAIL_KINDS",
    "MAIL_STATUSES",
    "METHODS",
    "ROLES",
    "STATUSES",
    "Allocation",
    "AuditEvent",
    "AuditPersonal",
    "Base",
    "Book",
    "Business",
    "Customer",
    "IdempotencyKey",
    "Invoice",
    "InvoiceLine",
    "Item",
    "NoteOriginal",
    "NumberCounter",
    "NumberSeries",
    "Payment",
    "PeriodLock",
    "SentMail",
    "User",
]
