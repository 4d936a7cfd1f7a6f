"""The permission matrix: which role has which right. There is no other place that knows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    """What a service demands before it does anything."""

    BUSINESS_READ = "business.read"
    BUSINESS_WRITE = "business.write"
    BUSINESS_CREATE = "business.create"
    CUSTOMER_READ = "customer.read"
    CUSTOMER_WRITE = "customer.write"
    CUSTOMER_ERASE = "customer.erase"
    ITEM_READ = "item.read"
    ITEM_WRITE = "item.write"
    INVOICE_READ = "invoice.read"
    INVOICE_WRITE = "invoice.write"
    PAYMENT_READ = "payment.read"
    PAYMENT_WRITE = "payment.write"
    PAYMENT_REVERSE = "payment.reverse"
    MAIL_SEND = "mail.send"
    SERIES_READ = "series.read"
    SERIES_WRITE = "series.write"
    PERIOD_READ = "period.read"
    PERIOD_WRITE = "period.write"
    REPORT_READ = "report.read"
    RETURN_READ = "return.read"
    RETURN_WRITE = "return.write"
    EINVOICE_READ = "einvoice.read"
    EINVOICE_WRITE = "einvoice.write"
    HSN_READ = "hsn.read"
    HSN_WRITE = "hsn.write"
    EXPORT_RUN = "export.run"
    EXPORT_MANAGE = "export.manage"
    IMPORT_READ = "import.read"
    IMPORT_RUN = "import.run"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFY = "audit.verify"
    SYSTEM_READ = "system.read"
    SYSTEM_MANAGE = "system.manage"
    USER_MANAGE = "user.manage"


_LOOK = frozenset(
    {
        *(Right.BUSINESS_READ, Right.CUSTOMER_READ, Right.ITEM_READ, Right.INVOICE_READ, Right.PAYMENT_READ),
        *(Right.SERIES_READ, Right.PERIOD_READ, Right.REPORT_READ, Right.RETURN_READ, Right.EINVOICE_READ),
        *(Right.HSN_READ, Right.SYSTEM_READ),
    }
)
_COUNTER = frozenset(
    {
        *(Right.CUSTOMER_WRITE, Right.ITEM_WRITE, Right.INVOICE_WRITE, Right.PAYMENT_WRITE),
        *(Right.MAIL_SEND, Right.EINVOICE_WRITE),
    }
)
_BOOKS = frozenset(
    {
        *(Right.BUSINESS_WRITE, Right.PAYMENT_REVERSE, Right.SERIES_WRITE, Right.PERIOD_WRITE, Right.RETURN_WRITE),
        *(Right.HSN_WRITE, Right.EXPORT_RUN, Right.EXPORT_MANAGE, Right.IMPORT_READ, Right.IMPORT_RUN),
        *(Right.AUDIT_READ, Right.AUDIT_VERIFY),
    }
)
MATRIX: Mapping[str, frozenset[Right]] = {
    "admin": frozenset(Right),
    "accountant": _LOOK | _COUNTER | _BOOKS,
    "operator": _LOOK | _COUNTER,
    "viewer": _LOOK | {Right.AUDIT_READ, Right.AUDIT_VERIFY, Right.IMPORT_READ},
    "exporter": frozenset(
        {Right.BUSINESS_READ, Right.SERIES_READ, Right.EXPORT_RUN, Right.AUDIT_VERIFY, Right.SYSTEM_READ}
    ),
}
"""The rights of each role."""

OF_EVERY_BUSINESS = frozenset(
    {Right.BUSINESS_CREATE, Right.HSN_WRITE, Right.SYSTEM_MANAGE, Right.USER_MANAGE, Right.AUDIT_VERIFY}
)
"""Rights that reach beyond one business: somebody who is limited to some businesses never has them."""
