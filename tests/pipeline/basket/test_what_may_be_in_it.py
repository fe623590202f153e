"""What goes into the week's batch, what leaves it again, and whom an instruction may reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.policy import LostPupilUploader
from gateway.domain.s2s.batch import BatchState, InstructionState
from gateway.errors import UsageError
from gateway.pipeline import basket, officer
from tests.pipeline.basket.test_week import MUSA, Week
from tests.safeguards.thornhaven import FERNBRIDGE, MARLOWICK_GREEN, OFFICER, SEEN, Pupil, leaver


@pytest.fixture
def week() -> Week:
    return Week()


def test_a_case_that_is_open_again_is_instructed_again_with_a_page_of_its_own(week: Week) -> None:
    case = week.lost()
    week.ask(case)
    week.build()
    week.release()
    week.act(officer.close, case.id, SEEN, actor=OFFICER)
    week.work()
    assert week.state() == [InstructionState.WITHDRAWN]
    week.town.today = date(2026, 11, 23)
    week.act(officer.reopen, case.id, "left again", actor=OFFICER)
    assert week.state() == [InstructionState.READY]
    week.build()
    week.release()
    assert week.state() == [InstructionState.SENT]
    pages = [name for name in week.boxes[f"answers:{FERNBRIDGE}"].things if name.endswith(".html")]
    assert sorted("withdrawn" in page for page in pages) == [False, False, True]


def test_a_case_that_is_open_again_waits_for_enquiries_as_before(week: Week) -> None:
    case = week.lost()
    week.act(officer.close, case.id, SEEN, actor=OFFICER)
    week.act(officer.reopen, case.id, "left again", actor=OFFICER)
    assert week.state() == [InstructionState.WAITING]
    week.ask(case)
    assert week.state() == [InstructionState.READY]


def test_another_authoritys_school_is_never_instructed(week: Week) -> None:
    week.town.send(MARLOWICK_GREEN, leaver(MUSA))
    assert week.town.cases != []
    assert week.state() == []


def test_an_empty_batch_is_neither_released_nor_confirmed_so_that_the_week_stays_open(week: Week) -> None:
    batch = week.build()
    for act in (basket.release, basket.confirm):
        with pytest.raises(UsageError) as caught:
            week.act(act, batch.id)
        assert caught.value.code in ("BATCH-EMPTY", "BATCH-STATE")
    week.ask(week.lost())
    assert week.build().id == batch.id
    assert week.release().state is BatchState.RELEASED


def test_what_breaks_a_rule_after_it_was_taken_in_is_left_out_when_the_batch_is_built_again(week: Week) -> None:
    bad, good = week.lost(), week.lost(Pupil(2, "Okonkwo", "Orla"))
    for case in (bad, good):
        week.ask(case)
    batch = week.build()
    with week.town.act() as tx:
        tx.cases.save(replace(tx.cases.get(bad.id), restricted=True))
    week.build()
    with week.town.store.reading() as tx:
        assert [i.case for i in tx.instructions.where(batch=batch.id)] == [good.id]
    assert week.release().state is BatchState.RELEASED


def test_a_file_of_ours_is_taken_back_when_the_childs_address_is_protected(week: Week) -> None:
    case = week.lost()
    week.ask(case)
    week.act(basket.add_own_file, case.id, "9922020")
    week.build()
    week.release()
    folder = week.boxes["s2s:2026-W47"].things
    assert "990LLLL_CTF_9922020_001.xml" in folder
    week.act(officer.protect, case.id, "address_protected", "refuge", actor=OFFICER)
    week.work()
    assert "990LLLL_CTF_9922020_001.xml" not in folder
    assert "do-not-upload" in week.events(case)


def test_a_schools_own_file_about_a_protected_child_is_not_uploaded_by_us() -> None:
    week = Week(lost_pupil_uploader=LostPupilUploader.AUTHORITY)
    case = week.lost()
    week.school_sends_its_file()
    week.act(officer.protect, case.id, "address_protected", "refuge", actor=OFFICER)
    week.ask(case)
    batch = week.build()
    with week.town.store.reading() as tx:
        assert tx.files.where(batch=batch.id) == []


def test_a_confirmed_batch_leaves_a_page_that_says_what_was_uploaded_and_what_was_not(week: Week) -> None:
    case = week.lost()
    week.ask(case)
    for to in ("9922020", "991LLLL"):
        week.act(basket.add_own_file, case.id, to)
    week.build()
    week.release()
    week.act(basket.confirm, None, not_uploaded=["990LLLL_CTF_991LLLL_001.xml"])
    week.work()
    [page] = [content.decode() for content in week.boxes["s2s-record"].things.values()]
    assert "990LLLL_CTF_9922020_001.xml" in page and "carried over: 990LLLL_CTF_991LLLL_001.xml" in page
    assert "Ellery" not in page
