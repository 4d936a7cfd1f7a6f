"""Two roles on PostgreSQL: one that owns the tables and migrates them, one with which the program works every day.

The second cannot rewrite what the audit trail says, nor change tables and triggers, whatever the program does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from invo_cli.db import engines, faults
from invo_cli.errors import ConflictError, InvalidError
from invo_cli.settings import get_settings

_BOOKS_LAST = ("last_document_no", "last_customer_no", "last_item_no", "last_audit_seq", "last_audit_hash")
_USER = ("role", "password_hash", "is_disabled", "password_changed_at", "is_deleted", "failures", "locked_until")
_READ, _ADD, _CHANGE, _REMOVE = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE, DELETE"
RIGHTS: Mapping[str, str] = {
    "advance_amendments": _ADD,
    "alembic_version": _READ,
    "allocations": _REMOVE,
    "api_tokens": f"{_ADD}, UPDATE (last_used_at, revoked_at)",
    "audit_events": _ADD,
    "audit_personal": _ADD,
    "bank_lines": f"{_ADD}, DELETE",
    "books": f"{_ADD}, UPDATE ({', '.join(_BOOKS_LAST)})",
    "businesses": _CHANGE,
    "customers": _REMOVE,
    "einvoices": _CHANGE,
    "eway_bills": _CHANGE,
    "export_batches": _CHANGE,
    "export_cursors": _CHANGE,
    "export_jobs": _REMOVE,
    "export_parts": f"{_ADD}, DELETE",
    "export_runs": _CHANGE,
    "hsn_codes": _CHANGE,
    "idempotency_keys": f"{_ADD}, DELETE",
    "import_batches": _REMOVE,
    "import_records": _ADD,
    "invoice_lines": f"{_ADD}, DELETE",
    "invoices": _REMOVE,
    "items": _REMOVE,
    "note_originals": f"{_ADD}, DELETE",
    "number_counters": _REMOVE,
    "number_series": _CHANGE,
    "payments": _REMOVE,
    "period_locks": _REMOVE,
    "return_due_dates": _REMOVE,
    "sent_mails": _CHANGE,
    "sign_ins": f"{_ADD}, UPDATE (last_used_at, ended_at)",
    "token_businesses": _ADD,
    "user_businesses": f"{_ADD}, DELETE",
    "users": f"{_ADD}, UPDATE ({', '.join(_USER)})",
}
"""What the application role may do with each table. A table that is not here yet may be read and added to."""

_SCRIPT = """\
-- {owner} owns the tables: migrate as this role. {app} works with them every day.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') THEN
    CREATE ROLE {owner} LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{app}') THEN
    CREATE ROLE {app} LOGIN;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{app}'
             AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication))
     OR EXISTS (SELECT FROM pg_roles WHERE rolname <> '{app}' AND pg_has_role('{app}', oid, 'MEMBER')) THEN
    RAISE 'role {app} has rights of its own or is a member of another role' USING ERRCODE = '{powerful}';
  END IF;
  IF current_user <> '{owner}' AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    GRANT {owner} TO CURRENT_USER; -- to hand tables over
  END IF;
  -- Nobody else makes tables here; temporary ones neither.
  IF pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC, {app}', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {owner}, {app}', current_database());
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, {app}', current_schema());
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO {owner}', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {app}', current_schema());
  END IF;
  -- Tables of later migrations: the least that a new table needs, until this is run again.
  EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA %I GRANT SELECT, INSERT ON TABLES TO {app}',
                 current_schema());
END $$;

DO $$
DECLARE
  it record;
  made record;
BEGIN
  FOR it IN SELECT * FROM (VALUES
{rights}
  ) AS wanted (name, rights)
  LOOP
    CONTINUE WHEN to_regclass(format('%I.%I', current_schema(), it.name)) IS NULL;
    EXECUTE format('ALTER TABLE %I OWNER TO {owner}', it.name);
    FOR made IN SELECT DISTINCT tgfoid::regprocedure AS name FROM pg_trigger
                WHERE tgrelid = to_regclass(it.name) AND NOT tgisinternal
    LOOP
      EXECUTE format('ALTER FUNCTION %s OWNER TO {owner}', made.name);
    END LOOP;
    EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, {app}', it.name);
    EXECUTE format('GRANT %s ON %I TO {app}', it.rights, it.name);
  END LOOP;
END $$;
"""
_POWERFUL = "55006"
"""What the script raises for an application role with rights of its own: object_in_use."""
_NAME = re.compile("[a-z_][a-z0-9_]{0,62}")
_STANDING = """
SELECT r.rolsuper, r.rolbypassrls,
  coalesce((SELECT bool_or(pg_has_role(r.oid, c.relowner, 'MEMBER')) FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace), false) AS owns,
  coalesce((SELECT has_table_privilege(r.oid, c.oid, 'UPDATE') OR has_table_privilege(r.oid, c.oid, 'DELETE')
    OR has_table_privilege(r.oid, c.oid, 'TRUNCATE') FROM pg_class c
    WHERE c.relname = 'audit_events' AND c.relnamespace = current_schema()::regnamespace), false) AS rewrites
FROM pg_roles r WHERE r.rolname = current_user
"""
_EXCESS = {
    "rolsuper": "is a superuser",
    "rolbypassrls": "passes row security by",
    "owns": "owns the tables",
    "rewrites": "may change the audit trail",
}


def script(app: str, owner: str) -> str:
    """The statements that make both roles and give them their rights; they may be run again at any time.

    Roles are made without a password. Raises InvalidError for names that are not plain, or the same.
    """
    for name in (app, owner):
        if not _NAME.fullmatch(name):
            raise InvalidError(
                "The name of a role has lower-case letters, digits and underscores only.",
                hint="For example: --app-role invo_app",
            )
    if app == owner:
        raise InvalidError("The two roles have the same name.", hint="Give --app-role and --owner-role two names.")
    rows = ",\n".join(f"    ('{table}', '{rights}')" for table, rights in RIGHTS.items())
    return _SCRIPT.format(app=app, owner=owner, rights=rows, powerful=_POWERFUL)


def apply(app: str, owner: str) -> bool:
    """Run the script in one transaction, all or nothing; whether the tables are there already.

    The role of the connection must be allowed to make roles, or be the owner role when both are made already.
    """
    statements = script(app, owner)
    engine = engines.engine_for(get_settings().database_url)
    with faults.translated(), _powerful_role_refused(app), engine.begin() as connection:
        # Without parameters the driver sends the whole script as it stands, per cent signs too.
        connection.execution_options(no_parameters=True).exec_driver_sql(statements)
        return bool(connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL")))


@contextmanager
def _powerful_role_refused(app: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if faults.sqlstate(error) != _POWERFUL:
            raise
        raise ConflictError(
            f"The role {app} has rights of its own, or is a member of another role.",
            hint="Take them from it, or name another with --app-role.",
        ) from error


def excess(connection: Connection) -> str | None:
    """What the role of a connection has beyond its work, as words behind its name; None when nothing, or on SQLite."""
    if connection.dialect.name != "postgresql":
        return None
    row = connection.exec_driver_sql(_STANDING).one()
    return next((words for column, words in _EXCESS.items() if getattr(row, column)), None)
