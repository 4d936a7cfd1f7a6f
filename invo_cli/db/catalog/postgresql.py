"""The schema of a PostgreSQL database, as the server itself writes it; the same text from version 15 to 18."""

from __future__ import annotations

import re

from sqlalchemy import Connection

from invo_cli.db.catalog.entries import Catalog, Key, collapsed

_HERE = "c.relnamespace = current_schema()::regnamespace AND c.relname <> 'alembic_version'"
# The same number is kept as 0, or as '0'::bigint, as it was typed.
_NUMBER = re.compile(r"'(-?[0-9]+)'::(?:bigint|integer)")
_QUERIES = {
    "table": f"""
        SELECT c.relname, c.relname,
          concat_ws(' ', CASE WHEN c.relpersistence = 'u' THEN 'UNLOGGED' END,
            CASE WHEN c.relrowsecurity THEN 'ROW LEVEL SECURITY' END,
            CASE WHEN c.relforcerowsecurity THEN 'FORCED' END)
        FROM pg_class c WHERE c.relkind IN ('r', 'p') AND {_HERE}""",
    # The collation of the database itself differs from server to server: only another one is named.
    "column": f"""
        SELECT c.relname, a.attname,
          concat_ws(' ', format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attcollation <> t.typcollation
              THEN 'COLLATE ' || (SELECT quote_ident(collname) FROM pg_collation WHERE oid = a.attcollation) END,
            CASE WHEN a.attgenerated <> '' THEN 'GENERATED ALWAYS AS' WHEN d.oid IS NOT NULL THEN 'DEFAULT' END,
            pg_get_expr(d.adbin, d.adrelid),
            CASE a.attidentity WHEN 'a' THEN 'IDENTITY ALWAYS' WHEN 'd' THEN 'IDENTITY' END,
            CASE WHEN a.attnotnull THEN 'NOT NULL' END)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {_HERE}""",
    # Version 18 keeps NOT NULL as a constraint as well, and triggers have a query of their own.
    "constraint": f"""
        SELECT c.relname, k.conname, pg_get_constraintdef(k.oid, true)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype NOT IN ('n', 't') AND {_HERE}""",
    "index": f"""
        SELECT c.relname, x.relname,
          concat_ws(' ', pg_get_indexdef(i.indexrelid, 0, true), CASE WHEN NOT i.indisvalid THEN 'INVALID' END)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
        WHERE {_HERE} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid
          AND k.conrelid = c.oid)""",
    "trigger": f"""
        SELECT c.relname, t.tgname,
          concat_ws(' ', pg_get_triggerdef(t.oid, true),
            CASE t.tgenabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'ON REPLICAS ONLY' END)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND {_HERE}""",
    "view": f"""
        SELECT c.relname, c.relname, pg_get_viewdef(c.oid, true) FROM pg_class c
        WHERE c.relkind IN ('v', 'm') AND {_HERE}""",
    "policy": f"""
        SELECT c.relname, p.polname, concat_ws(' ', p.polcmd, pg_get_expr(p.polqual, c.oid), 'CHECK',
          pg_get_expr(p.polwithcheck, c.oid))
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE {_HERE}""",
    # Other functions may lie here: those of extensions, and of other programs.
    "function": """
        SELECT '', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
          concat_ws(' ', 'RETURNS', format_type(p.prorettype, NULL), 'LANGUAGE', l.lanname,
            CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END, array_to_string(p.proconfig, ' '), 'AS', p.prosrc)
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'invo\\_%%'""",
}


def read(connection: Connection) -> Catalog:
    """Every table, column, constraint, index, trigger, view and policy, and the functions of invo."""
    return {
        Key(table, kind, name): _NUMBER.sub(r"\1", collapsed([text]))
        for kind, query in _QUERIES.items()
        for table, name, text in connection.exec_driver_sql(query)
    }
