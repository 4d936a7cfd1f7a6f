"""The file that is imported: found, unpacked and, when it can be read only once, copied beside."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from typing import IO, Any

from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.gst.text import nearest, quoted

FORMATS = ("csv", "jsonl", "xlsx")
MAX_BYTES = 4 * 1024**3
"""A file is at most 4 GiB, unpacked."""
_BLOCK = 1024 * 1024
_PREFIX = "invo-import-"
_GZIP, _ZSTD, _ZIP, _OLD_EXCEL = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENDINGS = {"csv": "csv", "tsv": "csv", "txt": "csv", "jsonl": "jsonl", "ndjson": "jsonl", "xlsx": "xlsx"}


@dataclass(frozen=True, slots=True)
class Source:
    """A regular file that can be read as often as needed; `name` is what people called it."""

    path: Path
    name: str
    format: str
    sha256: str


@contextmanager
def opened(file: str, wanted: str | None, stdin: IO[bytes] | None = None) -> Iterator[Source]:
    """The file, or stdin for `-`; packed ones (gzip, zstd) are unpacked beside and removed at the end.

    `wanted` is the format asked for, else the ending of the name, else what the first bytes look like.
    """
    with ExitStack() as folders, _explained(file):
        path, inner = _regular(file, stdin, folders)
        packing = _packing(path)
        if packing is not None:
            target = _folder(folders) / "unpacked"
            with _unpacking(path, packing) as packed:
                _copy(packed, target, _called(file))
            path, inner = target, PurePath(inner).stem
        how = _format(path, inner, wanted, _called(file))
        yield Source(path, _called(file), how, _digest(path))


def _folder(folders: ExitStack) -> Path:
    """A folder that goes at the end; those that killed runs left behind go now."""
    home = Path(tempfile.gettempdir())
    for left in home.glob(f"{_PREFIX}*"):
        if not _runs(left.name.removeprefix(_PREFIX).partition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)  # that of another user stays
    return Path(folders.enter_context(tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-")))


def _runs(process: str) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _called(file: str) -> str:
    return "Standard input" if file == "-" else file


def lines_of(source: Source) -> int:
    """How many lines the file has, quickly; for a progress bar."""
    with source.path.open("rb") as data:
        return sum(block.count(b"\n") for block in iter(lambda: data.read(_BLOCK), b""))


def _regular(file: str, stdin: IO[bytes] | None, folders: ExitStack) -> tuple[Path, str]:
    """A path that can be read twice, and the name that tells the format."""
    if file == "-":
        assert stdin is not None
        copy = _folder(folders) / "read"
        _copy(stdin, copy, "Standard input")
        return copy, ""
    path = Path(file)
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise InvalidError(f"{file} is a folder.", hint="Name a file.")
    if not stat.S_ISREG(mode):
        copy = _folder(folders) / "read"
        with path.open("rb") as data:
            _copy(data, copy, file)
        return copy, path.name
    if path.stat().st_size > MAX_BYTES:
        raise _too_large(file)
    return path, path.name


def _copy(data: Any, target: Path, name: str) -> None:
    count = 0
    with target.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        for block in iter(lambda: data.read(_BLOCK), b""):
            count += len(block)
            if count > MAX_BYTES:
                raise _too_large(name)
            out.write(block)


def _packing(path: Path) -> str | None:
    with path.open("rb") as data:
        start = data.read(4)
    return "gzip" if start.startswith(_GZIP) else "zstd" if start == _ZSTD else None


@contextmanager
def _unpacking(path: Path, packing: str) -> Iterator[Any]:
    import zlib

    import zstandard

    with path.open("rb") as data:
        try:
            if packing == "gzip":
                yield gzip.GzipFile(fileobj=data)
            else:
                yield zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise InvalidError(f"The packed file is damaged ({packing}).", hint="Fetch or pack it again.") from error


def _format(path: Path, name: str, wanted: str | None, file: str) -> str:
    with path.open("rb") as data:
        start = data.read(64)
    if start.startswith(_OLD_EXCEL):
        raise InvalidError(
            f"{file} is a workbook of an old Excel, or protected by a password.", hint="Save it as .xlsx or CSV."
        )
    looks = "xlsx" if start.startswith(_ZIP) else "jsonl" if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{" else "csv"
    how = _known(wanted) if wanted else _ENDINGS.get(PurePath(name).suffix.lower().removeprefix("."), looks)
    if (how == "xlsx") != (looks == "xlsx"):
        problem = "is an Excel workbook" if looks == "xlsx" else "is not an Excel workbook"
        raise InvalidError(f"{file} {problem}, not {how}." if looks == "xlsx" else f"{file} {problem}.", hint=_SAY)
    return how


_SAY = f"Say what it is with --format: {', '.join(FORMATS)}."


def _known(wanted: str) -> str:
    if wanted in FORMATS:
        return wanted
    near = nearest(wanted, FORMATS)
    raise InvalidError(f"There is no import format {quoted(wanted)}.", hint=f"Did you mean {near}?" if near else _SAY)


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as data:
        for block in iter(lambda: data.read(_BLOCK), b""):
            found.update(block)
    return found.hexdigest()


def _too_large(name: str) -> InvalidError:
    return InvalidError(f"{name} is larger than 4 GiB.", hint="Split it into several files.")


@contextmanager
def _explained(file: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if str(error.filename) != file:
            raise
        hint = "Check the path, or use - for standard input."
        raise NotFoundError(f"There is no file {file}.", hint=hint) from error
    except PermissionError as error:
        raise InvalidError(
            f"{file} cannot be read: {error.strerror}.", hint="Check the path and its rights."
        ) from error
