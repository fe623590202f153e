"""Senders who do not mean well: what they swap, name, grow and shrink; never a byte of another's, never a path outside."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.folder.claim import OpenFile
from gateway.errors import GatewayError
from tests.adapters.folder.conftest import Drop
from tests.adapters.folder.swapper import race

PARTS = ("..", ".", "%2e%2e", "%00", "\\", "~", "con", "nul", "$(reboot)", "`id`", "-rf", "\u202e", "\u200b", "\x1b[2J", "\n",
         "\r", "'", '"', ";", "|", "*", "?", "\x7f", "ﬀ", "Å", "A\u030a")


def test_a_folder_swapped_during_the_look_and_the_claim_never_gives_another_senders_bytes(drop: Drop) -> None:
    seen, swaps = race(drop.inbox, looks=600)
    assert seen["foreign"] == 0, seen
    assert swaps > 1_000
    assert len(seen) > 3, f"the race was too tame to tell anything: {seen}"
    assert (drop.path.parent / "another sender's.csv").read_bytes() == b"what another sender sent"


@pytest.mark.parametrize("joined", ["", " ", "..", "."], ids=["joined", "spaced", "with dots", "with a dot"])
def test_a_name_is_never_a_path(drop: Drop, joined: str) -> None:
    before = sorted(path.name for path in drop.path.parent.iterdir())
    names = {joined.join(parts) for parts in itertools.product(PARTS, PARTS[:3])}
    names = {name for name in names if name not in ("", ".", "..") and not name.startswith((".", "~$"))}
    for name in names:
        (drop.path / name).write_bytes(name.encode())
    ready = drop.ready()
    assert set(ready) == names
    for name in ready:
        claimed = drop.inbox.claim(name)
        assert b"".join(claimed.chunks()) == name.encode()
        assert claimed.name == name
        claimed.finish()
    assert drop.left() == []
    assert sorted(path.name for path in drop.path.parent.iterdir()) == before


def _grow(path: Path) -> None:
    with path.open("ab") as out:
        out.write(b"more\n")


def _shrink(path: Path) -> None:
    os.truncate(path, 3)


def _rewrite(path: Path) -> None:
    path.write_bytes(b"other bytes, of the same length"[:path.stat().st_size])


def _second_name(path: Path) -> None:
    os.link(path, path.parents[3] / f"kept {path.name}")


@pytest.mark.parametrize("meddle", [_grow, _shrink, _rewrite, _second_name])
def test_a_file_meddled_with_while_it_is_copied_is_not_taken_as_whole(drop: Drop, meddle: Callable[[Path], None]) -> None:
    drop.put("leavers.csv", b"UPN,Surname\nZ990200120001,Quill\n")
    claimed = drop.claim("leavers.csv")
    assert isinstance(claimed, OpenFile)
    chunks = claimed.chunks()
    content = next(chunks)
    # The sender cannot reach it by name any more, but may have kept it open, or be root: by whatever way it is changed.
    meddle(drop.path / ".taking" / claimed.claim / "leavers.csv")
    content += b"".join(chunks)
    with pytest.raises(GatewayError) as caught:
        claimed.recheck(len(content))
    assert caught.value.code == "FILE-CHANGED"


def test_a_sender_who_deletes_while_we_look_stops_nothing(drop: Drop) -> None:
    stop = threading.Event()

    def come_and_go() -> None:
        while not stop.is_set():
            drop.put("coming and going.csv").unlink(missing_ok=True)

    sender = threading.Thread(target=come_and_go)
    sender.start()
    try:
        for number in range(60):
            drop.put(f"{number}.csv")
            while f"{number}.csv" not in drop.ready():
                pass
            drop.inbox.claim(f"{number}.csv").finish()
    finally:
        stop.set()
        sender.join()
    assert [name for name in drop.left() if not name.startswith("coming")] == []
