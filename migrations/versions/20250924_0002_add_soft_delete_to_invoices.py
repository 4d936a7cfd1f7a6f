"""Add soft delete to invoices."""

import sqlalchemy as sa
from alembic import op

revision = "20250924_0002"
down_revision = "20250924_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoices", sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    # The engine's own DROP COLUMN on both: a rebuild of the table would lose triggers on SQLite.
    op.drop_column("invoices", "is_deleted")
