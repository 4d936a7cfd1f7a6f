"""Add returns, exports and imports."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0006"
down_revision = "20261123_0005"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TABLES = (
    *("hsn_codes", "return_due_dates", "einvoices", "eway_bills"),
    *("export_jobs", "export_cursors", "export_batches", "export_parts", "export_runs"),
    *("import_batches", "import_records", "bank_lines"),
)
SUBJECTS = "ix_audit_events_business_id_subject"
CHANGES = "ix_audit_events_business_id_subject_seq_action"
MERGED = "ix_customers_business_id_merged_into_id"
REFERENCES = "ix_invoices_business_id_reference"
ISSUED = "An issued document is never changed: cancel it, or issue a credit or debit note."
# Undoing an import marks the batch first; the trail keeps both the import and its undoing.
IS_UNDONE = (
    "EXISTS (SELECT 1 FROM import_records r JOIN import_batches b ON b.business_id = r.business_id AND b.id = r.batch_id"
    " WHERE r.business_id = OLD.business_id AND r.subject = 'invoice' AND r.subject_id = OLD.id"
    " AND b.undone_at IS NOT NULL)"
)
GUARDS = {
    "sqlite": (
        "DROP TRIGGER invoices_no_delete",
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices"
        f" WHEN OLD.status <> 'draft' AND NOT {IS_UNDONE} BEGIN SELECT RAISE(ABORT, '{ISSUED}'); END",
    ),
    "postgresql": (
        "DROP TRIGGER invoices_no_delete ON invoices",
        "CREATE FUNCTION invo_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {IS_UNDONE} THEN RETURN OLD; END IF; RAISE EXCEPTION '{ISSUED}'; END $$",
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices FOR EACH ROW WHEN (OLD.status <> 'draft')"
        " EXECUTE FUNCTION invo_refuse_delete()",
    ),
}
OLD_GUARDS = {
    "sqlite": (
        "DROP TRIGGER invoices_no_delete",
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices"
        f" WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, '{ISSUED}'); END",
    ),
    "postgresql": (
        "DROP TRIGGER invoices_no_delete ON invoices",
        "DROP FUNCTION invo_refuse_delete()",
        "CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices FOR EACH ROW WHEN (OLD.status <> 'draft')"
        " EXECUTE FUNCTION invo_refuse_issued()",
    ),
}


def upgrade() -> None:
    op.add_column("businesses", sa.Column("files_quarterly", sa.Boolean(), server_default=sa.false(), nullable=False))
    _create_government_tables()
    _create_export_tables()
    _create_import_tables()
    # Without it every customer that goes with an undone import would be sought in the whole table.
    op.create_index(MERGED, "customers", ["business_id", "merged_into_id"], unique=False)
    # Few documents have a reference: the others cost this index nothing.
    has_one = sa.text("reference IS NOT NULL")
    op.create_index(
        REFERENCES,
        "invoices",
        ["business_id", "reference"],
        unique=False,
        sqlite_where=has_one,
        postgresql_where=has_one,
    )
    # Exports look for the last change of every record: in the index alone, because events are wide.
    op.create_index(CHANGES, "audit_events", ["business_id", "subject", "seq", "action"], unique=False)
    op.drop_index(SUBJECTS, table_name="audit_events")
    for statement in GUARDS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in OLD_GUARDS[op.get_context().dialect.name]:
        op.execute(statement)
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index(REFERENCES, table_name="invoices")
    op.drop_index(MERGED, table_name="customers")
    op.create_index(SUBJECTS, "audit_events", ["business_id", "subject"], unique=False)
    op.drop_index(CHANGES, table_name="audit_events")
    op.drop_column("businesses", "files_quarterly")


def _create_government_tables() -> None:
    op.create_table(
        "hsn_codes",
        sa.Column("code", WORDS, nullable=False),
        sa.Column("description", WORDS, nullable=False),
        sa.CheckConstraint("length(code) BETWEEN 2 AND 8", name=op.f("ck_hsn_codes_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_hsn_codes")),
    )
    op.create_table(
        "return_due_dates",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('gstr1', 'iff', 'gstr3b', 'cmp08')", name=op.f("ck_return_due_dates_kind")),
        sa.CheckConstraint("length(period) = 6", name=op.f("ck_return_due_dates_period")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_return_due_dates_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("business_id", "kind", "period", name=op.f("pk_return_due_dates")),
    )
    op.create_table(
        "einvoices",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("irn", WORDS, nullable=False),
        sa.Column("ack_no", WORDS, nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_invoice", WORDS, nullable=True),
        sa.Column("signed_qr", WORDS, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", WORDS, nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_code", sa.BigInteger(), nullable=True),
        sa.Column("cancel_remark", WORDS, nullable=True),
        sa.CheckConstraint("(cancelled_at IS NULL) = (cancel_code IS NULL)", name=op.f("ck_einvoices_cancelled")),
        sa.CheckConstraint("cancel_code IS NULL OR cancel_code BETWEEN 1 AND 4", name=op.f("ck_einvoices_cancel_code")),
        sa.CheckConstraint("length(irn) = 64", name=op.f("ck_einvoices_irn")),
        sa.ForeignKeyConstraint(
            ["business_id", "invoice_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_einvoices_business_id_invoice_id_invoices"),
        ),
        sa.PrimaryKeyConstraint("business_id", "invoice_id", name=op.f("pk_einvoices")),
        sa.UniqueConstraint("business_id", "irn", name=op.f("uq_einvoices_business_id_irn")),
    )
    op.create_table(
        "eway_bills",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", WORDS, nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("generated_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", WORDS, nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancel_code", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(cancelled_on IS NULL) = (cancel_code IS NULL)", name=op.f("ck_eway_bills_cancelled")),
        sa.CheckConstraint(
            "cancel_code IS NULL OR cancel_code BETWEEN 1 AND 4", name=op.f("ck_eway_bills_cancel_code")
        ),
        sa.CheckConstraint("length(number) = 12", name=op.f("ck_eway_bills_number")),
        sa.ForeignKeyConstraint(
            ["business_id", "invoice_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_eway_bills_business_id_invoice_id_invoices"),
        ),
        sa.PrimaryKeyConstraint("business_id", "number", name=op.f("pk_eway_bills")),
    )
    op.create_index("ix_eway_bills_business_id_invoice_id", "eway_bills", ["business_id", "invoice_id"], unique=False)


def _create_export_tables() -> None:
    op.create_table(
        "export_jobs",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("data_set", WORDS, nullable=False),
        sa.Column("settings", WORDS, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["books.business_id"], name=op.f("fk_export_jobs_business_id_books")),
        sa.PrimaryKeyConstraint("business_id", "name", name=op.f("pk_export_jobs")),
    )
    op.create_table(
        "export_cursors",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job", WORDS, nullable=False),
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "job"],
            ["export_jobs.business_id", "export_jobs.name"],
            name=op.f("fk_export_cursors_business_id_job_export_jobs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["source_id"], ["books.business_id"], name=op.f("fk_export_cursors_source_id_books")),
        sa.PrimaryKeyConstraint("business_id", "job", "source_id", name=op.f("pk_export_cursors")),
    )
    op.create_table(
        "export_batches",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job", WORDS, nullable=False),
        sa.Column("batch_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("manifest", WORDS, nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('prepared', 'delivered')", name=op.f("ck_export_batches_status")),
        sa.ForeignKeyConstraint(
            ["business_id", "job"],
            ["export_jobs.business_id", "export_jobs.name"],
            name=op.f("fk_export_batches_business_id_job_export_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "job", "batch_no", name=op.f("pk_export_batches")),
    )
    op.create_table(
        "export_parts",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job", WORDS, nullable=False),
        sa.Column("batch_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "job", "batch_no"],
            ["export_batches.business_id", "export_batches.job", "export_batches.batch_no"],
            name=op.f("fk_export_parts_business_id_job_batch_no_export_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "job", "batch_no", "part_no", name=op.f("pk_export_parts")),
    )
    op.create_table(
        "export_runs",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job", WORDS, nullable=False),
        sa.Column("run_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", WORDS, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_no", sa.BigInteger(), nullable=True),
        sa.Column("failure", WORDS, nullable=True),
        sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name=op.f("ck_export_runs_failure")),
        sa.CheckConstraint("status IN ('running', 'delivered', 'empty', 'failed')", name=op.f("ck_export_runs_status")),
        sa.ForeignKeyConstraint(
            ["business_id", "job"],
            ["export_jobs.business_id", "export_jobs.name"],
            name=op.f("fk_export_runs_business_id_job_export_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "job", "run_no", name=op.f("pk_export_runs")),
    )


def _create_import_tables() -> None:
    op.create_table(
        "import_batches",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("data_set", WORDS, nullable=False),
        sa.Column("file_name", WORDS, nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("imported", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("skipped", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", WORDS, nullable=False),
        sa.Column("counters", WORDS, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "data_set IN ('customers', 'items', 'invoices', 'payments')", name=op.f("ck_import_batches_data_set")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_import_batches_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_import_batches")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_import_batches_business_id_name")),
    )
    op.create_table(
        "import_records",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_no", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "subject IN ('customer', 'item', 'invoice', 'payment')", name=op.f("ck_import_records_subject")
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "batch_id"],
            ["import_batches.business_id", "import_batches.id"],
            name=op.f("fk_import_records_business_id_batch_id_import_batches"),
        ),
        sa.PrimaryKeyConstraint("business_id", "batch_id", "subject", "subject_id", name=op.f("pk_import_records")),
    )
    op.create_index(
        "ix_import_records_business_id_subject_subject_id",
        "import_records",
        ["business_id", "subject", "subject_id"],
        unique=False,
    )
    op.create_table(
        "bank_lines",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", WORDS, nullable=False),
        sa.Column("occurrence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("amount_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("narration", WORDS, nullable=False),
        sa.CheckConstraint("occurrence > 0", name=op.f("ck_bank_lines_occurrence")),
        sa.ForeignKeyConstraint(
            ["business_id", "payment_id"],
            ["payments.business_id", "payments.id"],
            name=op.f("fk_bank_lines_business_id_payment_id_payments"),
        ),
        sa.PrimaryKeyConstraint("business_id", "fingerprint", "occurrence", name=op.f("pk_bank_lines")),
    )
    op.create_index("ix_bank_lines_business_id_payment_id", "bank_lines", ["business_id", "payment_id"], unique=False)
