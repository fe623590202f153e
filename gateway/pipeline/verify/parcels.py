"""Parcels against the ledger, and blobs against parcels.

(1) Every parcel the ledger says was received has its row, with the same hash and size; every row has its entry.
(2) Every parcel's blob is in the vault, opens whole, and is the bytes that were received.
(3) Every other blob opens too. Blobs without a parcel are counted: one may be an arrival under way.
(4) The account balances: received is settled, held, refused and in progress; rows read are accepted and held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from gateway.domain.ledger.leaf import Leaf
from gateway.domain.parcels.parcel import Parcel, ParcelState
from gateway.errors import TamperError
from gateway.ports import Transaction, Vault

PAGE = 500
RECEIVED = "parcel-received"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a parcel's blob must be."""

    parcel: str
    sha256: str
    size: int
    blob: str


@dataclass(slots=True)
class Account:
    """Parcels as the ledger and the store tell of them."""

    received: dict[str, Mapping[str, Any]] = field(default_factory=dict)    # by parcel: facts of the entry
    arrived: list[Arrived] = field(default_factory=list)
    balance: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _unreadable: set[str] = field(default_factory=set)

    def seen(self, leaf: Leaf) -> None:
        """Take note of an entry about a parcel."""
        if leaf.kind == RECEIVED:
            self.received[leaf.subject] = leaf.facts

    def compare(self, tx: Transaction) -> None:
        """Hold the store's parcels against the entries, and add up."""
        rows = {"read": 0, "accepted": 0, "held": 0}
        for ids in _pages(sorted(self.received)):
            found = {parcel.id: parcel for parcel in self._read(tx, ids)}
            for parcel_id in ids:
                if parcel_id not in self._unreadable:
                    self._one(parcel_id, found.get(parcel_id), rows)
        self._balance(tx, rows)

    def _read(self, tx: Transaction, ids: list[str]) -> list[Parcel]:
        try:
            return tx.parcels.where(id=ids)
        except (TamperError, ValueError):
            if len(ids) > 1:          # one of them cannot be read: the others can
                middle = len(ids) // 2
                return self._read(tx, ids[:middle]) + self._read(tx, ids[middle:])
        self._unreadable.add(ids[0])
        self.problems.append(f"store: the row of parcel {ids[0]} cannot be read any more")
        return []

    def _one(self, parcel_id: str, parcel: Parcel | None, rows: dict[str, int]) -> None:
        if parcel is None:
            self.problems.append(f"store: parcel {parcel_id} is in the ledger, its row is missing")
            return
        facts, row = self.received[parcel_id], parcel
        if (row.sha256, row.size) != (facts.get("sha256"), facts.get("size")):
            self.problems.append(f"store: parcel {row.id} has SHA-256 {row.sha256[:16]}… and {row.size} bytes, "
                                 f"the ledger says {str(facts.get('sha256'))[:16]}… and {facts.get('size')}")
        if row.rows_read != row.rows_accepted + row.rows_held:
            self.problems.append(f"store: parcel {row.id} has {row.rows_read} rows read, "
                                 f"{row.rows_accepted} accepted and {row.rows_held} held")
        rows["read"] += parcel.rows_read
        rows["accepted"] += parcel.rows_accepted
        rows["held"] += parcel.rows_held
        self.arrived.append(Arrived(parcel_id, parcel.sha256, parcel.size, parcel.blob))

    def _balance(self, tx: Transaction, rows: dict[str, int]) -> None:
        counts = {state: tx.parcels.count(state=state) for state in ParcelState}
        total = tx.parcels.count()
        self.balance = {"received": total, "settled": counts[ParcelState.SETTLED], "held": counts[ParcelState.HELD],
                        "refused": counts[ParcelState.REFUSED], "in_progress": counts[ParcelState.RECEIVED], "rows": rows}
        if total != sum(counts.values()):
            self.problems.append(f"balance: {total} parcels were received, their states add up to {sum(counts.values())}")
        if total > len(self.received):
            self.problems.append(f"balance: the store has {total} parcels, the ledger tells of {len(self.received)}")


@dataclass(slots=True)
class VaultCheck:
    """What was found in the vault."""

    blobs: int = 0
    bytes: int = 0
    bad: int = 0
    without_parcel: int = 0
    problems: list[str] = field(default_factory=list)


def check_vault(vault: Vault, arrived: Iterable[Arrived], *, read_data: bool = True) -> VaultCheck:
    """Check every blob; ``read_data`` False looks only whether each is there."""
    check = VaultCheck()
    there = dict(vault.keys())
    check.blobs, check.bytes = len(there), sum(there.values())
    for one in arrived:
        present = there.pop(one.blob, None) is not None
        problem = _blob_problem(vault, one, read_data=read_data) if present else "is missing"
        if problem:
            check.bad += 1
            check.problems.append(f"vault: blob {one.blob} of parcel {one.parcel} {problem}")
    for key in there:
        check.without_parcel += key.startswith("parcel/")
        problem = _opens(vault, key) if read_data else None
        if problem:
            check.bad += 1
            check.problems.append(f"vault: blob {key} {problem}")
    return check


def _blob_problem(vault: Vault, one: Arrived, *, read_data: bool) -> str | None:
    if not read_data:
        return None
    try:
        plain = vault.read(one.blob)
    except TamperError as error:
        return f"does not open: {error.message}"
    found = hashlib.sha256(plain).hexdigest()
    if (found, len(plain)) != (one.sha256, one.size):
        return f"holds {len(plain)} bytes of SHA-256 {found[:16]}…, expected {one.size} of {one.sha256[:16]}…"
    return None


def _opens(vault: Vault, key: str) -> str | None:
    try:
        vault.read(key)
    except TamperError as error:
        # Delivered and removed while we looked: nothing is wrong.
        return f"does not open: {error.message}" if vault.exists(key) else None
    return None


def _pages(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while page := list(islice(rest, PAGE)):
        yield page
