"""Running a home: one daemon at a time, by the home's lock."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from adapters.lock import held_lock
from gateway.bootstrap import open_home
from gateway.bootstrap.plant import plant_of
from gateway.daemon import run, run_once, stop_on_signals

LOCK = "daemon.lock"


def run_home(home: Path, today: date | None, *, once: bool, in_turn: bool = False) -> int:
    """The exit code. ``in_turn``: one pass on one thread. RetryableError: another daemon runs in this home."""
    with open_home(home, today=today) as opened, held_lock(opened.path / LOCK), stop_on_signals() as stop:
        opened.store.prove()        # before anything is taken: a store that was put back stays as it is
        plant = plant_of(opened)
        if once:
            return run_once(plant, stop, in_turn=in_turn)
        opened.examiner.start()     # warm for the first file; one pass starts it when there is one
        run(plant, stop)
        return 0
