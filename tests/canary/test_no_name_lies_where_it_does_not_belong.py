"""Two hundred invented children go through every kind of parcel while daemons run, crash and start again. Then everything that
was left is searched for their names and numbers: both homes as a thief would copy them, temporary folders, core files, logs,
mails, the backup, what every process showed of itself, and the receipts of other senders."""

from __future__ import annotations

import fnmatch
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.demo.cast import FERNBRIDGE, QUILLMEAD, THORNHAVEN_HIGH
from tests.canary.children import CHILDREN, found_in, named_in
from tests.canary.files import FROM_FERNBRIDGE, JOINED_QUILLMEAD, OF_THE_SHEETS
from tests.canary.town import Town, lived_through

# Where a name may lie in a home, below it, and why. Nothing else may.
MAY_HOLD_NAMES = {
    "drop/*/receipts/*-return*.xlsx": "a school's own workbook, marked, for that school; removed after workbooks_days",
    "drop/*/receipts/*-processed.*": "where a fault stands, by the sheet's own name, for the school that named the sheet",
    "receipts/*/*-return*.xlsx": "the same for what a person handed in",
    "handover/*/*": "the team needs the child's record, until it acknowledges; handovers_days",
    f"drop/{QUILLMEAD}/*": "what may not be taken is left where its sender put it: here a folder, called after a child",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with lived_through(tmp_path_factory.mktemp("canary")) as town:
        yield town


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        yield path.relative_to(folder).as_posix(), path


def _allowed(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in MAY_HOLD_NAMES)


def test_every_kind_of_parcel_came_and_was_answered(town: Town) -> None:
    parcels = town.ours.objects("parcels")
    assert {parcel["kind"] for parcel in parcels} >= {"leavers", "joiners", "ctf", "cml", "unknown"}
    assert {parcel["state"] for parcel in parcels} >= {"settled", "refused"}
    assert {parcel["channel"] for parcel in parcels} == {"drop", "egress", "peer"}
    holds = {hold["what"] for hold in town.ours.objects("holds", "--all")}
    assert holds >= {"rows", "file", "urgent", "release", "suggested-match"}
    assert town.ours.objects("handovers")
    assert town.theirs.objects("referrals")
    assert list(town.ours.home.glob("drop/*/receipts/*-return*.xlsx"))
    assert town.ours.gateway("verify").returncode == 0, town.ours.last.stdout
    named = {movement["legal_surname"] for movement in town.ours.objects("movements")}
    assert len(named & {child.surname for child in CHILDREN}) >= 40


@pytest.mark.parametrize("la", ["990", "991"])
def test_a_copy_of_the_home_shows_no_child_but_where_the_list_allows(town: Town, la: str) -> None:
    hits = []
    for name, path in _files(town.folder / la):
        if not _allowed(name):
            hits += found_in(name, name.encode())
            if path.is_symlink():
                hits += found_in(f"{name} (where it leads)", os.fsencode(path.readlink()))
            elif path.is_file():
                hits += found_in(name, path.read_bytes())
    assert hits == []


def test_every_place_on_the_list_was_looked_at_and_is_needed(town: Town) -> None:
    seen = {pattern for pattern in MAY_HOLD_NAMES for name, path in _files(town.ours.home)
            if fnmatch.fnmatchcase(name, pattern) and (found_in(name, name.encode()) or
                                                       (path.is_file() and found_in(name, path.read_bytes())))}
    assert seen == set(MAY_HOLD_NAMES)


OWN = {FERNBRIDGE: FROM_FERNBRIDGE, QUILLMEAD: JOINED_QUILLMEAD, THORNHAVEN_HIGH: frozenset[int]()}


def test_a_school_finds_only_its_own_children_in_what_it_gets(town: Town) -> None:
    for school in (FERNBRIDGE, QUILLMEAD, THORNHAVEN_HIGH):
        for path in (town.ours.home / "drop" / school / "receipts").glob("*"):
            named = named_in(path.read_bytes())
            assert named <= OWN[school], (path.name, named)
            assert path.suffix == ".xlsx" or named <= OF_THE_SHEETS, (path.name, named)


def test_logs_mails_temporary_folders_and_the_backup_show_no_child(town: Town) -> None:
    hits = [hit for log in sorted(town.folder.glob("*.log")) for hit in found_in(log.name, log.read_bytes())]
    for message in town.post.messages:
        hits += found_in("mail", message.as_bytes())
        hits += found_in("mail as read", str(message.get_content()).encode())
        hits += found_in("subject", str(message["Subject"]).encode())
    for name, path in _files(town.folder / "temp"):
        hits += found_in(name, name.encode()) + (found_in(name, path.read_bytes()) if path.is_file() else [])
    hits += found_in("backup", town.backup.read_bytes())
    assert hits == []
    assert len(town.post.messages) > 3
    assert b"parcel-received" in (town.folder / "990.log").read_bytes()


def test_a_crash_leaves_no_core_file_whatever_the_limits_allow(town: Town) -> None:
    assert list((town.folder / "work").iterdir()) == []
    assert [name for home in ("990", "991", "temp") for name, _ in _files(town.folder / home)
            if Path(name).name.split(".")[0] == "core"] == []


def test_no_process_showed_a_child_in_its_words_its_surroundings_or_its_title(town: Town) -> None:
    words = {word for said in town.processes.values() for word in said.split(b"\0")}
    assert {b"run", b"adapters.sandbox.nursery"} <= words, "daemon and readers were looked at"
    assert [hit for what, said in town.processes.items() for hit in found_in(what, said)] == []


@pytest.mark.parametrize("la", ["990", "991"])
def test_a_dump_of_the_store_without_keys_shows_no_child(town: Town, la: str) -> None:
    store = sqlite3.connect(f"file:{town.folder / la / 'gateway.sqlite'}?mode=ro", uri=True)
    dump = "\n".join(store.iterdump()).encode("utf-8", "surrogateescape")
    store.close()
    assert dump.count(b"INSERT INTO") > 20
    assert found_in("dump", dump) == []
