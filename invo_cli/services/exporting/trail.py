"""The audit trail as a data set."""

from __future__ import annotations

from sqlalchemy import literal
from sqlalchemy.orm import outerjoin

from invo_cli.models import AuditEvent, Business
from invo_cli.services.exporting.declaring import DataSet, Field, text, word

AUDIT = DataSet(
    name="audit",
    meaning="The audit events, in order: each hash covers its event and the hash before it.",
    fields=(
        text("business", Business.code, "code of the business; none for users and the system", is_key=True),
        Field("seq", "count", AuditEvent.seq, "number, without a gap in each business", is_key=True),
        Field("at", "instant", AuditEvent.at, "when"),
        text("actor", AuditEvent.actor, "who"),
        text("os_user", AuditEvent.os_user, "name on the machine"),
        text("host", AuditEvent.host, "the machine"),
        word("action", AuditEvent.action, "what was done: invoice.issue"),
        text("subject", AuditEvent.subject, "to what: invoice:D-17"),
        text("reason", AuditEvent.reason, "why"),
        text("before", AuditEvent.before, "JSON: as it was; personal values as digests"),
        text("after", AuditEvent.after, "JSON: as it became; personal values as digests"),
        word("hash", AuditEvent.hash, "SHA-256 in the chain"),
        Field("change", "count", AuditEvent.seq, "the same as seq"),
    ),
    rows=outerjoin(AuditEvent, Business, Business.id == AuditEvent.business_id),
    book=AuditEvent.business_id,
    order=(AuditEvent.seq,),
    subject=literal("audit:") + AuditEvent.subject,
    about=lambda subjects: AuditEvent.subject.in_(subjects),
    day=AuditEvent.at,
    is_log=True,
)
