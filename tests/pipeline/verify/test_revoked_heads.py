"""Stored checkpoints whose key was revoked: good while a later one vouches for them, and never the last word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from gateway.domain.actor import Actor, Role
from gateway.pipeline.mirror import mirror
from gateway.pipeline.put_back import accept
from gateway.pipeline.sequence import sequence
from gateway.pipeline.verify import HomeReport, verify_home
from keys.private import Purpose
from keys.ring import load
from keys.rotation import revoke_retired, rotate
from tests.pipeline.verify.test_put_back import PutBack
from tests.pipeline.verify.test_spoilt import spoil
from tests.pipeline.verify.world import NOW, World, sentences

OLGA = Actor("olga", "Olga Reed", frozenset({Role.OPERATOR}))
LATER = NOW + timedelta(days=1)


def checked(world: World) -> HomeReport:
    return verify_home(world.ports, LATER, files=world.files())


def rotated(world: World) -> None:
    world.ring = rotate(world.home, private_dir=world.private, purpose=Purpose.CHECKPOINTS, now=LATER)
    taken_up(world)


def revoked(world: World) -> None:
    revoke_retired(world.home, private_dir=world.private, purpose=Purpose.CHECKPOINTS, now=LATER)
    taken_up(world)


def taken_up(world: World) -> None:
    world.store.close()
    world.ring = load(world.home, world.private)
    world.notary = world.ring.notary()
    world.reopen()


def signed(world: World, *subjects: str) -> None:
    world.append(*subjects)
    sequence(world.ports, LATER)
    mirror(world.ports, world.files())


def test_heads_under_a_revoked_key_are_told_and_no_problem_once_a_later_one_covers_them(tmp_path: Path) -> None:
    world = World(tmp_path)
    for number in range(3):
        signed(world, f"C{number}")
    rotated(world)
    signed(world, "C9")
    revoked(world)
    report = checked(world)
    assert report.problems == []
    assert "3 stored checkpoints, the last of them 3, are signed by a key that was revoked since" in sentences(report.accepted)


def test_a_head_under_a_revoked_key_that_was_changed_is_a_problem_all_the_same(tmp_path: Path) -> None:
    world = World(tmp_path)
    signed(world, "C1")
    rotated(world)
    signed(world, "C2")
    revoked(world)
    spoil(world, "UPDATE checkpoints SET root = zeroblob(32) WHERE seq = 1")
    assert "stored checkpoint 1 does not verify" in sentences(checked(world).problems)


def test_the_last_head_must_be_signed_by_a_key_in_force(tmp_path: Path) -> None:
    world = World(tmp_path)
    signed(world, "C1")
    rotated(world)
    revoked(world)
    told = sentences(checked(world).problems)
    assert "the newest stored checkpoint is signed by a key that was revoked, and by none in force" in told


def test_what_was_put_back_and_accepted_is_still_explained_after_its_key_was_revoked(tmp_path: Path) -> None:
    put_back = PutBack(tmp_path)
    accept(put_back.world.ports, put_back.files, OLGA, "the newest is lost", NOW)
    sequence(put_back.world.ports, NOW)
    mirror(put_back.world.ports, put_back.files)
    rotated(put_back.world)
    signed(put_back.world, "F1")
    revoked(put_back.world)
    report = checked(put_back.world)
    assert report.problems == []
    assert f"received in the part that was left: {put_back.lost.id}" in sentences(report.accepted)
