"""What was received later stands, in whichever order parcels are settled; and what a person dealt with is not read again."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

from gateway.domain.clocks.reporting_week import reporting_week
from gateway.domain.parcels.kinds import Channel, Kind, Verdict
from gateway.domain.parcels.parcel import Parcel, ParcelState
from gateway.domain.parcels.stages import Checked, Counts
from gateway.pipeline.journey import process
from gateway.pipeline.officer import reject_hold, release_hold
from gateway.ports import Ports
from tests.safeguards.thornhaven import FERNBRIDGE, OFFICER, SALTMARCH_QUAY, Pupil, Town, leaver, to_school

WRONG = leaver(Pupil(1), ground="a", destination=None, held=True)
RIGHT = leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY, destination_confirmed=True))


def receipts(place: Town, parcel: str) -> int:
    with place.store.reading() as tx:
        return tx.receipts.count(parcel=parcel)


def test_a_wholly_held_return_that_was_put_right_is_settled_and_not_read_again(thornhaven: Town) -> None:
    first = thornhaven.send(FERNBRIDGE, WRONG)
    thornhaven.send(FERNBRIDGE, RIGHT)
    with thornhaven.store.reading() as tx:
        assert tx.parcels.get(first).state is ParcelState.SETTLED
    assert thornhaven.update_register() == []
    assert thornhaven.holds() == []


def test_an_older_return_read_again_does_not_put_the_later_one_aside(thornhaven: Town) -> None:
    first = thornhaven.send(FERNBRIDGE, WRONG, leaver(Pupil(2, "Sandhu", "Iris", born=None), held=True))
    thornhaven.send(FERNBRIDGE, RIGHT)
    assert thornhaven.update_register() == [first]
    [good] = [m for m in thornhaven.movements if not m.held]
    assert good.record.legal_surname == "Ellery"
    assert [(hold.what, hold.about) for hold in thornhaven.holds()] == [("rows", first)]


def test_an_older_return_read_again_corrects_nothing_that_came_later(thornhaven: Town) -> None:
    first = thornhaven.send(FERNBRIDGE, verdict=Verdict.REFUSED)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.now_reads(first, leaver(Pupil(1, "Ellory"), phone="01632 960003"))
    assert thornhaven.update_register() == [first]
    assert [m.record.legal_surname for m in thornhaven.movements if m.parcel != first] == ["Ellery"]
    assert len(thornhaven.open_cases) == 1


def test_an_urgent_flag_in_an_older_return_alerts_when_it_can_be_read(thornhaven: Town) -> None:
    first = thornhaven.send(FERNBRIDGE, verdict=Verdict.REFUSED)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.now_reads(first, leaver(Pupil(1), urgent=True, address_protected=True))
    thornhaven.update_register()
    assert len(thornhaven.holds("urgent")) == 1
    with thornhaven.store.reading() as tx:
        assert [child.address_protected for child in tx.children.where()] == [True]


def test_a_refusal_that_a_person_dealt_with_is_not_read_again(thornhaven: Town) -> None:
    parcel = thornhaven.send(FERNBRIDGE, verdict=Verdict.REFUSED)
    [hold] = thornhaven.holds("file")
    with thornhaven.act() as tx:
        reject_hold(tx, thornhaven.ports, hold.id, "sent by mistake", OFFICER, thornhaven.now)
    assert thornhaven.update_register() == []
    assert thornhaven.holds() == []
    assert receipts(thornhaven, parcel) == 1


def test_a_refusal_that_waits_is_read_again_once_for_each_change(thornhaven: Town) -> None:
    parcel = thornhaven.send(FERNBRIDGE, verdict=Verdict.REFUSED)
    assert thornhaven.update_register() == [parcel]
    assert thornhaven.update_register() == [parcel]
    assert receipts(thornhaven, parcel) == 1        # with the same outcome, which its sender has heard


def test_held_rows_that_a_person_dealt_with_are_not_read_again(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, WRONG)
    [hold] = thornhaven.holds("rows")
    with thornhaven.act() as tx:
        release_hold(tx, thornhaven.ports, hold.id, "the school rang", OFFICER, thornhaven.now)
    assert thornhaven.update_register() == []


def test_a_correction_that_says_less_takes_nothing_back(thornhaven: Town) -> None:
    place = to_school(SALTMARCH_QUAY, destination_confirmed=True)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Ellory"), ground="a", **place))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, sex=None), ground=None, destination=None))
    [movement] = thornhaven.movements
    assert movement.record.legal_surname == "Ellery"
    assert (movement.record.sex, movement.record.destination_laestab) == ("M", SALTMARCH_QUAY)
    assert thornhaven.cases == []


def test_of_files_that_are_read_together_each_is_settled_in_its_turn_whatever_clock_named_it(thornhaven: Town) -> None:
    now, nil = thornhaven.now, Checked("return.csv", Kind.NIL, Verdict.ACCEPTED, FERNBRIDGE, Counts())
    ports = cast(Ports, SimpleNamespace(
        **vars(thornhaven.ports), examiner=SimpleNamespace(examine=lambda offered: nil),
        vault=SimpleNamespace(read=lambda key: b"nil return")))
    with thornhaven.act() as tx:
        for number, id in enumerate(("P-named-last", "P-named-first")):      # the clock went back between the two
            tx.parcels.add(Parcel(id=id, sender=FERNBRIDGE, channel=Channel.DROP, name="return.csv", sha256=f"{number:064d}",
                                  size=1, blob=f"parcel/{id}", week=reporting_week(thornhaven.today), received_at=now))
            turn = now + timedelta(seconds=number)
            tx.jobs.enqueue("process", f"process:{id}:1", now, {"parcel": id}, turn=turn, line=FERNBRIDGE)
        jobs = tx.jobs.claim("test", now, 60, 9, ["process"])
    process(jobs, ports)
    with thornhaven.store.reading() as tx:
        settled = [leaf.subject for leaf in tx.leaves.unsequenced(100) if leaf.kind == "parcel-settled"]
    assert settled == ["P-named-last", "P-named-first"]
