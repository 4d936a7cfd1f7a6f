"""Everything unsafe in the migrations that nobody has allowed with a reason."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sqlalchemy import MetaData

from invo_cli.db import scripts
from invo_cli.db.linting import script_rules, sql_rules
from invo_cli.db.linting.sql_rules import Unsafe

Allowances = dict[str, dict[str, str]]
"""Why a rule may be broken, by revision and rule."""


def path() -> Path:
    """Where the reasons are kept: beside the scripts, which are never changed."""
    return scripts.location() / "allowances.toml"


def allowances() -> Allowances:
    """Every recorded reason."""
    return tomllib.loads(path().read_text(encoding="utf-8"))


def findings(metadata: MetaData) -> list[Unsafe]:
    """What is not allowed, and allowances that nothing needs."""
    allowed, found = allowances(), every(metadata)
    used = {(one.revision, one.rule) for one in found}
    idle = [
        Unsafe(revision, rule, "is allowed, and nothing needs it")
        for revision, rules in allowed.items()
        for rule in rules
        if (revision, rule) not in used
    ]
    return [one for one in found if one.rule not in allowed.get(one.revision, {})] + idle


def every(metadata: MetaData) -> list[Unsafe]:
    """What the rules find, allowed or not, in the order of the revisions."""
    found = [*sql_rules.check(scripts.statements(), metadata), *script_rules.check(scripts.files())]
    return sorted(dict.fromkeys(found))
