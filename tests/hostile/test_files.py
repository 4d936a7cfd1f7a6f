"""Document files as they come: other encodings, broken, deep, large, of the wrong types."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from invo_cli.gst.document import DocumentInput, LineInput
from tests.conftest import Invo, run_process
from tests.hostile.texts import harmful

pytestmark = pytest.mark.contract  # what is refused before a database is asked

GOOD: dict[str, Any] = {
    "customer": {"name": "आशा ट्रेडर्स", "mobile": "9876543210"},
    "lines": [{"description": "Screen", "quantity": 1, "unit_price": 1500.50, "hsn": "998716"}],
}
TEXT = json.dumps(GOOD, ensure_ascii=False, indent=1)


def create(counter: Invo, tmp_path: Path, data: bytes) -> Any:
    path = tmp_path / "doc.json"
    path.write_bytes(data)
    return counter("invoice", "create", "--file", str(path), "--dry-run", "-o", "json")


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        json.dumps(GOOD).encode(),
        TEXT.encode() + b"\n\n  \t\r\n",
        b" \n" + TEXT.encode(),
    ],
    ids=["plain", "byte order mark", "crlf", "cr", "escaped", "white space behind", "white space before"],
)
def test_files_of_every_editor_are_read(counter: Invo, tmp_path: Path, data: bytes) -> None:
    done = create(counter, tmp_path, data)
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["customer"]["name"] == "आशा ट्रेडर्स"
    assert json.loads(done.stdout)["lines"][0]["unit_price"] == "1500.500"


def nested(depth: int) -> bytes:
    return b'{"lines": ' + b"[" * depth + b"]" * depth + b"}"


BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "white space": b" \n\t",
    "only a byte order mark": b"\xef\xbb\xbf",
    "utf-16": TEXT.encode("utf-16"),
    "utf-16 without a mark": TEXT.encode("utf-16-le"),
    "utf-32": TEXT.encode("utf-32"),
    "latin-1": TEXT.replace("आशा ट्रेडर्स", "Caf\xe9").encode("latin-1"),
    "half a character": TEXT.encode()[:20],
    "a surrogate in utf-8": b'{"notes": "\xed\xa0\x80"}',
    "overlong": b'{"notes": "\xc0\x80"}',
    "nul bytes": b"\0" * 10,
    "a nul in a text": b'{"notes": "a\0b"}',
    "a newline in a text": b'{"notes": "a\nb"}',
    "trailing bytes": TEXT.encode() + b"}",
    "two documents": TEXT.encode() * 2,
    "cut off": TEXT.encode()[:-5],
    "a comment": b"// hello\n" + TEXT.encode(),
    "a trailing comma": b'{"notes": "a",}',
    "single quotes": b"{'notes': 'a'}",
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "a text": b'"a"',
    "an empty object": b"{}",
    "the same key twice": b'{"notes": "a", "notes": "b"}',
    "the same key twice inside": b'{"customer": {"name": "a", "name": "b"}}',
    "an escaped twin": b'{"notes": "a", "n\\u006ftes": "b"}',
    "deep": nested(100),
    "very deep": nested(200_000),
    "deep objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "eleven megabytes": b'{"notes": "' + b"x" * (11 * 1024 * 1024) + b'"}',
    "a long number": b'{"discount": ' + b"9" * 100_000 + b"}",
    "ten thousand lines too many": b'{"lines": [' + b"{}," * 10_001 + b"{}]}",
    "an unknown key": b'{"totl": 1}',
    "a key of two kinds of text": '{"\u202ediscount": 1, "\\u0000": 2}'.encode(),
    "a hundred unknown keys": json.dumps({f"key{number}": 1 for number in range(500)}).encode(),
    "csv": b"customer,total\nAsha,100\n",
    "xml": b"<?xml version='1.0'?><invoice/>",
    "pickle": b"\x80\x04K\x01.",
    "gzip": b"\x1f\x8b\x08\x00\x00",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_document_is_refused(counter: Invo, tmp_path: Path, kind: str) -> None:
    done = create(counter, tmp_path, BROKEN[kind])
    assert (done.exit_code, done.stdout) == (3, ""), done.output[:500]
    (line,) = done.stderr.splitlines()
    error = json.loads(line)["error"]
    assert error["message"][-1] in ".!?"
    assert len(error["message"]) < 300
    assert not harmful(error["message"] + error["hint"])
    assert len(line) < 60_000


WRONG = [1, -1.5, True, "", "x", "\0", [[]], {"a": 1}, [None], {"name": None}, [{"lines": []}]]
KEYS = [field.name for field in fields(DocumentInput)]
LINE_KEYS = [field.name for field in fields(LineInput)]


def dry_run(counter: Invo, document: dict[str, Any]) -> Any:
    done = counter("invoice", "create", "--file", "-", "--dry-run", "-o", "json", input=json.dumps(document))
    assert "Unexpected error" not in done.stderr, (document, done.stderr)
    return done


@pytest.mark.parametrize("key", KEYS)
def test_no_value_of_any_type_breaks_a_key(counter: Invo, key: str) -> None:
    for value in WRONG:
        assert dry_run(counter, GOOD | {key: value}).exit_code in (0, 3, 4, 5)
    left_out = dry_run(counter, {known: value for known, value in GOOD.items() if known != key})
    null = dry_run(counter, GOOD | {key: None})
    assert (left_out.exit_code, left_out.stdout) == (null.exit_code, null.stdout)


@pytest.mark.parametrize("key", LINE_KEYS)
def test_no_value_of_any_type_breaks_a_line(counter: Invo, key: str) -> None:
    lines = [GOOD["lines"][0] | {key: value} for value in WRONG]
    refused = dry_run(counter, GOOD | {"lines": lines})
    assert refused.exit_code == 3
    problems = json.loads(refused.stderr.splitlines()[-1])["error"]["details"]["problems"]
    for place in {problem["path"] for problem in problems}:
        assert place.endswith(f"].{key}")


def test_a_document_of_two_thousand_lines_is_issued(counter: Invo) -> None:
    document = GOOD | {"lines": GOOD["lines"] * 2000}
    done = counter("invoice", "create", "--file", "-", "-o", "name", input=json.dumps(document))
    assert done.exit_code == 0, done.stderr


def test_a_file_through_the_process(counter: Invo, tmp_path: Path) -> None:
    for kind in ("utf-16", "very deep", "eleven megabytes", "nul bytes"):
        (tmp_path / "doc.json").write_bytes(BROKEN[kind])
        for source, data in ((str(tmp_path / "doc.json"), b""), ("-", BROKEN[kind])):
            done = subprocess.run(
                [sys.executable, "-m", "invo_cli", "invoice", "create", "--file", source],
                input=data,
                capture_output=True,
                check=False,
            )
            assert (done.returncode, done.stdout) == (3, b"")
            assert done.stderr.startswith(b"error: ")
            assert b"Traceback" not in done.stderr
    assert run_process("invoice", "list").stdout == ""
