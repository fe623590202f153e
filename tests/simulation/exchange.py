"""Exchange: two authorities, their officers, and the post between them, until every referral is answered.

Everything from the release to the answer applied is the real thing on both sides: guard, packages, receipts, states. Each
referral arrives once, is answered once, and its case closes once, however often a package was sent; what was withdrawn here is
not waited for there.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from adapters.store.transaction import SqlTransaction
from gateway.daemon import Lane
from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.parcel import Job, ParcelState
from gateway.domain.referrals.exchange import News, can
from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralState
from gateway.pipeline import alerts, exchange, timers
from gateway.pipeline.acknowledge import give_receipts
from gateway.pipeline.journey import process
from gateway.ports import Ports
from tests.pipeline.exchange.neighbours import Neighbours, neighbours
from tests.simulation.crew import Crew
from tests.simulation.history import ENQUEUE, FINISH
from tests.simulation.house import House
from tests.simulation.play import OFFICER, Account, Scene, beside, jobs_account, leaves_of, typed
from tests.simulation.stores import empty_store, workshop

DRAFTS = 2
FOUND = 0.2                   # the chance that a child was found when an officer looks;
FOUND_MEANWHILE = 0.6         # while its referral is on its way, when a withdrawal is hardest
HANDLERS = {
    "deliver": exchange.deliver, "notice": alerts.notice, "alert": alerts.alert, "timer": timers.handle,
    "process": lambda job, ports: process([job], ports), "receipt": lambda job, ports: give_receipts([job], ports),
}


class Exchange:
    """A play."""

    def __init__(self, scene: Scene) -> None:
        self._turns, self._history = scene.turns, scene.history
        chance = self._turns.chance
        scene.turns.weather.leaps = ()     # under a clock that is a day off packages are refused, and a person sends them again
        lanes = (Lane("partners", ("deliver",), threads=chance.choice((1, 2))),
                 Lane("inside", ("process", "receipt", "notice", "timer"), lease_seconds=120.0))
        keys = _towns().towns
        self._ours = House(keys["990"].keys, _drafted(scene.folder / "990.sqlite"), self._turns, scene.history, lanes, HANDLERS)
        self._theirs = House(keys["991"].keys, empty_store(scene.folder / "991.sqlite"), self._turns, scene.history, lanes,
                             HANDLERS)
        self._ours.inboxes = [(self._theirs.place("peer:990"), "991", Channel.PEER)]
        self._theirs.inboxes = [(self._ours.place("peer:991"), "990", Channel.PEER)]
        self.houses = [self._ours, self._theirs]
        self._drafts = chance.randint(1, DRAFTS)

    def begin(self) -> None:
        """Daemons start; one officer releases drafts, the other answers what comes."""
        chance = self._turns.chance
        for house in self.houses:
            Crew(house, "n0", "gateway-0")
            if chance.random() < 0.3:
                Crew(house, "n1", "gateway-1", intake=False)
        for pause in (0.0, chance.uniform(3.0, 60.0), chance.uniform(3.0, 60.0), 600.0):
            self._turns.later(pause, self._people)
        for pause in (2.0, 60.0, 900.0):
            self._turns.later(pause, self._answers)

    def mend(self) -> None:
        """Whoever died while typing types again."""
        self._people()
        for pause in (60.0, 3_600.0, 20_000.0):      # what a busy machine sends an hour later is answered too
            self._turns.later(pause, self._answers)

    def account(self, account: Account) -> None:
        """Everything once."""
        ours, theirs = (house.auditor for house in self.houses)
        here, there = (Counter((leaf.kind, leaf.subject) for leaf in leaves_of(ports)) for ports in (ours, theirs))
        jobs = jobs_account(self._ours, account)
        jobs_account(self._theirs, account)
        came = {referral.message: referral for referral in _referrals(theirs, Direction.IN)}
        for referral in _referrals(ours, Direction.OUT)[:self._drafts]:
            arrived = came.pop(referral.message, None)
            if referral.state is ReferralState.WITHDRAWN:
                if arrived is not None and arrived.state is ReferralState.DELIVERED:
                    account.unanswered.append(f"{referral.id} was withdrawn, and they were not told")
                continue
            account.once(f"arrivals of {referral.id}", there["referral-arrived", arrived.id] if arrived else 0)
            account.once(f"answers to {referral.id}", here["referral-answered", referral.id])
            if not self._answered_first(referral):
                account.once(f"clocks of {referral.id}", _clocks(referral, jobs))
            account.once(f"closings of {referral.case}", here["case-closed", str(referral.case)])
            if referral.state is not ReferralState.CLOSED:
                account.unanswered.append(f"{referral.id} is {referral.state.value} after everything was answered")
        account.once("referrals that nobody sent", len(came), 0)
        for house, ports in zip(self.houses, (ours, theirs), strict=True):
            self._parcels(house, ports, account)

    def _answered_first(self, referral: Referral) -> bool:
        """Whether their answer was taken in before the proof of our delivery: then nobody awaits it."""
        for act in self._history.acts["990"]:
            if act.what == ENQUEUE and act.job.startswith(f"deliver:991:{referral.id}-A"):
                return True           # its receipt
            if act.what == FINISH and act.job.startswith(f"deliver:{referral.id}:"):
                return False
        return False

    def _parcels(self, house: House, ports: Ports, account: Account) -> None:
        with ports.store.reading() as tx:
            for parcel in tx.parcels.where(channel=Channel.PEER):
                if parcel.state is not ParcelState.SETTLED:
                    account.stuck.append(f"{parcel.id} is {parcel.state.value}")
        [(place, *_)] = house.inboxes
        account.stuck += [f"{name} still lies in the folder of {place.name}" for name in (*place.lying, *place.taking)]
        sealed: defaultdict[str, set[bytes]] = defaultdict(set)
        for name, contents in place.seen.items():
            sealed[name.rsplit("-", 1)[0]] |= contents
        for package, contents in sealed.items():
            account.once(f"sealings of {package}", len(contents))

    # ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _people(self) -> None:
        machine, ports = beside(self._ours, f"alice{self._turns.steps}")
        self._turns.enter(machine, "alice", lambda: typed(self._turns, lambda: self._release(ports)))

    def _release(self, ports: Ports) -> None:
        """Every draft goes; now and then a child is found meanwhile."""
        for referral in _referrals(ports, Direction.OUT)[:self._drafts]:
            found = FOUND_MEANWHILE if referral.state is ReferralState.RELEASED else FOUND
            if self._turns.weather.blows and can(referral, News.WITHDRAW) and self._turns.chance.random() < found:
                with ports.store.writing() as tx:
                    exchange.withdraw(tx, ports, tx.referrals.get(referral.id), OFFICER, ports.clock.now())
                continue
            if referral.state is ReferralState.DRAFTED:
                with ports.store.writing() as tx:
                    exchange.release(tx, ports, referral.id, OFFICER, ports.clock.now())
                self._turns.pause(self._turns.chance.choice((0.0, 5.0, 300.0)))

    def _withdrawn(self) -> set[str]:
        """By what was committed: whoever withdrew may have died, or been told of an error, before or after."""
        sent = _referrals(self._ours.auditor, Direction.OUT)
        return {referral.message for referral in sent if referral.state is ReferralState.WITHDRAWN}

    def _answers(self) -> None:
        machine, ports = beside(self._theirs, f"bert{self._turns.steps}")
        self._turns.enter(machine, "bert", lambda: typed(self._turns, lambda: self._answer(ports)))

    def _answer(self, ports: Ports) -> None:
        """Everything that came; in the end not what was withdrawn, for of that they must hear without asking."""
        gone = set() if self._turns.weather.blows else self._withdrawn()
        for referral in _referrals(ports, Direction.IN):
            if referral.state is ReferralState.DELIVERED and referral.message not in gone:
                with ports.store.writing() as tx:
                    exchange.answer(tx, ports, referral.id, Answer.ACCEPTED, OFFICER, ports.clock.now())


def _clocks(referral: Referral, jobs: Mapping[str, Job]) -> int:
    """How often the answer is awaited; a repeat on the next day awaits it a day later, and that is no other clock."""
    return int(any(key.startswith(f"timer:answer-due:{referral.id}:") for key in jobs))


def _referrals(ports: Ports, direction: Direction) -> list[Referral]:
    with ports.store.reading() as tx:
        return tx.referrals.where(direction=direction)


@cache
def _towns() -> Neighbours:
    return neighbours()


@cache
def _template() -> Path:
    here = _towns()["990"]
    for number in range(DRAFTS):
        here.draft(here.open_case(upn=None, legal_surname=("Quill", "Marsh", "Ellery")[number]))
    path = workshop() / "drafted.sqlite"
    with here.store.reading() as tx, sqlite3.connect(path) as copy:
        raw = cast(SqlTransaction, tx).session.connection.connection.driver_connection
        cast(sqlite3.Connection, raw).backup(copy)
    copy.close()
    return path


def _drafted(path: Path) -> Path:
    """A store with drafts that wait for their release."""
    shutil.copyfile(_template(), path)
    return path
