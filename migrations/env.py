"""Run revisions: under one lock for the whole chain, on either engine, or write them as SQL."""

from alembic import context

from invo_cli.db import migrating, table_rebuild
from invo_cli.models import Base

attributes = context.config.attributes
table_rebuild.register()

if context.is_offline_mode():
    dialect = attributes.get("dialect") or context.get_x_argument(as_dictionary=True).get("dialect", "postgresql")
    context.configure(
        dialect_name=dialect,
        target_metadata=Base.metadata,
        literal_binds=True,
        transactional_ddl=True,
        transaction_per_migration=dialect == "postgresql",
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    with migrating.locked_connection(attributes) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            on_version_apply=attributes.get("on_step"),
            **migrating.options(connection),
        )
        with context.begin_transaction():
            context.run_migrations()
