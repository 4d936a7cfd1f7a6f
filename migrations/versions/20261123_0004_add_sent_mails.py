"""Add the ledger of sent e-mails."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0004"
down_revision = "20261123_0003"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sent_mails",
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=True),
        sa.Column("recipient", WORDS, nullable=False),
        sa.Column("cc", WORDS, nullable=True),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("message_id", WORDS, nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", WORDS, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", WORDS, nullable=True),
        sa.CheckConstraint("kind IN ('invoice', 'reminder')", name=op.f("ck_sent_mails_kind")),
        sa.CheckConstraint("status IN ('unknown', 'sent', 'failed')", name=op.f("ck_sent_mails_status")),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_sent_mails_attempt")),
        sa.CheckConstraint("(kind = 'reminder') = (step IS NOT NULL)", name=op.f("ck_sent_mails_step")),
        sa.CheckConstraint("(status = 'unknown') = (settled_at IS NULL)", name=op.f("ck_sent_mails_settled_at")),
        sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name=op.f("ck_sent_mails_failure")),
        sa.ForeignKeyConstraint(
            ["business_id", "invoice_id"],
            ["invoices.business_id", "invoices.id"],
            name=op.f("fk_sent_mails_business_id_invoice_id_invoices"),
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_sent_mails_business_id_businesses")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_sent_mails")),
        sa.UniqueConstraint("business_id", "key", "attempt", name=op.f("uq_sent_mails_business_id_key_attempt")),
    )
    op.create_index(
        "ix_sent_mails_business_id_claimed_at_id", "sent_mails", ["business_id", "claimed_at", "id"], unique=False
    )
    op.create_index("ix_sent_mails_business_id_invoice_id", "sent_mails", ["business_id", "invoice_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sent_mails")
