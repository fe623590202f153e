"""A flag raised between release and delivery: the door looks again, and what is released again goes without."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gateway.domain.matching.child import Child
from gateway.domain.referrals.referral import ReferralState
from gateway.pipeline import exchange, officer
from tests.pipeline.exchange.neighbours import CHILD, Neighbours, leaver_of, neighbours


@pytest.fixture
def towns() -> Neighbours:
    return neighbours()


def test_an_address_protected_after_the_release_does_not_leave_and_released_again_it_is_not_in_it(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    here.act(lambda tx, ports, actor, now: officer.protect(tx, ports, case.id, "address_protected", "refuge", actor, now))
    towns.settle()
    assert here.the(draft).state is ReferralState.HELD and there.referrals() == []
    [hold] = here.holds("guard")
    assert "believed_address" in hold.reason and "Quay" not in hold.reason
    here.act(lambda tx, ports, actor, now: officer.release_hold(tx, ports, hold.id, "goes without", actor, now))
    towns.settle()
    [theirs] = there.referrals()
    assert "Quay" not in json.dumps(theirs.payload) and "ZY3" not in json.dumps(theirs.payload)
    assert theirs.payload["needs"]["address_protected"] is True


def test_who_takes_a_protected_child_over_protects_it_too(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()
    here.act(lambda tx, ports, actor, now: officer.protect(tx, ports, case.id, "address_protected", "refuge", actor, now))
    here.release(here.draft(case))
    towns.settle()
    with there.store.reading() as tx:
        assert tx.children.get(str(there.referrals()[0].child)).address_protected


def test_a_number_restricted_after_the_release_does_not_leave(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case(leaver_of(Child("K", **CHILD), details={"former_surname": "Oldname", "new_postcode": "ZY3 2AA"}))
    draft = here.draft(case)
    here.release(draft)
    with here.store.writing() as tx:           # the flag alone: what follows from raising it is another test's matter
        tx.children.save(replace(tx.children.get(case.child), restricted=True))
    towns.settle()
    assert here.the(draft).state is ReferralState.HELD and there.referrals() == []
    assert "former_surname" in here.holds("guard")[0].reason


def test_restricting_takes_back_what_is_out_and_does_not_say_that_the_child_was_found(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case()
    draft = here.draft(case)
    here.release(draft)
    towns.settle()
    here.act(lambda tx, ports, actor, now: officer.protect(tx, ports, case.id, "restricted", "adopted", actor, now))
    assert here.the(draft).state is ReferralState.WITHDRAWN
    with here.store.reading() as tx:
        [job] = [job for job in tx.jobs.where(kind="deliver") if job.payload["what"] == "withdrawal"]
    assert "found" not in job.payload["body"]["reason"]


def test_every_sort_of_case_can_be_referred_with_what_was_told_of_the_child(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    here.release(here.draft(here.open_case()))
    towns.settle()
    [theirs] = there.referrals()
    onward = there.act(lambda tx, ports, actor, now: exchange.draft_for_case(tx, ports, str(theirs.case), "992", actor, now))
    assert onward.payload["believed_address"]["postcode"] == "ZY3 2AA"
    assert onward.payload["child"]["legal_surname"] == "D'Souza"
