"""The case store: everything the gateway knows, in one database, with one transaction for each act."""

from adapters.store.opening import migrate_store, open_store
from adapters.store.store import SqlStore

__all__ = ["SqlStore", "migrate_store", "open_store"]
