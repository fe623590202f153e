"""The ledger's copy in files, kept up with the store.

1. Tiles and bundles first, the signed checkpoint last: whoever reads the checkpoint finds all that it covers.
2. It only goes forward. A store that does not go on from what was published was put back; that is not carried over. When an
   operator has accepted it, what was published is set apart and kept, and the copy begins anew.
3. Safe to repeat, and to leave out: the next time writes what is missing.
4. A copy that was lost is written again from the store, and the ledger says so: nothing then shows any more what was published.
"""

from __future__ import annotations

from gateway.domain.actor import GATEWAY
from gateway.domain.ledger.leaf import Checkpoint
from gateway.domain.ledger.tiles import WIDTH, Tile, bundle, tiles_of
from gateway.pipeline.sequence import nodes_of
from gateway.pipeline.standing import REPUBLISHED, LedgerFiles, accepted, goes_on_from, kept_as, published
from gateway.ports import Ports, Transaction

PUBLISHED = "ledger-published"    # a setting: the copy was published before


def mirror(ports: Ports, files: LedgerFiles) -> int:
    """Bring the copy up to the newest checkpoint; how many entries were added."""
    done = published(ports.notary, files)
    with ports.store.reading() as tx:
        head = tx.leaves.last_checkpoint()
        if done and head and done.note == head.note:
            return 0
        before = _before(tx, files, done)
        if head is None:
            return 0
        for tile in tiles_of(head.size, before):
            _write(tx, files, tile)
    files.publish(head.note)
    if done is None:
        _note_first(ports, head)
    return head.size - before


def _before(tx: Transaction, files: LedgerFiles, done: Checkpoint | None) -> int:
    """How many entries the copy holds to go on from."""
    if done is None:
        return 0
    if accepted(tx, done) is not None:
        files.set_apart(kept_as(done))
        return 0
    goes_on_from(tx, done)
    return done.size


def _note_first(ports: Ports, head: Checkpoint) -> None:
    """The copy was published for the first time; or again, after it was lost."""
    with ports.store.writing() as tx:
        if tx.settings.get(PUBLISHED):
            facts = {"entries": head.size, "root": head.root.hex()}
            tx.leaves.append(REPUBLISHED, f"{head.size}", GATEWAY, ports.clock.now(), facts)
        else:
            tx.settings.put(PUBLISHED, "yes")


def _write(tx: Transaction, files: LedgerFiles, tile: Tile) -> None:
    if tile.row == 0:
        start = tile.index * WIDTH
        entries = tx.leaves.range(start, start + tile.width)
        files.put(tile.name, b"".join(hashed for _, hashed in entries))
        files.put(tile.bundle_name, bundle([leaf.canonical() for leaf, _ in entries]))
    else:
        found = nodes_of(tx, tile.nodes)
        files.put(tile.name, b"".join(found[node] for node in tile.nodes))
