"""PostgreSQL's own pg_dump and pg_restore: found, fed and heard; no password and no URL among their arguments."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from invo_cli.backups import packing
from invo_cli.errors import FindingsError, InvoError, UnavailableError, UsageProblemError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_VERSION = re.compile(r"\(PostgreSQL\) ([0-9]+)")
INSTALL = "Install PostgreSQL's client programs (postgresql-client) of that version, and put them on PATH."
_TOO_OLD = "unsupported version"
_PER_MAJOR = 10_000
_QUIET = ("--no-password", "--no-owner", "--no-privileges")


def find(name: str, connection: Connection | None = None) -> str | None:
    """The program on PATH, when it is of the same major version as the server of a connection; else None.

    An older one refuses the server, and what a newer one writes the server may refuse: pg_restore 17 and 18 set a
    parameter (transaction_timeout) that PostgreSQL 16 does not know.
    """
    program = shutil.which(name)
    if program is None:
        return None
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = _VERSION.search(said)
    if found is None or (connection is not None and int(found[1]) != _server(connection)):
        return None
    return program


def dump(program: str, connection: Connection, out: Any) -> None:
    """Write what the snapshot of a connection sees, in the custom format, uncompressed."""
    snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar()
    command = [program, "-Fc", "-Z0", *_QUIET, f"--snapshot={snapshot}", "--lock-wait-timeout=30s"]
    with _running(command, environment(connection), stdout=subprocess.PIPE) as process:
        while data := process.stdout.read(packing.CHUNK):
            out.write(data)


def restore(program: str, blocks: Iterable[bytes], where: Mapping[str, str]) -> None:
    """Fill an empty database, all at once or not at all."""
    name = where["PGDATABASE"].replace("\\", "\\\\").replace("'", "\\'")
    command = [program, *_QUIET, "--single-transaction", "--exit-on-error", f"--dbname=dbname='{name}'"]
    _feed(command, blocks, where)


def read_through(program: str, blocks: Iterable[bytes]) -> None:
    """Read a dump to its end without a server; FindingsError says why it cannot be read."""
    _feed([program, "-f", os.devnull], blocks, dict(os.environ))


def environment(connection: Connection, database: str | None = None) -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach the database of a connection, or another one beside it."""
    from psycopg import pq

    driver: Any = connection.connection.driver_connection
    values = {**driver.info.get_parameters(), "password": driver.info.password, "dbname": driver.info.dbname}
    if database is not None:
        values["dbname"] = database
    names = {one.keyword.decode(): one.envvar.decode() for one in pq.Conninfo.get_defaults() if one.envvar}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("INVO_")}
    return ours | {names[key]: str(value) for key, value in values.items() if value and key in names}


def _server(connection: Connection) -> int:
    driver: Any = connection.connection.driver_connection
    return int(driver.info.server_version) // _PER_MAJOR


def _feed(command: list[str], blocks: Iterable[bytes], where: Mapping[str, str]) -> None:
    with _running(command, where, stdin=subprocess.PIPE) as process:
        try:
            for block in blocks:
                process.stdin.write(block)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended: its status and its words say why


@contextmanager
def _running(command: list[str], where: Mapping[str, str], **pipes: int) -> Iterator[Any]:
    """A program that must end well; it is stopped when the block does not."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=dict(where), stderr=said, **pipes)  # type: ignore[call-overload]
        try:
            yield process
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                _close(pipe)
        if status:
            raise _refusal(command[0], said)


def _close(pipe: BinaryIO | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:
        pass


def _refusal(program: str, said: BinaryIO) -> InvoError:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    name = os.path.basename(program)
    reason = next((line for line in lines if "error" in line), lines[0] if lines else "it said nothing")
    sentence = f"{name} failed: {reason.rstrip('.').removeprefix(f'{name}: ')}."
    if _TOO_OLD in reason:
        return UsageProblemError(f"This {name} is older than the one that wrote the backup.", hint=INSTALL)
    if name == "pg_restore":
        return FindingsError(sentence, hint=packing.DAMAGED_HINT)
    return UnavailableError(sentence, hint="Nothing was kept; run it again when the database answers.")
