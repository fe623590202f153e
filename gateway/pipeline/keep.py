"""Keep: bytes made here go into the vault whole, or not at all."""

from __future__ import annotations

from gateway.ports import Vault


def keep(vault: Vault, key: str, content: bytes) -> None:
    """Seal ``content`` under ``key``; the same key again is success. DiskError: nothing was kept."""
    blob = vault.begin()
    try:
        blob.write(content)
        blob.publish(key)
    except BaseException:
        blob.discard()
        raise
