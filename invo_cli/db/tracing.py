"""SQL statements with their times on stderr, for -v; as text or as JSON lines (INVO_LOG)."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from sqlalchemy import Engine, event

from invo_cli.options import RUN, current
from invo_cli.settings import get_settings


def trace(engine: Engine) -> None:
    """Log every statement of an engine when this run asks for it; parameters are never shown."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)


def _begin(connection: Any, _cursor: Any, _statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
    connection.info["invo_began"] = time.perf_counter()


def _end(connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
    if not current.get().verbose:
        return
    milliseconds = round((time.perf_counter() - connection.info["invo_began"]) * 1000, 1)
    sql = " ".join(statement.split())
    if get_settings().log == "json":
        sys.stderr.write(json.dumps({"event": "sql", "run": RUN, "ms": milliseconds, "sql": sql}) + "\n")
    else:
        sys.stderr.write(f"sql {milliseconds} ms: {sql}\n")
