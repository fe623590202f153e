"""An authority without a gateway: told by a person, answering by telephone, and the case closes on its acceptance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.cases.case import Case, CaseState
from gateway.domain.matching.child import Child
from gateway.domain.referrals.contact import Contact
from gateway.domain.referrals.referral import Answer, Referral, ReferralKind, ReferralState
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import exchange, officer
from tests.pipeline.exchange.neighbours import CHILD, VIEWER, Borough, Neighbours, leaver_of, neighbours

BOTH = {"new home postcode": "994", "new home address": "994"}


@pytest.fixture
def towns() -> Neighbours:
    return neighbours()


def _drafted(here: Borough, **more: str) -> tuple[Case, Referral]:
    case = here.open_case()
    return case, here.draft(case, to="994", derivations=more or BOTH)


def _told(here: Borough, draft: Referral, how: str = "telephone", told: str = "D Park, Dunwold CME") -> Referral:
    done: Referral = here.act(lambda tx, ports, actor, now: exchange.sent_by_hand(tx, ports, draft.id, how, told, actor, now))
    return done


def test_what_a_person_told_is_recorded_answered_by_telephone_and_closes_the_case(towns: Neighbours) -> None:
    here = towns["990"]
    case, draft = _drafted(here)
    assert here.release(draft).state is ReferralState.HELD
    sent = _told(here, draft)
    assert (sent.state, sent.sent_how) == (ReferralState.SENT, "telephone")
    assert here.holds() == [] and here.boxes == {}
    here.act(lambda tx, ports, actor, now: exchange.record_answer_by_person(
        tx, ports, draft.id, Answer.ACCEPTED, actor, now, how="letter", told_by="D Park, Dunwold CME"))
    assert here.case(case).state is CaseState.CLOSED
    assert here.the(draft).state is ReferralState.CLOSED
    assert "referral-told" in here.leaves()


def test_one_source_alone_is_enough_for_whom_a_person_reached_and_their_word_stays_visible(towns: Neighbours) -> None:
    here = towns["990"]
    _, draft = _drafted(here, postcode="994")
    assert _told(here, draft).derivations["officer alice"] == "994"


@pytest.mark.parametrize(("how", "told", "code"), [
    ("pigeon", "D Park", "NO-SUCH-WAY"), ("", "D Park", "NO-SUCH-WAY"), ("telephone", " ", "NOBODY-TOLD")])
def test_how_and_whom_must_be_said(towns: Neighbours, how: str, told: str, code: str) -> None:
    here = towns["990"]
    _, draft = _drafted(here)
    with pytest.raises(UsageError) as caught:
        _told(here, draft, how, told)
    assert caught.value.code == code


def test_nobody_tells_anyone_of_a_child_that_died_and_only_an_officer_records_it(towns: Neighbours) -> None:
    here = towns["990"]
    case, draft = _drafted(here)
    with pytest.raises(NotAllowedError):
        here.act(lambda tx, ports, actor, now: exchange.sent_by_hand(tx, ports, draft.id, "letter", "D Park", actor, now),
                 actor=VIEWER)
    with here.store.writing() as tx:
        row = tx.movements.get(str(case.movement))
        tx.movements.save(replace(row, record=leaver_of(Child("K", **CHILD), deletion_ground="2024:9(1)(k)")))
    with pytest.raises(NotAllowedError) as caught:
        _told(here, draft)
    assert caught.value.code == "GUARD-RESTRICTED"


def test_what_was_sent_by_package_is_not_told_again_and_what_was_told_is_not_sent(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case())
    here.release(draft)
    _told(here, draft)
    towns.settle()
    assert "peer:991" not in here.boxes or here.boxes["peer:991"].things == {}
    assert here.the(draft).state is ReferralState.SENT
    other = here.draft(here.open_case(upn=None, legal_forename="Ada"))
    here.release(other)
    towns.settle()
    with pytest.raises(UsageError):
        _told(here, other)


def test_silence_after_a_letter_is_as_visible_as_after_a_package(towns: Neighbours) -> None:
    here = towns["990"]
    case = here.open_case()
    enquiry = here.draft(case, ReferralKind.ENQUIRY, to="994", derivations=BOTH)
    _told(here, enquiry, "letter")
    towns.clock.today_ = date(2026, 12, 1)
    here.work("timer")
    assert here.the(enquiry).state is ReferralState.EXPIRED
    assert len(here.holds("silence")) == 1


def test_who_was_told_by_a_person_is_told_by_a_person_that_it_is_taken_back(towns: Neighbours) -> None:
    here = towns["990"]
    _, draft = _drafted(here)
    _told(here, draft)
    here.act(lambda tx, ports, actor, now: exchange.withdraw_by_person(tx, ports, draft.id, "wrong authority", actor, now))
    assert here.the(draft).state is ReferralState.WITHDRAWN
    [hold] = here.holds("tell-by-hand")
    assert "telephone" in hold.reason
    assert here.work("deliver") == 0
    here.act(lambda tx, ports, actor, now: officer.release_hold(tx, ports, hold.id, "rang them", actor, now))
    assert here.holds() == []


def test_a_release_to_a_contact_without_a_gateway_asks_a_person_to_tell_it(towns: Neighbours) -> None:
    here = towns["990"]
    telephone = Contact("994", "Dunwold CME", "telephone", "01632 960300", date(2026, 9, 7))
    known = here.ports.courier.contact

    class _Courier:
        def contact(self, la: str) -> Contact | None:
            return telephone if la == "994" else known(la)

    here.ports = replace(here.ports, courier=_Courier())  # type: ignore[arg-type]
    _, draft = _drafted(here)
    assert here.release(draft).state is ReferralState.RELEASED
    assert here.work("deliver") == 0
    [hold] = here.holds("tell-by-hand")
    assert "by telephone" in hold.reason
    assert _told(here, draft).state is ReferralState.SENT
    assert here.holds() == []


def test_an_officer_takes_back_what_is_out_and_the_other_side_is_told(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    draft = here.draft(here.open_case())
    here.release(draft)
    towns.settle()
    here.act(lambda tx, ports, actor, now: exchange.withdraw_by_person(tx, ports, draft.id, "wrong authority", actor, now))
    towns.settle()
    assert [r.state for r in there.referrals()] == [ReferralState.WITHDRAWN]
    with pytest.raises(UsageError):
        here.act(lambda tx, ports, actor, now: exchange.withdraw_by_person(tx, ports, draft.id, "again", actor, now))


def test_an_answer_of_ours_may_be_told_when_nothing_can_be_sent(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    here.release(here.draft(here.open_case()))
    towns.settle()
    done = there.answer(Answer.ACCEPTED, how="telephone", told_by="Alice Osei, Thornhaven")
    assert done.state is ReferralState.CLOSED
    assert there.work("deliver") == 0
