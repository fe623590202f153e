"""The week with S2S: what is built, who releases it, what the school reads, and what happens when the child is found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from adapters.vault.memory import MemoryVault
from gateway.domain.actor import Actor, Role
from gateway.domain.cases.case import Case
from gateway.domain.parcels.kinds import Channel, Kind
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.policy import LostPupilUploader
from gateway.domain.s2s.batch import Batch, BatchState, InstructionState
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import basket, officer
from gateway.ports import Ports
from keys.age_files import AgeFiles, new_identity
from schemas.pages import PrintedPages
from tests.memory.outbox import MemoryOutbox
from tests.safeguards.thornhaven import FERNBRIDGE, OFFICER, SEEN, Pupil, Town, leaver, town

ADMINISTRATOR = Actor("s.day", "S Day", frozenset({Role.S2S}))
MUSA = Pupil(1)
OWN_CTF = b'<?xml version="1.0"?><CTfile>the school\'s own bytes</CTfile>'


class Week:
    """A borough with a lost pupil, an administrator, and boxes for what leaves."""

    def __init__(self, **choices: Any) -> None:
        self.town: Town = town(**choices)
        self.boxes: dict[str, MemoryOutbox] = {}
        identity, recipient = new_identity()
        more = {
            "vault": MemoryVault(AgeFiles([recipient], [identity])),
            "pages": PrintedPages(),
            "outboxes": self.box,
            "answers": lambda sender, channel: self.box(f"answers:{sender}"),
        }
        for name, value in more.items():
            setattr(self.town.ports, name, value)
        self.ports: Ports = self.town.ports

    def box(self, purpose: str) -> MemoryOutbox:
        return self.boxes.setdefault(purpose, MemoryOutbox())

    def lost(self, child: Pupil = MUSA) -> Case:
        """A leaver without a destination."""
        before = {case.id for case in self.town.cases}
        self.town.send(FERNBRIDGE, leaver(child))
        return next(case for case in self.town.cases if case.id not in before)

    def ask(self, case: Case) -> None:
        with self.town.act() as tx:
            officer.enquiry(tx, self.ports, case.id, "home visit, nobody there", OFFICER, self.town.now)

    def act(self, what: Any, *arguments: Any, actor: Actor = ADMINISTRATOR, **more: Any) -> Any:
        with self.town.act() as tx:
            return what(tx, self.ports, *arguments, actor, self.town.now, **more)

    def build(self) -> Batch:
        return cast(Batch, self.act(basket.build))

    def release(self, **more: Any) -> Batch:
        done = cast(Batch, self.act(basket.release, None, **more))
        self.work()
        return done

    def work(self) -> None:
        handlers = {"instruct": basket.instruct, "s2s-build": basket.s2s_job}
        while jobs := self._claim(*handlers):
            for job in jobs:
                handlers[job.kind](job, self.ports)

    def _claim(self, *kinds: str) -> Any:
        with self.town.act() as tx:
            return tx.jobs.claim("test", self.town.now, 60, 100, list(kinds))

    def state(self) -> list[InstructionState]:
        with self.town.store.reading() as tx:
            return [i.state for i in tx.instructions.where()]

    def events(self, case: Case) -> list[str]:
        with self.town.store.reading() as tx:
            return [e.what for e in tx.events.where(case=case.id)]

    def school_sends_its_file(self, name: str = "9902001_CTF_XXXXXXX_001.xml", sender: str = FERNBRIDGE) -> Parcel:
        """The parcel as it is once settled, for the children of every case."""
        with self.town.store.reading() as tx:
            count = tx.parcels.count()
        blob = self.ports.vault.begin()
        blob.write(OWN_CTF)
        key = f"parcel/PF{count}"
        blob.publish(key)
        parcel = Parcel(
            f"PF{count}",
            sender,
            Channel.DROP,
            name,
            f"f{count:063x}",
            len(OWN_CTF),
            key,
            date(2026, 11, 16),
            self.town.now,
            kind=Kind.CTF,
            rows_read=1,
        )
        with self.town.act() as tx:
            tx.parcels.add(parcel)
            basket.lost_file_arrived(tx, self.ports, parcel, [case.child for case in tx.cases.where()], self.town.now)
        return parcel


@pytest.fixture
def week() -> Week:
    return Week()


def test_nothing_is_in_the_batch_before_an_enquiry_was_recorded(week: Week) -> None:
    case = week.lost()
    batch = week.build()
    with week.town.store.reading() as tx:
        assert tx.instructions.where(batch=batch.id) == []
    week.ask(case)
    assert week.build().id == batch.id
    with week.town.store.reading() as tx:
        assert [i.case for i in tx.instructions.where(batch=batch.id)] == [case.id]


def test_the_release_sends_the_school_a_page_that_names_its_own_row_and_no_child(week: Week) -> None:
    case = week.lost()
    week.ask(case)
    week.build()
    week.release()
    assert week.state() == [InstructionState.SENT]
    things = week.boxes[f"answers:{FERNBRIDGE}"].things
    [page] = [content.decode() for name, content in things.items() if name.endswith(".html")]
    [data] = [json.loads(content) for name, content in things.items() if name.endswith(".json")]
    assert "XXXXXXX" in page and case.id in page and case.parcel is not None and case.parcel in page
    assert not any(word in page for word in ("Ellery", "Musa", str(MUSA.number)))
    assert (data["row"], data["parcel"], data["destination"], data["withdrawn"]) == (2, case.parcel, "XXXXXXX", False)
    assert "instruction-sent" in week.events(case)


def test_only_the_administrator_releases_and_confirms(week: Week) -> None:
    week.ask(week.lost())
    week.build()
    with pytest.raises(NotAllowedError):
        week.act(basket.release, None, actor=OFFICER)
    week.release()
    with pytest.raises(NotAllowedError):
        week.act(basket.confirm, None, actor=OFFICER)


def test_a_released_batch_stays_as_it_is_and_what_comes_after_waits_for_next_week(week: Week) -> None:
    week.ask(week.lost())
    batch = week.build()
    week.release()
    week.ask(week.lost(Pupil(2, "Okonkwo", "Orla")))
    assert week.build().id == batch.id
    with week.town.store.reading() as tx:
        assert tx.instructions.count(batch=batch.id) == 1
    week.town.today = date(2026, 11, 23)
    following = week.build()
    assert following.id != batch.id
    with week.town.store.reading() as tx:
        assert tx.instructions.count(batch=following.id) == 1


def test_a_batch_that_would_break_a_rule_cannot_be_released_and_the_reason_names_case_and_rule(week: Week) -> None:
    case = week.lost()
    week.ask(case)
    week.build()
    with week.town.act() as tx:
        tx.cases.save(replace(tx.cases.get(case.id), restricted=True))
    with pytest.raises(NotAllowedError) as caught:
        week.release()
    assert caught.value.code == "S2S-RESTRICTED" and case.id in caught.value.message


def test_a_child_found_after_the_release_withdraws_the_instruction_and_tells_the_school(week: Week) -> None:
    case = week.lost()
    week.ask(case)
    week.build()
    week.release()
    week.act(officer.close, case.id, SEEN, actor=OFFICER)
    week.work()
    assert week.state() == [InstructionState.WITHDRAWN]
    things = week.boxes[f"answers:{FERNBRIDGE}"].things
    [page] = [content.decode() for name, content in things.items() if name.endswith("-withdrawn.html")]
    assert "Do not upload" in page


def test_the_schools_own_copy_confirms_what_it_was_asked(week: Week) -> None:
    week.ask(week.lost())
    week.build()
    week.release()
    parcel = week.school_sends_its_file()
    with week.town.store.reading() as tx:
        [instruction] = tx.instructions.where()
    assert (instruction.state, instruction.evidence) == (InstructionState.CONFIRMED, parcel.id)


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("9902001_CTF_9922020_001.xml", FERNBRIDGE),
        ("9902003_CTF_XXXXXXX_001.xml", FERNBRIDGE),
        ("9902001_CTF_MMMMMMM_001.xml", FERNBRIDGE),
        ("a photo.xml", FERNBRIDGE),
        ("9902001_CTF_XXXXXXX_001.xml", "9902003"),
    ],
)
def test_another_file_confirms_nothing(week: Week, name: str, sender: str) -> None:
    week.ask(week.lost())
    week.build()
    week.release()
    week.school_sends_its_file(name, sender)
    assert week.state() == [InstructionState.SENT]


def test_where_the_authority_uploads_the_schools_own_file_goes_in_unchanged() -> None:
    week = Week(lost_pupil_uploader=LostPupilUploader.AUTHORITY)
    case = week.lost()
    week.school_sends_its_file()
    week.build()
    assert week.boxes == {}
    week.ask(case)
    week.build()
    week.release()
    folder = week.boxes["s2s:2026-W47"].things
    assert folder["9902001_CTF_XXXXXXX_001.xml"] == OWN_CTF
    assert b"9902001_CTF_XXXXXXX_001.xml" in folder["checklist.html"]
    week.act(basket.confirm, None)
    week.work()
    assert folder == {}
    assert week.state() == [InstructionState.CONFIRMED]


def test_a_child_found_after_the_release_takes_its_file_out_of_the_folder() -> None:
    week = Week(lost_pupil_uploader=LostPupilUploader.AUTHORITY)
    case = week.lost()
    week.school_sends_its_file()
    week.ask(case)
    week.build()
    week.release()
    week.act(officer.close, case.id, SEEN, actor=OFFICER)
    week.work()
    folder = week.boxes["s2s:2026-W47"].things
    assert list(folder) == ["checklist.html"]
    assert b"Do not upload" in folder["checklist.html"]


def test_what_was_not_uploaded_goes_with_the_next_batch(week: Week) -> None:
    case = week.lost()
    week.ask(case)
    week.act(basket.add_own_file, case.id, "9922020")
    first = week.build()
    week.release()
    with pytest.raises(UsageError):
        week.act(basket.confirm, None, not_uploaded=["no such file"])
    week.act(basket.confirm, None, not_uploaded=["990LLLL_CTF_9922020_001.xml"])
    week.town.today = date(2026, 11, 23)
    second = week.build()
    with week.town.store.reading() as tx:
        assert [f.name for f in tx.files.where(batch=second.id)] == ["990LLLL_CTF_9922020_001.xml"]
        assert tx.batches.get(first.id).state is BatchState.CONFIRMED
    assert "s2s-not-uploaded" in week.events(case)


def test_files_of_ours_carry_our_own_number_and_count_up_for_each_destination(week: Week) -> None:
    case = week.lost()
    with pytest.raises(NotAllowedError) as caught:
        week.act(basket.add_own_file, case.id, "991LLLL")
    assert caught.value.code == "S2S-ENQUIRIES"
    week.ask(case)
    names = [week.act(basket.add_own_file, case.id, to).name for to in ("991LLLL", "9922020", "991LLLL")]
    assert names == ["990LLLL_CTF_991LLLL_001.xml", "990LLLL_CTF_9922020_001.xml", "990LLLL_CTF_991LLLL_002.xml"]


@pytest.mark.parametrize("destination", ["XXXXXXX", "MMMMMMM", "9902005", "1234567", "99", "../../x"])
def test_no_file_of_ours_goes_to_the_lost_pupils_a_closed_school_or_nowhere(week: Week, destination: str) -> None:
    case = week.lost()
    week.ask(case)
    with pytest.raises((UsageError, NotAllowedError)):
        week.act(basket.add_own_file, case.id, destination)
    with week.town.store.reading() as tx:
        assert tx.files.count() == 0


def test_laid_out_again_the_folder_is_the_same(week: Week) -> None:
    case = week.lost()
    week.ask(case)
    week.act(basket.add_own_file, case.id, "9922020")
    week.build()
    batch = week.release()
    before = dict(week.boxes["s2s:2026-W47"].things)
    basket.lay_out(week.ports, batch.id, week.town.now)
    assert week.boxes["s2s:2026-W47"].things == before


def test_the_list_has_the_keys_that_scripts_rely_on(week: Week) -> None:
    week.ask(week.lost())
    batch = week.build()
    with week.town.store.reading() as tx:
        row = basket.batch_json(tx, batch)
    assert {"batch", "state", "files", "instructions", "released_by", "confirmed_at"} <= set(row)
    [instruction] = row["instructions"]
    assert (instruction["school"], instruction["state"]) == (FERNBRIDGE, "ready")
