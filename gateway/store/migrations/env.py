"""What Alembic runs: the steps, on the connection it is given and inside that connection's transaction."""

from alembic import context

from gateway.store.tables import METADATA

__all__ = ()

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
