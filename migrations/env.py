"""Run revisions: under one lock for the whole chain, on either engine, or write them as SQL."""

from alembic import context

from invo_cli.db import migrating
from invo_cli.models import Base

if context.is_offline_mode():
    context.configure(
        dialect_name=context.get_x_argument(as_dictionary=True).get("dialect", "postgresql"),
        target_metadata=Base.metadata,
        literal_binds=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    with migrating.locked_connection(context.config.attributes) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_server_default=True,
            **migrating.options(connection),
        )
        with context.begin_transaction():
            context.run_migrations()
