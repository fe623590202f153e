"""Running a home: one daemon at a time, by the home's lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from adapters.lock import held_lock
from adapters.logs import SpokenLog
from gateway.bootstrap import open_home
from gateway.bootstrap.plant import plant_of
from gateway.daemon import run, run_once, stop_on_signals
from gateway.domain.cases.waiting import HoldState
from gateway.domain.counting import counted
from gateway.domain.parcels.parcel import ParcelState
from gateway.ports import Store

LOCK = "daemon.lock"


def run_home(home: Path, today: date | None, *, once: bool, in_turn: bool = False,
             tell: Callable[[str], None] | None = None) -> int:
    """The exit code. ``in_turn``: one pass on one thread. RetryableError: another daemon runs in this home.

    ``tell``: one pass speaks to a person, of what went wrong and at the end of what was done; without it the log is JSON.
    """
    with open_home(home, today=today) as opened, held_lock(opened.path / LOCK), stop_on_signals() as stop:
        opened.store.prove()        # before anything is taken: a store that was put back stays as it is
        plant = plant_of(opened)
        if once and tell is not None:
            spoken, lay_unread = SpokenLog(tell), _unread(opened.store)
            code = run_once(replace(plant, log=spoken), stop, in_turn=in_turn)
            tell(_closing(opened.store, [*lay_unread, *spoken.parcels]))
            return code
        if once:
            return run_once(plant, stop, in_turn=in_turn)
        opened.examiner.start()     # warm for the first file; one pass starts it when there is one
        run(plant, stop)
        return 0


def _unread(store: Store) -> list[str]:
    """What was handed in, or left by a pass that was stopped."""
    with store.reading() as tx:
        return [parcel.id for parcel in tx.parcels.where(state=ParcelState.RECEIVED)]


def _closing(store: Store, carried: Sequence[str]) -> str:
    """What one pass did, in a sentence."""
    with store.reading() as tx:
        parcels = tx.parcels.where(id=list(carried)) if carried else []
        waiting = tx.holds.count(state=HoldState.OPEN)
    refused = sum(parcel.state is ParcelState.REFUSED for parcel in parcels)
    read, held = (sum(rows) for rows in ([p.rows_read for p in parcels], [p.rows_held for p in parcels]))
    files = f"{counted(len(parcels), 'new file')}, {refused} refused; {counted(read, 'row')} read, {held} held"
    waits = f"{counted(waiting, 'thing waits', 'things wait')} for a person: gateway holds"
    return f"{files if parcels else 'no new file'}; {waits if waiting else 'nothing waits for a person'}"
