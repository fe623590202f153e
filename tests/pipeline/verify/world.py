"""A small gateway of real parts: key ring, vault, case store, press; a clock that is told the time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from adapters.ids import TimedIds
from adapters.ledger.folder import LedgerFolder
from adapters.store.opening import open_store
from adapters.vault.folder import FolderVault
from gateway.domain.actor import GATEWAY
from gateway.domain.ledger.leaf import Leaf
from gateway.domain.parcels.kinds import Channel, Kind, Verdict
from gateway.domain.parcels.parcel import Parcel, ParcelState
from gateway.domain.policy import Person, Policy
from gateway.domain.register.establishments import Register
from gateway.ports import Ports
from keys import ring
from keys.ring import KeyRing

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
FERNBRIDGE = "9902001"


class ToldClock:
    """Says what it was told."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()


def policy(*, rehearsal: bool = False) -> Policy:
    return Policy(la="990", name="Thornhaven", contact=Person("Ada Quill", "cme@thornhaven.example", "01632 960101"),
                  deputy=Person("Ben Marsh", "deputy@thornhaven.example"), safeguarding_phone="01632 960100", rehearsal=rehearsal)


class World:
    """One home on disk."""

    def __init__(self, root: Path, *, keys_of: World | None = None) -> None:
        self.home, self.private = root / "home", root / "private"
        self.ring: KeyRing = keys_of.ring if keys_of else ring.create(
            self.home, private_dir=self.private, recovery_to=root / "recovery", la="990", now=NOW)
        (self.home / "vault").mkdir(parents=True, exist_ok=True)
        self.clock = ToldClock()
        self.ids = TimedIds(self.clock)
        self.vault = FolderVault(self.home / "vault", self.ring.vault_files())
        self.notary = self.ring.notary()
        self.reopen()

    def reopen(self) -> None:
        """Open the store, again after it was closed."""
        self.store = open_store(self.home / "gateway.sqlite", sealer=self.ring.sealer(), blinder=self.ring.blinder(),
                                ids=self.ids, create=True)
        self.ports = cast(Ports, SimpleNamespace(store=self.store, vault=self.vault, notary=self.notary, clock=self.clock,
                                                 register=Register(), ids=self.ids, policy=policy()))

    def files(self) -> LedgerFolder:
        """Its ledger/."""
        (self.home / "ledger").mkdir(exist_ok=True)
        return LedgerFolder(self.home / "ledger")

    def copied(self) -> bytes:
        """The store as a backup program would copy it."""
        self.store.close()
        content = (self.home / "gateway.sqlite").read_bytes()
        self.reopen()
        return content

    def put_back(self, copy: bytes) -> None:
        """An older copy takes the store's place."""
        self.store.close()
        for path in self.home.glob("gateway.sqlite*"):
            path.unlink()
        (self.home / "gateway.sqlite").write_bytes(copy)
        self.reopen()

    def append(self, *subjects: str) -> list[Leaf]:
        with self.store.writing() as tx:
            return [tx.leaves.append("case-opened", subject, GATEWAY, self.clock.now(), {"parcel": subject})
                    for subject in subjects]

    def parcel(self, content: bytes, *, state: ParcelState = ParcelState.SETTLED, rows: tuple[int, int, int] = (0, 0, 0),
               sender: str = FERNBRIDGE) -> Parcel:
        """A parcel with its blob, row and leaf, as receive and settle leave it."""
        parcel = self.ids.new("P")
        blob = self.vault.begin()
        blob.write(content)
        blob.publish(f"parcel/{parcel}")
        verdict = {ParcelState.SETTLED: Verdict.ACCEPTED, ParcelState.REFUSED: Verdict.REFUSED}.get(state)
        made = Parcel(id=parcel, sender=sender, channel=Channel.DROP, name="leavers.csv", size=len(content),
                      sha256=hashlib.sha256(content).hexdigest(), blob=f"parcel/{parcel}", week=date(2026, 11, 16),
                      received_at=self.clock.now(), kind=Kind.LEAVERS, state=state, verdict=verdict,
                      rows_read=rows[0], rows_accepted=rows[1], rows_held=rows[2])
        with self.store.writing() as tx:
            tx.parcels.add(made)
            tx.leaves.append("parcel-received", parcel, GATEWAY, self.clock.now(), {"sha256": made.sha256, "size": made.size})
        return made

    def later(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)


def sentences(problems: Iterable[object]) -> str:
    return "\n".join(map(str, problems))
