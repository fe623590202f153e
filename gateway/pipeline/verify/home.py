"""A whole home checked: ledger, store and vault, each against the others. Reads only; safe beside a running daemon.

One reading transaction sees ledger and store in one state. Blobs are read after it: a parcel's blob never changes.
What an operator has accepted (a store that was put back, a home that was restored) is no problem, and is told all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.domain.ledger.leaf import Leaf
from gateway.pipeline.standing import LedgerFiles
from gateway.pipeline.verify.branches import Left
from gateway.pipeline.verify.files import check_files
from gateway.pipeline.verify.heads import Witness
from gateway.pipeline.verify.ledger import LedgerCheck, check_ledger
from gateway.pipeline.verify.parcels import Account, VaultCheck, check_vault
from gateway.ports import Ports


@dataclass(frozen=True, slots=True)
class HomeReport:
    """What ``gateway verify`` says."""

    ledger: LedgerCheck
    vault: VaultCheck
    account: Account
    now: datetime
    also: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()    # what an operator answers for: told, and no problem

    @property
    def problems(self) -> list[str]:
        """Every problem, with the entry, row or blob it lies in."""
        return [*self.ledger.problems, *self.account.problems, *self.vault.problems, *self.also]

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """One object, as others script against it."""
        head = self.ledger.checkpoint
        age = max(0.0, (self.now - head.at).total_seconds()) if head else None
        return {
            "ok": self.ok,
            "ledger": {"entries": self.ledger.entries, "root": self.ledger.root.hex(), "checkpoint_age_s": age},
            "vault": {"blobs": self.vault.blobs, "bytes": self.vault.bytes, "bad": self.vault.bad,
                      "without_parcel": self.vault.without_parcel},
            "balance": self.account.balance,
            "problems": self.problems,
            "accepted": list(self.accepted),
        }


def verify_home(ports: Ports, now: datetime, *, read_data: bool = True, witnessed: Sequence[Witness | str] = (),
                also: Sequence[str] = (), files: LedgerFiles | None = None) -> HomeReport:
    """Check a home. ``witnessed``: checkpoints seen elsewhere; ``also``: what the store's own check found; ``files``: ledger/."""
    account, left = Account(), Left()

    def seen(leaf: Leaf) -> None:
        account.seen(leaf)
        left.seen(leaf)

    with ports.store.reading() as tx:
        ledger = check_ledger(tx, ports.notary, seen, witnessed)
        told = left.account(ports.notary, files, ledger)
        account.compare(tx)
        if files is not None:
            ledger.problems += check_files(tx, ports.notary, files)
    vault = check_vault(ports.vault, account.arrived, read_data=read_data)
    return HomeReport(ledger, vault, account, now, tuple(also), tuple(told))
