"""Create the tables."""

import sqlalchemy as sa
from alembic import op

revision = "20250924_0001"
down_revision = None
branch_labels = None
depends_on = None

# Bytewise order, so that both engines sort and compare text alike whatever the server's locale.
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TABLES = (
    "books",
    "users",
    "audit_events",
    "businesses",
    "audit_personal",
    "customers",
    "idempotency_keys",
    "items",
    "number_counters",
    "number_series",
    "invoices",
    "invoice_lines",
)

# What an issued document may never change; the rest is status, payment, cancellation, IRN, customer link and visibility.
FROZEN = (
    "business_id id document_no kind number number_key series serial financial_year return_period dated_on due_on buyer_name"
    " buyer_gstin buyer_state seller buyer entered supply place_of_supply reverse_charge prices_include_tax taxable_paise"
    " cgst_paise sgst_paise igst_paise cess_paise discount_paise other_charges_paise round_off_paise total_paise against_id"
    " amends_id reason shipping_port shipping_number shipping_on ecommerce_gstin ecommerce_section differential_thousandths"
    " allow_rate reference notes created_at created_by issued_at"
).split()
CANCELLATION = ("cancelled_at", "cancel_reason")
ISSUED = "An issued document is never changed: cancel it, or issue a credit or debit note."
AUDIT = "The audit trail is append-only."


def _changed(columns, differs):
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def _forbidden(differs):
    """When an UPDATE of a document is refused; `differs` is how the engine compares where NULL counts as a value."""
    return (
        f"(OLD.status <> 'draft' AND ({_changed(FROZEN, differs)}))"
        f" OR (OLD.status = 'cancelled' AND ({_changed(CANCELLATION, differs)}))"
        " OR (OLD.status <> NEW.status AND NOT (OLD.status = 'draft' AND NEW.status = 'issued')"
        " AND NOT (OLD.status = 'issued' AND NEW.status IN ('cancelled', 'amended')))"
    )


def _has_issued_parent(row):
    return (
        f"EXISTS (SELECT 1 FROM invoices i WHERE i.business_id = {row}.business_id AND i.id = {row}.invoice_id"
        " AND i.status <> 'draft')"
    )


