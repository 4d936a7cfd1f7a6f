"""Whatever is changed past the program in customers, items, settings and identity is found, and honest work is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.gst.numbering import NumberPattern
from invo_cli.models import Business
from invo_cli.services import (
    audit_records,
    businesses,
    customer_upkeep,
    customers,
    erasing,
    items,
    period_locks,
    series_settings,
    users,
)
from invo_cli.services.identity import passwords, sign_ins, tokens
from tests.conftest import ON_POSTGRESQL
from tests.factories import ACT, make_business
from tests.services.test_audit_trail import findings, tamper

pytestmark = pytest.mark.integration

ATTACKS = {
    "UPDATE customers SET mobile = '9999999999' WHERE code = 'R-0'": ("customer:R-0", "mobile is 9999999999, but"),
    "UPDATE customers SET gstin = NULL WHERE code = 'R-0'": ("customer:R-0", "gstin is null, but"),
    "UPDATE customers SET merged_into_id = NULL WHERE code = 'R-1'": ("customer:R-1", "merged_into_id is null, but"),
    "DELETE FROM customers WHERE code = 'R-1'": ("customer:R-1", "it is gone"),
    "UPDATE items SET unit_price_thousandths = 1 WHERE code = 'FAN'": ("item:FAN", "unit_price_thousandths is 1, but"),
    "UPDATE items SET code = 'X', code_key = 'X' WHERE code = 'FAN'": ("item:X", "the trail does not tell of it"),
    "UPDATE businesses SET upi = 'thief@bank'": ("business:29AAGCB7383J1Z4", "upi is thief@bank, but"),
    "UPDATE businesses SET einvoice_from = '2030-01-01'": ("business:29AAGCB7383J1Z4", "einvoice_from is 2030-01-01"),
    "DELETE FROM businesses": ("business", "was removed"),
    "UPDATE number_series SET pattern = 'Z{seq:04}'": ("series:tax_invoice", "the trail says otherwise"),
    "DELETE FROM number_series": ("series:tax_invoice", "it is gone"),
    "DELETE FROM period_locks": ("period:2026-05", "it is gone"),
    "UPDATE period_locks SET period = '062026'": ("period:2026-06", "the trail does not tell of it"),
    "UPDATE period_locks SET arn = 'AA2905260000001'": ("period:2026-05", "the trail says otherwise"),
    "DELETE FROM audit_personal": ("customer:R-0", "are missing, and nobody erased them"),
    "UPDATE users SET password_hash = 'of a thief'": ("user:asha", "changed past the trail: password_mark"),
    "UPDATE api_tokens SET secret_hash = 'of a thief'": ("token:cron", "changed past the trail: secret_mark"),
    "UPDATE api_tokens SET revoked_at = NULL": ("token:cron", "It was revoked, and is not."),
    "UPDATE sign_ins SET secret_hash = 'of a thief' WHERE ended_at IS NULL": ("user:asha", "no such sign-in"),
    "UPDATE sign_ins SET user_id = user_id + 1": ("user", "no such sign-in"),
    "UPDATE sign_ins SET ended_at = NULL": ("user:asha", "was ended, and is not"),
}


@pytest.fixture
def business(db_session: Session) -> Business:
    """A business with two customers, one merged, an item, a series, a locked month; asha signed in twice, out once."""
    business = make_business(db_session)
    values = {"name": "Ravi Kumar", "mobile": "9876543210", "gstin": "29AABCR1718E1ZL", "notes": "calls at night"}
    for number in range(2):
        customers.create(db_session, business, act=ACT, values=values | {"code": f"R-{number}"})
    customer_upkeep.edit(db_session, business.id, "R-1", act=ACT, values={"mobile": "9876500000"})
    customer_upkeep.merge(db_session, business, "R-1", "R-0", act=ACT, reason="entered twice")
    fan = {"name": "Fan", "code": "FAN", "hsn": "8414", "unit_price_thousandths": 100_000}
    items.create(db_session, business.id, act=ACT, values=fan)
    businesses.edit(db_session, business, act=ACT, values={"upi": "shop@bank"})
    pattern = NumberPattern.parse("T{seq:04}")
    series_settings.set_pattern(db_session, business.id, Kind.TAX_INVOICE, pattern, act=ACT, year=None)
    period_locks.lock(db_session, business, "052026", act=ACT, reason="filed")
    _identity(db_session)
    return business


def _identity(session: Session) -> None:
    kept = passwords.hash_password("correct horse", rounds=4)
    user = users.create(session, act=ACT, name="asha", role="admin", password_hash=kept)
    for _ in range(2):
        attempt = sign_ins.begin(session, "asha", act=ACT)
        sign_ins.succeed(session, attempt, act=ACT, rehash=passwords.hash_password("correct horse", rounds=4))
    sign_ins.end_all(session, user, act=ACT)
    users.set_password(session, user, act=ACT, password_hash=passwords.hash_password("battery staple", rounds=4))
    sign_ins.succeed(session, sign_ins.begin(session, "asha", act=ACT), act=ACT, rehash=None)
    expires = ACT.at + timedelta(days=9)
    tokens.create(session, act=ACT, name="cron", role="viewer", expires_at=expires, businesses=[])
    tokens.revoke(session, "cron", act=ACT)


def test_honest_work_has_no_findings(db_session: Session, business: Business) -> None:
    assert findings(db_session) == []
    customer_upkeep.restore(db_session, business.id, "R-0", act=ACT)
    period_locks.unlock(db_session, business, "052026", act=ACT, reason="a mistake")
    erasing.erase(db_session, business, "R-0", act=ACT, reason="Request of 2026-10-20")
    assert findings(db_session) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_change_past_the_program_is_found(db_session: Session, business: Business, attack: str) -> None:
    subject, problem = ATTACKS[attack]
    tamper(db_session, attack)
    found = findings(db_session)
    assert any(one.subject == subject and problem in one.problem for one in found), found


DAMAGES = (
    *("users SET locked_until = 'never'", "sign_ins SET expires_at = 'never'", "api_tokens SET expires_at = 'never'"),
    *("businesses SET einvoice_from = 'never'", "businesses SET upi = x'ff'", "items SET name = x'ff'"),
    *("period_locks SET period = x'ff'", "number_series SET pattern = x'ff'", "customers SET name = x'ff'"),
)


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL stores no time that is none, and no bytes among texts")
@pytest.mark.parametrize("damage", DAMAGES)
def test_what_cannot_be_read_does_not_end_the_run(db_session: Session, business: Business, damage: str) -> None:
    unchecked = "PRAGMA ignore_check_constraints = {}"
    more = "UPDATE customers SET notes = 'x' WHERE code = 'R-0'"
    tamper(db_session, unchecked.format("ON"), f"UPDATE {damage}", more, unchecked.format("OFF"))
    assert "customer:R-0" in {one.subject for one in findings(db_session)}


def test_a_record_of_a_business_is_told_with_its_business(db_session: Session, business: Business) -> None:
    tamper(db_session, "UPDATE items SET name = 'Cheap fan'")
    (found,) = audit_records.verify(db_session, business)
    assert (found.business, found.seq is not None) == (business.code, True)
