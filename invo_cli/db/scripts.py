"""The migration scripts: where they are, which revisions they hold, what they say as SQL, and writing a new one.

Alembic is loaded inside functions, because it costs as much to import as SQLAlchemy.
"""

from __future__ import annotations

import io
import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from invo_cli.errors import ConflictError, NotFoundError, UsageProblemError

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

BASE = "base"
"""What the schema before the first revision is called."""
_PACKAGE = Path(__file__).parents[1]
_RUNNING = re.compile(r"-- Running upgrade \S* -> (\S+)")
_COMMENTS = re.compile(r"^--.*\n*", re.MULTILINE)
_DROPPED = re.compile(r"^(?:DROP TABLE (\w+)|ALTER TABLE (\w+) DROP COLUMN (\w+));", re.MULTILINE)


class Revision(NamedTuple):
    """One migration script."""

    id: str
    message: str


class Dropped(NamedTuple):
    """What a downgrade removes: a table, or one column of a table."""

    table: str
    column: str | None


def location() -> Path:
    """The scripts inside the installed package, else those of the checkout."""
    installed = _PACKAGE / "_migrations"
    return installed if installed.is_dir() else _checkout()


def config(output: TextIO | None = None, **attributes: Any) -> Config:
    """Alembic's configuration, made without a file; `attributes` reach migrations/env.py."""
    from alembic.config import Config

    # Alembic would report on stdout, which carries results only.
    result = Config(output_buffer=output, cmd_opts=Namespace(quiet=True, x=None), attributes=attributes)
    result.set_main_option("script_location", str(location()).replace("%", "%%"))
    result.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return result


def history() -> list[Revision]:
    """Every revision, oldest first."""
    return [_revision(script) for script in reversed(list(_directory().walk_revisions()))]


def heads() -> list[Revision]:
    """The revisions that no other one follows: one, unless two were written side by side."""
    directory = _directory()
    return [_revision(directory.get_revision(head)) for head in sorted(directory.get_heads())]


def resolve(name: str) -> str:
    """The revision meant by an id, by its beginning, by `head` or by `base`; NotFoundError when there is none."""
    if name == BASE:
        return BASE
    with refused():
        script = _directory().get_revision(name) if re.fullmatch("[0-9_]+|head", name) else None
    if script is None:
        raise NotFoundError(f"There is no revision {name}.", hint="See: invo db history")
    return str(script.revision)


def write_sql(start: str, end: str, *, dialect: str, output: TextIO) -> None:
    """Write the statements that lead from one revision to another, up or down, without a database."""
    from alembic import command

    order = [BASE, *(revision.id for revision in history())]
    move = command.upgrade if order.index(start) <= order.index(resolve(end)) else command.downgrade
    with refused():
        move(config(output, dialect=dialect), f"{start}:{end}", sql=True)


def statements() -> dict[str, list[str]]:
    """The statements of each revision for PostgreSQL, BEGIN and COMMIT among them."""
    output = io.StringIO()
    write_sql(BASE, "head", dialect="postgresql", output=output)
    _, *parts = _RUNNING.split(output.getvalue())
    texts = (_COMMENTS.sub("", text).split(";\n\n") for text in parts[1::2])
    return {
        revision: [statement.strip() for statement in found if statement.strip()]
        for revision, found in zip(parts[::2], texts, strict=True)
    }


def files() -> list[tuple[str, Path]]:
    """The script of each revision, oldest first."""
    scripts = reversed(list(_directory().walk_revisions()))
    return [(script.revision, Path(script.path)) for script in scripts]


def dropped(start: str, end: str) -> list[Dropped]:
    """What a downgrade removes, read off its own statements."""
    statements = io.StringIO()
    write_sql(start, end, dialect="postgresql", output=statements)
    return [
        Dropped(table or of, column or None)
        for table, of, column in _DROPPED.findall(statements.getvalue())
        if table != "alembic_version"
    ]


def create(message: str, *, autogenerate: bool, today: date) -> Path | None:
    """Write a new script after the head; None when autogenerate finds no change.

    Raises UsageProblemError outside of a checkout: an installed program brings its revisions with it.
    """
    from alembic import command

    if location() != _checkout() or not _checkout().is_dir():
        raise UsageProblemError("Revisions are written in a checkout of invo only.", hint="Clone the repository first.")
    number = 1 + max((int(revision.id.rpartition("_")[2]) for revision in history()), default=0)
    with refused():
        made = command.revision(
            config(),
            message,
            autogenerate=autogenerate,
            rev_id=f"{today:%Y%m%d}_{number:04}",
            process_revision_directives=_without_empty if autogenerate else None,
        )
    scripts = [script for script in (made if isinstance(made, list) else [made]) if script is not None]
    return Path(scripts[0].path) if scripts else None


@contextmanager
def refused() -> Iterator[None]:
    """Make Alembic's refusals invo's own."""
    from alembic.util import CommandError

    try:
        yield
    except CommandError as error:
        sentence = str(error).rstrip(".")
        if "Can't locate revision" in sentence:
            raise NotFoundError(f"{sentence}.", hint="See: invo db history") from error
        raise ConflictError(f"{sentence}.", hint="See: invo db current and invo db history") from error


def _checkout() -> Path:
    return _PACKAGE.parent / "migrations"


def _directory() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config())


def _revision(script: Any) -> Revision:
    return Revision(script.revision, script.doc.rstrip("."))


def _without_empty(_context: Any, _revision_id: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        directives.clear()
