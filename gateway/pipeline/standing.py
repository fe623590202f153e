"""Whether the store goes on from what this gateway has signed and published of its ledger.

1. ``ledger/`` is read first, the store after it: the store may be ahead of it, never behind.
2. A store that has fewer entries than were published, or others, was put back from a copy. Nothing may be written to it: what was
   acknowledged since is not in it, and a second history would be signed beside the first.
3. Unless an operator has accepted exactly this. Then the ledger goes on, says so for ever, and the old checkpoint is kept.
4. No entry is hashed again here, that is ``verify``'s work: the root comes from the stored nodes, at most 64 of them.
5. When both were put back together nothing in the home can show it: a checkpoint that someone else has seen does.
"""

from __future__ import annotations

from typing import Any, Protocol

from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.domain.ledger.tree import frontier, root_of
from gateway.errors import TamperError, UsageError
from gateway.pipeline.sequence import nodes_of
from gateway.ports import NoteChecker, Store, Transaction

ACCEPTED = "put-back-accepted"    # kind of the ledger entry
RESTORED = "home-restored"        # likewise: `gateway restore` made this home from a backup
REPUBLISHED = "ledger-republished"    # likewise: ledger/ was lost, and written again from the store


class LedgerFiles(Protocol):
    """Files by name, each whole or absent."""

    def checkpoint(self) -> str | None: ...                 # the signed note that was published last
    def get(self, name: str) -> bytes | None: ...
    def put(self, name: str, content: bytes) -> None: ...   # DiskError
    def publish(self, note: str) -> None: ...               # the checkpoint, durable with all that was put before it
    def set_apart(self, name: str) -> None: ...             # all of it under a name of its own, kept; safe to repeat
    def apart(self, name: str) -> LedgerFiles: ...          # what was set apart


def published(checker: NoteChecker, files: LedgerFiles) -> Checkpoint | None:
    """The checkpoint of the copy, or None; TamperError when it is not one of ours."""
    note = files.checkpoint()
    return checker.open_checkpoint(note) if note is not None else None


def prove_standing(store: Store, checker: NoteChecker, files: LedgerFiles) -> None:
    """Return when the store may be written to; TamperError LEDGER-PUT-BACK when it was put back and nobody has accepted it."""
    done = published(checker, files)
    if done is None:
        return
    with store.reading() as tx:
        if accepted(tx, done) is None:
            goes_on_from(tx, done)


def goes_on_from(tx: Transaction, done: Checkpoint) -> None:
    """Return when the first entries of the store are those of a checkpoint."""
    size = tx.leaves.size()
    found = root_of(done.size, nodes_of(tx, frontier(done.size))) if done.size <= size else b""
    if found != done.root:
        has = f"begins with root {found.hex()[:16]}…" if found else f"has {size}"
        raise TamperError(
            f"ledger/ was published on {done.at:%Y-%m-%d %H:%M} with {done.size} entries and root {done.root.hex()[:16]}…, "
            f"the store {has}", code="LEDGER-PUT-BACK",
            hint="An older store, or another, was put back. Put the newest back; if there is none, an operator types: "
                 "gateway ledger accept --reason …")


def accepted(tx: Transaction, done: Checkpoint) -> Leaf | None:
    """The entry by which an operator accepted that this checkpoint is no longer gone on from."""
    try:
        leaf = tx.leaves.get(tx.settings.get(mark_of(done)) or "")
    except UsageError:
        return None
    return leaf if leaf.kind == ACCEPTED and leaf.facts.get("published_root") == done.root.hex() else None


def kept_as(done: Checkpoint) -> str:
    """The name under which what was published before is kept beside the new copy."""
    return f"{done.size}-{done.root.hex()[:16]}"


def mark_of(done: Checkpoint) -> str:
    """The setting under which the entry that accepted a checkpoint's end is found."""
    return f"put-back:{done.size}:{done.root.hex()}"


def facts_of(leaf: Leaf) -> dict[str, Any]:
    """What an entry of one of the kinds above tells, with who and when."""
    return {**leaf.facts, "index": leaf.index, "by": leaf.actor, "at": leaf.at.isoformat()}
