"""How much room the disks have that hold what we keep."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def free_bytes(places: Iterable[Path]) -> int:
    """Bytes free on the fullest disk of these places; of a place that is not there its nearest parent counts."""
    return min(_free(place) for place in places)


def _free(place: Path) -> int:
    while not place.exists():
        place = place.parent
    status = os.statvfs(place)
    # A disk that is out of inodes is as full as one that is out of blocks; some file systems count none.
    return status.f_bavail * status.f_frsize if status.f_favail or not status.f_files else 0
