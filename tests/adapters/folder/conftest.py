from __future__ import annotations

from pathlib import Path

import pytest

from adapters.clock import SystemClock, wall_seconds
from adapters.folder import DropFolder, Limits
from adapters.ids import TimedIds
from gateway.domain.parcels.kinds import Channel
from gateway.ports import Claimed

FERNBRIDGE = "9902001"


class Drop:
    """A school's folder, and the gateway's view of it."""

    def __init__(self, path: Path, settle: float = 0.0, keep_bytes: int = 1 << 20) -> None:
        self.path = path
        self.settle, self.keep_bytes = settle, keep_bytes
        path.mkdir(parents=True, exist_ok=True)
        self.inbox = self.another()

    def another(self) -> DropFolder:
        """A second gateway process that looks at the same folder."""
        limits = Limits(settle_seconds=self.settle, keep_bytes=self.keep_bytes)
        return DropFolder(self.path, FERNBRIDGE, Channel.DROP, TimedIds(SystemClock()), limits=limits)

    def put(self, name: str, content: bytes = b"UPN,Surname\n") -> Path:
        path = self.path / name
        path.write_bytes(content)
        return path

    def ready(self) -> list[str]:
        return list(self.inbox.ready(wall_seconds()))

    def claim(self, name: str) -> Claimed:
        assert name in self.ready()
        return self.inbox.claim(name)

    def left(self) -> list[str]:
        return sorted(path.name for path in self.path.iterdir() if not path.name.startswith("."))


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(tmp_path / "drop" / FERNBRIDGE)
