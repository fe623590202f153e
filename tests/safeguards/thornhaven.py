"""Thornhaven for tests: the real case store in memory, its register, its days; schools send rows, and days pass.

Rows arrive as the check hands them over (``PupilRecord``); everything behind the check is the real thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

from gateway.domain.actor import Actor, Role
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.waiting import Handover, Hold, HoldState
from gateway.domain.clocks.reporting_week import reporting_week
from gateway.domain.clocks.school_days import SchoolCalendar, Term
from gateway.domain.identifiers.upn import check_letter
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.parcels.kinds import Channel, Finding, Kind, Verdict
from gateway.domain.parcels.parcel import Job, Parcel
from gateway.domain.parcels.stages import Checked, Counts
from gateway.domain.policy import Person, Policy, SenderTerms
from gateway.domain.referrals.referral import Referral
from gateway.domain.register.establishments import Authority, Establishment, Register
from gateway.domain.returns.movement import Movement
from gateway.domain.returns.record import DestinationType, MovementKind, PupilRecord
from gateway.pipeline import timers
from gateway.pipeline.carry import carry
from gateway.pipeline.reading import read_again_what_may_change
from gateway.ports import Ports, Transaction
from tests.contracts.store.rooms import CountedIds, opened

FERNBRIDGE, ALL_HALLOWS, QUILLMEAD, HIGH = "9902001", "9902002", "9902003", "9904001"
OLDFIELD_PRIMARY, OLDFIELD_ACADEMY, CAUSEWAY, LARKRISE = "9902005", "9902105", "9901101", "9906001"
MARLOWICK_GREEN, SALTMARCH_QUAY, HARTSMOOR = "9912010", "9922020", "9946040"
MONDAY = date(2026, 11, 16)

OFFICER = Actor("o.hart", "O Hart", frozenset({Role.OFFICER}))
DEPUTY = Actor("d.lowe", "D Lowe", frozenset({Role.OFFICER}))
MANAGER = Actor("m.pryce", "M Pryce", frozenset({Role.MANAGER}))
SEEN = "on-roll: office of Quillmead Primary School, 2026-11-16, started there"   # evidence on which a case closes
VIEWER = Actor("v.shaw", "V Shaw", frozenset({Role.VIEWER}))

_SCHOOLS = (
    (FERNBRIDGE, "Fernbridge Primary School", "Community school", "Primary"),
    (ALL_HALLOWS, "All Hallows Thornhaven CofE Primary School", "Voluntary controlled school", "Primary"),
    (QUILLMEAD, "Quillmead Primary School", "Community school", "Primary"),
    (OLDFIELD_ACADEMY, "Oldfield Lane Academy", "Academy converter", "Primary"),
    (HIGH, "Thornhaven High School", "Community school", "Secondary"),
    (CAUSEWAY, "The Causeway Centre", "Pupil referral unit", "Not applicable"),
    (LARKRISE, "Larkrise House School", "Other independent school", "Not applicable"),
    (MARLOWICK_GREEN, "Marlowick Green Primary School", "Community school", "Primary"),
    (SALTMARCH_QUAY, "Saltmarch Quay Primary School", "Community school", "Primary"),
    (HARTSMOOR, "Hartsmoor Grange School", "Other independent school", "Not applicable"),
)


def register() -> Register:
    """The public register of the tests."""
    schools = {n: Establishment(n[:3] + n[-3:], n, name, True, kind, phase) for n, name, kind, phase in _SCHOOLS}
    schools[OLDFIELD_PRIMARY] = Establishment("990104", OLDFIELD_PRIMARY, "Oldfield Lane Primary School", False)
    schools[OLDFIELD_ACADEMY] = replace(schools[OLDFIELD_ACADEMY], predecessor=OLDFIELD_PRIMARY)
    names = {"990": "Thornhaven", "991": "Marlowick", "992": "Saltmarch Vale", "994": "Dunwold"}
    return Register(schools, {la: Authority(la, name) for la, name in names.items()},
                    {"ZY1": "990", "ZY2": "990", "ZY3": "991", "ZY4": "992", "ZY6": "994"}, "test")


@dataclass(frozen=True)
class Pupil:
    """An invented child as schools write it."""

    serial: int
    surname: str = "Ellery"
    forename: str | None = "Musa"
    born: date | None = date(2018, 3, 2)
    upn: str | None = ""
    postcode: str = "ZY1 8GD"
    year: str | None = "4"
    sex: str | None = "M"

    @property
    def number(self) -> str | None:
        """The UPN, with a right check letter."""
        body = f"99020012{self.serial:04d}"
        return self.upn if self.upn is None or self.upn else check_letter(body) + body


def leaver(child: Pupil, left: date | None = date(2026, 11, 13), ground: str | None = "i",
           destination: DestinationType | None = DestinationType.UNKNOWN, **more: Any) -> PupilRecord:
    """One leaver's row. Names of ``PupilRecord`` are set, every other one is a detail."""
    code = ground and (ground if ":" in ground else f"2024:9(1)({ground})")
    values = {"off_roll_date": left, "last_attendance_date": left, "deletion_ground": code, "destination_type": destination}
    return _record(child, MovementKind.LEAVER, values | more)


