"""A whole home checked: ledger, store and vault, each against the others. Reads only; safe beside a running daemon.

One reading transaction sees ledger and store in one state. Blobs are read after it: a parcel's blob never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
        }


def verify_home(ports: Ports, now: datetime, *, read_data: bool = True, witnessed: Sequence[str] = (),
                also: Sequence[str] = ()) -> HomeReport:
    """Check a home. ``witnessed``: checkpoints seen elsewhere; ``also``: what the store's own check found."""
    account = Account()
    with ports.store.reading() as tx:
        ledger = check_ledger(tx, ports.notary, account.seen, witnessed)
        account.compare(tx)
    vault = check_vault(ports.vault, account.arrived, read_data=read_data)
    return HomeReport(ledger, vault, account, now, tuple(also))
