"""Schools: files arrive in drop folders, are received, settled and answered, by daemons that die.

Each file becomes one parcel, settled once and in its sender's order, with two receipts that say the same however often they are
given. The reading itself is not played: every file is a nil return.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from adapters.store.jobs import PATIENCE
from gateway.daemon import Lane
from gateway.domain.parcels.kinds import Channel, Kind, Verdict
from gateway.domain.parcels.parcel import Job, Parcel, ParcelState
from gateway.domain.parcels.stages import Checked, Counts, Offered
from gateway.pipeline.acknowledge import give_receipts
from gateway.pipeline.alerts import notice
from gateway.pipeline.journey import process
from gateway.pipeline.verify import verify_home
from tests.schemas.package.authorities import Authority
from tests.simulation.crew import Crew
from tests.simulation.history import CLAIM, FINISH, HOLD, Act
from tests.simulation.house import House
from tests.simulation.play import Account, Scene, jobs_account, leaves_of
from tests.simulation.stores import empty_store

KEYS = Authority("990")
SENDERS = ("9902001", "9902002")


class Schools:
    """A play."""

    def __init__(self, scene: Scene) -> None:
        self._turns, self._history = scene.turns, scene.history
        chance = self._turns.chance
        lanes = (Lane("receipts", ("receipt",), batch=chance.choice((1, 50)), many=give_receipts),
                 Lane("reading", ("process",), threads=chance.choice((1, 2)), batch=chance.choice((1, 8)), many=process),
                 Lane("people", ("notice",)))
        self._house = House(KEYS, empty_store(scene.folder / "990.sqlite"), self._turns, self._history, lanes, {"notice": notice},
                            examiner=_Reader())
        self._house.inboxes = [(self._house.place(f"drop:{sender}"), sender, Channel.DROP) for sender in SENDERS]
        self.houses = [self._house]
        self._dropped: list[tuple[str, bytes]] = []

    def begin(self) -> None:
        """Daemons start: the first has the home's lock and takes files in. Files come, now and then the same one twice."""
        chance = self._turns.chance
        Crew(self._house, "n0", "gateway-0")
        if chance.random() < 0.4:
            Crew(self._house, "n1", "gateway-1", intake=False)
        for number in range(chance.randint(1, 3)):
            sender = chance.choice(SENDERS)
            content = f"nil return {chance.choice((number, number, 0))} of {sender}".encode()
            self._dropped.append((sender, content))
            place = self._house.place(f"drop:{sender}")
            self._turns.later(chance.choice((0.0, 1.0, 60.0)), partial(place.put, f"{number}.csv", content))

    def mend(self) -> None:
        """Nothing was wrong with the files."""

    def account(self, account: Account) -> None:
        """One parcel for each file, settled and answered."""
        jobs = jobs_account(self._house, account)
        ports = self._house.auditor
        with ports.store.reading() as tx:
            parcels = tx.parcels.where()
            told = Counter((leaf.kind, leaf.subject) for leaf in leaves_of(ports))
        dropped = Counter((sender, hashlib.sha256(content).hexdigest()) for sender, content in self._dropped)
        became = Counter((parcel.sender, parcel.sha256) for parcel in parcels)
        for (sender, sha256), times in dropped.items():       # the same again in the next week is another parcel
            account.once(f"parcels of {sender}", became[sender, sha256], min(max(became[sender, sha256], 1), times))
        account.once("parcels that nobody gave", (became - dropped).total(), 0)
        for parcel in parcels:
            account.once(f"receiving of {parcel.id}", told["parcel-received", parcel.id])
            account.once(f"settling of {parcel.id}", told["parcel-settled", parcel.id])
            self._answered(parcel, account)
        for sender in SENDERS:
            place = self._house.place(f"drop:{sender}")
            account.stuck += [f"{name} still lies in the folder of {sender}" for name in (*place.lying, *place.taking)]
        account.lost += verify_home(ports, ports.clock.now()).problems
        account.once("blobs", len(list(self._house.vault.keys())), len(parcels))
        account.disordered += _disorder(self._history.acts.get("990", ()), jobs, parcels)

    def _answered(self, parcel: Parcel, account: Account) -> None:
        if parcel.state is not ParcelState.SETTLED:
            account.stuck.append(f"{parcel.id} is {parcel.state.value}")
        seen = self._house.place(f"answers:{parcel.sender}").seen
        for stage in ("received", "processed"):
            for form in ("html", "json"):
                contents = len(seen.get(f"{parcel.id}-{stage}.{form}", ()))
                if not contents:
                    account.unanswered.append(f"{parcel.id} has no {stage} receipt ({form})")
                else:
                    account.once(f"contents of the {stage} receipt of {parcel.id}", contents)


def _disorder(acts: Sequence[Act], jobs: dict[str, Job], parcels: Sequence[Parcel]) -> list[str]:
    """A sender's files that were settled out of turn: one that came first was there when the later was claimed, and not done.

    But for one that could not be read for longer than patience lasts. Turns are those of that moment: a clock that leaps gives
    what comes later an earlier turn, and one that is put right moves the turns of what was done long ago.
    """
    sender = {parcel.id: parcel.sender for parcel in parcels}
    waiting: defaultdict[str, dict[str, tuple[datetime, str]]] = defaultdict(dict)      # by sender: turns of what is not done
    earlier: dict[str, set[str]] = {}                                                   # when it was claimed
    found = []
    for act in acts:
        if act.job not in jobs or jobs[act.job].kind != "process":
            continue
        line = waiting[sender[str(jobs[act.job].payload["parcel"])]]
        if act.turn is not None:
            line[act.job] = (act.turn, jobs[act.job].id)
        if act.what == CLAIM:
            earlier[act.job] = {job for job, turn in line.items() if turn < line[act.job]}
        if act.what == FINISH:
            found += [f"{act.job} was settled before {job}, which had its turn first" for job in earlier[act.job] & set(line)]
        if act.what in (FINISH, HOLD) or (act.what == CLAIM and act.attempts > PATIENCE):
            line.pop(act.job, None)
    return found


@dataclass
class _Reader:
    """Implements ``ports.Examiner``: every file is a nil return."""

    def examine(self, offered: Offered) -> Checked:
        return Checked(offered.name, Kind.NIL, Verdict.ACCEPTED, offered.sender, Counts())

    def annotate(self, offered: Offered, checked: Checked) -> bytes | None:
        return None

    def close(self) -> None:
        return None
