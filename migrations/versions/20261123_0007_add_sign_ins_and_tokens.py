"""Add sign-ins and tokens."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0007"
down_revision = "20261123_0006"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TABLES = ("api_tokens", "sign_ins", "user_businesses", "token_businesses")
FAILURES = "BIGINT DEFAULT 0 NOT NULL CONSTRAINT ck_users_failures CHECK (failures >= 0)"


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("via", WORDS, nullable=True))
    # Written out: the column with its check, without rebuilding the table on SQLite.
    op.execute(f"ALTER TABLE users ADD COLUMN failures {FAILURES}")
    op.add_column("users", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    _create_sign_ins()
    _create_api_tokens()
    for table, owner, owners in (
        ("user_businesses", "user_id", "users"),
        ("token_businesses", "token_id", "api_tokens"),
    ):
        op.create_table(
            table,
            sa.Column("business_id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column(owner, sa.BigInteger(), autoincrement=False, nullable=False),
            sa.ForeignKeyConstraint(
                ["business_id"], ["businesses.id"], name=op.f(f"fk_{table}_business_id_businesses")
            ),
            sa.ForeignKeyConstraint([owner], [f"{owners}.id"], name=op.f(f"fk_{table}_{owner}_{owners}")),
            sa.PrimaryKeyConstraint("business_id", owner, name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("users", "locked_until")
    op.execute("ALTER TABLE users DROP COLUMN failures")
    op.drop_column("audit_events", "via")


def _create_sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("secret_hash", WORDS, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("os_user", WORDS, nullable=False),
        sa.Column("host", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_ins_secret_hash")),
    )
    op.create_index("ix_sign_ins_user_id", "sign_ins", ["user_id"], unique=False)


def _create_api_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("name_key", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("secret_hash", WORDS, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('admin', 'accountant', 'operator', 'viewer', 'exporter')", name=op.f("ck_api_tokens_role")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_api_tokens_created_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("name_key", name=op.f("uq_api_tokens_name_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_tokens_secret_hash")),
    )
