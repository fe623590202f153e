"""The calendar: each firing only enqueues a job, keyed by what and when it was due. Several nodes may fire; one job results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

LONDON = ZoneInfo("Europe/London")
MISSED_SECONDS = 24 * 60 * 60  # a machine that slept fires once, late, for what it missed


def last_due(spec: str, now: datetime) -> datetime | None:
    """The latest firing of a crontab line at or before ``now``, within the last eight days."""
    trigger = CronTrigger.from_crontab(spec, timezone=LONDON)
    due, found = trigger.get_next_fire_time(None, now - timedelta(days=8)), None
    while due is not None and due <= now:
        found, due = due, trigger.get_next_fire_time(due, due + timedelta(seconds=1))
    return found


@contextmanager
def firing(calendar: Mapping[str, str], fire: Callable[[str], None]) -> Iterator[None]:
    """Call ``fire`` with a job's kind whenever its crontab line comes due, until the block ends."""
    scheduler = BackgroundScheduler(timezone=LONDON)
    for kind, spec in calendar.items():
        scheduler.add_job(fire, CronTrigger.from_crontab(spec, timezone=LONDON), args=[kind], id=kind,
                          misfire_grace_time=MISSED_SECONDS, coalesce=True)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
