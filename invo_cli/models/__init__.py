"""Every table of invo."""

from invo_cli.models.audit import AuditEvent, AuditPersonal
from invo_cli.models.base import Base
from invo_cli.models.business import Book, Business, IdempotencyKey, NumberCounter, NumberSeries
from invo_cli.models.customer import Customer
from invo_cli.models.exporting import (
    BATCH_STATUSES,
    RUN_STATUSES,
    ExportBatch,
    ExportCursor,
    ExportJob,
    ExportPart,
    ExportRun,
)
from invo_cli.models.government import RETURNS, EInvoice, EwayBill, HsnCode, ReturnDueDate
from invo_cli.models.importing import IMPORTS, BankLine, ImportBatch, ImportRecord
from invo_cli.models.invoice import STATUSES, Invoice, InvoiceLine, NoteOriginal
from invo_cli.models.item import ITEM_KINDS, Item
from invo_cli.models.mail import MAIL_KINDS, MAIL_STATUSES, SentMail
from invo_cli.models.payment import DIRECTIONS, METHODS, AdvanceAmendment, Allocation, Payment
from invo_cli.models.period import PeriodLock
from invo_cli.models.user import ROLES, ApiToken, SignIn, TokenBusiness, User, UserBusiness

__all__ = [
    "BATCH_STATUSES",
    "DIRECTIONS",
    "IMPORTS",
    "ITEM_KINDS",
    "MAIL_KINDS",
    "MAIL_STATUSES",
    "METHODS",
    "RETURNS",
    "ROLES",
    "RUN_STATUSES",
    "STATUSES",
    "AdvanceAmendment",
    "Allocation",
    "ApiToken",
    "AuditEvent",
    "AuditPersonal",
    "BankLine",
    "Base",
    "Book",
    "Business",
    "Customer",
    "EInvoice",
    "EwayBill",
    "ExportBatch",
    "ExportCursor",
    "ExportJob",
    "ExportPart",
    "ExportRun",
    "HsnCode",
    "IdempotencyKey",
    "ImportBatch",
    "ImportRecord",
    "Invoice",
    "InvoiceLine",
    "Item",
    "NoteOriginal",
    "NumberCounter",
    "NumberSeries",
    "Payment",
    "PeriodLock",
    "ReturnDueDate",
    "SentMail",
    "SignIn",
    "TokenBusiness",
    "User",
    "UserBusiness",
]
