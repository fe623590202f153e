"""The tables of the case store, one file per part of the domain. Importing this declares them all."""

from adapters.store.tables import cases, children, exchange, jobs, ledger, parcels

__all__ = ["cases", "children", "exchange", "jobs", "ledger", "parcels"]
