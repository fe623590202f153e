"""A yard: drop folders, and workers that write down what they did."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from adapters.folder import DropFolder, Limits
from gateway.daemon import Lane, Plant, run_once
from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.parcel import Job
from gateway.ports import Ports
from tests.daemon.plants import plant_for
from tests.pipeline.verify.world import FERNBRIDGE, World

ALL_HALLOWS = "9902002"


class Yard:
    """Drop folders and workers that write down what they did."""

    def __init__(self, root: Path, settle: float = 0.0) -> None:
        self.world, self.root, self.settle = World(root), root, settle
        self.did: list[str] = []
        self.failing: dict[str, Exception] = {}
        self.watch: Callable[[], None] = lambda: None

    def folder(self, sender: str = FERNBRIDGE) -> Path:
        folder = self.root / "drop" / sender
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def plant(self, *senders: str) -> Plant:
        limits = Limits(settle_seconds=self.settle)
        inboxes = [DropFolder(self.folder(sender), sender, Channel.DROP, self.world.ids, limits=limits) for sender in senders]
        kinds = ("receipt", "process", "deliver", "notice")
        return plant_for(self.world, inboxes=inboxes, lanes=(Lane("all", kinds),), handlers=dict.fromkeys(kinds, self._do),
                         settle=self.settle)

    def once(self, *senders: str) -> int:
        return run_once(self.plant(*(senders or (FERNBRIDGE,))), threading.Event())

    def enqueue(self, kind: str, key: str) -> None:
        with self.world.store.writing() as tx:
            tx.jobs.enqueue(kind, key, self.world.clock.now())

    def _do(self, job: Job, ports: Ports) -> None:
        self.did.append(job.kind)
        self.watch()
        if job.kind in self.failing:
            raise self.failing[job.kind]
        with ports.store.writing() as tx:
            if job.kind == "process":
                tx.jobs.enqueue("deliver", f"deliver:{job.key}", ports.clock.now())
            tx.jobs.finish(job)