def joiner(child: Pupil, start: date, **more: Any) -> PupilRecord:
    """One joiner's row."""
    return _record(child, MovementKind.JOINER, {"start_date": start} | more)


def to_school(laestab: str, **more: Any) -> dict[str, Any]:
    """The values of a leaver whose school is named in the register."""
    kind = {CAUSEWAY: DestinationType.AP, LARKRISE: DestinationType.INDEPENDENT, HARTSMOOR: DestinationType.INDEPENDENT}
    return {"destination": kind.get(laestab, DestinationType.SCHOOL), "destination_laestab": laestab,
            "destination_school": "the school", "destination_la": laestab[:3], **more}


def _record(child: Pupil, movement: MovementKind, values: Mapping[str, Any]) -> PupilRecord:
    fields = {k: v for k, v in values.items() if k in PupilRecord.__dataclass_fields__}
    details = {k: v for k, v in values.items() if k not in fields}
    given = {"upn": child.number, "legal_surname": child.surname, "legal_forename": child.forename, "dob": child.born,
             "sex": child.sex, "year_group": child.year, "home_postcode": child.postcode}
    return PupilRecord(row=0, sheet=None, movement=movement, **(given | fields), details=details)


@dataclass
class Town:
    """A borough whose schools send rows and whose days pass."""

    policy: Policy
    terms: tuple[Term, ...] = ()
    today: date = MONDAY
    minutes: int = 0              # of the morning that have passed
    _sent: int = 0
    _read: dict[str, Checked] = field(default_factory=dict)
    ports: Ports = field(init=False)

    def __post_init__(self) -> None:
        town = self
        clock = SimpleNamespace(now=lambda: town.now, today=lambda: town.today)
        self.store = opened(":memory:")
        self.ports = cast(Ports, SimpleNamespace(
            store=self.store, ids=CountedIds("t"), clock=clock, calendar=SchoolCalendar("990", self.terms), register=register(),
            policy=self.policy))

    @property
    def now(self) -> datetime:
        """Nine in the morning, and the minutes."""
        return datetime.combine(self.today, time(9), UTC) + timedelta(minutes=self.minutes)

    def send(self, school: str, *records: PupilRecord, kind: Kind = Kind.MOVEMENTS, verdict: Verdict | None = None,
             findings: tuple[Finding, ...] = (), period: tuple[date, date] | None = None) -> str:
        """A school's return is taken, checked and settled; gives the parcel's id."""
        rows = tuple(replace(record, row=n) for n, record in enumerate(records, 2))
        held = sum(r.held for r in rows)
        verdict = verdict or (Verdict.PART_ACCEPTED if held else Verdict.ACCEPTED)
        return self.take(school, Checked("return.csv", kind, verdict, school, Counts(len(rows), len(rows) - held, held), findings,
                                         rows, period))

    def take(self, school: str, checked: Checked) -> str:
        """A school's file, as the check answered it, is taken and settled; gives the parcel's id."""
        self._sent += 1
        parcel = Parcel(id=f"P{self._sent:05d}", sender=school, channel=Channel.DROP, name="return.csv",
                        sha256=f"{self._sent:064d}", size=1, blob=f"parcel/P{self._sent:05d}",
                        week=reporting_week(self.today), received_at=self.now)
        self._read[parcel.id] = checked
        with self.store.writing() as tx:
            tx.parcels.add(parcel)
            tx.jobs.enqueue("process", f"process:{parcel.id}:1", self.now, {"parcel": parcel.id})
        self._carry()
        return parcel.id

    def now_reads(self, parcel: str, *records: PupilRecord) -> None:
        """What the next reading of a parcel gives."""
        before = self._read[parcel]
        rows = tuple(replace(record, row=n) for n, record in enumerate(records, 2))
        held = sum(r.held for r in rows)
        verdict = Verdict.PART_ACCEPTED if held else Verdict.ACCEPTED
        self._read[parcel] = replace(before, verdict=verdict, rows=Counts(len(rows), len(rows) - held, held), records=rows)

    def update_register(self) -> list[str]:
        """A new register is put in place, and the daemon starts again; gives the parcels that it reads again."""
        self.ports.register = replace(self.ports.register, version=f"{self.ports.register.version}+")  # type: ignore[misc]
        read_again_what_may_change(self.ports, self.now)
        return self._carry()

    def _carry(self) -> list[str]:
        with self.store.writing() as tx:
            jobs = tx.jobs.claim("test", self.now, 60, 5000, ["process"])
        for job in jobs:
            with self.store.reading() as tx:
                parcel = tx.parcels.get(str(job.payload["parcel"]))
            carry(job, parcel, self._read[parcel.id], self.ports, self.now)
        return [str(job.payload["parcel"]) for job in jobs]

    def pass_to(self, day: date) -> None:
        """Morning by morning until ``day``; every timer that falls due is fired."""
        while self.today < day:
            self.today += timedelta(days=1)
            self.fire()

    def jump_to(self, day: date) -> None:
        """Straight to a day, as a daemon that was off for weeks; what fires may make more fall due."""
        self.today = day
        self.fire()

    def fire(self) -> None:
        """Every timer that is due, and those that they set."""
        while jobs := self._claim():
            for job in jobs:
                timers.fire(job, self.ports, self.now)

    def _claim(self) -> list[Job]:
        with self.store.writing() as tx:
            return list(tx.jobs.claim("test", self.now, 60, 5000, ["timer"]))

    @contextmanager
    def act(self) -> Iterator[Transaction]:
        """One writing transaction, for an officer's act."""
        with self.store.writing() as tx:
            yield tx

    @property
    def cases(self) -> list[Case]:
        """Every case."""
        with self.store.reading() as tx:
            return tx.cases.where()

    @property
    def open_cases(self) -> list[Case]:
        """Those not closed."""
        return [case for case in self.cases if case.state is not CaseState.CLOSED]

    def holds(self, *what: str) -> list[Hold]:
        """What waits."""
        with self.store.reading() as tx:
            return [h for h in tx.holds.where(state=HoldState.OPEN) if not what or h.what in what]

    @property
    def suggestions(self) -> list[Suggestion]:
        """What waits for an answer whether two are one."""
        with self.store.reading() as tx:
            return tx.suggestions.where(state=SuggestionState.OPEN)

    @property
    def movements(self) -> list[Movement]:
        """Those that stand."""
        with self.store.reading() as tx:
            return [m for m in tx.movements.where() if m.superseded_by is None]

    @property
    def teams(self) -> list[str]:
        """Teams that have a child handed over."""
        return [h.team for h in self.handovers]

    @property
    def handovers(self) -> list[Handover]:
        """Hand-overs not yet acknowledged."""
        with self.store.reading() as tx:
            return tx.handovers.where(acknowledged_at=None)

    @property
    def referrals(self) -> list[Referral]:
        """Every exchange."""
        with self.store.reading() as tx:
            return tx.referrals.where()

    def jobs(self, kind: str) -> list[Job]:
        """Jobs of a kind."""
        with self.store.reading() as tx:
            return tx.jobs.where(kind=kind)


def town(*, feeds: tuple[str, ...] = (ALL_HALLOWS,), **choices: Any) -> Town:
    """A new Thornhaven; ``feeds`` are the schools that send their joiners."""
    senders = {n: SenderTerms(n, (n,), joiner_feed_from=date(2026, 9, 1)) for n in feeds}
    terms = choices.pop("terms", ())
    today = choices.pop("today", MONDAY)
    person = Person("A Named Contact", "cme@thornhaven.example")
    expected = frozenset({*senders, MARLOWICK_GREEN})
    return Town(Policy("990", "Thornhaven", person, person, "000", senders=senders, expected=expected, **choices), terms, today)
