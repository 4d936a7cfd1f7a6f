"""Let reported advances be corrected."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_0008"
down_revision = "20261123_0007"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TABLE = "advance_amendments"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("amended_on", sa.Date(), nullable=False),
        sa.Column("gst_rate_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("place_of_supply", WORDS, nullable=True),
        *(
            sa.Column(f"{name}_paise", sa.BigInteger(), server_default="0", nullable=False)
            for name in ("taxable", "cgst", "sgst", "igst")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", WORDS, nullable=False),
        sa.CheckConstraint("cgst_paise = sgst_paise", name=op.f(f"ck_{TABLE}_cgst_equals_sgst")),
        sa.ForeignKeyConstraint(
            ["business_id", "payment_id"],
            ["payments.business_id", "payments.id"],
            name=op.f(f"fk_{TABLE}_business_id_payment_id_payments"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(f"ix_{TABLE}_business_id_payment_id", TABLE, ["business_id", "payment_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
