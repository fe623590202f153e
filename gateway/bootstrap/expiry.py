"""Plaintext outside the vault has a lifetime. Each expiry is a ledger entry; what may not be removed yet is only pointed out.

1. Removed when too old: annotated workbooks beside receipts (their content can be made again), notices, and uploaded S2S files
   of a confirmed batch.
2. Never removed by age, only listed: S2S files that nobody confirmed, downloads that were not taken, hand-overs that their team
   did not acknowledge. Removing them would lose something; leaving them lying is a fault for a person.
3. Age counts from when the file was written, by the home's clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gateway.bootstrap.home import Home
from gateway.config import Settings
from gateway.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of plaintext: where it lies, how long it may."""

    what: str
    pattern: str                  # below the home
    days: int
    removable: bool


@dataclass(frozen=True, slots=True)
class Lying:
    """One file that has lain longer than it may."""

    sort: Sort
    path: Path
    age_days: int


def sorts(settings: Settings) -> tuple[Sort, ...]:
    """Every sort of plaintext in a home, by its settings."""
    keep = settings.retention
    return (
        Sort("annotated workbook", "drop/*/receipts/*.xlsx", keep.workbooks_days, removable=True),
        Sort("annotated workbook", "receipts/*/*.xlsx", keep.workbooks_days, removable=True),
        Sort("notice", "notices/*", keep.notices_days, removable=True),
        Sort("uploaded S2S file", "s2s/uploaded/**/*", keep.s2s_days, removable=True),
        Sort("S2S file to upload", "s2s/to-upload/**/*", keep.s2s_days, removable=False),
        Sort("S2S download", "s2s/downloaded/*", keep.downloads_days, removable=False),
        Sort("hand-over", "handover/*/*", keep.handovers_days, removable=False),
    )


def too_old(settings: Settings, now: datetime) -> Iterator[Lying]:
    """Every file that has lain longer than its sort may."""
    for sort in sorts(settings):
        limit = timedelta(days=sort.days)
        for path in sorted(settings.home.glob(sort.pattern)):
            if path.name.startswith(".") or not path.is_file():
                continue
            age = now - datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo)
            if age > limit:
                yield Lying(sort, path, age.days)


def expire(home: Home, actor: Actor) -> list[Lying]:
    """Remove what may be removed; the ledger first, so that nothing goes without a trace."""
    now = home.clock.now()
    _empty_weeks(home)
    gone = [lying for lying in too_old(home.settings, now) if lying.sort.removable]
    if not gone:
        return []
    with home.store.writing() as tx:
        for lying in gone:
            digest = hashlib.sha256(lying.path.read_bytes()).hexdigest()
            facts = {"what": lying.sort.what, "sha256": digest, "age_days": lying.age_days, "days": lying.sort.days}
            tx.leaves.append("plaintext-expired", digest[:16], actor, now, facts)
    for lying in gone:
        lying.path.unlink(missing_ok=True)
    return gone


def _empty_weeks(home: Home) -> None:
    """Folders of weeks whose files were uploaded and confirmed."""
    for folder in sorted((home.path / "s2s" / "to-upload").glob("*-W*")):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
