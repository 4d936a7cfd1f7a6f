"""The recorded schema: what the migrations make, what the models mean, and what `invo db check` holds against it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.engine import URL

from invo_cli.db import drift
from invo_cli.db.catalog import entries, recorded
from invo_cli.db.catalog.entries import Catalog, Change, Key
from invo_cli.db.catalog.sqlite import spelled, tokens
from invo_cli.db.head import REVISIONS
from invo_cli.models import Base
from tests.conftest import ON_POSTGRESQL, Invo
from tests.database import migrate
from tests.db import schema_facts as facts
from tests.db.test_migrations import downgrade

pytestmark = pytest.mark.integration
ENGINE = "postgresql" if ON_POSTGRESQL else "sqlite"


def written() -> Catalog:
    return entries.parsed(recorded.path(ENGINE).read_text(encoding="utf-8"))


def found(url: URL) -> Catalog:
    with facts.connect(url) as connection:
        return recorded.read(connection)


def test_the_migrations_make_what_is_recorded(database_url: URL) -> None:
    assert entries.dumped(found(database_url)) == recorded.path(ENGINE).read_text(encoding="utf-8")


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_a_way_down_and_up_ends_at_what_is_recorded(database_url: URL, revision: str) -> None:
    downgrade(database_url, revision)
    migrate(database_url)
    assert found(database_url) == written()


def test_the_models_make_what_is_recorded(empty_url: URL, database_url: URL) -> None:
    """All but the triggers and their functions, which only the migrations know."""
    with facts.connect(database_url, writes=True) as connection, connection.begin() as transaction:
        for table in reversed(Base.metadata.sorted_tables):
            table.drop(connection)
        Base.metadata.create_all(connection)
        modelled = recorded.read(connection)
        transaction.rollback()
    wanted = {key: text for key, text in written().items() if key.kind not in ("trigger", "function")}
    assert without_quotes({key: modelled[key] for key in modelled if key.kind != "function"}) == without_quotes(wanted)


def without_quotes(catalog: Catalog) -> Catalog:
    """SQLite keeps a default as it was typed: '0' or 0, before or after NOT NULL."""
    if ON_POSTGRESQL:
        return catalog
    return {key: " ".join(sorted(text.replace("'0'", "0").split())) for key, text in catalog.items()}


ON = " ON invoices" if ON_POSTGRESQL else ""
GUARD = "invoice_lines_frozen" if ON_POSTGRESQL else "invoice_lines_no_delete"
LINES = " ON invoice_lines" if ON_POSTGRESQL else ""
EMPTY_BODY = (
    f"CREATE TRIGGER {GUARD} BEFORE DELETE ON invoice_lines FOR EACH ROW EXECUTE FUNCTION invo_refuse_issued()"
    if ON_POSTGRESQL
    else f"CREATE TRIGGER {GUARD} BEFORE DELETE ON invoice_lines BEGIN SELECT 1; END"
)
INDEX = "ix_customers_business_id_gstin"
CHANGES = [
    (
        [f"DROP INDEX {INDEX}", f"CREATE INDEX {INDEX} ON customers (business_id, gstin) WHERE gstin IS NOT NULL"],
        ("customers", f"index {INDEX} differs"),
    ),
    (
        [f"DROP INDEX {INDEX}", f"CREATE INDEX {INDEX} ON customers (business_id, gstin DESC)"],
        ("customers", f"index {INDEX} differs"),
    ),
    ([f"DROP TRIGGER {GUARD}{LINES}", EMPTY_BODY], ("invoice_lines", f"trigger {GUARD} differs")),
    (["CREATE VIEW totals AS SELECT 1 AS one"], ("totals", "view totals is not expected")),
]
if ON_POSTGRESQL:
    CHANGES += [
        (
            [
                "ALTER TABLE items DROP CONSTRAINT ck_items_kind",
                "ALTER TABLE items ADD CONSTRAINT ck_items_kind CHECK (kind <> '')",
            ],
            ("items", "constraint ck_items_kind differs"),
        ),
        (['ALTER TABLE items ALTER COLUMN name TYPE text COLLATE "POSIX"'], ("items", "column name differs")),
        (["ALTER TABLE books ALTER COLUMN last_item_no SET DEFAULT 7"], ("books", "last_item_no")),
        (
            [
                "CREATE OR REPLACE FUNCTION invo_refuse() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RETURN OLD; END $$"
            ],
            ("functions", "function invo_refuse() differs"),
        ),
        (["ALTER TABLE users ENABLE ROW LEVEL SECURITY"], ("users", "table users differs")),
    ]
else:
    CHANGES += [
        (
            [
                "PRAGMA writable_schema=ON",
                "UPDATE sqlite_master SET sql = replace(sql, 'length(state) = 2', 'length(state) = 3')"
                " WHERE name = 'customers'",
                "PRAGMA writable_schema=OFF",
            ],
            ("customers", "constraint ck_customers_state differs"),
        ),
        (
            [
                "PRAGMA writable_schema=ON",
                "UPDATE sqlite_master SET sql = replace(sql, 'code TEXT', 'code TEXT COLLATE NOCASE')"
                " WHERE name = 'items'",
                "PRAGMA writable_schema=OFF",
            ],
            ("items", "column code differs"),
        ),
    ]


@pytest.mark.parametrize(("statements", "expected"), CHANGES)
def test_check_finds_what_alembic_does_not_look_at(
    invo: Invo, database_url: URL, statements: list[str], expected: tuple[str, str]
) -> None:
    with facts.connect(database_url, writes=True) as connection, connection.begin():
        for statement in statements:
            connection.exec_driver_sql(statement)
    checked = invo("db", "check", "-o", "json")
    assert checked.exit_code == 10, checked.output
    assert [(one["table"], one["revision"]) for one in json.loads(checked.stdout)] == [(expected[0], None)]
    assert expected[1] in json.loads(checked.stdout)[0]["difference"]


def test_of_long_texts_the_place_is_shown_where_they_differ() -> None:
    texts = [f"CHECK ({'a > 0 AND ' * 50}z > {limit}{' AND b > 0' * 50})" for limit in (0, 5)]
    sentence = drift._sentence(Change(Key("t", "constraint", "c"), *texts))
    assert "z > 5" in sentence
    assert "z > 0" in sentence
    assert len(sentence) < 300


def test_two_revisions_at_once_are_a_finding(invo: Invo, database_url: URL) -> None:
    with facts.connect(database_url, writes=True) as connection, connection.begin():
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{REVISIONS[-2]}')")
    checked = invo("db", "check", "-o", "json")
    assert checked.exit_code == 10
    (found,) = json.loads(checked.stdout)
    assert (found["table"], REVISIONS[-2] in found["difference"]) == ("alembic_version", True)


@pytest.mark.unit
def test_a_schema_is_the_same_however_it_was_typed() -> None:
    one = "CREATE TABLE \"t\"(a  INT -- note\n, `b` TEXT /* x */ CHECK(b<>'it''s ( ok'))"
    other = "CREATE TABLE t (a INT, b TEXT CHECK (b <> 'it''s ( ok'))"
    assert tokens(one) == tokens(other)
    assert spelled(tokens(other)) == "CREATE TABLE t (a INT, b TEXT CHECK (b <> 'it''s ( ok'))"


@pytest.mark.unit
def test_of_a_missing_table_only_the_table_is_told() -> None:
    catalog = {Key("t", "table", "t"): "", Key("t", "column", "a"): "INT", Key("u", "table", "u"): ""}
    assert entries.parsed(entries.dumped(catalog)) == catalog
    (change,) = entries.changes(catalog, {Key("u", "table", "u"): ""})
    assert change.key == Key("t", "table", "t")
