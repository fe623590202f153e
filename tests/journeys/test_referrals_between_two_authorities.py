"""Two homes, their daemons, and a referral between them: through a shared folder, and through a real SFTP server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.borough import FERNBRIDGE, Borough, Pupil, leaver, leavers
from tests.servers.sshd import SftpPlace, sftp_server

MONDAY = "2026-11-16"
QUICK = "[receive]\nsettle_seconds = 0.3\n"


@dataclass
class Pair:
    """Thornhaven and Marlowick, and where their packages pass."""

    thornhaven: Borough
    marlowick: Borough
    between: Path

    def run(self, *towns: Borough) -> None:
        for town in towns:
            town.run(MONDAY)

    def the_one(self, town: Borough) -> dict[str, object]:
        [referral] = town.objects("referrals")
        return referral


@pytest.fixture(params=["folder", "sftp"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    homes = {"990": tmp_path / "thornhaven", "991": tmp_path / "marlowick"}
    if request.param == "folder":
        yield _acquainted(homes, {la: _by_folder(homes[other], la) for la, other in (("990", "991"), ("991", "990"))}, tmp_path)
        return
    with sftp_server(tmp_path / "server") as server:
        for la in homes:
            (server.root / f"for-{la}").mkdir()
        between = {la: _by_sftp(server, la, other) for la, other in (("990", "991"), ("991", "990"))}
        yield _acquainted(homes, between, server.root)


def _acquainted(homes: dict[str, Path], contacts: dict[str, str], between: Path) -> Pair:
    towns = {}
    for la, other in (("990", "991"), ("991", "990")):
        contact = f'[contacts.{other}]\nname = "CME team of {other}"\nverified_on = 2026-11-02\n{contacts[la]}\n'
        towns[la] = Borough.found(homes[la], la, QUICK + contact)
    for la, other in (("990", "991"), ("991", "990")):
        done = towns[la].gateway("contacts", "trust", other, str(homes[other] / "keys" / "public.json"))
        assert done.returncode == 0, done.stderr
    return Pair(towns["990"], towns["991"], between)


def _by_folder(theirs: Path, us: str) -> str:
    return f'channel = "folder"\npath = "{theirs}/peers/{us}/in"'


def _by_sftp(server: SftpPlace, us: str, them: str) -> str:
    return (f'channel = "sftp"\nhost = "{server.host}"\nport = {server.port}\nuser = "{server.user}"\n'
            f'key_file = "{server.key_file}"\nhost_key = "{server.host_key}"\n'
            f'folder = "{server.root}/for-{them}"\npickup = "{server.root}/for-{us}"')


def _moved_away(town: Borough) -> dict[str, object]:
    """A child who left for Marlowick, and the case that opened."""
    child = Pupil(11)
    town.drop(FERNBRIDGE, "leavers.csv", leavers(leaver(child, "13/11/2026", "g", New_postcode="ZY3 2AA",
                                                        New_address="9 Quay Street, Marlowick")))
    town.run(MONDAY)
    [case] = town.cases()
    return case


def test_a_referral_is_drafted_released_delivered_accepted_and_the_case_closes_on_that(pair: Pair) -> None:
    here, there = pair.thornhaven, pair.marlowick
    case = _moved_away(here)
    assert pair.the_one(here)["state"] == "drafted"
    pair.run(here, there)
    assert there.objects("referrals") == []
    [hold] = here.holds("release")
    assert here.gateway("holds", "release", hold["id"], "--reason", "address confirmed by the school").returncode == 0
    pair.run(here)
    assert pair.the_one(here)["state"] == "sent"
    pair.run(there)
    theirs = pair.the_one(there)
    assert (theirs["direction"], theirs["state"]) == ("in", "delivered")
    pair.run(here)
    assert pair.the_one(here)["state"] == "delivered"
    assert [c["id"] for c in here.cases()] == [case["id"]]
    assert there.gateway("answer", str(theirs["id"]), "accepted").returncode == 0
    pair.run(there, here, there)
    assert (pair.the_one(here)["state"], pair.the_one(here)["answer"]) == ("closed", "accepted")
    assert here.cases() == []
    assert pair.the_one(there)["state"] == "closed"
    for town in (here, there):
        assert town.gateway("verify").returncode == 0, town.last.stdout
        assert town.holds("file") == []
    left = list(pair.between.rglob("99?-99?-*.age"))
    assert left == []
