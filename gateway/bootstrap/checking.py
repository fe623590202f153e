"""What ``gateway check`` needs: a sandbox for one sitting, with a home's register and terms, or with neither.

1. Nothing of the home is opened but its config and its register folder; nothing is written anywhere.
2. Without a home there is no register (destinations stay text) and a sender speaks for itself alone. A folder that has a
   ``register/`` and no config gives its register.
3. A day may be set for a rehearsal home only, as for every command; without one, a rehearsal's own clock is read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from adapters.clock import REHEARSAL_FILE, RehearsalClock, SystemClock
from adapters.sandbox import Limits, Sandbox
from adapters.sandbox.confine import guard_process
from adapters.sandbox.examiner import unreadable
from adapters.sandbox.seat import WorkerLostError
from gateway.domain.parcels.kinds import Kind
from gateway.domain.parcels.refused import LARGEST_READ, refused, too_large
from gateway.domain.parcels.stages import Offered
from gateway.domain.policy import SenderTerms
from gateway.errors import UsageError

__all__ = ["Sandbox", "checking_sandbox", "examined"]

READER = "gateway.bootstrap.reader"
MIB = 1 << 20


def checking_sandbox(home: Path, today: date | None) -> Sandbox:
    """A sandbox for checking; warm-up begins at once. ConfigError: the home's config or register is faulty."""
    guard_process()
    sandbox = _for_home(home, today) if (home / "config.toml").is_file() else _without_home(home, today)
    sandbox.start()
    return sandbox


def _without_home(home: Path, today: date | None) -> Sandbox:
    register = home.absolute() / "register"
    return Sandbox(
        READER, {"register": str(register) if register.is_dir() else None}, terms=lambda sender: SenderTerms(sender, (sender,)),
        today=_day(today, rehearsal=None), limits=Limits(workers=1),
    )


def _for_home(home: Path, today: date | None) -> Sandbox:
    from gateway.config import load

    settings = load(home)
    own = settings.sandbox
    today_of = _day(today, home if settings.rehearsal else None)
    return Sandbox(
        READER, {"register": str(home.absolute() / "register")}, terms=settings.policy().terms_of, today=today_of,
        limits=Limits(workers=1, memory=own.memory_mib * MIB, wall_seconds=own.seconds),
    )


def _day(today: date | None, rehearsal: Path | None) -> Callable[[], date]:
    if today is None:
        return RehearsalClock(rehearsal / REHEARSAL_FILE).today if rehearsal else SystemClock().today
    if rehearsal is None:
        raise UsageError(f"--today {today} was given without a rehearsal home", code="TODAY-NOT-REHEARSAL",
                         hint="Only rehearsal homes take a day: gateway init --rehearsal --home DIR")
    return lambda: today


def examined(sandbox: Sandbox, name: str, content: BinaryIO, sender: str | None, kind: Kind | None, *,
             records: bool) -> Iterator[dict[str, Any]]:
    """The answer about one open file, piece by piece; the last piece holds the summary, whatever happened."""
    offered = Offered(name=name, content=b"", sender=sender, kind=kind)
    size = os.fstat(content.fileno()).st_size
    if size > LARGEST_READ:
        yield {"summary": refused(offered, too_large(size, LARGEST_READ)).to_json(records=False)}
        return
    try:
        yield from sandbox.frames(offered, content, records=records)
    except WorkerLostError as lost:
        yield {"summary": unreadable(offered, lost.why).to_json(records=False)}
