"""Accepting that an older store was put back: an operator's act, for a reason, that hides nothing.

1. What was published stays: its checkpoint stands in the ledger entry, its files are set apart beside the new copy.
2. The reason is kept sealed, in a cleared hold; the entry names the hold. Nobody's words stand in the ledger.
3. It is one transaction, and safe to repeat: the mirror does the rest, whenever it runs next.
4. Only what is so can be accepted: a store that goes on from what was published has nothing to accept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.domain.actor import Actor, Role, require
from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.domain.ledger.tiles import HASH_BYTES, WIDTH, hashes_in, tiles_of
from gateway.errors import TamperError, UsageError
from gateway.pipeline.officer.act import note_reason, with_reason
from gateway.pipeline.standing import ACCEPTED, LedgerFiles, accepted, goes_on_from, kept_as, mark_of, published
from gateway.ports import Ports, Transaction


def accept(ports: Ports, files: LedgerFiles, actor: Actor, reason: str, now: datetime) -> Leaf:
    """Write the entry that names the checkpoint the ledger does not go on from. UsageError when nothing was put back."""
    require(actor, Role.OPERATOR)
    reason = with_reason(reason)
    done = published(ports.notary, files)
    if done is None:
        raise _nothing("ledger/ holds 0 checkpoints, 1 expected")
    with ports.store.writing() as tx:
        before = accepted(tx, done)
        if before is not None:
            return before
        if _goes_on(tx, done):
            raise _nothing(f"the store goes on from the {done.size} entries that were published")
        hold = note_reason(tx, ports, "put-back", kept_as(done), _said(tx, done), reason, actor, now)
        leaf = tx.leaves.append(ACCEPTED, hold.id, actor, now, _facts(tx, files, done))
        tx.settings.put(mark_of(done), leaf.id)
    return leaf


def in_common(tx: Transaction, files: LedgerFiles, done: Checkpoint) -> int | None:
    """With how many of the published entries the store begins; None when the copy is not whole enough to tell."""
    count = 0
    for tile in tiles_of(done.size):
        if tile.row:
            break
        content = files.get(tile.name)
        if content is None or len(content) != HASH_BYTES * tile.width:
            return None
        start = tile.index * WIDTH
        stored = {leaf.index: hashed for leaf, hashed in tx.leaves.range(start, start + tile.width)}
        for place, hashed in enumerate(hashes_in(content)):
            if stored.get(start + place) != hashed:
                return count
            count += 1
    return count


def _said(tx: Transaction, done: Checkpoint) -> str:
    return f"an older store was put back: {done.size} entries were published, it has {tx.leaves.size()}"


def _facts(tx: Transaction, files: LedgerFiles, done: Checkpoint) -> dict[str, Any]:
    head = tx.leaves.last_checkpoint()
    return {"published": done.size, "published_root": done.root.hex(), "published_at": done.at.isoformat(),
            "checkpoint": done.note, "kept": kept_as(done), "store": tx.leaves.size(),
            "store_root": head.root.hex() if head else None, "common": in_common(tx, files, done)}


def _goes_on(tx: Transaction, done: Checkpoint) -> bool:
    try:
        goes_on_from(tx, done)
    except TamperError:
        return False
    return True


def _nothing(what: str) -> UsageError:
    return UsageError(f"nothing was put back: {what}", code="NOT-PUT-BACK", hint="gateway verify proves the whole home.")
