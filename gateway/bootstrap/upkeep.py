"""Acts on a whole home: migrate its store, show its keys."""

from __future__ import annotations

from typing import Any

from adapters.lock import held_lock
from adapters.store import migrate_store
from gateway.bootstrap.home import STORE, Home

LOCK = "daemon.lock"


def migrate_home(home: Home) -> tuple[str | None, str]:
    """The schema before and after. RetryableError while the daemon holds the home."""
    with held_lock(home.path / LOCK):
        return migrate_store(home.path / STORE)


def key_rows(home: Home) -> list[dict[str, Any]]:
    """Every key of the home by purpose, id and age: the public half, for those that have one."""
    return [key.to_json() for key in home.keys.public.keys]


def key_card(home: Home) -> bytes:
    """Our public keys as the card that another authority trusts."""
    return home.keys.card().to_json()


def key_fingerprint(home: Home) -> str:
    """What is read out over the telephone."""
    return home.keys.card().fingerprint
