"""Which format and compression a file has, and what compression does."""

from __future__ import annotations

import gzip
import io

import pytest
import zstandard

from invo_cli.errors import InvalidError
from invo_cli.exports import formats
from invo_cli.exports.compressing import compressed
from invo_cli.exports.formats import Form
from invo_cli.exports.hashing import Hashed

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("wanted", "compress", "target", "usual", "form"),
    [
        (None, None, "-", None, Form("csv")),
        (None, None, "-", "jsonl", Form("jsonl")),
        (None, None, "-", "table", Form("csv")),
        (None, None, "x.tsv", "jsonl", Form("tsv")),
        (None, None, "x.XLSX", None, Form("xlsx")),
        (None, None, "x.csv.gz", None, Form("csv", "gz")),
        (None, None, "x.jsonl.zst", None, Form("jsonl", "zst")),
        (None, None, "2026-10.gz", None, Form("csv", "gz")),
        (None, "zst", "x.csv", None, Form("csv", "zst")),
        ("jsonl", None, "x.csv", None, Form("jsonl")),
        ("csv", None, "out.2026-10", None, Form("csv")),
        ("parquet", None, "x", None, Form("parquet")),
    ],
)
def test_the_form_is_as_asked_else_as_the_name_says(
    wanted: str | None, compress: str | None, target: str, usual: str | None, form: Form
) -> None:
    assert formats.chosen(wanted, compress, target, usual=usual) == form


@pytest.mark.parametrize(
    ("wanted", "compress", "target", "sentence"),
    [
        ("cvs", None, "-", "no export format cvs"),
        (None, None, "x.pdf", "no export format pdf"),
        (None, "zip", "-", "no compression zip"),
        (None, "gz", "x.xlsx", "xlsx is compressed already"),
        ("parquet", None, "x.parquet.gz", "parquet is compressed already"),
    ],
)
def test_what_is_no_form_is_refused(wanted: str | None, compress: str | None, target: str, sentence: str) -> None:
    with pytest.raises(InvalidError, match=sentence):
        formats.chosen(wanted, compress, target)


def test_a_file_is_called_after_its_data_set() -> None:
    assert Form("csv", "gz").file_name("invoices") == "invoices.csv.gz"
    assert Form("xlsx").file_name("lines") == "lines.xlsx"


@pytest.mark.parametrize("how", ["gz", "zst", None])
def test_what_is_compressed_comes_back_and_is_the_same_each_time(how: str | None) -> None:
    written = []
    for _ in range(2):
        out = io.BytesIO()
        hashed = Hashed(out)
        with compressed(hashed, how) as sink:
            for _ in range(100):
                sink.write("रु,1180.00\n".encode() * 1000)
        assert hashed.bytes == len(out.getvalue())
        written.append((out.getvalue(), hashed.sha256))
    assert written[0] == written[1]
    data = written[0][0]
    plain = gzip.decompress(data) if how == "gz" else data
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(data) if how == "zst" else plain
    assert plain == "रु,1180.00\n".encode() * 100_000
