"""Two authorities that exchange for real while their keys are rotated under them: nothing lost, nothing refused wrongly.

    seed 4711, 250 children        each a return from a school, a referral to 991, their answer, and the receipt of each package

1. A daemon's parts stay open in each home throughout; keys are rotated, rows resealed and cards exchanged by others beside them,
   at moments given by the seed, while passes are under way. The index key alone is rotated between two passes.
2. A new card reaches the other side late: until then its old one is what they have.
3. In the end every return is settled, every referral accepted, its case closed, nothing was refused or waits, both homes verify,
   and every receipt that a school was given on the way does too.
"""

from __future__ import annotations

import contextlib
import io
import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from adapters.lock import held_lock
from gateway.bootstrap import open_home
from gateway.bootstrap.home import Home
from gateway.bootstrap.plant import plant_of
from gateway.bootstrap.proving import prove_home
from gateway.bootstrap.receipts import check_receipt
from gateway.bootstrap.rotating import reseal_home, rotate_key
from gateway.bootstrap.trusting import trust_card
from gateway.bootstrap.upkeep import LOCK
from gateway.commands.app import run
from gateway.daemon import run_once
from gateway.domain.cases.waiting import HoldState
from gateway.domain.parcels.parcel import ParcelState
from gateway.domain.referrals.referral import Answer, Direction, ReferralState
from gateway.errors import GatewayError
from gateway.pipeline import exchange, officer
from tests.journeys.borough import FERNBRIDGE, Pupil, leaver, leavers

MONDAY = date(2026, 11, 16)
PACKAGES = 4                     # of each child: referral, its receipt, answer, its receipt
BESIDE = ("vault", "packages", "checkpoints", "receipts", "fields")
MOST_PASSES, WAVES = 60, 5
CARDS = ("packages", "receipts")


@dataclass
class Carried:
    """How many parcels and packages were carried, how many keys were rotated, and what went wrong."""

    tries: int = 0
    rotations: int = 0
    wrong: list[str] = field(default_factory=list)


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """A thousand packages, or forty."""
    return [f"seed {chance.randrange(1_000_000)}, {children} children" for children in ((250,) if full else (10,))]


def attempt(trial: str, folder: Path) -> Carried:
    """One exchange from the first return to the last receipt."""
    seed, children = (int(word.strip(",")) for word in trial.split() if word.strip(",").isdigit())
    with contextlib.redirect_stderr(io.StringIO()), exchange_between(folder, random.Random(seed)) as towns:  # noqa: S311
        towns.carry(children)
        return towns.account(children)


@contextlib.contextmanager
def exchange_between(folder: Path, chance: random.Random) -> Iterator[Towns]:
    """Both homes made, acquainted, and their parts opened."""
    homes = {la: folder / la for la in ("990", "991")}
    for la, home in homes.items():
        assert run(["init", "--rehearsal", "--la", la, "--home", str(home)]) == 0
    for la, other in (("990", "991"), ("991", "990")):
        with (homes[la] / "config.toml").open("a", encoding="utf-8") as config:
            config.write(f'\n[receive]\nsettle_seconds = 0.1\n[contacts.{other}]\nname = "CME team of {other}"\n'
                         f'channel = "folder"\npath = "{homes[other]}/peers/{la}/in"\nverified_on = 2026-11-02\n')
    with contextlib.ExitStack() as stack:
        towns = Towns(homes, {la: stack.enter_context(open_home(home, today=MONDAY)) for la, home in homes.items()}, chance)
        for la in homes:
            towns.give_card(la)
        yield towns


