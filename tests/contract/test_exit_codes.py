"""Each exit code of the table, reached by the installed command."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from invo_cli.gst.numbering import LAST_SERIAL
from tests.conftest import GSTIN, Process, run_process
from tests.contract.running import ASHA, LINE, refusal, result

pytestmark = [pytest.mark.contract, pytest.mark.integration]

PUNE = "27AAPFU0939F1ZV"


def execute(url: URL, *statements: str) -> None:
    """Change the database behind the program's back."""
    with (
        engine_for(url.render_as_string(hide_password=False)).execution_options(invo_writes=True).begin() as connection
    ):
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def somebody() -> Iterator[int]:
    """The descriptor of a terminal at which somebody answers no."""
    master, slave = pty.openpty()
    try:
        os.write(master, b"n\n")
        yield slave
    finally:
        os.close(slave)
        os.close(master)


def test_0_done(shop: Process) -> None:
    done = shop("invoice", "create", *ASHA, "--line", LINE)
    assert "INV/" in result(done)
    assert done.stderr == ""


def test_0_nothing_to_do(shop: Process) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE)
    first = shop("invoice", "cancel", "D-1", "--reason", "Twice")
    assert result(shop("invoice", "cancel", "D-1", "--reason", "Twice")) == result(first)


def test_1_somebody_was_asked_and_did_nothing(shop: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE, "--draft")
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    with somebody() as terminal:
        refused = run_process("invoice", "edit", "D-1", stdin=terminal)
    assert refusal(refused, 1) == "The draft was not changed."


@pytest.mark.parametrize(
    "arguments",
    [
        ("invoic", "list"),
        ("invoice", "lst"),
        ("invoice", "list", "--colour", "red"),
        ("invoice", "show"),
        ("invoice", "show", "D-1", "D-2"),
        ("invoice", "cancel", "D-1"),
        ("invoice", "issue"),
        ("invoice", "create", "--mobile", "9876543210", "--line", LINE),
        ("invoice", "list", "-o"),
        ("invoice", "create", "--file", "a.json", "--notes", "b"),
        ("-x",),
    ],
    ids=" ".join,
)
def test_2_the_command_line_is_wrong_or_incomplete(inside: Process, arguments: tuple[str, ...]) -> None:
    refusal(inside(*arguments), 2)


def test_2_a_question_that_nobody_can_answer(shop: Process) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE, "--draft")
    refusal(shop("invoice", "edit", "D-1"), 2)
    with somebody() as terminal:
        refusal(run_process("--no-input", "invoice", "edit", "D-1", stdin=terminal), 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("-o", "yaml", "invoice", "list"),
        ("invoice", "list", "--limit", "many"),
        ("invoice", "list", "--limit", "1_0"),
        ("invoice", "list", "--limit", "1.0"),
        ("invoice", "list", "--limit", "0"),
        ("invoice", "list", "--from", "2026-13-01"),
        ("invoice", "list", "--from", "2026-10-02", "--to", "2026-10-01"),
        ("invoice", "list", "--min", "a"),
        ("invoice", "list", "--sort", "colour"),
        ("invoice", "list", "--status", "lost"),
        ("invoice", "list", "--include", "everything"),
        ("invoice", "list", "--fields", "colour"),
        ("invoice", "list", "--search", "\udcff"),
        ("business", "create", "--name", "X", "--gstin", "27AAPFU0939F1Z0"),
        ("invoice", "create", *ASHA, "--line", "Screen"),
        ("invoice", "create", *ASHA, "--line", "Screen:1:100:998716:17"),
        ("invoice", "create", *ASHA),
        ("invoice", "create", "--line", LINE),
        ("invoice", "create", *ASHA, "--line", LINE, "--date", "2017-06-30"),
        ("invoice", "create", *ASHA, "--line", LINE, "--date", "2999-01-01"),
        ("invoice", "create", *ASHA, "--line", LINE, "--kind", "receipt"),
        ("invoice", "create", "--customer", "Asha", "--state", "99", "--line", LINE),
        ("invoice", "create", "--customer", "Asha", "--mobile", "12345", "--line", LINE),
    ],
    ids=lambda arguments: " ".join(arguments).encode("ascii", "backslashreplace").decode(),
)
def test_3_a_value_cannot_be_read_or_a_rule_refuses_it(inside: Process, arguments: tuple[str, ...]) -> None:
    refusal(inside(*arguments), 3)


def test_3_a_file_that_is_not_a_document(shop: Process, tmp_path: Path) -> None:
    (tmp_path / "doc.json").write_text("customer: Asha")
    refusal(shop("invoice", "create", "--file", str(tmp_path / "doc.json")), 3)
    refusal(shop("invoice", "create", "--file", "-", input=""), 3)


def test_3_a_serial_that_fits_no_more(shop: Process, database_url: URL) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE)
    execute(database_url, f"UPDATE number_counters SET last_serial = {LAST_SERIAL}")
    done = shop("invoice", "create", *ASHA, "--line", LINE)
    refusal(done, 3)
    assert "series set" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("invoice", "show", "INV/26-27/0001"),
        ("invoice", "show", "D-9"),
        ("invoice", "list", "--customer", "Nobody"),
        ("invoice", "create", "--customer", "Nobody", "--line", LINE),
        ("invoice", "create", *ASHA, "--item", "SCREEN"),
        ("invoice", "create", "--file", "/nowhere/doc.json"),
        ("--profile", "nowhere", "invoice", "list"),
        ("--business", "NOWHERE", "invoice", "list"),
        ("business", "show", "NOWHERE"),
    ],
    ids=" ".join,
)
def test_4_there_is_no_such_record_file_or_profile(inside: Process, arguments: tuple[str, ...]) -> None:
    refusal(inside(*arguments), 4)


