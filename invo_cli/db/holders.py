"""Who holds the lock that somebody waits for, as far as it can be known."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, text

MIGRATIONS_LOCK = "hashtext('invo migrations'), hashtext(current_schema())"
_HOLDER = text("""
SELECT a.pid, a.application_name, coalesce(host(a.client_addr), 'this machine') AS place,
  date_trunc('second', clock_timestamp() - a.backend_start) AS since
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid = hashtext('invo migrations')::oid AND l.objid = hashtext(current_schema())::oid
""")
# Where SQLite locks: a byte of the -shm file in WAL mode, else bytes of the database itself.
_WAL_WRITER = range(120, 121)
_WRITER = range(0x40000000, 0x40000200)


def of_migrations(connection: Connection) -> str | None:
    """The session of the server that migrates."""
    found = connection.execute(_HOLDER).first()
    if found is None:
        return None
    return f"{found.application_name or 'a session'} on {found.place}, server process {found.pid}, for {found.since}"


def of_file(path: Path) -> str | None:
    """The process that writes to a SQLite file; Linux only."""
    locked = _writers(path, _WRITER) | _writers(path.with_name(f"{path.name}-shm"), _WAL_WRITER)
    return " and ".join(f"process {pid}{_called(pid)}" for pid in sorted(locked)) or None


def _writers(path: Path, places: range) -> set[int]:
    """The processes with a write lock on one of these bytes."""
    with suppress(OSError):
        inode = f":{path.stat().st_ino}"
        lines = (line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines())
        return {
            int(parts[4])
            for parts in lines
            if parts[3] == "WRITE" and parts[5].endswith(inode) and int(parts[6]) in places and int(parts[4]) > 0
        }
    return set()


def _called(pid: int) -> str:
    with suppress(OSError):
        return f" ({Path(f'/proc/{pid}/comm').read_text(encoding='utf-8').strip()})"
    return ""
