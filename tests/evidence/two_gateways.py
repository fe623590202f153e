"""Two authorities' keys and couriers, as bootstrap puts them together: rings on disk, cards in folders, a clock that is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from gateway.bootstrap.contacts import contact_of, courier_of
from gateway.config import Settings
from gateway.domain.referrals.contact import Contact
from gateway.domain.referrals.guard import doubts
from gateway.domain.referrals.message import Message, MessageKind, begun
from gateway.domain.referrals.referral import Direction, Referral, ReferralKind, ReferralState
from gateway.domain.register.establishments import Register
from keys import ring
from keys.cards import folder_of, trust
from keys.live import LiveRing
from keys.private import Purpose, write_file
from keys.rotation import revoke_retired, rotate
from keys.trusted import Trusted
from schemas.package import PackageCourier

MADE = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)
LONDON = ZoneInfo("Europe/London")
BODY: dict[str, Any] = {
    "asked": "Is this child on roll with you?", "legal": "s.436A", "notice": "This is not a safeguarding referral.",
    "officer": {"name": "Alice Osei"}, "child": {"legal_surname": "D'Souza", "legal_forename": "Zoë", "dob": "2017-10-09"},
}


@dataclass
class Clock:
    """Says what it was told."""

    at: datetime = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.astimezone(LONDON).date()


@dataclass
class Authority:
    """One gateway's keys, and what it knows of others."""

    la: str
    root: Path
    clock: Clock
    rehearsal: bool = False
    contacts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home, self.private = self.root / self.la, self.root / f"{self.la}.keys"
        ring.create(self.home, private_dir=self.private, recovery_to=self.root / f"{self.la}.recovery", la=self.la, now=MADE,
                    rehearsal=self.rehearsal)
        self.live = LiveRing(self.home, self.private)

    def knows(self, *codes: str) -> None:
        """Their addresses stand in config.toml."""
        for la in codes:
            self.contacts[la] = SimpleNamespace(name=f"Authority {la}", channel="folder", path="out", verified_on=MADE.date(),
                                                by_hand=False)

    def card(self) -> Trusted:
        """As it is exported."""
        return self.live.ring.card()

    def trusts(self, card: Trusted, day: date = TODAY) -> None:
        """An operator compared the fingerprint."""
        trust(self.home, card, day, own=self.live.ring.own_cards())

    def finds(self, content: bytes, la: str = "991") -> None:
        """A file that somebody put among the cards."""
        folder_of(self.home).mkdir(parents=True, exist_ok=True)
        write_file(folder_of(self.home) / f"{la}.json", content, 0o644)

    @property
    def courier(self) -> PackageCourier:
        settings = SimpleNamespace(authority=SimpleNamespace(la=self.la), contacts=self.contacts, rehearsal=self.rehearsal)
        return courier_of(cast(Settings, settings), self.live, self.clock)

    def contact(self, la: str) -> Contact:
        return contact_of(la, self.contacts[la], self.live.ring, self.clock.today())

    def rotates(self, *purposes: Purpose, days_ago: int = 0) -> None:
        """New keys, made today or some days before."""
        for purpose in purposes:
            rotate(self.home, private_dir=self.private, purpose=purpose, now=self.clock.now() - timedelta(days=days_ago))

    def revokes(self, purpose: Purpose) -> None:
        """The keys before are known to others."""
        self.rotates(purpose)
        revoke_retired(self.home, private_dir=self.private, purpose=purpose, now=self.clock.now())

    def guard_says(self, la: str) -> list[str]:
        """The codes of the guard's doubts about a referral to an authority."""
        asked = Referral(id="R1", message="R1", kind=ReferralKind.ENQUIRY, direction=Direction.OUT, authority=la,
                         state=ReferralState.DRAFTED, created_at=MADE, derivations={"new home": la, "register": la})
        contact = replace(self.contact(la), verified_on=self.clock.today())     # somebody rang today
        return [doubt.code for doubt in doubts(asked, contact, Register(), self.la, self.clock.today())]

    def message(self, to: str, **more: Any) -> Message:
        return Message(begun("R01ABC", MessageKind.ENQUIRY, more.get("sender", self.la), to, self.clock.now()), BODY)


@dataclass
class Pair:
    """990 and 991, who know and trust each other; 992 is known to both by name."""

    here: Authority
    there: Authority
    clock: Clock
    root: Path

    @classmethod
    def met(cls, root: Path) -> Pair:
        clock = Clock()
        here, there = Authority("990", root, clock), Authority("991", root, clock)
        for one, other in ((here, there), (there, here)):
            one.knows(other.la, "992", "995")
            one.trusts(other.card(), MADE.date())
        return cls(here, there, clock, root)

    def third(self) -> Authority:
        return Authority("992", self.root, self.clock)

    def at(self, day: date, hour: int = 9, minute: int = 0, second: int = 0) -> None:
        """The clock of the wall, in London."""
        self.clock.at = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=LONDON).astimezone(UTC)


Act = Callable[[Pair], object]


def all_of(*acts: Act) -> Act:
    """One after the other."""
    def done(pair: Pair) -> None:
        for act in acts:
            act(pair)

    return done
