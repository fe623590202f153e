"""A home put together: settings, clock, keys, store, and the ports that the pipeline sees.

1. Each part is made when it is first asked for: listing cases starts no sandbox, dials no server and reads no register.
2. What only some parts need is imported with them: a list should answer at once.
3. A part that was made is closed with the home.
4. ``--today`` sets the clock of a rehearsal home; in a live home it is a UsageError.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from adapters.clock import REHEARSAL_FILE, RehearsalClock, SystemClock
from adapters.ids import TimedIds
from adapters.store import open_store
from adapters.vault.folder import FolderVault
from gateway.bootstrap.identity import check_identity
from gateway.bootstrap.proven import ProvenStore
from gateway.config import Settings, actor_of, load
from gateway.domain.actor import Actor
from gateway.domain.clocks.school_days import SchoolCalendar, Term
from gateway.domain.policy import Policy
from gateway.domain.register.establishments import Register
from gateway.errors import UsageError
from gateway.pipeline.standing import prove_standing
from gateway.ports import Clock, Ports
from keys.live import LiveFiles, LiveNotary, LiveRing
from keys.private import find_private
from keys.ring import KeyRing

if TYPE_CHECKING:
    from adapters.ledger.folder import LedgerFolder
    from adapters.sandbox.examiner import Sandbox
    from gateway.bootstrap.places import Places

CLOCK = REHEARSAL_FILE
STORE = "gateway.sqlite"
READER = "gateway.bootstrap.reader"


class Home:
    """One home, opened. Every part is there when it is asked for, and closed with the home."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.path = settings.home
        self.ids = TimedIds(clock)
        self._closing = ExitStack()

    @classmethod
    def opened(cls, home: Path, today: date | None = None) -> Self:
        """Read the settings and set the clock; nothing else is touched yet."""
        settings = load(home)
        check_identity(settings)
        return cls(settings, _clock(settings, today))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close whatever was opened."""
        self._closing.close()

    @cached_property
    def policy(self) -> Policy:
        """The local choices, the senders' passwords among them."""
        return self.settings.policy()

    @cached_property
    def actor(self) -> Actor:
        """Who acts. NotAllowedError: ``[people]`` does not know this user."""
        return actor_of(self.settings)

    @cached_property
    def live(self) -> LiveRing:
        """The keys of this home, taken up again when they were rotated meanwhile."""
        return LiveRing(self.path, find_private(self.settings.private_keys()))

    @property
    def keys(self) -> KeyRing:
        """Every key of this home, by now."""
        return self.live.ring

    @cached_property
    def store(self) -> ProvenStore:
        """The case store. It is written to only when it goes on from what was published of the ledger."""
        keys = self.keys
        store = open_store(self.path / STORE, sealer=keys.sealer(), blinder=keys.blinder(), ids=self.ids, renewed=self.live.cells)
        self._closing.callback(store.close)
        return ProvenStore(store, lambda: prove_standing(store, LiveNotary(self.live), self.ledger_files))

    @cached_property
    def vault(self) -> FolderVault:
        """Sealed files."""
        return FolderVault(self.path / "vault", LiveFiles(self.live))

    @cached_property
    def ledger_files(self) -> LedgerFolder:
        """The ledger's copy in files."""
        from adapters.ledger.folder import LedgerFolder

        return LedgerFolder(self.path / "ledger")

    @cached_property
    def register(self) -> Register:
        """Schools, authorities and postcodes."""
        from schemas.register import load_register

        return load_register(self.path / "register")

    @cached_property
    def calendar(self) -> SchoolCalendar:
        """School days, for this authority and its schools."""
        from adapters.holidays import BankHolidays
        from schemas.register import load_terms

        terms = tuple(Term(t.la, t.start, t.end, t.laestab, t.name) for t in load_terms(self.path / "register"))
        return SchoolCalendar(self.settings.authority.la, terms, BankHolidays())

    @cached_property
    def examiner(self) -> Sandbox:
        """The sandbox; its processes start with the first file."""
        from adapters.sandbox.examiner import Sandbox
        from adapters.sandbox.limits import MIB, Limits

        own = self.settings.sandbox
        sandbox = Sandbox(
            READER, {"register": str(self.path / "register"), "annotating": True, "rehearsal": self.policy.rehearsal},
            terms=self.policy.terms_of, today=self.clock.today,
            limits=Limits(workers=own.workers, memory=own.memory_mib * MIB, wall_seconds=own.seconds),
        )
        self._closing.callback(sandbox.close)
        return sandbox

    @cached_property
    def places(self) -> Places:
        """Where files come from and go to."""
        from gateway.bootstrap.places import Places

        places = Places(self.settings, self.ids)
        self._closing.callback(places.close)
        return places

    @cached_property
    def ports(self) -> Ports:
        """The world as the pipeline sees it."""
        from gateway.bootstrap.contacts import courier_of
        from schemas.pages.render import PrintedPages
        from schemas.receipts.press import ReceiptPages

        return Ports(
            store=self.store, vault=self.vault, examiner=self.examiner, notary=LiveNotary(self.live), press=ReceiptPages(),
            notifier=self.places.notifier, clock=self.clock, ids=self.ids, calendar=self.calendar, register=self.register,
            policy=self.policy, answers=self.places.answers, outboxes=self.places.outbox,
            courier=courier_of(self.settings, self.live, self.clock), pages=PrintedPages(),
        )


def _clock(settings: Settings, today: date | None) -> Clock:
    if not settings.rehearsal:
        if today is not None:
            raise UsageError(f"--today {today} was given, but {settings.home} is a live home", code="TODAY-NOT-REHEARSAL",
                             hint="Only rehearsal homes take a day: gateway init --rehearsal --home DIR")
        return SystemClock()
    clock = RehearsalClock(settings.home / CLOCK)
    if today is not None:
        clock.set(today)
    return clock
