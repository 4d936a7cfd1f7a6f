"""Keep the particulars of vouchers."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0005"
down_revision = "20261123_0004"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COLUMNS = ("description", "seller", "buyer")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("payments", sa.Column(name, WORDS, nullable=True))
    op.create_index("ix_payments_business_id_voucher", "payments", ["business_id", "voucher"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_payments_business_id_voucher", "payments")
    for name in reversed(COLUMNS):
        op.drop_column("payments", name)
