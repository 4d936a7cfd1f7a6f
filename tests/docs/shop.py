"""Prepared databases in which the examples of the commands find what they name."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from invo_cli.gst.einvoice.irn import DocumentType, irn
from invo_cli.imports import templates
from invo_cli.imports.layouts import LAYOUTS
from tests.docs.running import install, run

NOW = "2026-10-05T12:00:00+05:30"
GSTIN = "29AAGCB7383J1Z4"
PASSWORD = "correct horse\n"
SCREEN = '--line "Screen replacement:1:1500:998716:18"'

SCHEMA = ("invo db upgrade",)
OFFICE = (
    f"invo init --name 'Bengaluru Service Centre' --gstin {GSTIN} --address '12 MG Road' --city Bengaluru"
    " --pincode 560001 --admin owner --password-stdin < password.txt",
    "invo auth login owner --password-stdin < password.txt",
)
SHOP = (
    *OFFICE,
    "invo business create --name 'Pune branch' --gstin 27AAPFU0939F1ZV --code PUNE",
    "invo business create --name 'Tea stall' --gstin 29AABCR1718E1ZL --code STALL --composition",
    f"invo business use {GSTIN}",
    "invo user create asha --role admin --password-stdin < password.txt",
    "invo user create ravi --password-stdin < password.txt",
    "invo customer create --name 'Asha Traders' --mobile 9876543210 --email asha@example.com",
    *(f"invo customer create --name 'Customer {number}'" for number in range(2, 7)),
    "invo customer create --name 'Asha Trader' --mobile 9876543211",
    "invo item create --name 'Screen replacement' --labour --hsn 998716 --price 1500 --rate 18",
    "invo item create --name 'Screen A51' --hsn 85177090 --unit PCS --price 2000 --rate 18 --code SCREEN",
    f"invo invoice create --customer C-0001 {SCREEN} --date 2026-09-28 --due-date 2026-09-30",
    *(f"invo invoice create --customer C-0001 {SCREEN}" for _ in range(2, 17)),
    *(f"invo invoice create --customer C-0001 {SCREEN} --draft" for _ in range(17, 19)),
    "invo payment create --customer C-0001 --amount 5000 --method upi --allocate INV/26-27/0004:1770",
    "invo payment create --customer C-0001 --amount 1180 --method bank --advance --place-of-supply 29"
    " --date 2026-08-20",
    "invo credit-note create --against INV/26-27/0004 --full --reason Returned",
    "invo export invoices --since-last nightly --format jsonl --out nightly.jsonl",
    "invo debit-note create --against INV/26-27/0003 --line Courier:1:50:998716:18 --reason Forgotten",
)
"""A shop: customers C-0001 to C-0007, documents D-1 to D-16, drafts D-17 and D-18, two notes, two payments."""
REPORTED = (
    *SHOP,
    f"invo business edit {GSTIN} --einvoice-from 2026-04-01 --turnover 6,00,00,000",
    "invo customer create --name 'Pune Motors' --gstin 27AAPFU0939F1ZV --address '1 Law College Road' --city Pune"
    " --pincode 411001",
    *("invo invoice create --customer 'Pune Motors' --line 'Battery:60:900:850760:18'" for _ in (17, 18)),
    "invo einvoice build INV/26-27/0017 --out october.json",
    "invo einvoice record answer-18.json",
    "invo eway record --number 331001234567 --invoice INV/26-27/0017 --date 2026-10-05",
)
"""A shop with two invoices to a business in Pune, 17 and 18: the second one is reported and has an e-way bill."""


def answered(number: str) -> str:
    """What the invoice portal answers to an invoice of the shop, without its signed parts."""
    reference = irn(GSTIN, date(2026, 10, 5), DocumentType.INVOICE, number)
    return json.dumps({"AckNo": 112610036563310, "AckDt": "2026-10-05 11:00:00", "Irn": reference, "DocNo": number})


FILES = {
    "password.txt": PASSWORD,
    "ours.json": json.dumps({"gstin": GSTIN, "fp": "102026"}),
    "portal.json": json.dumps({"gstin": GSTIN, "fp": "102026", "filing_typ": "M"}),
    "letter.txt": "Subject: {{ title }} {{ document.number }}\n\nDear {{ document.customer.name }}, it is attached.\n",
    "key.pub": "# the office\nage1wp3azdj79dnl0rvt4g2t2dp4mqtpczu37vldflhkpwaflyuy2gfscd3sxw\n",
    "gstins.txt": f"{GSTIN}\n27AAPFU0939F1ZV\n",
    "customers.tsv": f"C-0001\tAsha Traders\t{GSTIN}\n",
    "statement.csv": (
        "Statement of account from 01/10/2026 to 05/10/2026,,,,,,\n"
        "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n"
        '03/10/26,UPI-ASHA@OKHDFC-INV/26-27/0001,412345678901,03/10/26,,"1,770.00","11,770.00"\n'
        '04/10/26,NEFT DR-SUPPLIER,N276,04/10/26,"5,000.00",,"6,770.00"\n'
        '05/10/26,NEFT CR-RAVI KUMAR,N277,05/10/26,,"2,360.00","9,130.00"\n'
    ),
    "hsn.csv": (
        "HSN_CD,HSN_Description\n1012100,PURE-BRED BREEDING ANIMALS\n85,ELECTRICAL MACHINERY\n"
        '8517,"TELEPHONE SETS, INCLUDING SMARTPHONES"\n851713,SMARTPHONES\n85171300,SMARTPHONES\n'
        '85177090,OTHER PARTS\n998713,Maintenance and repair services of computers\n998716,"Maintenance and repair'
        ' services of telecommunication equipments and apparatus, telephones"\n'
    ),
    "note.json": json.dumps(
        {"against": "INV/26-27/0001", "reason": "Forgotten", "lines": [{"description": "Courier", "unit_price": "50"}]}
    ),
    "answer.json": answered("INV/26-27/0017"),
    "answer-18.json": answered("INV/26-27/0018"),
    "answers.json": answered("INV/26-27/0001"),
    "eway-answer.json": json.dumps(
        {"ewayBillNo": 331001234568, "ewayBillDate": "05/10/2026 11:30:00 AM", "docNo": "INV/26-27/0017"}
    ),
    **{f"{name}.csv": templates.as_csv(layout) for name, layout in LAYOUTS.items()},
    "invoices.jsonl": templates.as_json_lines(LAYOUTS["invoices"]),
    "doc.json": json.dumps(
        {"customer": "C-0001", "lines": [{"description": "Battery", "hsn": "850760", "unit_price": "900.00"}]}
    ),
}
PROFILE = '[profiles.office]\noutput = "plain"\n'


def prepare(folder: Path, commands: tuple[str, ...]) -> None:
    """Make the files and the database of a folder; each command must end well."""
    for name in ("home", "bin", ".config/fish/completions"):
        (folder / name).mkdir(parents=True, mode=0o700)
    install(folder / "bin")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "home" / "config.toml").write_text(PROFILE, encoding="utf-8")
    with inside(folder):
        for command in commands:
            done = run(command)
            assert done.status == 0, f"{command}\n{done.stderr}"


def copy(prepared: Path, target: Path) -> Path:
    """A folder of its own for one example; the database keeps its journal."""
    shutil.copytree(prepared, target)
    return target


@contextmanager
def inside(folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """The environment of somebody who works in this folder, at a fixed time."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("INVO_DATABASE_URL", "DATABASE_URL", "DB_URL", "INVO_OUTPUT", "INVO_BUSINESS", "VISUAL"):
            patch.delenv(name, raising=False)
        patch.setenv("INVO_HOME", str(folder / "home"))
        patch.setenv("INVO_NOW", NOW)
        patch.setenv("INVO_ACTOR", "asha")
        patch.setenv("BCRYPT_ROUNDS", "4")
        patch.setenv("HOME", str(folder))
        patch.setenv("EDITOR", "true")
        patch.setenv("COLUMNS", "120")
        patch.setenv("PATH", str(folder / "bin"), prepend=":")
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.chdir(folder)
        yield patch
