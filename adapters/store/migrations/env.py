"""How Alembic runs the steps: always on the connection it is given, inside that connection's transaction."""

from alembic import context

from adapters.store import tables
from adapters.store.shape import METADATA

assert tables.__all__     # noqa: S101  importing the package declares every table

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA,
                  render_as_batch=True, transactional_ddl=True, transaction_per_migration=False)
context.run_migrations()
