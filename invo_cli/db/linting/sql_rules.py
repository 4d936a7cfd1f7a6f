"""Statements that lock, rewrite or lose a table that is in use, as PostgreSQL would run them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import MetaData


class Unsafe(NamedTuple):
    """One dangerous thing in one revision, as a rule and a sentence without its full stop."""

    revision: str
    rule: str
    problem: str


class _Rule(NamedTuple):
    """A statement that matches breaks the rule, unless its table is made by the same revision."""

    name: str
    pattern: re.Pattern[str]
    problem: str


def _rule(name: str, pattern: str, problem: str) -> _Rule:
    return _Rule(name, re.compile(pattern, re.IGNORECASE | re.DOTALL), problem)


_ALTER = r"^ALTER TABLE (?P<table>\w+) "
RULES = (
    _rule(
        "index-locks-writers",
        r"^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\S+ ON (?P<table>\w+)",
        "an index on {table} is built without CONCURRENTLY: nobody can write meanwhile",
    ),
    _rule(
        "not-null-without-default",
        _ALTER + r"ADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL\b",
        "a column of {table} is NOT NULL without a default: it fails when there are rows",
    ),
    _rule(
        "rewrites-table",
        _ALTER + r"(?:ALTER COLUMN \w+ (?:SET DATA )?TYPE\b|SET (?:UN)?LOGGED\b"
        r"|ADD COLUMN .*(?:\bDEFAULT \(?\w+ ?\(|\bSTORED\b|\bIDENTITY\b|\b(?:BIG)?SERIAL\b))",
        "the whole of {table} is written anew, locked for everybody",
    ),
    _rule(
        "scans-table",
        _ALTER + r"(?:ALTER COLUMN \w+ SET NOT NULL"
        r"|ADD COLUMN .*\b(?:CHECK ?\(|REFERENCES\b|UNIQUE\b|PRIMARY KEY\b)"
        r"|ADD (?:CONSTRAINT \w+ )?(?:CHECK|FOREIGN KEY)\b(?!.*\bNOT VALID\b)"
        r"|ADD (?:CONSTRAINT \w+ )?(?:UNIQUE|PRIMARY KEY)\b(?! USING INDEX))",
        "every row of {table} is looked at while it is locked",
    ),
    _rule(
        "loses-data",
        r"^(?:DROP TABLE (?:IF EXISTS )?(?P<table>\w+)|TRUNCATE (?:TABLE )?(?P<emptied>\w+)|DELETE FROM (?P<rows>\w+)"
        r"|ALTER TABLE (?P<column>\w+) DROP COLUMN)",
        "what {table} holds is lost",
    ),
    _rule("renames", _ALTER + r"RENAME\b", "{table} or a column of it gets another name: the old program fails"),
)
_DDL = re.compile(r"^(?:CREATE|ALTER|DROP)\b", re.IGNORECASE)
_DATA = re.compile(r"^(?:UPDATE|DELETE FROM|INSERT INTO) (?!alembic_version)(?P<table>\w+)", re.IGNORECASE)
_CREATED = re.compile(r"^CREATE TABLE (?P<table>\w+)", re.IGNORECASE)
_UNNAMED = re.compile(r"(?<!\w)(?P<named>CONSTRAINT \w+ )?CHECK \(", re.IGNORECASE)
_DROPPED = re.compile(r"^ALTER TABLE (?P<table>\w+) DROP COLUMN (?P<column>\w+)|^DROP TABLE (?P<whole>\w+)")


def check(statements: Mapping[str, Iterable[str]], metadata: MetaData) -> Iterator[Unsafe]:
    """What the statements of each revision break; BEGIN and COMMIT are among them."""
    for revision, found in statements.items():
        every = list(found)
        made = {match["table"] for match in map(_CREATED.match, every) if match}
        for rule, problem in _problems(every, made, metadata):
            yield Unsafe(revision, rule, problem)


def _problems(statements: list[str], made: set[str], metadata: MetaData) -> Iterator[tuple[str, str]]:
    is_open = True  # the first BEGIN stands before the name of the revision
    for statement in statements:
        is_open = statement == "BEGIN" or (is_open and statement != "COMMIT")
        if is_open and "CONCURRENTLY" in statement.upper():
            yield "concurrently-in-transaction", "CONCURRENTLY needs op.get_context().autocommit_block()"
        yield from _broken(statement, made)
        yield from _still_modelled(statement, metadata)
    data = [match["table"] for match in map(_DATA.match, statements) if match and match["table"] not in made]
    if data and any(map(_DDL.match, statements)):
        yield "data-with-schema", f"rows of {data[0]} are changed while the schema is locked: split the revision"


def _broken(statement: str, made: set[str]) -> Iterator[tuple[str, str]]:
    for rule in RULES:
        match = rule.pattern.match(statement)
        table = next((name for name in match.groups() if name), "") if match else ""
        if match and table not in made:
            yield rule.name, rule.problem.format(table=table)
    is_of_table = statement.upper().startswith(("CREATE TABLE", "ALTER TABLE"))
    if is_of_table and any(not match["named"] for match in _UNNAMED.finditer(statement)):
        yield "check-without-name", "a CHECK has no name: it cannot be changed later"


def _still_modelled(statement: str, metadata: MetaData) -> Iterator[tuple[str, str]]:
    match = _DROPPED.match(statement)
    table = metadata.tables.get(match["whole"] or match["table"]) if match else None
    if match and table is not None and (match["whole"] or match["column"] in table.columns):
        yield "dropped-but-used", f"{match['whole'] or match['table'] + '.' + match['column']} is still in the models"
