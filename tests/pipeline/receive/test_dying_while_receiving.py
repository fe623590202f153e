"""A run may die at any step. Whatever it had done, the next one ends with one parcel, one blob, one receipt, one job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adapters.clock import wall_seconds
from adapters.folder import DropFolder, Limits
from gateway.domain.parcels.kinds import Channel
from gateway.pipeline.receive import Arrival, forget, receive, recover
from gateway.ports import Claimed, Ports
from tests.pipeline.verify.world import FERNBRIDGE, NOW, World

CONTENT = b"UPN,Surname\nK990200124011,Ellery\n"


class Died(BaseException):
    """The process ended here: nothing of it runs any more, no handler, no clean-up."""


@dataclass
class Watched:
    """Counts the steps of receiving, and dies before or after one of them."""

    die_at: str = ""
    passed: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self._at(f"before {name}")
        yield
        self._at(f"after {name}")

    def _at(self, moment: str) -> None:
        self.passed.append(moment)
        if moment == self.die_at:
            raise Died(moment)


class Mortal:
    """A port whose calls are steps."""

    def __init__(self, inner: object, watched: Watched, *steps: str, wrap: Callable[[Any], Any] = lambda made: made) -> None:
        self._inner, self._watched, self._steps, self._wrap = inner, watched, steps, wrap

    def __getattr__(self, name: str) -> Any:
        act = getattr(self._inner, name)
        if name not in self._steps:
            return act

        def call(*given: Any, **named: Any) -> Any:
            with self._watched.step(name):
                return self._wrap(act(*given, **named))

        return call


class MortalStore:
    """A store whose commit is a step."""

    def __init__(self, world: World, watched: Watched) -> None:
        self._world, self._watched = world, watched
        self.reading = world.store.reading

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with self._world.store.writing() as tx:
            yield tx
            self._watched._at("before commit")
        self._watched._at("after commit")


class Home:
    """A gateway with one drop folder; ``mortal`` gives ports that die."""

    def __init__(self, root: Path) -> None:
        self.world = World(root)
        self.drop = root / "drop"
        self.drop.mkdir()

    def inbox(self) -> DropFolder:
        return DropFolder(self.drop, FERNBRIDGE, Channel.DROP, self.world.ids, limits=Limits(settle_seconds=0))

    def ports(self, watched: Watched) -> Ports:
        vault = Mortal(self.world.vault, watched, "begin", wrap=lambda blob: Mortal(blob, watched, "write", "publish"))
        store = MortalStore(self.world, watched)
        return cast(Ports, SimpleNamespace(**{**vars(self.world.ports), "vault": vault, "store": store}))

    def one_run(self, watched: Watched) -> None:
        """What a daemon does at its start: recover, then take what is ready."""
        inbox, ports = self.inbox(), self.ports(watched)
        recover([self._arrival(claim, watched) for claim in inbox.abandoned()], ports, NOW)
        for name in inbox.ready(wall_seconds()):
            with watched.step("claim"):
                claimed = inbox.claim(name)
            receive([self._arrival(claimed, watched)], ports, NOW)

    def _arrival(self, claimed: Claimed, watched: Watched) -> Arrival:
        return Arrival(cast(Claimed, Mortal(claimed, watched, "recheck", "finish")), FERNBRIDGE, Channel.DROP)

    def assert_received_once(self) -> None:
        with self.world.store.reading() as tx:
            [parcel] = tx.parcels.where()
            assert [receipt.stage.value for receipt in tx.receipts.where()] == ["received"]
            assert sorted(job.kind for job in tx.jobs.where() if job.kind != "receipt") == ["process"]
        assert dict(self.world.vault.keys()).keys() == {parcel.blob}
        assert self.world.vault.read(parcel.blob) == CONTENT
        assert [path for path in self.drop.rglob("*") if path.is_file()] == []
        assert list((self.drop / ".taking").iterdir()) == []


def _moments() -> list[str]:
    steps = ("claim", "begin", "write", "recheck", "publish")
    return [f"{when} {step}" for step in steps for when in ("before", "after")] + [
        "before commit", "after commit", "before finish", "after finish"]


@pytest.mark.parametrize("moment", _moments())
def test_a_death_at_any_step_leaves_one_parcel_in_the_end(tmp_path: Path, moment: str) -> None:
    home = Home(tmp_path)
    (home.drop / "leavers.csv").write_bytes(CONTENT)
    with pytest.raises(Died):
        home.one_run(Watched(moment))
    home.one_run(Watched())
    home.assert_received_once()


@pytest.mark.parametrize("second", _moments())
@pytest.mark.parametrize("first", ["after publish", "after commit"])
def test_a_death_during_recovery_is_recovered_from(tmp_path: Path, first: str, second: str) -> None:
    home = Home(tmp_path)
    (home.drop / "leavers.csv").write_bytes(CONTENT)
    for moment in (first, second):
        try:
            home.one_run(Watched(moment))
        except Died:
            continue
    home.one_run(Watched())
    home.assert_received_once()


def test_every_step_that_is_tried_is_one_that_happens(tmp_path: Path) -> None:
    home, watched = Home(tmp_path), Watched()
    (home.drop / "leavers.csv").write_bytes(CONTENT)
    home.one_run(watched)
    assert [moment for moment in watched.passed if moment in _moments()] == _moments()


@pytest.mark.parametrize(("die_at", "blobs"), [("after publish", 0), ("after commit", 1)])
def test_where_nobody_will_recover_a_blob_without_its_parcel_is_forgotten_and_no_other(
        tmp_path: Path, die_at: str, blobs: int) -> None:
    home = Home(tmp_path)
    (home.drop / "leavers.csv").write_bytes(CONTENT)
    with pytest.raises(Died):
        home.one_run(Watched(die_at))
    [left] = home.inbox().abandoned()
    forget(Arrival(left, FERNBRIDGE, Channel.DROP), home.world.ports)
    with home.world.store.reading() as tx:
        assert (len(dict(home.world.vault.keys())), len(tx.parcels.where())) == (blobs, blobs)
