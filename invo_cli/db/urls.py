"""Database URLs in every usual spelling, made into the two that invo uses; passwords never shown."""

from __future__ import annotations

import re

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from invo_cli.errors import InvalidError

POSTGRESQL = "postgresql+psycopg"
SQLITE = "sqlite+pysqlite"
_DRIVERS = {
    "postgres": POSTGRESQL,
    "postgresql": POSTGRESQL,
    "postgresql+asyncpg": POSTGRESQL,
    "postgresql+psycopg2": POSTGRESQL,
    "postgresql+psycopg": POSTGRESQL,
    "postgresql+psycopg_async": POSTGRESQL,
    "sqlite": SQLITE,
    "sqlite+pysqlite": SQLITE,
    "sqlite+aiosqlite": SQLITE,
}
# Keys that only asyncpg knows; libpq refuses a URL that holds one.
_ASYNCPG_ONLY = (
    "prepared_statement_cache_size",
    "statement_cache_size",
    "command_timeout",
    "prepared_statement_name_func",
)
_ASYNCPG_SSL = {"true": "require", "false": "disable", "1": "require", "0": "disable"}
# Parts of the names of options whose values are shown to nobody, those of libpq and those that somebody made up.
_SECRET_WORDS = ("pass", "pwd", "secret", "token", "key")


def normalise(text: str) -> URL:
    """Read a database URL; raise InvalidError, without quoting it, when it is none of ours."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        # Not chained: the parser's own error quotes parts of the URL, and a traceback would show them.
        raise InvalidError("The database URL cannot be read.", hint=_HINT) from None
    if url.drivername not in _DRIVERS:
        raise InvalidError(f"Databases of kind {url.drivername} are not supported.", hint=_HINT)
    if "@" in (url.host or ""):
        # What stands between the two is part of a password, and libpq would name it as the host it cannot find.
        raise InvalidError("The database URL has two @.", hint="Write an @ of the password as %40, or use PGPASSFILE.")
    url = url.set(drivername=_DRIVERS[url.drivername])
    return _checked_hosts(_without_asyncpg_keys(url)) if is_postgresql(url) else _checked_file(url)


def is_postgresql(url: URL) -> bool:
    """Whether the server engine is meant, and not the embedded one."""
    return url.drivername == POSTGRESQL


def redacted(url: URL) -> str:
    """The URL with every secret replaced by ***, for people and logs."""
    hidden = {key: "***" for key in url.query if any(word in key.lower() for word in _SECRET_WORDS)}
    plain = url.set(drivername=url.drivername.partition("+")[0])
    return plain.update_query_dict(hidden).render_as_string(hide_password=True).replace("%2A%2A%2A", "***")


# Several hosts are a list with one port each, or one port for all.
_PORTS = re.compile("[0-9]*(,[0-9]*)*")
_HOST = re.compile("[^:]*(:[0-9]*)?|[0-9a-fA-F:.]+|/.*")
_FILE_OPTIONS = {"mode", "cache", "immutable", "nolock", "vfs", "psow", "uri"}
_HINT = "Write postgresql://USER@HOST/DATABASE (password in PGPASSFILE) or sqlite:////full/path/invo.db."


def _without_asyncpg_keys(url: URL) -> URL:
    ssl = url.query.get("ssl")
    url = url.difference_update_query((*_ASYNCPG_ONLY, "ssl"))
    if ssl is None:
        return url
    return url.update_query_dict({"sslmode": _ASYNCPG_SSL.get(str(ssl).lower(), str(ssl))})


def _checked_hosts(url: URL) -> URL:
    """Hosts and ports behind the ?, which SQLAlchemy reads only when it connects."""
    for key, pattern in (("port", _PORTS), ("host", _HOST)):
        given = url.query.get(key, ())
        if not all(pattern.fullmatch(part) for part in ([given] if isinstance(given, str) else given)):
            raise InvalidError(f"The {key} of the database URL cannot be read.", hint=_HINT)
    return url


def _checked_file(url: URL) -> URL:
    if url.query.keys() & _FILE_OPTIONS:
        raise InvalidError(
            "The SQLite URL has options, which invo sets itself.", hint="Leave out what is behind its ?."
        )
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise InvalidError("The SQLite URL names no file.", hint=_HINT)
    return url
