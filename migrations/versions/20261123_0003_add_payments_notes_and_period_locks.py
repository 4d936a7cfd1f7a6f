"""Add payments, allocations, notes and period locks."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0003"
down_revision = "20250924_0002"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
AMOUNT = "BIGINT DEFAULT 0 NOT NULL CONSTRAINT ck_invoices_{name} CHECK ({check})"
# Written out for both engines: each column with its check, without rebuilding the table on SQLite.
COLUMNS = {
    "cancelled_on": "DATE",
    "debit_noted_paise": AMOUNT.format(name="debit_noted", check="debit_noted_paise >= 0"),
    "credit_noted_paise": AMOUNT.format(
        name="credit_noted",
        check="credit_noted_paise >= 0 AND credit_noted_paise <= total_paise + debit_noted_paise",
    ),
    "allocated_paise": AMOUNT.format(name="allocated", check="allocated_paise >= 0 AND allocated_paise <= total_paise"),
}
GUARD = "CREATE TRIGGER invoices_cancelled_on_frozen BEFORE UPDATE ON invoices"
GUARDS = {
    "sqlite": f"{GUARD} WHEN OLD.status = 'cancelled' AND OLD.cancelled_on IS NOT NEW.cancelled_on"
    " BEGIN SELECT RAISE(ABORT, 'The day of a cancellation is never changed.'); END",
    "postgresql": f"{GUARD} FOR EACH ROW WHEN (OLD.status = 'cancelled'"
    " AND OLD.cancelled_on IS DISTINCT FROM NEW.cancelled_on) EXECUTE FUNCTION invo_refuse_issued()",
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE invoices ADD COLUMN {name} {kind}")
    op.execute(GUARDS[op.get_context().dialect.name])
    op.add_column("invoice_lines", sa.Column("against_line_no", sa.BigInteger()))
    _create_payments()
    _create_allocations()
    _create_note_originals()
    _create_period_locks()


def downgrade() -> None:
    for table in ("period_locks", "note_originals", "allocations", "payments"):
        op.drop_table(table)
    op.drop_column("invoice_lines", "against_line_no")
    is_sqlite = op.get_context().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER invoices_cancelled_on_frozen{'' if is_sqlite else ' ON invoices'}")
    # The last first: the check of one names another, and SQLite drops no column that a check still names.
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE invoices DROP COLUMN {name}")


def _create_payments() -> None:
    op.create_table(
        "payments",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("direction", WORDS, nullable=False),
        sa.Column("number", WORDS, nullable=False),
        sa.Column("number_key", WORDS, nullable=False),
        sa.Column("series", WORDS, nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("financial_year", WORDS, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("method", WORDS, nullable=False),
        sa.Column("reference", WORDS, nullable=True),
        sa.Column("notes", WORDS, nullable=True),
        sa.Column("amount_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tds_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("allocated_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunded_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("is_advance", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("gst_rate_thousandths", sa.BigInteger(), nullable=True),
        sa.Column("place_of_supply", WORDS, nullable=True),
        sa.Column("taxable_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cgst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sgst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("igst_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("voucher", WORDS, nullable=True),
        sa.Column("voucher_series", WORDS, nullable=True),
        sa.Column("voucher_serial", sa.BigInteger(), nullable=True),
        sa.Column("refund_of_id", sa.BigInteger(), nullable=True),
        sa.Column("refund_of_note_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", WORDS, nullable=False),
        sa.Column("voided_on", sa.Date(), nullable=True),
        sa.Column("void_reason", WORDS, nullable=True),
        sa.CheckConstraint("direction IN ('receipt', 'refund')", name=op.f("ck_payments_direction")),
        sa.CheckConstraint("method IN ('cash', 'upi', 'card', 'bank', 'cheque')", name=op.f("ck_payments_method")),
        sa.CheckConstraint(
            "allocated_paise >= 0 AND refunded_paise >= 0 AND allocated_paise + refunded_paise <= amount_paise + tds_paise",
            name=op.f("ck_payments_unallocated"),
        ),
        sa.CheckConstraint("amount_paise > 0 AND tds_paise >= 0", name=op.f("ck_payments_amount")),
        sa.CheckConstraint("cgst_paise = sgst_paise", name=op.f("ck_payments_cgst_equals_sgst")),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 16", name=op.f("ck_payments_number_length")),
        sa.ForeignKeyConstraint(
            ["business_id", "customer_id"],
            ["customers.business_id", "customers.id"],
            name=op.f("fk_payments_business_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "refund_of_id"],
            ["payments.business_id", "payments.id"],
            name=op.f("fk_payments_business_id_refund_of_id_payments"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "refund_of_note_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_payments_business_id_refund_of_note_id_invoices"),
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_payments_business_id_businesses")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_payments")),
        sa.UniqueConstraint(
            "business_id",
            "financial_year",
            "number_key",
            name=op.f("uq_payments_business_id_financial_year_number_key"),
        ),
        sa.UniqueConstraint(
            "business_id", "financial_year", "voucher", name=op.f("uq_payments_business_id_financial_year_voucher")
        ),
    )
    op.create_index(
        "ix_payments_business_id_customer_id_dated_on",
        "payments",
        ["business_id", "customer_id", "dated_on"],
        unique=False,
    )
    op.create_index(
        "ix_payments_business_id_dated_on_number_key",
        "payments",
        ["business_id", "dated_on", "number_key"],
        unique=False,
    )
    op.create_index("ix_payments_business_id_number_key", "payments", ["business_id", "number_key"], unique=False)
    op.create_index("ix_payments_business_id_refund_of_id", "payments", ["business_id", "refund_of_id"], unique=False)
    op.create_index(
        "ix_payments_business_id_refund_of_note_id", "payments", ["business_id", "refund_of_note_id"], unique=False
    )


def _create_allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("note_id", sa.BigInteger(), nullable=True),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(payment_id IS NULL) <> (note_id IS NULL)", name=op.f("ck_allocations_one_source")),
        sa.CheckConstraint("amount_paise > 0", name=op.f("ck_allocations_amount")),
        sa.CheckConstraint("undone_on IS NULL OR undone_on >= allocated_on", name=op.f("ck_allocations_undone_on")),
        sa.ForeignKeyConstraint(
            ["business_id", "invoice_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_allocations_business_id_invoice_id_invoices"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "note_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_allocations_business_id_note_id_invoices"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "payment_id"],
            ["payments.business_id", "payments.id"],
            name=op.f("fk_allocations_business_id_payment_id_payments"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_allocations")),
    )
    op.create_index("ix_allocations_business_id_invoice_id", "allocations", ["business_id", "invoice_id"], unique=False)
    op.create_index("ix_allocations_business_id_note_id", "allocations", ["business_id", "note_id"], unique=False)
    op.create_index("ix_allocations_business_id_payment_id", "allocations", ["business_id", "payment_id"], unique=False)


def _create_note_originals() -> None:
    op.create_table(
        "note_originals",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount_paise", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("amount_paise >= 0", name=op.f("ck_note_originals_amount")),
        sa.ForeignKeyConstraint(
            ["business_id", "invoice_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_note_originals_business_id_invoice_id_invoices"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "note_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_note_originals_business_id_note_id_invoices"),
        ),
        sa.PrimaryKeyConstraint("business_id", "note_id", "invoice_id", name=op.f("pk_note_originals")),
    )
    op.create_index(
        "ix_note_originals_business_id_invoice_id", "note_originals", ["business_id", "invoice_id"], unique=False
    )


def _create_period_locks() -> None:
    op.create_table(
        "period_locks",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by", WORDS, nullable=False),
        sa.Column("arn", WORDS, nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("length(period) = 6", name=op.f("ck_period_locks_period")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_period_locks_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("business_id", "period", name=op.f("pk_period_locks")),
    )