# OR REPLACE deletes the rows in its way, and on a connection without recursive triggers no DELETE trigger hears of it:
# so look before whether anything is in the way. A rowid that the statement does not name is -1 here.
REPLACES_EVENT = (
    "EXISTS (SELECT 1 FROM audit_events e WHERE e.rowid = NEW.rowid"
    " OR (e.business_id = NEW.business_id AND e.seq = NEW.seq))"
)
REPLACES_ISSUED = (
    "EXISTS (SELECT 1 FROM invoices i WHERE (i.rowid = NEW.rowid"
    " OR (i.business_id = NEW.business_id AND i.id = NEW.id)"
    " OR (i.business_id = NEW.business_id AND i.document_no = NEW.document_no)"
    " OR (i.business_id = NEW.business_id AND i.kind = NEW.kind AND i.financial_year = NEW.financial_year"
    " AND i.number_key = NEW.number_key)) AND i.status <> 'draft'{but})"
)
REPLACES_ISSUED_LINE = (
    "EXISTS (SELECT 1 FROM invoice_lines l JOIN invoices i ON i.business_id = l.business_id AND i.id = l.invoice_id"
    " WHERE l.rowid = NEW.rowid AND i.status <> 'draft')"
)
SQLITE_GUARDS = (
    ("audit_events_no_update", "UPDATE ON audit_events", "TRUE", AUDIT),
    ("audit_events_no_delete", "DELETE ON audit_events", "TRUE", AUDIT),
    ("audit_events_no_replace", "INSERT ON audit_events", REPLACES_EVENT, AUDIT),
    ("invoices_no_delete", "DELETE ON invoices", "OLD.status <> 'draft'", ISSUED),
    ("invoices_frozen", "UPDATE ON invoices", _forbidden("IS NOT"), ISSUED),
    ("invoices_no_replace", "INSERT ON invoices", REPLACES_ISSUED.format(but=""), ISSUED),
    (
        "invoices_no_replacing_update",
        "UPDATE ON invoices",
        REPLACES_ISSUED.format(but=" AND i.rowid <> OLD.rowid"),
        ISSUED,
    ),
    (
        "invoice_lines_no_insert",
        "INSERT ON invoice_lines",
        f"{_has_issued_parent('NEW')} OR {REPLACES_ISSUED_LINE}",
        ISSUED,
    ),
    (
        "invoice_lines_no_update",
        "UPDATE ON invoice_lines",
        f"{_has_issued_parent('OLD')} OR {_has_issued_parent('NEW')} OR {REPLACES_ISSUED_LINE}",
        ISSUED,
    ),
    ("invoice_lines_no_delete", "DELETE ON invoice_lines", _has_issued_parent("OLD"), ISSUED),
)
SQLITE_TRIGGERS = [
    f"CREATE TRIGGER {name} BEFORE {event} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    for name, event, condition, message in SQLITE_GUARDS
]
POSTGRESQL_TRIGGERS = [
    f"CREATE FUNCTION invo_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{AUDIT}'; END $$",
    f"CREATE FUNCTION invo_refuse_issued() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{ISSUED}'; END $$",
    "CREATE FUNCTION invo_refuse_issued_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF TG_OP <> 'INSERT' THEN IF {_has_issued_parent('OLD')} THEN RAISE EXCEPTION '{ISSUED}'; END IF; END IF;"
    " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;"
    f" IF {_has_issued_parent('NEW')} THEN RAISE EXCEPTION '{ISSUED}'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events"
    " FOR EACH ROW EXECUTE FUNCTION invo_refuse()",
    "CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events"
    " FOR EACH STATEMENT EXECUTE FUNCTION invo_refuse()",
    "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices FOR EACH ROW WHEN (OLD.status <> 'draft')"
    " EXECUTE FUNCTION invo_refuse_issued()",
    f"CREATE TRIGGER invoices_frozen BEFORE UPDATE ON invoices FOR EACH ROW WHEN ({_forbidden('IS DISTINCT FROM')})"
    " EXECUTE FUNCTION invo_refuse_issued()",
    "CREATE TRIGGER invoice_lines_frozen BEFORE INSERT OR UPDATE OR DELETE ON invoice_lines"
    " FOR EACH ROW EXECUTE FUNCTION invo_refuse_issued_line()",
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION invo_refuse_issued()"
        for table in ("invoices", "invoice_lines")
    ),
]


def upgrade() -> None:
    _create_books()
    _create_users()
    _create_audit_events()
    _create_businesses()
    _create_audit_personal()
    _create_customers()
    _create_idempotency_keys()
    _create_items()
    _create_number_counters()
    _create_number_series()
    _create_invoices()
    _create_invoice_lines()
    # The book of what belongs to no business: users, sign-ins, migrations.
    op.execute("INSERT INTO books (business_id, last_audit_hash) VALUES (0, '')")
    for statement in SQLITE_TRIGGERS if op.get_context().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        for function in ("invo_refuse", "invo_refuse_issued", "invo_refuse_issued_line"):
            op.execute(f"DROP FUNCTION {function}()")