@dataclass
class Towns:
    """The homes by path, as their daemons have them open, and what is still to be told to the other side."""

    homes: dict[str, Path]
    daemons: dict[str, Home]
    chance: random.Random
    untold: set[str] = field(default_factory=set)
    deck: list[tuple[str, str]] = field(default_factory=list)      # every key of either home is drawn before one is drawn again
    carried: Carried = field(default_factory=Carried)

    def drop(self, number: int) -> None:
        """A school's return: one child, who moved to Marlowick."""
        surname = f"Ellery{chr(97 + number // 26)}{chr(97 + number % 26)}"
        child = Pupil(number, surname, born=f"{number % 28 + 1:02}/03/2018")
        row = leaver(child, "13/11/2026", "g", New_postcode="ZY3 2AA", New_address=f"{number + 1} Quay Street, Marlowick")
        folder = self.homes["990"] / "drop" / FERNBRIDGE
        (folder / f"{number}.part").write_bytes(leavers(row))
        (folder / f"{number}.part").rename(folder / f"{number}.csv")

    def carry(self, children: int) -> None:
        """Passes of both daemons, and officers who release and answer, until every exchange has ended. Returns come in waves."""
        waiting = list(range(children))
        for _ in range(MOST_PASSES):
            wave, waiting = waiting[:-(-children // WAVES)], waiting[-(-children // WAVES):]
            for number in wave:
                self.drop(number)
            with self._rotating_beside():
                for la, daemon in self.daemons.items():
                    with held_lock(self.homes[la] / LOCK):
                        run_once(plant_of(daemon), threading.Event())
            self._officers()
            self._between_passes()
            if self._ended() == children and not self.untold:
                return

    def give_card(self, la: str) -> None:
        """What ``gateway keys export`` wrote reaches the other side, and an operator there trusts it."""
        other = "991" if la == "990" else "990"
        with open_home(self.homes[other]) as home:
            trust_card(home, la, self.homes[la] / "keys" / "public.json", "")
        self.untold.discard(la)

    @contextlib.contextmanager
    def _rotating_beside(self) -> Iterator[None]:
        """Somebody types while the pass is under way."""
        acts = [(*self._drawn(), self.chance.uniform(0.0, 0.3)) for _ in range(self.chance.randrange(2, 5))]
        stop = threading.Event()
        failed: list[str] = []

        def type_them() -> None:
            for la, purpose, pause in acts:
                stop.wait(pause)
                try:
                    self._rotate(la, purpose)
                except GatewayError as error:
                    failed.append(f"rotating {purpose} in {la}: {error.code} {error.message}")

        typist = threading.Thread(target=type_them)
        typist.start()
        try:
            yield
        finally:
            typist.join()
            self.carried.wrong += failed

    def _drawn(self) -> tuple[str, str]:
        if not self.deck:
            self.deck = [(la, purpose) for la in self.homes for purpose in BESIDE]
            self.chance.shuffle(self.deck)
        return self.deck.pop()

    def _rotate(self, la: str, purpose: str) -> None:
        with open_home(self.homes[la]) as home:
            rotate_key(home, purpose)
        self.carried.rotations += 1
        if purpose in CARDS:
            self.untold.add(la)

    def _between_passes(self) -> None:
        for la in self.homes:
            if self.chance.random() < 0.2:
                self._rotate(la, "index")
            if self.chance.random() < 0.3:
                with open_home(self.homes[la]) as home:
                    reseal_home(home)
        for la in sorted(self.untold):
            if self.chance.random() < 0.4:
                self.give_card(la)

    def _officers(self) -> None:
        with open_home(self.homes["990"]) as here:
            with here.store.reading() as tx:
                drafts = tx.holds.where(what="release", state=HoldState.OPEN)
            for hold in drafts:
                with here.store.writing() as tx:
                    officer.release_hold(tx, here.ports, hold.id, "the school confirmed it", here.actor, here.clock.now())
        with open_home(self.homes["991"]) as there:
            with there.store.reading() as tx:
                asked = tx.referrals.where(direction=Direction.IN, state=ReferralState.DELIVERED)
            for referral in asked:
                with there.store.writing() as tx:
                    exchange.answer(tx, there.ports, referral.id, Answer.ACCEPTED, there.actor, there.clock.now())

    def _ended(self) -> int:
        ended = []
        for daemon in self.daemons.values():
            with daemon.store.reading() as tx:
                ended.append(tx.referrals.count(state=ReferralState.CLOSED))
        return min(ended)

    def account(self, children: int) -> Carried:
        """What was carried, held against what had to be."""
        carried = self.carried
        carried.tries = children * (PACKAGES + 1)
        for la, path in self.homes.items():
            with open_home(path) as home:
                self._count(la, home, children)
                carried.wrong += [f"{la}: {problem}" for problem in prove_home(home).problems]
        for receipt in sorted((self.homes["990"] / "drop" / FERNBRIDGE / "receipts").glob("*")):
            report = check_receipt(receipt, self.homes["990"] / "keys" / "public.json")
            carried.wrong += [f"{receipt.name}: {problem}" for problem in report.problems]
        return carried

    def _count(self, la: str, home: Home, children: int) -> None:
        with home.store.reading() as tx:
            waiting = [hold for hold in tx.holds.where(state=HoldState.OPEN) if hold.what in ("file", "job", "bounced", "guard")]
            found = {
                "referrals closed": tx.referrals.count(state=ReferralState.CLOSED),
                "referrals": tx.referrals.count(),
                "parcels settled": tx.parcels.count(state=ParcelState.SETTLED),
                "parcels": tx.parcels.count(),
                "holds for trouble": len(waiting),
            }
        # 990: the school's returns, the receipts of its referrals, the answers. 991: the referrals, the receipts of its answers.
        parcels = children * (3 if la == "990" else 2)
        wanted = {"referrals closed": children, "referrals": children, "parcels settled": parcels, "parcels": parcels,
                  "holds for trouble": 0}
        self.carried.wrong += [f"{la}: {found[what]} {what}, {n} expected" for what, n in wanted.items() if found[what] != n]
        self.carried.wrong += [f"{la}: waits: {hold.reason}" for hold in waiting]
