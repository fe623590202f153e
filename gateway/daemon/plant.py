"""What the daemon is given to run: the pipeline's world, the inboxes, and who does which jobs."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from gateway.domain.parcels.parcel import Job
from gateway.ports import Inbox, Ports

Handler = Callable[[Job, Ports], None]
ManyHandler = Callable[[Sequence[Job], Ports], None]


HERE = "here"


class Log(Protocol):
    """Writes what happened, never with a child's data."""

    def note(self, event: str, **facts: Any) -> None: ...
    def fault(self, event: str, error: BaseException, **facts: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class WatchedInbox:
    """An inbox, and how often it is looked at when no event came."""

    inbox: Inbox
    every: float
    lane: str = HERE              # inboxes of one lane are looked at one after the other; a slow server has a lane of its own


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one sender may give in a day: files, and bytes together."""

    files: int = 10_000
    size: int = 4 << 30


@dataclass(frozen=True, slots=True)
class Lane:
    """Workers for some kinds of job, so that a slow partner or a huge file delays nobody else.

    ``many`` handles a claimed batch in one go; without it each job goes to its handler in ``Plant.handlers``.
    """

    name: str
    kinds: tuple[str, ...]
    threads: int = 1
    batch: int = 1
    lease_seconds: float = 120.0
    many: ManyHandler | None = None
    alone: Callable[[Job], bool] = lambda job: False    # too large to share a batch


@dataclass(frozen=True, slots=True)
class Plant:
    """Everything the daemon runs. Bootstrap builds it."""

    ports: Ports
    inboxes: Sequence[WatchedInbox]
    lanes: Sequence[Lane]
    handlers: Mapping[str, Handler]
    number_leaves: Callable[[Ports, datetime], int]           # the sequencer: how many leaves it numbered
    due_by_calendar: Callable[[datetime], Sequence[tuple[str, str, datetime]]]    # kind, key, due: what should have fired
    firing: Callable[[Callable[[], None]], AbstractContextManager[None]]          # calls back when the calendar fires
    wall: Callable[[], float]                                 # seconds by this machine's clock, to compare with file times
    log: Log
    room: Callable[[], int]                                   # bytes free on the fullest disk that holds what we keep
    reserve: int = 0                                          # bytes that must stay free: below, nothing more is taken
    allowed: Allowance = Allowance()
    settle_seconds: float = 5.0
    owner: str = "gateway"
    ticks: Callable[[], float] = time.monotonic                # seconds that never go back, for pauses
    chance: Callable[[float, float], float] = random.SystemRandom().uniform       # a number between two, for jitter
    on_start: Sequence[Callable[[], None]] = field(default_factory=tuple)         # upkeep before the first look
    on_end: Sequence[Callable[[], None]] = field(default_factory=tuple)           # and when everyone has gone home
