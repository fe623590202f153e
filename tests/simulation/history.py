"""What happened, written down as it was committed, and read afterwards by someone who was not there.

1. An act on a job counts when its transaction was committed, in the order of the commits; what was rolled back never was.
2. Each claim gives a fence higher than any before. Whoever changes a claimed job holds the last fence that was given, and a job
   that is done is not done again: else a worker whose lease was taken over has committed.
3. A job is claimed at most once oftener than it may be tried.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.daemon.worker import MAX_TRIES

ENQUEUE, CLAIM, FINISH, RETRY, HOLD, RENEW = "enqueue", "claim", "finish", "retry", "hold", "renew"


@dataclass(frozen=True, slots=True)
class Act:
    """One committed act on a job."""

    what: str
    job: str                      # its key
    fence: int
    attempts: int = 0
    turn: datetime | None = None  # as it was then: a clock that is put right moves it


@dataclass
class History:
    """Acts on jobs by store, and the story they tell."""

    acts: dict[str, list[Act]] = field(default_factory=dict)
    lines: list[tuple[Any, ...]] = field(default_factory=list)

    def committed(self, store: str, acts: list[Act], at: float) -> None:
        """These acts were committed together."""
        self.acts.setdefault(store, []).extend(acts)
        self.lines.extend((round(at, 3), store, act.what, act.job, act.fence) for act in acts)

    def was_held(self, job: str) -> bool:
        """Whether a job was ever given to a person."""
        return any(act.what == HOLD and act.job == job for acts in self.acts.values() for act in acts)

    def faults(self) -> list[str]:
        """Every act that should not have been possible."""
        return [fault for store, acts in self.acts.items() for fault in _faults(store, acts)]

    def takeovers(self) -> int:
        """Claims of a job that was claimed before and neither given back nor done."""
        return sum(_takeovers(acts) for acts in self.acts.values())


def _faults(store: str, acts: list[Act]) -> list[str]:
    found: list[str] = []
    fences: dict[str, int] = {}
    done: set[str] = set()
    for act in acts:
        if act.what == ENQUEUE:
            continue
        given = fences.get(act.job, 0)
        if act.what == CLAIM:
            if act.fence <= given:
                found.append(f"{store}: {act.job} was claimed with fence {act.fence} after {given} was given")
            if act.attempts > MAX_TRIES + 1:
                found.append(f"{store}: {act.job} was claimed {act.attempts} times, {MAX_TRIES} tries are allowed")
            fences[act.job] = act.fence
            continue
        if act.fence != given:
            found.append(f"{store}: {act.what} of {act.job} was committed with fence {act.fence}, and {given} was given since")
        if act.job in done:
            found.append(f"{store}: {act.what} of {act.job}, which was done")
        if act.what == FINISH:
            done.add(act.job)
    return found


def _takeovers(acts: list[Act]) -> int:
    held: Counter[str] = Counter()
    taken = 0
    for act in acts:
        if act.what == CLAIM:
            taken += held[act.job]
            held[act.job] = 1
        elif act.what not in (RENEW, ENQUEUE):
            held[act.job] = 0
    return taken
