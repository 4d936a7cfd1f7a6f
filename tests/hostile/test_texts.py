"""Hostile text in every field: kept or refused, shown harmlessly, given back intact."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Invo, run_process
from tests.hostile.texts import KEPT, REFUSED, harmful, stored

pytestmark = pytest.mark.integration

LINE = {"description": "Screen", "quantity": "1", "unit_price": "1500", "hsn": "998716"}
LIMITS = {"description": 500, "name": 200, "notes": 2000, "reference": 50, "serial": 100}


def document(**texts: str) -> str:
    """A document file with text in its fields."""
    line = LINE | {key: texts.pop(key) for key in ("description", "serial") if key in texts}
    return json.dumps(
        {"customer": {"name": texts.pop("name", "Asha"), "mobile": "9876543210"}, "lines": [line]} | texts
    )


def of(found: dict[str, Any], field: str) -> str:
    """The text of a field in the document that was made."""
    if field in ("description", "serial"):
        return str(found["lines"][0][field])
    return str(found["customer"]["name"] if field == "name" else found[field])


@pytest.mark.parametrize("kind", KEPT)
def test_a_document_keeps_text_in_every_field(counter: Invo, kind: str) -> None:
    text = KEPT[kind]
    fields = [field for field, limit in LIMITS.items() if len(text) <= limit]
    made = counter("invoice", "create", "--file", "-", "-o", "json", input=document(**dict.fromkeys(fields, text)))
    assert made.exit_code == 0, made.stderr
    found = json.loads(made.stdout)
    assert {field: of(found, field) for field in fields} == dict.fromkeys(fields, stored(text))
    assert json.loads(counter("invoice", "show", "D-1", "-o", "json").stdout) == found
    assert json.loads(counter("invoice", "show", "D-1", "-o", "jsonl").stdout) == found
    cancelled = counter("invoice", "cancel", "D-1", f"--reason={text}", "-o", "json")
    assert json.loads(cancelled.stdout)["cancel_reason"] == stored(text)


@pytest.fixture
def told(counter: Invo) -> Invo:
    """One cancelled document for each kind of text, with the text in every field that is long enough for it."""
    for text in KEPT.values():
        fields = [field for field, limit in LIMITS.items() if len(text) <= limit]
        made = counter("invoice", "create", "--file", "-", "-o", "name", input=document(**dict.fromkeys(fields, text)))
        assert counter("invoice", "cancel", made.stdout.strip(), f"--reason={text}").exit_code == 0
    return counter


@pytest.mark.parametrize("how", ["table", "plain", "name"])
def test_a_terminal_sees_lists_literally_and_harmlessly(told: Invo, how: str) -> None:
    for command in (
        ("invoice", "list"),
        ("invoice", "list", "--fields", "number,customer_name,notes,reference,cancel_reason,customer"),
        ("customer", "list"),
        ("audit", "list"),
        ("report", "sales"),
    ):
        done = told(*command, "-o", how)
        assert done.exit_code == 0, done.stderr
        assert not harmful(done.stdout + done.stderr), (command, how)
        if command == ("invoice", "list") and how == "plain":
            assert len(done.stdout.splitlines()) == len(KEPT)
            for text in KEPT.values():
                assert not stored(text).isprintable() or f"\t{stored(text)}\t" in done.stdout


@pytest.mark.parametrize("at", range(0, len(KEPT), 5))
def test_a_terminal_sees_pages_literally_and_harmlessly(told: Invo, at: int) -> None:
    for number, text in list(enumerate(KEPT.values(), 1))[at : at + 5]:
        page = told("invoice", "show", f"D-{number}", "-o", "table").stdout
        plain = told("invoice", "show", f"D-{number}", "-o", "plain").stdout
        others = told("invoice", "explain", f"D-{number}").stdout + told("customer", "show", f"C-{number:04}").stdout
        assert not harmful(page + plain + others)
        keys = json.loads(told("invoice", "show", f"D-{number}", "-o", "json").stdout)
        assert [line.partition("\t")[0] for line in plain.splitlines()] == list(keys)
        if stored(text).isprintable() and len(text) <= LIMITS["reference"]:
            assert page.count(stored(text)) >= 3


def test_csv_and_exports_carry_it_unchanged(told: Invo) -> None:
    fields = ("--fields", "customer_name,number")
    exact = sorted(map(stored, KEPT.values()))
    for done in (told("invoice", "list", "-o", "csv", *fields), told("export", "invoices", "--raw", *fields)):
        rows = csv.DictReader(io.StringIO(done.stdout_bytes.decode(), newline=""), strict=True)
        assert sorted(row["customer_name"] for row in rows) == exact
    for command in (("export", "invoices", "--format", "jsonl"), ("invoice", "list", "-o", "jsonl", *fields)):
        lines = told(*command).stdout_bytes.decode().rstrip("\n").split("\n")
        assert sorted(json.loads(line)["customer_name"] for line in lines) == exact


@pytest.mark.parametrize("field", LIMITS)
@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_kept_is_refused_by_the_field(counter: Invo, field: str, kind: str) -> None:
    refused = counter("invoice", "create", "--file", "-", "-o", "json", input=document(**{field: REFUSED[kind]}))
    assert (refused.exit_code, refused.stdout) == (3, "")
    problem = json.loads(refused.stderr)["error"]
    assert problem["details"]["problems"][0]["path"].endswith(field)
    assert not harmful(problem["message"])
    assert len(refused.stderr) < 2000
    assert counter("invoice", "list", "-o", "name").stdout == ""


FLAGS: dict[str, Callable[[str], list[str]]] = {
    "customer": lambda text: ["invoice", "create", f"--customer={text}", "--state=29", "--line=x:1:1"],
    "line": lambda text: ["invoice", "create", "--customer=A", "--state=29", f"--line={text}:1:1"],
    "notes": lambda text: ["invoice", "create", "--customer=A", "--state=29", "--line=x:1:1", f"--notes={text}"],
    "reference": lambda text: [
        "invoice",
        "create",
        "--customer=A",
        "--state=29",
        "--line=x:1:1",
        f"--reference={text}",
    ],
    "key": lambda text: [
        "invoice",
        "create",
        "--customer=A",
        "--state=29",
        "--line=x:1:1",
        f"--idempotency-key={text}",
    ],
    "allow rate": lambda text: [
        "invoice",
        "create",
        "--customer=A",
        "--state=29",
        "--line=x:1:1",
        f"--allow-rate={text}",
    ],
    "business": lambda text: ["business", "create", f"--name={text}", "--state=29"],
    "address": lambda text: ["business", "create", "--name=B", "--state=29", f"--address={text}"],
    "customer name": lambda text: ["customer", "create", f"--name={text}"],
    "item": lambda text: ["item", "create", "--code=X", f"--name={text}", "--price=1"],
}


@pytest.mark.parametrize("flag", FLAGS)
def test_flags_keep_or_refuse(counter: Invo, flag: str) -> None:
    for kind, text in (KEPT | REFUSED).items():
        done = counter(*FLAGS[flag](text), "--dry-run")
        assert done.exit_code == 3 if kind in REFUSED else done.exit_code in (0, 3), (kind, done.stderr)
        assert "Unexpected error" not in done.stderr
        assert not harmful(done.stdout + done.stderr), kind


SEARCHED = (
    *("rich markup", "ansi escapes", "newline and tab", "bidi overrides", "sql", "wildcards", "format strings"),
    *("devanagari", "path", "ten thousand", "half a pair", "nothing", "white space"),
)


@pytest.mark.parametrize("kind", SEARCHED)
def test_names_and_searches_find_nothing_and_harm_nothing(counter: Invo, kind: str) -> None:
    counter("invoice", "create", "--file", "-", input=document())
    text = (KEPT | REFUSED)[kind]
    commands = [
        ("invoice", "list", f"--search={text}"),
        ("invoice", "list", f"--customer={text}"),
        ("invoice", "list", f"--after={text}"),
        ("invoice", "list", f"--status={text}"),
        ("invoice", "list", f"--sort={text}"),
        ("invoice", "list", f"--period={text}"),
        ("invoice", "list", f"--min={text}"),
        ("invoice", "list", f"--limit={text}"),
        ("invoice", "list", f"--fields={text}"),
        ("invoice", "list", f"--business={text}"),
        ("invoice", "list", f"--profile={text}"),
        ("invoice", "list", f"-o={text}"),
        ("invoice", "show", "--", text),
        ("invoice", "cancel", "--reason", "x", "--", text),
        ("invoice", "create", f"--file={text}"),
        ("customer", "list", f"--search={text}"),
        ("customer", "show", "--", text),
        ("item", "show", "--", text),
        ("business", "show", "--", text),
        ("series", "set", "tax_invoice", "--", text),
        ("gstin", "check", "--", text),
        ("export", "invoices", f"--format={text}"),
        (f"--{text}",),
    ]
    for command in commands:
        done = counter(*command)
        assert done.exit_code in (0, 2, 3, 4), (command, done.stderr)
        assert "Unexpected error" not in done.stderr, (command, done.stderr)
        assert not harmful(done.stdout + done.stderr), command
        assert len(done.stderr) < 12_000


@pytest.mark.parametrize("text", ["%", "_", "100%_\\%", "\\", "'", '"', "[a-z]", "*", "?"])
def test_a_search_is_literal(counter: Invo, text: str) -> None:
    counter("invoice", "create", "--file", "-", input=document(name="Plain"))
    counter("invoice", "create", "--file", "-", input=document(name=f"With {text} inside"))
    assert counter("invoice", "list", f"--search={text}", "--fields", "id").stdout == "D-2\n"
    assert counter("customer", "list", f"--search={text}", "--fields", "code").stdout == "C-0002\n"


@pytest.mark.parametrize("search", ["आशा", "आशा ट्रेडर्स", "ASHA", "straße", "STRASSE", "caf\u0065\u0301", "CAFÉ"])
def test_a_search_ignores_case_and_composition_in_every_script(counter: Invo, search: str) -> None:
    counter("invoice", "create", "--file", "-", input=document(name="आशा ट्रेडर्स asha Straße Café"))
    assert counter("invoice", "list", f"--search={search}", "--fields", "id").stdout == "D-1\n"


def test_names_are_equal_whatever_their_composition(counter: Invo) -> None:
    for name in ("Café", "Cafe\u0301", "CAFÉ", "  café "):
        counter("invoice", "create", "--file", "-", input=document(name=name))
    assert len(counter("customer", "list", "-o", "name").stdout.split()) == 1


def test_the_installed_command_takes_it_too(counter: Invo) -> None:
    for kind in ("rich markup", "ansi escapes", "devanagari", "emoji with joiners", "sql", "newline and tab"):
        text = KEPT[kind]
        done = run_process("invoice", "create", f"--customer={text}", "--state=29", "--line=x:1:1", "-o", "json")
        assert json.loads(done.stdout)["customer"]["name"] == text
    done = run_process("invoice", "list", "-o", "table")
    assert done.returncode == 0
    assert not harmful(done.stdout)
    assert "[red]Acme[/red]" in done.stdout


def test_bytes_that_are_no_text_are_refused(counter: Invo) -> None:
    for arguments in (("invoice", "list", "--search=\udcff"), ("business", "show", "\udcc3("), ("\udcff",)):
        done = run_process(*arguments)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith("error: Argument ")
