"""Every command that writes, once each in an order in which they work, after the shop of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.shop import REPORTED, inside, prepare


class Written(NamedTuple):
    """A command line, the action that the audit trail must tell of it, and how it ends."""

    line: str
    action: str
    status: int = 0


DAY = (
    Written("invo invoice create --file doc.json --idempotency-key day-1", "invoice.issue"),
    Written("invo invoice edit D-17 --notes 'Collected by Ravi'", "invoice.edit"),
    Written("invo invoice issue D-17", "invoice.issue"),
    Written("invo invoice cancel D-17 --reason Duplicate", "invoice.cancel"),
    Written("invo invoice delete D-18", "invoice.delete"),
    Written("invo invoice restore D-18", "invoice.restore"),
    Written("invo invoice duplicate INV/26-27/0001", "invoice.draft"),
    Written("invo invoice pdf INV/26-27/0001 --copy all --out papers", "invoice.print"),
    Written("invo invoice send INV/26-27/0001 --to asha@example.com", "invoice.send"),
    Written("invo remind run --after 1", "remind.send"),
    Written("invo credit-note create --against INV/26-27/0005 --line 1:1 --reason Returned", "invoice.issue"),
    Written("invo credit-note cancel CN/26-27/0002 --reason 'Wrong quantity'", "invoice.cancel"),
    Written("invo debit-note create --file note.json", "invoice.issue"),
    Written("invo debit-note cancel DN/26-27/0002 --reason 'Wrong quantity'", "invoice.cancel"),
    Written("invo payment create --customer C-0001 --amount 500 --method cash", "payment.create"),
    Written("invo payment allocate PAY/26-27/0003 INV/26-27/0002:300", "payment.allocate"),
    Written("invo payment unallocate PAY/26-27/0003 --from INV/26-27/0002", "payment.unallocate"),
    Written("invo payment refund PAY/26-27/0002 --amount 118 --method bank", "payment.refund"),
    Written("invo payment void PAY/26-27/0003 --reason 'Cheque bounced'", "payment.void"),
    Written("invo payment pdf PAY/26-27/0002 --out vouchers", "payment.print"),
    Written("invo customer create --name 'Lanka Fans' --overseas --country 'Sri Lanka'", "customer.create"),
    Written("invo customer edit C-0002 --mobile 9876500002", "customer.edit"),
    Written("invo customer delete C-0003", "customer.delete"),
    Written("invo customer restore C-0003", "customer.restore"),
    Written("invo customer merge C-0007 C-0001 --reason 'entered twice' --yes", "customer.merge"),
    Written("invo item create --name 'Printed book' --hsn 4901 --price 250 --code BOOK", "item.create"),
    Written("invo item edit I-0001 --price 1650", "item.edit"),
    Written("invo item delete I-0001", "item.delete"),
    Written("invo item restore I-0001", "item.restore"),
    Written("invo business create --name Kiosk --state 29 --code KIOSK", "business.create"),
    Written("invo business edit PUNE --strict", "business.edit"),
    Written("invo series set tax_invoice 'A{fy}-{seq}' --year 2027-28 --next 251", "series.set"),
    Written("invo einvoice record answer.json", "einvoice.record"),
    Written(
        "invo einvoice cancel INV/26-27/0018 --code 2 --remark 'Wrong price' --at '2026-10-05 11:30'", "einvoice.cancel"
    ),
    Written("invo eway record eway-answer.json", "eway.record"),
    Written("invo eway cancel 331001234568 --code 3", "eway.cancel"),
    Written("invo return gstr1 --period 2026-09 --out gstr1.json", "return.write"),
    Written("invo return gstr3b --period 2026-09 --out gstr3b.json", "return.write"),
    Written("invo return due gstr1 2026-10 2026-11-13", "return.due"),
    Written("invo return lock 2026-09 --arn AA290926123456A --filed-on 2026-10-03", "period.lock"),
    Written("invo return unlock 2026-09 --reason 'Wrong ARN'", "period.unlock"),
    Written("invo period lock 2026-08 --reason filed", "period.lock"),
    Written("invo payment amend PAY/26-27/0002 --gst-rate 5 --reason 'Rate of the goods'", "payment.amend"),
    Written("invo period unlock 2026-08 --reason Amendment", "period.unlock"),
    Written("invo export invoices --out documents.csv", "export.run"),
    Written("invo export lines --out lines.csv", "export.run"),
    Written("invo export customers --out buyers.csv", "export.run"),
    Written("invo export items --out prices.csv", "export.run"),
    Written("invo export payments --out receipts.csv", "export.run"),
    Written("invo export allocations --out allocations.csv", "export.run"),
    Written("invo export audit --out audit.jsonl", "export.run"),
    Written("invo export users --out users.csv", "export.run"),
    Written("invo export all --out everything", "export.run"),
    Written("invo export job create weekly invoices --format jsonl --out weekly.jsonl", "export_job.create"),
    Written("invo export job run weekly", "export.run"),
    Written("invo export batch replay weekly 1 --out again.jsonl", "export.run"),
    Written("invo export job delete weekly --yes", "export_job.delete"),
    Written("invo import customers customers.csv --batch customers-1", "import.create"),
    Written("invo import undo customers-1", "import.undo"),
    Written("invo import items items.csv", "import.create"),
    Written("invo import invoices invoices.jsonl --batch invoices-1", "import.create"),
    Written("invo import payments statement.csv --match --book certain --batch bank-1", "import.create"),
    Written("invo import undo bank-1", "import.undo"),
    Written("invo import undo invoices-1", "import.undo"),
    Written("invo hsn import hsn.csv", "hsn.import"),
    Written("invo audit export --out trail.jsonl", "audit.export"),
    Written("invo user create mina --role operator --password-stdin < password.txt", "user.create"),
    Written("invo user role ravi accountant", "user.role"),
    Written("invo user edit ravi --business PUNE", "user.limit"),
    Written("invo user edit ravi --everywhere", "user.limit"),
    Written("invo user password ravi --password-stdin < password.txt", "user.password"),
    Written("invo user disable ravi", "user.disable"),
    Written("invo user enable ravi", "user.enable"),
    Written("invo auth login ravi --password-stdin < wrong.txt", "auth.refuse", 6),
    Written("invo user unlock ravi", "user.unlock"),
    Written("invo user delete ravi --yes", "user.delete"),
    Written("invo token create --name cron-nightly --role exporter --expires 90d", "token.create"),
    Written("invo token revoke cron-nightly", "token.revoke"),
    Written("invo auth logout", "auth.logout"),
    Written("invo auth login asha --password-stdin < password.txt", "auth.login"),
)
"""By an admin, on PostgreSQL as the application role."""
OF_THE_OWNER = (
    Written("invo customer erase C-0006 --reason 'She asked' --yes", "customer.erase"),
    Written("invo db backup --out backups", "db.backup"),
)
"""What destroys evidence, or reads all of it, and so may need another role on PostgreSQL."""


@contextmanager
def at_work(folder: Path, environment: Mapping[str, str]) -> Iterator[pytest.MonkeyPatch]:
    """The shop of the documentation, in a folder of its own, with these settings."""
    prepare(folder, REPORTED)
    (folder / "wrong.txt").write_text("not the password\n", encoding="utf-8")
    (folder / "everything").mkdir()
    with inside(folder) as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield patch
