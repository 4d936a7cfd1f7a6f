"""Every option that names a file to write: never through a link, never over another file, never a device."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from invo_cli.cli import app
from invo_cli.db.engines import engine_for
from invo_cli.exports.pdf import safe_name
from tests.conftest import GSTIN, ON_POSTGRESQL, Invo
from tests.docs.tree import commands
from tests.hostile.texts import KEPT

pytestmark = pytest.mark.contract

NUMBER = "INV/26-27/0001"
REPORTS = ("sales", "tax-summary", "hsn", "collections", "items", "customers", "daybook", "receivables", "ageing")
DATA_SETS = ("invoices", "lines", "customers", "items", "payments", "allocations", "audit", "users")
WRITERS: dict[tuple[str, str], str] = {
    **{(f"report {name}", "--html"): f"report {name} --html TARGET" for name in (*REPORTS, "dashboard")},
    **{(f"report {name}", "--svg"): f"report {name} --svg TARGET" for name in (*REPORTS, "dashboard")},
    **{(f"export {name}", "--out"): f"export {name} --out TARGET" for name in DATA_SETS},
    **{(f"export {name}", "--manifest"): f"export {name} --out FRESH --manifest TARGET" for name in DATA_SETS},
    ("export all", "--manifest"): "export all --format csv --out FOLDER --manifest TARGET",
    ("export job run", "--out"): "export job run nightly --out TARGET",
    ("export job run", "--manifest"): "export job run nightly --out FRESH --manifest TARGET",
    ("export batch replay", "--out"): "export batch replay weekly 1 --out TARGET",
    ("audit export", "--out"): "audit export --out TARGET",
    ("metrics", "--out"): "metrics --out TARGET",
    ("einvoice build", "--out"): f"einvoice build {NUMBER} --out TARGET",
    ("eway build", "--out"): f"eway build {NUMBER} --vehicle KA01AB1234 --distance 840 --out TARGET",
    ("return gstr1", "--out"): "return gstr1 --period 2026-10 --out TARGET",
    ("return gstr1", "--xlsx"): "return gstr1 --period 2026-10 --xlsx TARGET",
    ("return gstr3b", "--out"): "return gstr3b --period 2026-10 --out TARGET",
    ("import customers", "--rejects"): "import customers bad-customers.csv --rejects TARGET",
    ("import items", "--rejects"): "import items bad-items.csv --rejects TARGET",
    ("import invoices", "--rejects"): "import invoices bad-invoices.csv --rejects TARGET",
    ("import payments", "--rejects"): "import payments bad-payments.csv --rejects TARGET",
    ("import payments", "--review"): "import payments statement.csv --match --review TARGET",
}
"""Option -> a command that writes TARGET; FRESH is a file that is not there, FOLDER an empty folder."""
IN_FOLDERS = {
    ("invoice pdf", "--out"): (f"invoice pdf {NUMBER} --out FOLDER", "INV-26-27-0001.pdf"),
    ("payment pdf", "--out"): ("payment pdf PAY/26-27/0001 --out FOLDER", "*.pdf"),
    ("export all", "--out"): ("export all --format csv --out FOLDER", "customers.csv"),
    ("export invoices", "--out"): ("export invoices --format csv --out FOLDER", "invoices.csv"),
    ("return gstr1", "--out"): ("return gstr1 --period 2026-10 --out FOLDER", "*.json"),
}
"""Option -> a command that writes into FOLDER, and the file it makes there."""
FAMILIES = (
    ("export invoices", "--out"),
    ("export job run", "--out"),
    ("return gstr1", "--xlsx"),
    ("report sales", "--html"),
    ("import customers", "--rejects"),
    ("import payments", "--review"),
)
"""One option for each way in which files are written."""
REPLACED = {("metrics", "--out")}
"""What a machine reads and cron writes, without asking: a file of that name is replaced, a link is not."""
READ = {
    "--key",
    "--public-key",
    "--tokens",
    "--metrics-file",
    "--file",
    "--text",
    "--template",
    "--logo",
    "--map",
    "--reviewed",
    "--from",
    "--identity",
}
"""Options whose file is only read."""
OF_OTHER_TESTS = {
    ("export job create", "--out"): "only kept; run writes it",
    ("export job create", "--manifest"): "only kept; run writes it",
    ("db restore", "--to"): "tests/backups: a new database, never an old one",
    ("db copy", "--to"): "tests/db: a new database, never an old one",
    ("db backup", "--out"): "tests/backups: names nobody can choose, in a folder of its own",
    ("schedule print systemd", "--out"): "units of its own names, written anew",
}
NEVER_FORCED = {("import payments", "--review"), *REPLACED}
HEADS = {
    "customers": "code,name,mobile\nA,Asha,1\n",
    "items": "code,name,hsn,unit_price\nA,,1,x\n",
    "invoices": "number,date,customer,description,quantity,unit_price\nA,never,B,C,1,1\n",
    "payments": "number,date,customer,amount,method\nR,never,A,x,upi\n",
}
STATEMENT = (
    "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n"
    '03/10/26,UPI-NOBODY,412345678901,03/10/26,,"1,770.00","11,770.00"\n'
)


def places() -> Iterator[tuple[str, str]]:
    """Every option of every command that names a file, a folder or a database."""
    for entry in commands():
        for option in entry.command.params:
            metavar = str(getattr(option, "metavar", None) or "").upper()
            if any(word in metavar for word in ("FILE", "DIR", "FOLDER", "URL")) and option.opts[0].startswith("--"):
                yield entry.path.removeprefix("invo "), option.opts[0]


def test_every_option_that_names_a_file_is_known_here() -> None:
    known = {*WRITERS, *IN_FOLDERS, *OF_OTHER_TESTS}
    assert {place for place in places() if place[1] not in READ} == known


@pytest.fixture
def shop(counter: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """A business that has sold, been paid in advance and exported."""
    monkeypatch.setenv("INVO_NOW", "2026-10-05T12:00:00+05:30")
    monkeypatch.chdir(tmp_path)
    for name, text in HEADS.items():
        (tmp_path / f"bad-{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "statement.csv").write_text(STATEMENT, encoding="utf-8")
    pune = ("--gstin=27AAPFU0939F1ZV", "--address=1 Law College Road", "--city=Pune", "--pincode=411001")
    ours = ("--address=12 MG Road", "--city=Bengaluru", "--pincode=560001", "--einvoice-from=2026-04-01")
    for command in (
        ("business", "edit", GSTIN, *ours, "--turnover=6,00,00,000"),
        ("customer", "create", "--name=Pune Motors", *pune),
        ("item", "create", "--name=Battery", "--hsn=850760", "--price=900", "--rate=18"),
        ("invoice", "create", "--customer=C-0001", "--line=Battery:60:900:850760:18"),
        ("payment", "create", "--customer=C-0001", "--amount=118", "--method=upi", "--advance", "--place-of-supply=27"),
        ("export", "job", "create", "nightly", "invoices", "--format=csv"),
        ("export", "customers", "--since-last", "weekly", "--format=jsonl", "--out=weekly.jsonl"),
    ):
        done = counter(*command)
        assert done.exit_code == 0, (command, done.stderr)
    return counter


def words(command: str, target: Path, folder: Path) -> list[str]:
    """A command with its places filled in; every call writes beside it to a fresh file."""
    fresh = folder / f"fresh-{len(list(folder.iterdir()))}"
    meant = {"TARGET": str(target), "FOLDER": str(folder), "FRESH": str(fresh)}
    return [meant.get(word, word) for word in command.split()]


@pytest.mark.parametrize("noun", sorted({path.split()[0] for path, _ in WRITERS}))
def test_no_file_is_overwritten_or_written_through_a_link(shop: Invo, tmp_path: Path, noun: str) -> None:
    for at, place in enumerate(place for place in WRITERS if place[0].split()[0] == noun):
        folder = tmp_path / f"out-{at}"
        folder.mkdir()
        refuses_what_is_there(shop, place, folder)
        new = folder / "new"
        done = shop(*words(WRITERS[place], new, folder))
        assert new.is_file(), (place, done.output)
        assert new.stat().st_mode & 0o133 == 0
        assert not list(folder.glob(".*"))
    assert shop("import", "list", "-o", "name").stdout == ""


def refuses_what_is_there(shop: Invo, place: tuple[str, str], folder: Path) -> None:
    """A file, a link to it and, for each way in which files are written, a link to nothing and a missing folder."""
    victim, link, dangling = (folder / name for name in ("victim", "link", "dangling"))
    victim.write_text("precious")
    link.symlink_to(victim)
    dangling.symlink_to(folder / "nowhere")
    force = [] if place in NEVER_FORCED else ["--force"]
    cases = [(link, force)] if place in REPLACED else [(victim, []), (link, force)]
    cases += [(link, []), (dangling, force), (folder / "none" / "new", force)] if place in FAMILIES else []
    for target, forced in cases:
        done = shop(*words(WRITERS[place], target, folder), *forced)
        assert done.exit_code in (4, 5), (place, target.name, done.output)
        assert victim.read_text() == "precious"
        assert link.is_symlink()
        assert not (folder / "nowhere").exists()


def test_no_file_in_a_folder_is_overwritten_or_written_through_a_link(shop: Invo, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    for at, (command, pattern) in enumerate(IN_FOLDERS.values()):
        folder = tmp_path / f"out-{at}"
        folder.mkdir()
        assert shop(*words(command, folder, folder)).exit_code == 0, command
        (made,) = folder.glob(pattern)
        made.unlink()
        victim.write_text("precious")
        made.symlink_to(victim)
        assert shop(*words(command, folder, folder), "--force").exit_code == 5, command
        assert (victim.read_text(), made.is_symlink()) == ("precious", True)
        made.unlink()
        made.write_text("precious")
        assert shop(*words(command, folder, folder)).exit_code == 5, command
        assert made.read_text() == "precious"


def test_devices_and_pipes_are_never_written(shop: Invo, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    for place in FAMILIES:
        force = [] if place in NEVER_FORCED else ["--force"]
        for target in (folder / "pipe", Path("/dev/null"), Path("/dev/full")):
            done = shop(*words(WRITERS[place], target, folder), *force)
            assert done.exit_code == 5, (place, target, done.output)
            assert "not a regular file" in done.stderr


def test_a_file_that_replaces_a_private_one_is_private(shop: Invo, tmp_path: Path) -> None:
    private = tmp_path / "invoices.csv"
    private.touch(mode=0o600)
    assert shop("export", "invoices", "--out", str(private), "--force").exit_code == 0
    assert private.stat().st_mode & 0o777 == 0o600


@pytest.mark.unit
def test_no_number_leads_out_of_a_folder(tmp_path: Path) -> None:
    numbers = [*KEPT.values(), "..", ".", "/", "../x", "~root", "a\0b", "-rf", ".ssh", "x" * 300, "con", "A:B", "a\nb"]
    taken: set[str] = set()
    for number in numbers:
        name = safe_name(number, taken=taken)
        taken.add(name.lower())
        assert name
        assert name[0] not in ".-"
        assert len(name.encode()) < 200
        assert (tmp_path / f"{name}.pdf").resolve().parent == tmp_path.resolve()
    assert len(taken) == len(numbers)


def modes(folder: Path) -> dict[str, int]:
    """The rights of a folder and of all below it that others may have."""
    found = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): mode for path in found if (mode := path.lstat().st_mode & 0o077)}


@pytest.mark.skipif(ON_POSTGRESQL, reason="about the files of SQLite")
def test_the_home_and_all_that_invo_keeps_there_is_private(home: Path, tmp_path: Path) -> None:
    """With the umask that most systems have; the WAL is there while a reader is."""
    usual = os.umask(0o022)
    try:
        fill_home()
        with engine_for(f"sqlite:///{home}/invo.db").connect() as reader:
            reader.exec_driver_sql("SELECT 1")
            run("customer", "create", "--name=Asha")
            assert {"invo.db-wal", "invo.db-shm"} <= {path.name for path in home.iterdir()}
            assert modes(home) == {}
    finally:
        os.umask(usual)
    assert {"invo.db", "config.toml", "sign-ins", "backups"} <= {path.name for path in home.iterdir()}


def test_a_sign_in_makes_a_private_home_for_itself(home: Path, tmp_path: Path, database_url: URL) -> None:
    """On a server the home may not be there before."""
    elsewhere = tmp_path / "new" / "home"
    usual = os.umask(0o022)
    try:
        run("user", "create", "owner", "--role=admin", "--password-stdin", given="correct horse")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("INVO_HOME", str(elsewhere))
            run("auth", "login", "owner", "--password-stdin", given="correct horse")
    finally:
        os.umask(usual)
    assert modes(elsewhere) == {}


def fill_home() -> None:
    """Make all that invo keeps in its home."""
    run("init", "--name=Centre", "--state=29", "--admin=owner", "--password-stdin", given="correct horse")
    run("auth", "login", "owner", "--password-stdin", given="correct horse")
    run("business", "create", "--name=Pune", "--state=27", "--code=PUNE")
    run("business", "use", "PUNE")
    run("db", "backup")


def run(*arguments: str, given: str | None = None) -> None:
    """Run a command that must succeed."""
    done = CliRunner().invoke(app, list(arguments), input=given)
    assert done.exit_code == 0, (arguments, done.stderr)
