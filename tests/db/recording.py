"""Write down what the migrations make: the schema of each engine, and the checksum of each script.

    python -m tests.db.recording [--edited REVISION]

The script of the head may still change; an older one is recorded anew only when it is named with --edited, because
databases exist in which it has run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from invo_cli.db import checksums
from invo_cli.db.catalog import entries, recorded
from invo_cli.db.head import HEAD
from tests.database import migrate
from tests.harness.postgres import PostgresCluster


def record_schema(url: URL) -> None:
    """Migrate an empty database and write its schema down."""
    migrate(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        recorded.path(engine.dialect.name).write_text(entries.dumped(recorded.read(connection)), encoding="utf-8")
    engine.dispose()


def record_schemas() -> None:
    """Write down the schema of both engines."""
    with tempfile.TemporaryDirectory() as folder:
        record_schema(URL.create("sqlite+pysqlite", database=str(Path(folder) / "invo.db")))
    with PostgresCluster() as server:
        record_schema(make_url(server.url()))


def record_checksums(edited: list[str]) -> list[str]:
    """Write down the checksums; the revisions that were edited though nobody said so are returned, and kept."""
    before, now = (checksums.recorded() if checksums.path().exists() else {}), checksums.computed()
    free = (HEAD, *edited)
    changed = [name for name, checksum in before.items() if now.get(name) != checksum and not name.startswith(free)]
    kept = {name: before[name] for name in changed}
    checksums.path().write_text(checksums.dumped(now | kept), encoding="utf-8")
    return changed


def main() -> int:
    """Entry point of `python -m tests.db.recording`."""
    parser = argparse.ArgumentParser(prog="python -m tests.db.recording", description=__doc__)
    parser.add_argument(
        "--edited", metavar="REVISION", action="append", default=[], help="an older script that changed"
    )
    changed = record_checksums(parser.parse_args().edited)
    record_schemas()
    for name in changed:
        sys.stderr.write(f"{name} was edited, and has run somewhere: write a new revision instead.\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
