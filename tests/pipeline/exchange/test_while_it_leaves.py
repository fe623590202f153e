"""What happens between the moment a package lies over there and the moment we write that down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from gateway.domain.parcels.stages import Delivered
from gateway.domain.referrals.referral import Answer, Referral, ReferralState
from gateway.errors import OperatorError
from gateway.pipeline import exchange
from gateway.ports import Outbox, Outgoing
from tests.pipeline.exchange.neighbours import Neighbours, neighbours


@pytest.fixture
def towns() -> Neighbours:
    return neighbours()


class _Meanwhile:
    """An outbox that delivers; before it says so, something happens."""

    def __init__(self, outbox: Outbox, act: Callable[[], object]) -> None:
        self._outbox = outbox
        self._act = act

    def deliver(self, outgoing: Outgoing, at: datetime) -> Delivered:
        proof = self._outbox.deliver(outgoing, at)
        self._act()
        return proof

    def withdraw(self, name: str) -> bool:
        return self._outbox.withdraw(name)


def _delivered_while(towns: Neighbours, draft: Referral, act: Callable[[], object]) -> None:
    here = towns["990"]
    here.release(draft)
    [job] = here.claim("deliver")
    exchange.deliver(job, replace(here.ports, outboxes=lambda purpose: _Meanwhile(here.box(purpose), act)))


def test_their_receipt_may_come_while_we_write_down_that_we_sent_it(towns: Neighbours) -> None:
    here = towns["990"]
    draft = here.draft(here.open_case())
    _delivered_while(towns, draft, lambda: (towns.post(), towns["991"].work(), towns.post()))
    assert here.the(draft).state is ReferralState.DELIVERED
    with here.store.reading() as tx:
        assert [job.key for job in tx.jobs.where(kind="timer") if job.key.startswith(f"timer:answer-due:{draft.id}:")]


def test_a_case_that_ends_while_its_referral_leaves_takes_it_back_over_there(towns: Neighbours) -> None:
    here, there = towns["990"], towns["991"]
    case = here.open_case()

    def withdraw() -> None:
        with here.store.writing() as tx:
            exchange.withdraw_for_case(tx, here.ports, tx.cases.get(case.id), towns.clock.now())

    _delivered_while(towns, here.draft(case), withdraw)
    towns.settle()
    assert [r.state for r in there.referrals()] == [ReferralState.WITHDRAWN]


@pytest.mark.parametrize("known", [True, False], ids=["its key is not trusted any more", "it is no contact any more"])
def test_an_answer_to_an_authority_that_nothing_can_be_sealed_for_waits_for_a_person(towns: Neighbours, known: bool) -> None:
    here, there = towns["990"], towns["991"]
    here.release(here.draft(here.open_case()))
    here.work("deliver")
    towns.post()
    there.work()
    there.answer(Answer.ACCEPTED)
    [job] = there.claim("deliver")
    card = there.keys.contacts.pop("990")
    if known:
        there.keys.contacts["990"] = replace(card, recipient=None, signs_with=None)
    with pytest.raises(OperatorError) as caught:
        exchange.deliver(job, there.ports)
    assert "--how telephone" in caught.value.hint
