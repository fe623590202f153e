"""A daemon's plant around a small gateway of real parts."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from adapters.clock import wall_seconds
from adapters.logs import JsonLog
from gateway.daemon import Lane, Log, Plant, WatchedInbox
from gateway.daemon.plant import Handler
from gateway.ports import Inbox
from tests.pipeline.verify.world import World


def _never_fires(_: Callable[[], None]) -> AbstractContextManager[None]:
    return nullcontext()


def plant_for(world: World, *, inboxes: Sequence[Inbox] = (), lanes: Sequence[Lane] = (),
              handlers: Mapping[str, Handler] | None = None, log: Log | None = None, settle: float = 0.0) -> Plant:
    """A plant without calendar and sequencer."""
    return Plant(
        ports=world.ports, inboxes=[WatchedInbox(inbox, 0.05) for inbox in inboxes], lanes=lanes, handlers=handlers or {},
        number_leaves=lambda ports, now: 0, due_by_calendar=lambda now: [], firing=_never_fires, wall=wall_seconds,
        room=lambda: 1, log=log or JsonLog(io.StringIO()), settle_seconds=settle)
