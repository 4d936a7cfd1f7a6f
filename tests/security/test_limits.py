"""The limits of what is read: the page that lists them agrees with the program, and they hold in bounded memory."""

from __future__ import annotations

import gzip
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from invo_cli import settings
from invo_cli.commands import context, credentials, passwords
from invo_cli.exports.pdf.paper import LARGEST_LOGO
from invo_cli.gst import money, shapes, strict_json
from invo_cli.gst.einvoice import wire
from invo_cli.gst.reading_values import LIMITS
from invo_cli.imports import delimited, hsn_list, lines, mapping, reading, sources, workbooks
from invo_cli.mail import credentials as mail_credentials
from invo_cli.portal import envelopes, signatures
from invo_cli.services.identity.passwords import MAX_BYTES, MIN_BYTES
from invo_cli.services.importing.runs import MOST_ERRORS
from tests.conftest import Invo

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
ENOUGH_KIB = 400 * 1024
"""More memory than any refusal needs: Python makes 35 bytes of one byte of JSON when it is all empty objects."""


def size(count: int) -> str:
    """4 GiB, 200 B: as the page writes it."""
    for factor, prefix in ((1024**3, "Gi"), (1024**2, "Mi"), (1024, "Ki")):
        if count % factor == 0:
            return f"{count // factor:,} {prefix}B"
    return f"{count:,} B"


def expected() -> dict[str, str]:
    """Every row of the page, from the constants that are in force."""
    return {
        "A document, or a return to compare, as JSON": f"{size(strict_json.MAX_BYTES)}, {strict_json.MAX_DEPTH} deep",
        "Its problems that are listed": f"{shapes.MAX_PROBLEMS}",
        "An amount, a rate, a quantity": f"{money.MAX_WHOLE_DIGITS} digits before the point",
        **{f"`{name}`": f"{most:,} entries" for name, most in LIMITS.items() if name in ("lines", "charges")},
        **{f"`{name}`": f"{most:,} characters" for name, most in LIMITS.items() if name not in ("lines", "charges")},
        "A file or standard input that is read whole": size(context.MAX_INPUT_BYTES),
        "A file to import, unpacked": size(sources.MAX_BYTES),
        "Its records": f"{reading.MAX_RECORDS:,}",
        "Its problems": f"{MOST_ERRORS:,}",
        "CSV: a value": f"{delimited.MAX_FIELD:,} characters",
        "CSV: a line": f"{delimited.MAX_LINE:,} characters",
        "CSV and Excel: columns": f"{delimited.MAX_COLUMNS}",
        "JSON Lines: a line": f"{lines.MAX_LINE:,} characters",
        "Excel: the file": size(workbooks.MAX_BYTES),
        "Excel: unpacked": f"{size(workbooks.MAX_UNPACKED)}, {workbooks.MAX_RATIO} times the file, "
        f"{workbooks.MAX_ENTRIES:,} parts",
        "A file of `--map`": size(mapping.MAX_BYTES),
        "The HSN list as JSON": size(hsn_list.MAX_JSON),
        "A description in it": f"{hsn_list.MAX_DESCRIPTION:,} characters",
        "A file for or from a portal": f"{wire.LARGEST:,} characters",
        "Its answers, wrapped": f"{envelopes.MAX_DEPTH} deep",
        "The portal's keys": size(signatures.MAX_BYTES),
        "`config.toml`": size(settings.MAX_CONFIG_BYTES),
        "A logo": size(LARGEST_LOGO),
        "A password": f"{MIN_BYTES} to {MAX_BYTES} bytes",
        "Standard input of `--password-stdin`": size(passwords.MAX_INPUT_BYTES),
        "The file of a sign-in": size(credentials.LONGEST),
        "The file of the mail password": size(mail_credentials.LONGEST),
    }


def listed() -> Iterator[tuple[str, str]]:
    """The rows of the tables on the page."""
    for row in re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        if row[1] != "at most":
            yield row


@pytest.mark.unit
def test_the_page_of_limits_is_the_program_s() -> None:
    rows = [*listed()]
    assert dict(rows) == expected()
    assert len(rows) == len(expected())


def endless() -> Iterator[bytes]:
    """A gibibyte, for a program that does not look how much there is."""
    yield from (b"1" * (1 << 20) for _ in range(1024))


