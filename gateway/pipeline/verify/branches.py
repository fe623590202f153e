"""Histories that the ledger does not go on from: stores that were put back, and what an operator accepted of it.

1. Each is an entry of the ledger: which checkpoint was left behind, by whom it was accepted, and when.
2. What was published of it is kept apart; it is checked against the checkpoint in the entry before anything is concluded from it.
3. A checkpoint from elsewhere is explained by a history that was left when it is one of that history's own: its last one, or the
   root of some of its first entries. Anything else is a contradiction, and no acceptance covers it.
4. What was acknowledged in the part that was left is told, parcel by parcel: its senders hold receipts for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.domain.ledger.leaf import Checkpoint, Leaf
from gateway.domain.ledger.tiles import tiles_of, unbundle
from gateway.domain.ledger.tree import leaf_hash, root_over
from gateway.errors import TamperError
from gateway.pipeline.standing import ACCEPTED, REPUBLISHED, RESTORED, LedgerFiles
from gateway.pipeline.verify.heads import REVOKED, Mismatch
from gateway.pipeline.verify.ledger import LedgerCheck
from gateway.ports import NoteChecker

TOLD = (ACCEPTED, RESTORED, REPUBLISHED)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Branch:
    """A history that was left behind. ``entries`` are all of it, proven against its checkpoint; empty when they are not kept."""

    leaf: Leaf
    head: Checkpoint
    entries: tuple[bytes, ...] = ()

    def owns(self, head: Checkpoint) -> bool:
        """Whether a checkpoint is one of this history."""
        if (head.size, head.root) == (self.head.size, self.head.root):
            return True
        return root_over(map(leaf_hash, self.entries[:head.size])) == (head.size, head.root)

    def lost_parcels(self) -> list[str]:
        """The parcels received in the part that was left."""
        told = [json.loads(entry) for entry in self.entries[_count(self.leaf.facts.get("common")):]]
        return [entry["subject"] for entry in told if entry["kind"] == "parcel-received"]


@dataclass(slots=True)
class Left:
    """What the ledger tells of putting back, collected while it is read."""

    leaves: list[Leaf] = field(default_factory=list)

    def seen(self, leaf: Leaf) -> None:
        """Take note of an entry about putting back."""
        if leaf.kind in TOLD:
            self.leaves.append(leaf)

    def account(self, checker: NoteChecker, files: LedgerFiles | None, check: LedgerCheck) -> list[str]:
        """Sentences about everything that was accepted. What is not explained joins the problems."""
        branches = [_branch(leaf, checker, files, check.problems) for leaf in self.leaves if leaf.kind == ACCEPTED]
        known = [branch for branch in branches if branch is not None]
        told = [*check.told, *(_accepted(branch) for branch in known)]
        told += [_other(leaf) for leaf in self.leaves if leaf.kind != ACCEPTED]
        for mismatch in check.mismatches:
            owner = next((branch for branch in known if branch.owns(mismatch.head)), None)
            if owner is None:
                check.problems.append(f"ledger: {_contradiction(mismatch, check, self.leaves)}")
            else:
                told.append(f"ledger: {_explained(mismatch, owner, check)}")
        return told


def _branch(leaf: Leaf, checker: NoteChecker, files: LedgerFiles | None, problems: list[str]) -> Branch | None:
    try:
        head = checker.open_checkpoint(str(leaf.facts.get("checkpoint")))
    except TamperError as error:
        if error.code != REVOKED:
            problems.append(f"ledger: the checkpoint in entry {leaf.index} does not verify: {error.message}")
            return None
        head = Checkpoint(_count(leaf.facts.get("published")), bytes.fromhex(str(leaf.facts.get("published_root"))), leaf.at, "")
    entries = _entries(files.apart(str(leaf.facts.get("kept"))), head.size) if files is not None else None
    if entries is None:
        return Branch(leaf, head)
    if root_over(map(leaf_hash, entries)) != (head.size, head.root):
        problems.append(f"ledger: what is kept in ledger/put-back/{leaf.facts.get('kept')} is not what was published")
        return Branch(leaf, head)
    return Branch(leaf, head, entries)


def _entries(files: LedgerFiles, size: int) -> tuple[bytes, ...] | None:
    """What is kept of a history; None when it is not there, nothing when it is not what it was."""
    found: list[bytes] = []
    for tile in tiles_of(size):
        if tile.row == 0:
            content = files.get(tile.bundle_name)
            if content is None:
                return None
            try:
                found += unbundle(content)
            except TamperError:
                return ()
    return tuple(found)


def _accepted(branch: Branch) -> str:
    facts, lost = branch.leaf.facts, branch.lost_parcels()
    some = ", ".join(lost[:SHOWN]) + (" …" if len(lost) > SHOWN else "")
    what = f"; parcels that were received in the part that was left: {some}" if lost else ""
    kept = "" if branch.entries else "; its entries are not kept in ledger/put-back"
    return (f"ledger: a store of {facts.get('store')} entries was put back after {facts.get('published')} had been published, "
            f"{facts.get('common')} of them the same; accepted by {_who(branch.leaf)}{what}{kept}")


def _other(leaf: Leaf) -> str:
    if leaf.kind == RESTORED:
        return (f"home: restored by {_who(leaf)} from a backup of {leaf.facts.get('made_at')} with "
                f"{leaf.facts.get('entries')} entries: what was received after it is not here")
    return (f"ledger: ledger/ was lost, and written again from the store with {leaf.facts.get('entries')} entries on "
            f"{leaf.at.isoformat()}: earlier checkpoints are only with those who keep receipts")


def _who(leaf: Leaf) -> str:
    return f"{leaf.actor} on {leaf.at.isoformat()} (entry {leaf.index if leaf.index is not None else 'not numbered yet'})"


def _explained(mismatch: Mismatch, branch: Branch, check: LedgerCheck) -> str:
    head = mismatch.head
    return (f"{mismatch.witness.what} of {head.at.isoformat()} covers {head.size} entries of the history that was left, as "
            f"accepted by {_who(branch.leaf)}{_of_entry(mismatch, check)}")


def _contradiction(mismatch: Mismatch, check: LedgerCheck, leaves: Sequence[Leaf]) -> str:
    head, said = mismatch.head, f"{mismatch.witness.what} of {mismatch.head.at.isoformat()}"
    restored = [leaf for leaf in leaves if leaf.kind == RESTORED and head.size > _count(leaf.facts.get("entries"))]
    after = f"; this home was restored from a backup with {restored[-1].facts.get('entries')} entries" if restored else ""
    if mismatch.root is None:
        return f"{said} covers {head.size} entries, the ledger has {check.entries}{_of_entry(mismatch, check)}{after}"
    return (f"the first {head.size} entries have root {mismatch.root.hex()[:16]}…, {said} says {head.root.hex()[:16]}…"
            f"{_of_entry(mismatch, check)}{after}")


def _of_entry(mismatch: Mismatch, check: LedgerCheck) -> str:
    """Whether what a receipt is about stands in the ledger all the same."""
    if mismatch.witness.entry is None:
        return ""
    number, hashed = mismatch.witness.entry
    if hashed not in check.numbers:
        return f"; its own entry {number} is not in this ledger: {mismatch.witness.lost}"
    now = check.numbers[hashed]
    return f"; its own entry is in this ledger all the same, {'and waits for its number' if now is None else f'as number {now}'}"


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0     # what was tampered with is told elsewhere, and stops nothing
