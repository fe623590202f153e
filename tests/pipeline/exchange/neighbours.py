"""Two boroughs that exchange for real: stores, keys, vaults and packages are the real things, the post between them is a dict."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from adapters.vault.memory import MemoryVault
from gateway.domain.actor import Actor, Role
from gateway.domain.cases.case import Case, CaseState, Category
from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.clocks.reporting_week import reporting_week
from gateway.domain.clocks.school_days import SchoolCalendar
from gateway.domain.identifiers.upn import check_letter
from gateway.domain.matching.child import Child
from gateway.domain.matching.keys import evidence_keys
from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.parcel import Job, Parcel
from gateway.domain.policy import Person, Policy
from gateway.domain.referrals.message import Envelope, Message, MessageKind
from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralKind
from gateway.domain.returns.movement import Movement
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.pipeline import alerts, exchange, timers
from gateway.pipeline.exchange.about import about
from gateway.ports import Notice, Outbox, Ports
from keys.age_files import AgeFiles, new_identity
from schemas.pages import PrintedPages
from tests.contracts.store.rooms import CountedIds, opened
from tests.memory.outbox import MemoryOutbox
from tests.safeguards.thornhaven import register
from tests.schemas.package.authorities import Authority, acquainted

OFFICER = Actor("alice", "Alice Osei", frozenset({Role.OFFICER}))
VIEWER = Actor("vic", "Vic Shaw", frozenset({Role.VIEWER}))
UPN = check_letter("990200124012") + "990200124012"
CHILD: dict[str, Any] = {"legal_surname": "D'Souza", "legal_forename": "Zoë", "dob": date(2017, 10, 9), "upn": UPN}
MOVED = {"new home postcode": "991", "new home address": "991"}


@dataclass
class _Clock:
    today_: date = date(2026, 11, 16)
    ticks: int = 0

    def now(self) -> datetime:
        self.ticks += 1
        return datetime.combine(self.today_, time(9), UTC) + timedelta(milliseconds=self.ticks)

    def today(self) -> date:
        return self.today_


@dataclass
class _Notices:
    told: list[Notice] = field(default_factory=list)

    def tell(self, notice: Notice) -> None:
        self.told.append(notice)


class Borough:
    """One authority's gateway, without the schools."""

    def __init__(self, keys: Authority, clock: _Clock, **choices: Any) -> None:
        self.la = keys.la
        self.keys = keys
        self.clock = clock
        self.boxes: dict[str, MemoryOutbox] = {}
        self.notices = _Notices()
        self.arrived = 0
        ids = CountedIds()   # on purpose the same ids in every borough: message ids of two authorities may collide
        person = Person(f"Contact of {keys.la}", f"cme@{keys.la}.example", "01632 960101")
        identity, recipient = new_identity()
        self.ports = Ports(
            store=opened(":memory:"), vault=MemoryVault(AgeFiles([recipient], [identity])), examiner=None,  # type: ignore[arg-type]
            notary=keys.signer, press=None, notifier=self.notices, clock=clock, ids=ids,  # type: ignore[arg-type]
            calendar=SchoolCalendar(keys.la, ()), register=register(),
            policy=Policy(keys.la, f"Authority {keys.la}", person, Person("Deputy", "deputy@example.org"), "01632 960100",
                          **choices),
            answers=lambda sender, channel: self.box(f"answers:{sender}"), outboxes=self.box, courier=keys.courier(),
            pages=PrintedPages())
        self.store = self.ports.store

    def box(self, purpose: str) -> Outbox:
        return self.boxes.setdefault(purpose, MemoryOutbox())

    def open_case(self, record: PupilRecord | None = None, **child: Any) -> Case:
        """A case of a child who left Fernbridge and moved to Marlowick."""
        values = CHILD | child
        with self.store.writing() as tx:
            ids, now = self.ports.ids, self.clock.now()
            known = Child(ids.new("K"), **values, keys=evidence_keys(
                values.get("upn"), values["legal_surname"], values["legal_forename"], values["dob"], None))
            tx.children.add(known)
            row = record or leaver_of(known)
            returned = Parcel(ids.new("P"), "9902001", Channel.DROP, "leavers.csv", known.id.rjust(64, "0"), 1, "parcel/none",
                              reporting_week(self.clock.today()), now)
            tx.parcels.add(returned)
            movement = Movement(ids.new("M"), returned.id, known.id, MovementKind.LEAVER, "9902001", row.off_roll_date,
                                (known.id,), row)
            tx.movements.add(movement)
            case = Case(ids.new("C"), known.id, Category.NO_DESTINATION, CaseState.OPEN, now, "no destination", movement.id,
                        last_school="9902001", responsible_la="991")
            tx.cases.add(case)
            return case

    def draft(self, case: Case, kind: ReferralKind = ReferralKind.REFERRAL, to: str = "991",
              derivations: dict[str, str] | None = None) -> Referral:
        with self.store.writing() as tx:
            found, child, record = about(tx, case.id)
            return exchange.draft(tx, self.ports, kind=kind, authority=to, case=found, child=child, record=record,
                                  reason="the new home is there", derivations=derivations or MOVED, now=self.clock.now())

    def act(self, what: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """An officer's act: ``what(tx, ports, …, now)``."""
        actor = more.pop("actor", OFFICER)
        with self.store.writing() as tx:
            return what(tx, self.ports, *arguments, actor, self.clock.now(), **more)

    def release(self, referral: Referral, **more: Any) -> Referral:
        done: Referral = self.act(exchange.release, referral.id, **more)
        return done

    def answer(self, said: Answer, *, actor: Actor = OFFICER, **details: Any) -> Referral:
        """The officer answers the newest question."""
        id = self.referrals(Direction.IN)[-1].id
        with self.store.writing() as tx:
            return exchange.answer(tx, self.ports, id, said, actor, self.clock.now(), **details)

    def work(self, *kinds: str) -> int:
        """Every job that is due, of these kinds; how many."""
        handlers = {"deliver": exchange.deliver, "alert": alerts.alert, "notice": alerts.notice, "timer": timers.handle}
        done = 0
        while jobs := self.claim(*(kinds or tuple(handlers))):
            for job in jobs:
                handlers[job.kind](job, self.ports)
                done += 1
        return done

    def claim(self, *kinds: str) -> list[Job]:
        with self.store.writing() as tx:
            return list(tx.jobs.claim("test", self.clock.now(), 60, 100, list(kinds)))

    def take(self, sealed: bytes, sender: str, name: str = "package.age") -> Parcel:
        """A package arrives by the channel of ``sender`` and is processed."""
        self.arrived += 1
        key = f"parcel/PX{self.arrived:05d}"
        blob = self.ports.vault.begin()
        blob.write(sealed)
        blob.publish(key)
        now = self.clock.now()
        parcel = Parcel(f"PX{self.arrived:05d}", sender, Channel.PEER, name, hashlib.sha256(sealed).hexdigest(), len(sealed), key,
                        reporting_week(self.clock.today()) - timedelta(weeks=self.arrived), now)
        with self.store.writing() as tx:
            tx.parcels.add(parcel)
            tx.jobs.enqueue("process", f"process:{parcel.id}", now, {"parcel": parcel.id})
        [job] = self.claim("process")
        exchange.take_package(job, parcel, self.ports, self.clock.now())
        with self.store.reading() as tx:
            return tx.parcels.get(parcel.id)

    def forge(self, kind: MessageKind, id: str, to: str, body: dict[str, Any]) -> bytes:
        """A package that this borough's keys really signed, whatever it says."""
        now = self.clock.now()
        return self.keys.courier().seal(Message(Envelope(id, kind, self.la, to, now, now + timedelta(days=30)), body))

    def referrals(self, direction: Direction | None = None) -> list[Referral]:
        with self.store.reading() as tx:
            return tx.referrals.where(direction=direction or tuple(Direction))

    def the(self, referral: Referral) -> Referral:
        with self.store.reading() as tx:
            return tx.referrals.get(referral.id)

    def case(self, case: Case) -> Case:
        with self.store.reading() as tx:
            return tx.cases.get(case.id)

    def holds(self, *what: str) -> list[Hold]:
        with self.store.reading() as tx:
            return [h for h in tx.holds.where(state=HoldState.OPEN) if not what or h.what in what]

    def leaves(self) -> list[str]:
        with self.store.reading() as tx:
            return [leaf.kind for leaf in tx.leaves.unsequenced(1000)]


@dataclass
class Neighbours:
    """Thornhaven, Marlowick and Saltmarch Vale, and the post between them."""

    clock: _Clock
    towns: dict[str, Borough]

    def __getitem__(self, la: str) -> Borough:
        return self.towns[la]

    def post(self) -> int:
        """Carry what lies in every outbox to where it goes; how many packages."""
        carried = 0
        for sender in self.towns.values():
            for purpose, box in sender.boxes.items():
                to = self.towns.get(purpose.removeprefix("peer:"))
                for name in list(box.things) if to is not None else []:
                    to.take(box.things.pop(name), sender.la, name)  # type: ignore[union-attr]
                    carried += 1
        return carried

    def settle(self) -> None:
        """Deliver and carry until nothing moves."""
        while sum(town.work() for town in self.towns.values()) + self.post():
            pass

    def answer(self, la: str, said: Answer, **details: Any) -> Referral:
        """The officer of ``la`` answers the newest question, and everything is carried."""
        town = self.towns[la]
        done = town.answer(said, **details)
        self.settle()
        return done


def neighbours(**choices: Any) -> Neighbours:
    """Three boroughs that know each other."""
    clock = _Clock()
    return Neighbours(clock, {la: Borough(keys, clock, **choices) for la, keys in acquainted("990", "991", "992").items()})


def leaver_of(child: Child, **more: Any) -> PupilRecord:
    """The row on which the case rests."""
    fields: dict[str, Any] = {
        "upn": child.upn, "legal_surname": child.legal_surname, "legal_forename": child.legal_forename, "dob": child.dob,
        "sex": "F", "year_group": "5", "home_postcode": "ZY1 6LX", "off_roll_date": date(2026, 11, 13),
        "deletion_ground": "2024:9(1)(g)",
        "details": {"new_postcode": "ZY3 2AA", "new_address_lines": ["9 Quay Street", "Marlowick"]}}
    return PupilRecord(row=5, sheet=None, movement=MovementKind.LEAVER, **(fields | more))