def test_4_a_database_without_a_business(process: Process) -> None:
    done = process("invoice", "list")
    refusal(done, 4)
    assert "invo init" in done.stderr


def test_4_names_the_nearest(shop: Process) -> None:
    number = result(shop("invoice", "create", *ASHA, "--line", LINE, "-o", "name")).strip()
    done = shop("invoice", "show", number[:-1])
    refusal(done, 4)
    assert f"Did you mean {number}?" in done.stderr


def test_5_duplicate_wrong_state_and_ambiguous(shop: Process) -> None:
    refusal(shop("business", "create", "--name", "Twin", "--gstin", GSTIN), 5)
    shop("invoice", "create", *ASHA, "--line", LINE, "--draft")
    refusal(shop("invoice", "cancel", "D-1", "--reason", "No"), 5)
    shop("invoice", "create", "--customer", "Asha Traders", "--mobile", "9876543211", "--line", LINE)
    sentence = refusal(shop("invoice", "create", "--customer", "asha traders", "--line", LINE), 5)
    assert "C-0001" in sentence
    assert "C-0002" in sentence


def test_5_an_issued_document_is_not_edited(shop: Process) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE)
    refusal(shop("invoice", "edit", "D-1", "--notes", "Later"), 5)


def test_5_what_the_database_itself_refuses(shop: Process, database_url: URL) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE)
    execute(database_url, "CREATE UNIQUE INDEX only_one_of_each ON audit_events (business_id, action)")
    assert "contradicts" in refusal(shop("invoice", "create", *ASHA, "--line", LINE), 5)


def test_7_a_server_that_is_not_there(shop: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://invo:sesame@127.0.0.1:1/invo")
    done = shop("invoice", "list")
    refusal(done, 7)
    assert "sesame" not in done.stderr


def test_7_a_full_disk(shop: Process) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "invo_cli", "business", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert refusal(subprocess.CompletedProcess([], done.returncode, "", done.stderr), 7)


def test_8_a_file_that_is_not_there_is_not_made(
    process: Process, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    done = process("invoice", "list")
    refusal(done, 8)
    assert "invo init" in done.stderr
    assert not (tmp_path / "none.db").exists()


def test_8_a_database_without_tables(home: Path, empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    monkeypatch.setenv("INVO_DATABASE_URL", empty_url.render_as_string(hide_password=False))
    if empty_url.drivername == "sqlite":
        Path(str(empty_url.database)).touch()
    done = run_process("invoice", "list")
    refusal(done, 8)
    assert "invo init" in done.stderr


@pytest.mark.parametrize(
    ("revision", "advice"),
    [("20250924_0001", "invo db upgrade"), ("29990101_0001", "newer"), ("abc123", "INVO_DATABASE_URL")],
)
def test_8_a_schema_that_is_older_newer_or_anothers(
    shop: Process, database_url: URL, revision: str, advice: str
) -> None:
    execute(database_url, f"UPDATE alembic_version SET version_num = '{revision}'")
    done = shop("invoice", "list")
    refusal(done, 8)
    assert advice in done.stderr
    refusal(shop("invoice", "create", *ASHA, "--line", LINE), 8)


def test_9_some_of_many_failed(shop: Process) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE, "--draft")
    shop("invoice", "create", *ASHA, "--line", "Screen:1:100:998716:17", "--draft")
    done = shop("invoice", "issue", "--all-drafts", "-o", "name")
    refusal(done, 9, stdout=None)
    assert done.stdout.endswith("/0001\n")
    assert "warning: D-2" in done.stderr


def test_10_a_check_found_something(shop: Process, database_url: URL) -> None:
    shop("invoice", "create", *ASHA, "--line", LINE)
    assert shop("series", "audit").returncode == 0
    execute(database_url, "UPDATE number_counters SET last_serial = 3")
    done = shop("series", "audit")
    sentence = refusal(done, 10, stdout=None)
    assert "2-3" in sentence


def test_the_exit_code_of_every_class_is_that_of_the_table() -> None:
    from invo_cli import errors

    def leaves(kind: type[errors.InvoError]) -> Iterator[type[errors.InvoError]]:
        yield kind
        for each in kind.__subclasses__():
            yield from leaves(each)

    table: dict[int, str] = {
        1: "failed", 2: "usage", 3: "invalid", 4: "not_found", 5: "conflict", 6: "denied", 7: "unavailable",
        8: "schema", 9: "partial", 10: "findings",
    }  # fmt: skip
    codes = {kind.exit_status: kind.code for kind in errors.InvoError.__subclasses__() if kind.exit_status > 1}
    assert codes == {status: code for status, code in table.items() if status > 1}
    assert {kind.exit_status for kind in leaves(errors.InvoError)} == set(table)


@pytest.fixture
def broken(shop: Process, database_url: URL) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A database in which a table is missing: what follows is a bug, not a refusal."""
    execute(database_url, "ALTER TABLE number_series RENAME TO elsewhere")
    return shop


def test_1_a_bug_is_one_sentence_without_a_traceback(broken: Process) -> None:
    done = broken("invoice", "create", *ASHA, "--line", LINE)
    assert "bug" in refusal(done, 1)
    assert "number_series" not in done.stderr


def test_a_bug_shows_its_traceback_when_asked(broken: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Traceback" in broken("--debug", "invoice", "create", *ASHA, "--line", LINE).stderr
    monkeypatch.setenv("INVO_DEBUG", "1")
    shown = broken("invoice", "create", *ASHA, "--line", LINE)
    assert shown.returncode == 1
    assert "Traceback" in shown.stderr
    assert "9876543210" not in shown.stderr