def _create_books() -> None:
    op.create_table(
        "books",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_document_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_customer_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_item_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_audit_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_audit_hash", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_books")),
    )


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("name_key", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("password_hash", WORDS, nullable=False),
        sa.Column("is_disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'accountant', 'operator', 'viewer', 'exporter')", name=op.f("ck_users_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name_key", name=op.f("uq_users_name_key")),
    )


def _create_audit_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("os_user", WORDS, nullable=False),
        sa.Column("host", WORDS, nullable=False),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=True),
        sa.Column("before", WORDS, nullable=True),
        sa.Column("after", WORDS, nullable=True),
        sa.Column("hash", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["books.business_id"], name=op.f("fk_audit_events_business_id_books")),
        sa.PrimaryKeyConstraint("business_id", "seq", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_business_id_subject", "audit_events", ["business_id", "subject"], unique=False)


def _create_businesses() -> None:
    op.create_table(
        "businesses",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("code_key", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("gstin", WORDS, nullable=True),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("address_line1", WORDS, nullable=True),
        sa.Column("address_line2", WORDS, nullable=True),
        sa.Column("city", WORDS, nullable=True),
        sa.Column("pincode", WORDS, nullable=True),
        sa.Column("mobile", WORDS, nullable=True),
        sa.Column("email", WORDS, nullable=True),
        sa.Column("is_composition", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_sez", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("lut", WORDS, nullable=True),
        sa.Column("turnover_paise", sa.BigInteger(), nullable=True),
        sa.Column("einvoice_from", sa.Date(), nullable=True),
        sa.Column("bank", WORDS, nullable=True),
        sa.Column("upi", WORDS, nullable=True),
        sa.Column("logo", WORDS, nullable=True),
        sa.Column("default_rate_thousandths", sa.BigInteger(), server_default="18000", nullable=False),
        sa.Column("is_rounded", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_strict", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("gstin IS NULL OR length(gstin) = 15", name=op.f("ck_businesses_gstin")),
        sa.CheckConstraint("length(state) = 2", name=op.f("ck_businesses_state")),
        sa.ForeignKeyConstraint(["id"], ["books.business_id"], name=op.f("fk_businesses_id_books")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
        sa.UniqueConstraint("code_key", name=op.f("uq_businesses_code_key")),
        sa.UniqueConstraint("gstin", name=op.f("uq_businesses_gstin")),
    )


def _create_audit_personal() -> None:
    op.create_table(
        "audit_personal",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", WORDS, nullable=False),
        sa.Column("fields", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "seq"],
            ["audit_events.business_id", "audit_events.seq"],
            name=op.f("fk_audit_personal_business_id_seq_audit_events"),
        ),
        sa.PrimaryKeyConstraint("business_id", "seq", name=op.f("pk_audit_personal")),
    )


def _create_customers() -> None:
    op.create_table(
        "customers",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("code_key", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("name_key", WORDS, nullable=False),
        sa.Column("search_key", WORDS, nullable=False),
        sa.Column("gstin", WORDS, nullable=True),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("mobile", WORDS, nullable=True),
        sa.Column("email", WORDS, nullable=True),
        sa.Column("address_line1", WORDS, nullable=True),
        sa.Column("address_line2", WORDS, nullable=True),
        sa.Column("city", WORDS, nullable=True),
        sa.Column("pincode", WORDS, nullable=True),
        sa.Column("country", WORDS, nullable=True),
        sa.Column("is_composition", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_sez", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("notes", WORDS, nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("gstin IS NULL OR length(gstin) = 15", name=op.f("ck_customers_gstin")),
        sa.CheckConstraint("length(state) = 2", name=op.f("ck_customers_state")),
        sa.CheckConstraint("mobile IS NULL OR length(mobile) = 10", name=op.f("ck_customers_mobile")),
        sa.ForeignKeyConstraint(
            ["business_id", "merged_into_id"],
            ["customers.business_id", "customers.id"],
            name=op.f("fk_customers_business_id_merged_into_id_customers"),
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_customers_business_id_businesses")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_customers")),
        sa.UniqueConstraint("business_id", "code_key", name=op.f("uq_customers_business_id_code_key")),
    )
    op.create_index("ix_customers_business_id_gstin", "customers", ["business_id", "gstin"], unique=False)
    op.create_index("ix_customers_business_id_mobile", "customers", ["business_id", "mobile"], unique=False)
    op.create_index("ix_customers_business_id_name_key", "customers", ["business_id", "name_key"], unique=False)


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("fingerprint", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_idempotency_keys_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("business_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        "ix_idempotency_keys_business_id_created_at", "idempotency_keys", ["business_id", "created_at"], unique=False
    )


def _create_items() -> None:
    op.create_table(
        "items",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("code_key", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("search_key", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("hsn", WORDS, nullable=True),
        sa.Column("unit", WORDS, nullable=False),
        sa.Column("unit_price_thousandths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("gst_rate_thousandths", sa.BigInteger(), nullable=True),
        sa.Column("cess_rate_thousandths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cess_per_unit_thousandths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("taxability", WORDS, server_default="taxable", nullable=False),
        sa.Column("price_includes_tax", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("kind IN ('part', 'labour')", name=op.f("ck_items_kind")),
        sa.CheckConstraint(
            "taxability IN ('taxable', 'nil_rated', 'exempt', 'non_gst')", name=op.f("ck_items_taxability")
        ),
        sa.CheckConstraint("gst_rate_thousandths IS NULL OR gst_rate_thousandths >= 0", name=op.f("ck_items_gst_rate")),
        sa.CheckConstraint("unit_price_thousandths >= 0", name=op.f("ck_items_unit_price")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_items_business_id_businesses")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_items")),
        sa.UniqueConstraint("business_id", "code_key", name=op.f("uq_items_business_id_code_key")),
    )


def _create_number_counters() -> None:
    op.create_table(
        "number_counters",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("series", WORDS, nullable=False),
        sa.Column("financial_year", WORDS, nullable=False),
        sa.Column("first_serial", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("last_serial", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("last_serial >= first_serial - 1", name=op.f("ck_number_counters_serial")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_number_counters_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("business_id", "kind", "series", "financial_year", name=op.f("pk_number_counters")),
    )


def _create_number_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("financial_year", WORDS, nullable=False),
        sa.Column("pattern", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_number_series_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("business_id", "kind", "financial_year", name=op.f("pk_number_series")),
    )


def _create_invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("number", WORDS, nullable=True),
        sa.Column("number_key", WORDS, nullable=True),
        sa.Column("series", WORDS, nullable=True),
        sa.Column("serial", sa.BigInteger(), nullable=True),
        sa.Column("financial_year", WORDS, nullable=False),
        sa.Column("return_period", WORDS, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_name", WORDS, nullable=False),
        sa.Column("buyer_gstin", WORDS, nullable=True),
        sa.Column("buyer_state", WORDS, nullable=False),
        sa.Column("seller", WORDS, nullable=False),
        sa.Column("buyer", WORDS, nullable=False),
        sa.Column("entered", WORDS, nullable=False),
        sa.Column("supply", WORDS, nullable=False),
        sa.Column("place_of_supply", WORDS, nullable=False),
        sa.Column("reverse_charge", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("taxable_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cgst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sgst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("igst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cess_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("discount_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("other_charges_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("round_off_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("credited_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("against_id", sa.BigInteger(), nullable=True),
        sa.Column("amends_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", WORDS, nullable=True),
        sa.Column("shipping_port", WORDS, nullable=True),
        sa.Column("shipping_number", WORDS, nullable=True),
        sa.Column("shipping_on", sa.Date(), nullable=True),
        sa.Column("ecommerce_gstin", WORDS, nullable=True),
        sa.Column("ecommerce_section", WORDS, nullable=True),
        sa.Column("differential_thousandths", sa.BigInteger(), nullable=True),
        sa.Column("allow_rate", WORDS, nullable=True),
        sa.Column("reference", WORDS, nullable=True),
        sa.Column("notes", WORDS, nullable=True),
        sa.Column("irn", WORDS, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", WORDS, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", WORDS, nullable=True),
        sa.CheckConstraint("(status = 'draft') = (number IS NULL)", name=op.f("ck_invoices_number_when_issued")),
        sa.CheckConstraint(
            "kind IN ('tax_invoice', 'bill_of_supply', 'invoice_cum_bill_of_supply', 'credit_note', 'debit_note')",
            name=op.f("ck_invoices_kind"),
        ),
        sa.CheckConstraint("status IN ('draft', 'issued', 'cancelled', 'amended')", name=op.f("ck_invoices_status")),
        sa.CheckConstraint(
            "supply IN ('regular', 'sez_with_payment', 'sez_without_payment', 'export_with_payment', 'export_without_payment', 'deemed_export', 'intra_state_igst')",
            name=op.f("ck_invoices_supply"),
        ),
        sa.CheckConstraint("(number IS NULL) = (number_key IS NULL)", name=op.f("ck_invoices_number_key")),
        sa.CheckConstraint("cgst_paise = sgst_paise", name=op.f("ck_invoices_cgst_equals_sgst")),
        sa.CheckConstraint("length(place_of_supply) = 2", name=op.f("ck_invoices_place_of_supply")),
        sa.CheckConstraint("number IS NULL OR length(number) BETWEEN 1 AND 16", name=op.f("ck_invoices_number_length")),
        sa.CheckConstraint(
            "paid_paise >= 0 AND credited_paise >= 0 AND paid_paise + credited_paise <= total_paise",
            name=op.f("ck_invoices_outstanding"),
        ),
        sa.CheckConstraint("round_off_paise BETWEEN -50 AND 50", name=op.f("ck_invoices_round_off")),
        sa.CheckConstraint(
            "taxable_paise >= 0 AND cgst_paise >= 0 AND sgst_paise >= 0 AND igst_paise >= 0 AND cess_paise >= 0 AND discount_paise >= 0 AND other_charges_paise >= 0 AND total_paise >= 0",
            name=op.f("ck_invoices_amounts"),
        ),
        sa.CheckConstraint(
            "total_paise = taxable_paise + CASE WHEN reverse_charge THEN 0 ELSE cgst_paise + sgst_paise + igst_paise + cess_paise END + other_charges_paise + round_off_paise",
            name=op.f("ck_invoices_total"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "against_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_invoices_business_id_against_id_invoices"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "amends_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_invoices_business_id_amends_id_invoices"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "customer_id"],
            ["customers.business_id", "customers.id"],
            name=op.f("fk_invoices_business_id_customer_id_customers"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("business_id", "document_no", name=op.f("uq_invoices_business_id_document_no")),
        sa.UniqueConstraint(
            "business_id",
            "kind",
            "financial_year",
            "number_key",
            name=op.f("uq_invoices_business_id_kind_financial_year_number_key"),
        ),
    )
    op.create_index("ix_invoices_business_id_against_id", "invoices", ["business_id", "against_id"], unique=False)
    op.create_index("ix_invoices_business_id_amends_id", "invoices", ["business_id", "amends_id"], unique=False)
    op.create_index(
        "ix_invoices_business_id_customer_id_dated_on_document_no",
        "invoices",
        ["business_id", "customer_id", "dated_on", "document_no"],
        unique=False,
    )
    op.create_index(
        "ix_invoices_business_id_dated_on_document_no",
        "invoices",
        ["business_id", "dated_on", "document_no"],
        unique=False,
    )
    op.create_index("ix_invoices_business_id_number_key", "invoices", ["business_id", "number_key"], unique=False)
    op.create_index("ix_invoices_business_id_return_period", "invoices", ["business_id", "return_period"], unique=False)


def _create_invoice_lines() -> None:
    op.create_table(
        "invoice_lines",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("is_charge", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("description", WORDS, nullable=False),
        sa.Column("serial", WORDS, nullable=True),
        sa.Column("hsn", WORDS, nullable=True),
        sa.Column("quantity_thousandths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unit", WORDS, nullable=False),
        sa.Column("unit_price_thousandths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("gross_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("discount_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("taxable_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("taxability", WORDS, nullable=False),
        sa.Column("gst_rate_thousandths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cess_rate_thousandths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cess_per_unit_thousandths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cgst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sgst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("igst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cess_ad_valorem_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cess_specific_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "taxability IN ('taxable', 'nil_rated', 'exempt', 'non_gst')", name=op.f("ck_invoice_lines_taxability")
        ),
        sa.CheckConstraint("cgst_paise = sgst_paise", name=op.f("ck_invoice_lines_cgst_equals_sgst")),
        sa.CheckConstraint(
            "quantity_thousandths >= 0 AND gross_paise >= 0 AND discount_paise >= 0 AND taxable_paise >= 0 AND cgst_paise >= 0 AND sgst_paise >= 0 AND igst_paise >= 0 AND cess_ad_valorem_paise >= 0 AND cess_specific_paise >= 0 AND total_paise >= 0",
            name=op.f("ck_invoice_lines_amounts"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "invoice_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_invoice_lines_business_id_invoice_id_invoices"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "item_id"],
            ["items.business_id", "items.id"],
            name=op.f("fk_invoice_lines_business_id_item_id_items"),
        ),
        sa.PrimaryKeyConstraint("business_id", "invoice_id", "line_no", name=op.f("pk_invoice_lines")),
    )
