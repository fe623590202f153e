"""Where answers go: a folder is made for nobody who has none."""

from __future__ import annotations

from adapters.clock import SystemClock
from adapters.ids import TimedIds
from gateway.bootstrap.expiry import expire
from gateway.bootstrap.home import Home
from gateway.bootstrap.places import Places
from gateway.config import load
from gateway.domain.parcels.kinds import Channel
from tests.commands.typed import Keyboard


def test_another_authoritys_school_gets_no_folder_that_would_be_watched(keyboard: Keyboard) -> None:
    places = Places(load(keyboard.home), TimedIds(SystemClock()))
    assert places.answers("9912010", Channel.DROP) is None
    assert places.answers("9902001", Channel.DROP) is not None
    assert not (keyboard.home / "drop" / "9912010").exists()


def test_the_folder_of_a_week_goes_when_nothing_lies_in_it_any_more(keyboard: Keyboard) -> None:
    empty, full = (keyboard.home / "s2s" / "to-upload" / week for week in ("2026-W40", "2026-W41"))
    for folder in (empty, full):
        folder.mkdir(parents=True)
    (full / "990LLLL_CTF_9922020_001.xml").write_text("<CTfile/>", encoding="utf-8")
    with Home.opened(keyboard.home) as home:
        expire(home, home.actor)
    assert not empty.exists() and full.exists()
