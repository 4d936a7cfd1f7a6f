"""The layers of the program: who may import whom, and what each of them never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.layers import module_name, problems, problems_of

TOP = Path(__file__).resolve().parents[1]
MODULES = frozenset(
    {"invo_cli.db.session", "invo_cli.db.types", "invo_cli.services.invoices", "invo_cli.views.listing"}
)


def test_every_module_imports_only_what_its_layer_may() -> None:
    found = [str(problem) for problem in problems(TOP)]
    assert not found, "\n" + "\n".join(found)


REFUSED = [
    ("gst/tax.py", "import sqlalchemy", "gst may not import sqlalchemy at the top"),
    ("gst/tax.py", "from invo_cli.settings import home", "gst may not import invo_cli.settings at the top"),
    ("gst/tax.py", "import os", "gst does no input or output, and os is for that"),
    ("gst/tax.py", "RATE = 0.18", "no float in gst"),
    ("gst/tax.py", "def f(x): return float(x)", "no float in gst"),
    ("gst/tax.py", "def f(): return date.today()", "gst does not read the clock (date.today)"),
    ("gst/tax.py", "from .money import rounded", "gst may not import .money at the top"),
    ("models/item.py", "from invo_cli.db.session import write", "models may not import invo_cli.db.session at the top"),
    ("db/head.py", "import alembic", "db may not import alembic at the top"),
    ("db/head.py", "from invo_cli.services import invoices", "db may not import invo_cli.services.invoices at the top"),
    ("db/head.py", "def f(m): m.create_all()", "never from create_all"),
    ("services/items.py", "def f(s): s.commit()", "services never commit"),
    ("services/items.py", "def f():\n import typer", "services may not import typer inside a function"),
    ("services/items.py", "def f(now=datetime.now): ...", "services does not read the clock"),
    ("services/items.py", "import os\nHOME = os.environ['HOME']", "services does not read the environment"),
    ("views/items.py", "from rich.table import Table", "views may not import rich.table at the top"),
    ("views/items.py", "def f():\n from invo_cli.db import session", "views may not import invo_cli.db.session inside"),
    ("exports/csv.py", "print('done')", "only views print"),
    (
        "commands/item.py",
        "from invo_cli.services import invoices",
        "commands may not import invo_cli.services.invoices",
    ),
    ("commands/item.py", "def f():\n from sqlalchemy import text", "commands may not import sqlalchemy inside"),
    ("cli.py", "import rich", "cli may not import rich at the top"),
    ("helpers.py", "", "`helpers` is no layer"),
]
ALLOWED = [
    ("gst/tax.py", "from decimal import Decimal\nfrom invo_cli.gst.money import rounded\nfrom invo_cli import errors"),
    ("models/item.py", "from sqlalchemy.orm import Mapped\nfrom invo_cli.db.types import Paise"),
    ("db/schema.py", "def f():\n from alembic import command"),
    ("services/users.py", "from sqlalchemy import func\nNOW = func.now()\ndef f():\n import bcrypt"),
    ("views/items.py", "def f():\n from rich.table import Table\n print(1)"),
    ("views/items.py", "if TYPE_CHECKING:\n from invo_cli.models import Item"),
    (
        "commands/item.py",
        "import typer\nfrom invo_cli.views.listing import Column\ndef f():\n from invo_cli.db import session",
    ),
    ("commands/item.py", "if typing.TYPE_CHECKING:\n from sqlalchemy.orm import Session"),
]


@pytest.mark.parametrize(("path", "source", "message"), REFUSED)
def test_a_broken_rule_is_named(path: str, source: str, message: str) -> None:
    modules = MODULES | {module_name(Path("invo_cli") / path)}
    found = [str(problem) for problem in problems_of(Path("invo_cli") / path, source, modules)]
    assert any(message in problem for problem in found), found


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_what_a_layer_may_do_passes(path: str, source: str) -> None:
    modules = MODULES | {"invo_cli.errors"}
    assert not [str(problem) for problem in problems_of(Path("invo_cli") / path, source, modules)]


def test_a_problem_is_shown_with_file_and_line() -> None:
    (problem,) = problems_of(Path("invo_cli/gst/tax.py"), "RATE = 1\nimport rich\n")
    assert str(problem) == "invo_cli/gst/tax.py:2: gst may not import rich at the top"
