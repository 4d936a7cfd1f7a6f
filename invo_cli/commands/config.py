"""Settings and where they come from."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.parsers import examples
from invo_cli.errors import InvalidError

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
HIDDEN = "***"


@app.command(
    "list",
    epilog=examples("invo config list", "invo config list --origin", "invo --profile office config list -o json"),
)
def list_(
    origin: Annotated[bool, typer.Option("--origin", help="Also show where each value comes from.")] = False,
) -> None:
    """List every setting; secrets and passwords are shown as ***."""
    from invo_cli import settings
    from invo_cli.options import current
    from invo_cli.views.settings import listing

    found, origins = settings.load(current.get())
    rows = [_row(key, value, origins[key]) for key, value in found.model_dump().items()]
    rows += [_surrounding("home", "INVO_HOME", str(settings.home())), _surrounding("now", "INVO_NOW", None)]
    context.show_rows(sorted(rows, key=lambda row: str(row["key"])), listing(origin))


@app.command(epilog=examples("invo config path", '$EDITOR "$(invo config path)"'))
def path() -> None:
    """Print the path of the settings file, which need not exist."""
    from invo_cli import settings
    from invo_cli.views.settings import PATH

    file = settings.config_path()
    context.show_rows([{"path": str(file), "exists": file.exists()}], PATH)


def _row(key: str, value: Any, origin: str) -> dict[str, Any]:
    return {"key": key, "value": value if value is None else _shown(key, value), "origin": origin}


def _shown(key: str, value: Any) -> Any:
    from invo_cli.settings import SECRETS

    if key in SECRETS:
        return HIDDEN
    return _redacted(value) if key.endswith("_url") else value


def _redacted(url: str) -> str:
    from invo_cli.db.urls import normalise, redacted

    try:
        return redacted(normalise(url))
    except InvalidError:
        return HIDDEN  # what cannot be read may have its password anywhere


def _surrounding(key: str, variable: str, default: str | None) -> dict[str, Any]:
    """A setting that only the environment can give."""
    given = bool(os.environ.get(variable))
    return _row(key, default if default else os.environ.get(variable) or None, "environment" if given else "default")