# A process counts what it had before exec, too, and the process of the tests may be large: so a small one starts it.
LAUNCHER = """
import os, sys
told, argv = int(sys.argv[1]), sys.argv[2:]
child = os.posix_spawn(argv[0], argv, os.environ)
_, status, used = os.wait4(child, 0)
os.write(told, str(used.ru_maxrss).encode())
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run_bounded(*arguments: str, given: Iterator[bytes] | None = None) -> tuple[int, str, int]:
    """Exit code, stderr and the most memory (KiB) of a process of its own."""
    report, told = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(told), sys.executable, "-m", "invo_cli", *arguments],
        pass_fds=[told],
        stdin=subprocess.PIPE if given else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr
    if given:
        assert process.stdin
        with suppress(BrokenPipeError):
            for block in given:
                process.stdin.write(block)
        with suppress(BrokenPipeError):
            process.stdin.close()
    os.close(told)
    said = process.stderr.read().decode()
    process.stderr.close()
    with open(report, encoding="ascii") as used:
        most = int(used.read() or 0)
    return process.wait(), said, most // (1024 if sys.platform == "darwin" else 1)


def bomb() -> bytes:
    """A workbook of 200 KB whose sheet unpacks to 200 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<row/>" * (200 * 1024**2 // 6))
    return out.getvalue()


def objects() -> bytes:
    """As many small objects as a document may hold bytes."""
    return b'{"lines": [' + b"{}," * (strict_json.MAX_BYTES // 3 - 10) + b"{}]}"


LARGE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a bomb": ("import customers FILE.xlsx", bomb),
    "a packed bomb": ("import customers FILE.csv.gz", lambda: gzip.compress(b"a" * (100 << 20))),
    "one long line": ("import customers FILE.csv", lambda: b"code,name\n" + b"x" * (50 << 20)),
    "an open quote": ("import customers FILE.csv", lambda: b'code,name\nA,"' + b"x\n" * (20 << 20)),
    "one long object": ("import customers FILE.jsonl", lambda: b'{"name": "' + b"x" * (50 << 20)),
    "many columns": ("import customers FILE.csv", lambda: b"code,name\n" + b"x," * 100_000 + b"\n"),
    "deep": ("invoice create --file FILE.json", lambda: b"[" * (9 << 20)),
    "many objects": ("invoice create --file FILE.json", objects),
    "a deep answer": ("einvoice record FILE.json", lambda: b"[" * (15 << 20)),
    "a deep map": ("import customers FILE.csv --map FILE.csv", lambda: b"a = " + b"[" * 1_000_000),
}


@pytest.mark.integration
@pytest.mark.parametrize("kind", LARGE)
def test_what_is_too_large_is_refused_in_bounded_memory(counter: Invo, tmp_path: Path, kind: str) -> None:
    command, content = LARGE[kind]
    words = command.replace("FILE", str(tmp_path / "large")).split()
    Path(next(word for word in words if str(tmp_path) in word)).write_bytes(content())
    code, said, memory = run_bounded(*words)
    assert code == 3, said
    assert "bug" not in said
    assert len(said) < 20_000
    assert memory < ENOUGH_KIB


@pytest.mark.integration
@pytest.mark.parametrize("command", ["invoice create --file SOURCE", "einvoice record SOURCE", "eway record SOURCE"])
def test_an_endless_file_is_refused(counter: Invo, command: str) -> None:
    for source, given in (("/dev/zero", None), ("-", endless())):
        code, said, memory = run_bounded(*command.replace("SOURCE", source).split(), given=given)
        assert (code, "is larger than" in said) == (3, True), said
        assert memory < ENOUGH_KIB


@pytest.mark.integration
def test_an_endless_password_is_refused(counter: Invo) -> None:
    for command in ("user create owner --role admin --password-stdin", "auth login owner --password-stdin"):
        code, said, memory = run_bounded(*command.split(), given=endless())
        assert code in (3, 6), said
        assert memory < ENOUGH_KIB


@pytest.mark.integration
def test_an_endless_settings_file_is_refused(home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").symlink_to("/dev/zero")
    code, said, memory = run_bounded("config", "list")
    assert (code, "larger than 1 MiB" in said) == (3, True)
    assert memory < ENOUGH_KIB


@pytest.mark.integration
def test_settings_nested_too_deep_are_refused(home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(f"a = {'[' * 100_000}")
    code, said, _ = run_bounded("config", "list")
    assert (code, "bug" in said) == (3, False)
