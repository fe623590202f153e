"""The folders of a home, and who may enter them.

1. Keys, vault, ledger and the store are for the gateway's own user alone.
2. A school's drop folder may be entered by its group, so that an SFTP account can be put into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

STORE = "gateway.sqlite"

PRIVATE, SHARED, PASSABLE = 0o700, 0o770, 0o711

FOLDERS: dict[str, int] = {
    "register": PRIVATE,
    "keys": PRIVATE,
    "keys/trusted": PRIVATE,
    "drop": PASSABLE,
    "handover": PASSABLE,
    "s2s": PASSABLE,
    "s2s/to-upload": SHARED,
    "s2s/uploaded": SHARED,
    "s2s/downloaded": SHARED,
    "peers": PASSABLE,
    "vault": PRIVATE,
    "ledger": PRIVATE,
    "notices": SHARED,
}


def make_folders(home: Path, senders: Iterable[str] = (), peers: Iterable[str] = ()) -> None:
    """Create what is missing of a home's folders; safe to repeat."""
    _make(home, PASSABLE)
    for name, mode in FOLDERS.items():
        _make(home / name, mode)
    for sender in senders:
        _make(home / "drop" / sender, SHARED)
        _make(home / "drop" / sender / "receipts", SHARED)
    for la in peers:
        _make(home / "peers" / la, PASSABLE)
        _make(home / "peers" / la / "in", SHARED)
        _make(home / "peers" / la / "out", SHARED)


def _make(folder: Path, mode: int) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(mode)
