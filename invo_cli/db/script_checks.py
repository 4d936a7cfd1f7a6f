"""What is wrong with the migration scripts of this program, without looking at any database."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import MetaData

from invo_cli.db import checksums, scripts
from invo_cli.db.linting import findings


class ScriptProblem(NamedTuple):
    """One problem of one revision."""

    revision: str
    problem: str


def problems(metadata: MetaData) -> list[ScriptProblem]:
    """Several heads, scripts that were edited, and operations that are unsafe on a database in use."""
    heads = [head.id for head in scripts.heads()]
    edited = [ScriptProblem(*difference) for difference in checksums.differences()]
    if len(heads) > 1:
        return [ScriptProblem(head, f"it is one of several heads: {', '.join(heads)}") for head in heads] + edited
    unsafe = [ScriptProblem(one.revision, f"{one.rule}: {one.problem}") for one in findings.findings(metadata)]
    return edited + unsafe
