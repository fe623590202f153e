"""Telling people: at once, again until acknowledged, and never about the child."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.parcels.parcel import Job
from gateway.errors import PartnerUnavailableError
from gateway.pipeline import alerts
from gateway.ports import Notice
from tests.pipeline.exchange.neighbours import Borough, neighbours


@pytest.fixture
def borough() -> Borough:
    return neighbours(alert_to=("duty@thornhaven.example",))["990"]


def _urgent(borough: Borough) -> Hold:
    now = borough.clock.now()
    hold = Hold("H1", "urgent", "P1", "an urgent flag stands in sheet Zoë D'Souza, row 5 of parcel P1", now, "urgent:P1:5")
    with borough.store.writing() as tx:
        tx.holds.add(hold)
        tx.jobs.enqueue("alert", "alert:H1", now, {"hold": "H1"})
    return hold


def _jobs(borough: Borough) -> list[Job]:
    with borough.store.reading() as tx:
        return [job for job in tx.jobs.where(kind="alert") if job.state == "ready"]


def test_an_urgent_flag_is_told_at_once_to_contact_deputy_and_duty_desk_without_the_child(borough: Borough) -> None:
    _urgent(borough)
    borough.work("alert")
    [notice] = borough.notices.told
    assert notice.to == ("cme@990.example", "deputy@example.org", "duty@thornhaven.example")
    assert "gateway holds release H1" in notice.text and "01632 960100" in notice.text
    assert "Souza" not in notice.text + notice.subject


def test_it_is_repeated_until_acknowledged_each_time_as_a_message_of_its_own(borough: Borough) -> None:
    hold = _urgent(borough)
    for _ in range(3):
        borough.work("alert")
        [following] = _jobs(borough)
        assert timedelta(minutes=29) < following.due_at - borough.clock.now() <= timedelta(minutes=30)
        borough.clock.ticks += 31 * 60 * 1000
    assert len({n.key for n in borough.notices.told}) == 3
    with borough.store.writing() as tx:
        tx.holds.save(replace(hold, state=HoldState.RELEASED))
    borough.work("alert")
    assert len(borough.notices.told) == 3
    assert _jobs(borough) == []


class _Broken:
    def tell(self, notice: Notice) -> None:
        raise PartnerUnavailableError("mail server does not answer", code="MAIL-DOWN", hint="")


def test_a_mail_server_that_is_down_never_ends_the_repeating_and_is_tried_again_sooner(borough: Borough) -> None:
    _urgent(borough)
    borough.ports = replace(borough.ports, notifier=_Broken())
    borough.work("alert")
    [following] = _jobs(borough)
    assert following.due_at - borough.clock.now() <= alerts.SOONER
    assert "alert-failed" in borough.leaves()
    borough.ports = replace(borough.ports, notifier=borough.notices)
    borough.clock.ticks += 3 * 60 * 1000
    borough.work("alert")
    assert len(borough.notices.told) == 1


def test_what_waits_is_told_once_with_the_command_that_clears_it(borough: Borough) -> None:
    now = borough.clock.now()
    with borough.store.writing() as tx:
        tx.holds.add(Hold("H2", "file", "P2", "refused (FILE-EMPTY): the sender was told", now, "file:P2:1"))
        tx.jobs.enqueue("notice", "notice:H2", now, {"hold": "H2"})
    borough.work("notice")
    borough.work("notice")
    [notice] = borough.notices.told
    assert notice.to == ("cme@990.example",)
    assert "FILE-EMPTY" in notice.text and "gateway show H2" in notice.text and "holds release" not in notice.text


def test_what_was_cleared_meanwhile_is_not_told(borough: Borough) -> None:
    now = borough.clock.now()
    with borough.store.writing() as tx:
        tx.holds.add(Hold("H3", "file", "P3", "refused", now, "file:P3:1", state=HoldState.RELEASED))
        tx.jobs.enqueue("notice", "notice:H3", now, {"hold": "H3"})
    assert borough.work("notice") == 1
    assert borough.notices.told == []
