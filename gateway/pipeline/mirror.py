"""The ledger's copy in files, kept up with the store.

1. Tiles and bundles first, the signed checkpoint last: whoever reads the checkpoint finds all that it covers.
2. It only goes forward. A copy that is ahead of the store means that an older store was put back; that is not carried over.
3. Safe to repeat, and to leave out: the next time writes what is missing.
"""

from __future__ import annotations

from typing import Protocol

from gateway.domain.ledger.leaf import Checkpoint
from gateway.domain.ledger.tiles import WIDTH, Tile, bundle, tiles_of
from gateway.errors import TamperError
from gateway.pipeline.sequence import nodes_of
from gateway.ports import NoteChecker, Ports, Transaction


class LedgerFiles(Protocol):
    """Files by name, each whole or absent."""

    def checkpoint(self) -> str | None: ...                 # the signed note that was published last
    def put(self, name: str, content: bytes) -> None: ...   # DiskError
    def publish(self, note: str) -> None: ...               # the checkpoint, durable with all that was put before it


def mirror(ports: Ports, files: LedgerFiles) -> int:
    """Bring the copy up to the newest checkpoint; how many entries were added."""
    done = published(ports.notary, files)
    with ports.store.reading() as tx:
        head = tx.leaves.last_checkpoint()
        size = head.size if head else 0
        if done and (head is None or done.size > size or (done.size == size and done.root != head.root)):
            raise TamperError(f"ledger/ was published with {done.size} entries and root {done.root.hex()[:16]}…, the store "
                              f"has {size}", code="LEDGER-PUT-BACK",
                              hint="An older store was put back. If on purpose, move the ledger folder away and keep it.")
        before = done.size if done else 0
        if head is None or size == before:
            return 0
        for tile in tiles_of(size, before):
            _write(tx, files, tile)
    files.publish(head.note)
    return size - before


def published(checker: NoteChecker, files: LedgerFiles) -> Checkpoint | None:
    """The checkpoint of the copy, or None; TamperError when it is not one of ours."""
    note = files.checkpoint()
    return checker.open_checkpoint(note) if note is not None else None


def _write(tx: Transaction, files: LedgerFiles, tile: Tile) -> None:
    if tile.row == 0:
        start = tile.index * WIDTH
        entries = tx.leaves.range(start, start + tile.width)
        files.put(tile.name, b"".join(hashed for _, hashed in entries))
        files.put(tile.bundle_name, bundle([leaf.canonical() for leaf, _ in entries]))
    else:
        found = nodes_of(tx, tile.nodes)
        files.put(tile.name, b"".join(found[node] for node in tile.nodes))
