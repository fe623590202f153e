"""Signed tree heads against the entries they cover: those the store keeps, and those that were seen elsewhere.

1. Of the stored ones each must be signed by a key of ours, say what its columns say, and be the root of the first entries. One
   whose key was revoked since is good when it is that root and a later one, signed by a key in force, covers it.
2. They are read beside the entries, in the order they were kept; what is wrong with several is told once, with the first.
3. A head from elsewhere that is not the root of our entries is a problem, unless it belongs to a history that was put back and
   that an operator has accepted: then it is told, with who accepted it and what is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gateway.domain.ledger.leaf import Checkpoint
from gateway.domain.ledger.tree import EMPTY_ROOT
from gateway.errors import TamperError
from gateway.ports import NoteChecker, Transaction

PAGE = 500
REVOKED = "KEY-REVOKED"


@dataclass(frozen=True, slots=True)
class Witness:
    """A signed checkpoint from outside the store. With a receipt, the entry it is about: its number and hash."""

    note: str
    what: str = "checkpoint seen elsewhere"
    entry: tuple[int, bytes] | None = None    # what a receipt is about
    lost: str = "what it acknowledged is not here, ask for the file again"    # when that is not in the ledger


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A head from elsewhere that our entries do not lead to; ``root`` is ours of that size, None when we have fewer entries."""

    witness: Witness
    head: Checkpoint
    root: bytes | None


@dataclass(slots=True)
class StoredHeads:
    """The stored heads, compared while the entries are read."""

    tx: Transaction
    checker: NoteChecker
    newest: Checkpoint | None = None
    good: int = 0                                                  # the largest size that a signed head agrees with
    by_revoked: list[int] = field(default_factory=list)            # places of those whose key was revoked since
    _seq: int = 0
    _waiting: list[tuple[int, Checkpoint | None]] = field(default_factory=list)
    _found: dict[str, list[int]] = field(default_factory=dict)     # what is wrong → places of the heads it is wrong with

    def compare(self, upto: int, root_at: Callable[[int], bytes]) -> None:
        """Those that cover at most ``upto`` entries, which have been read."""
        while (following := self._next()) is not None:
            seq, head = following
            if head is not None and head.size > upto:
                return
            self._waiting.pop(0)
            self.newest = head or self.newest
            self._one(seq, head, root_at)

    def finish(self, entries: int, root_at: Callable[[int], bytes]) -> list[str]:
        """The rest, and every problem there was."""
        self.compare(entries, root_at)
        while (following := self._next()) is not None:
            seq, head = following
            self._waiting.pop(0)
            self.newest = head or self.newest
            if head is not None and head.size > entries:
                self._wrong(f"covers {head.size} entries, the ledger has {entries}", seq)
            else:
                self._wrong("covers fewer entries than the one before it", seq)
        if self.by_revoked and self.by_revoked[-1] == self._seq:
            self._wrong("is signed by a key that was revoked, and by none in force", self._seq)
        return [f"ledger: {_which(seqs, self._seq)} {said}" for said, seqs in self._found.items()]

    def _next(self) -> tuple[int, Checkpoint | None] | None:
        if not self._waiting:
            self._waiting = self.tx.leaves.checkpoints(self._seq, PAGE)
            self._seq = self._waiting[-1][0] if self._waiting else self._seq
        return self._waiting[0] if self._waiting else None

    def _one(self, seq: int, head: Checkpoint | None, root_at: Callable[[int], bytes]) -> None:
        if head is None:
            self._wrong("cannot be read any more", seq)
            return
        try:
            signed = self.checker.open_checkpoint(head.note)
        except TamperError as error:
            if error.code == REVOKED and root_at(head.size) == head.root:
                self.by_revoked.append(seq)
            else:
                self._wrong(f"does not verify: {error.message}", seq)
            return
        if (signed.size, signed.root, signed.at) != (head.size, head.root, head.at):
            self._wrong("is not the one that was signed", seq)
        elif head.size < self.good:
            self._wrong("covers fewer entries than the one before it", seq)
        elif root_at(head.size) != head.root:
            self._wrong(f"is not the root of the entries it covers; those up to {self.good} are as signed", seq)
        else:
            self.good = head.size

    def _wrong(self, said: str, seq: int) -> None:
        self._found.setdefault(said, []).append(seq)


def witnessed_heads(checker: NoteChecker, witnessed: Sequence[Witness | str],
                    problems: list[str]) -> list[tuple[Witness, Checkpoint]]:
    """The heads of what was seen elsewhere; one that does not verify is a problem."""
    heads = []
    for given in witnessed:
        witness = given if isinstance(given, Witness) else Witness(given)
        try:
            heads.append((witness, checker.open_checkpoint(witness.note)))
        except TamperError as error:
            problems.append(f"ledger: {witness.what} does not verify: {error.message}")
    return heads


def mismatches(heads: Sequence[tuple[Witness, Checkpoint]], roots: dict[int, bytes]) -> list[Mismatch]:
    """The heads that our entries do not lead to."""
    known = roots | {0: EMPTY_ROOT}
    return [Mismatch(witness, head, known.get(head.size)) for witness, head in heads if known.get(head.size) != head.root]


def _which(seqs: Sequence[int], last: int) -> str:
    first = "the newest stored checkpoint" if seqs[0] == last else f"stored checkpoint {seqs[0]}"
    return first if len(seqs) == 1 else f"{first}, and {len(seqs) - 1} more up to {seqs[-1]},"
