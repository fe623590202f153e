"""A parcel that is read again: told once where nothing changed, settled once whoever is faster, put right row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gateway.domain.parcels.kinds import Channel, Finding, Kind, Severity, Verdict
from gateway.domain.parcels.parcel import Parcel, ParcelState
from gateway.domain.parcels.stages import Checked, Counts
from gateway.pipeline.carry import carry
from gateway.pipeline.officer.holds import reject, release
from gateway.pipeline.reading import note_lacking_key, read_again_if_due, read_packages_again, reading
from tests.safeguards.thornhaven import FERNBRIDGE, OFFICER, Pupil, Town, leaver

REFUSED = Checked("return.csv", Kind.UNKNOWN, Verdict.REFUSED, FERNBRIDGE, Counts(),
                  (Finding("FILE-LOCKED", Severity.ERROR, "The workbook is locked.", "Send it unlocked."),))


def _parcel(place: Town, id: str) -> Parcel:
    with place.store.reading() as tx:
        return tx.parcels.get(id)


def _read_again(place: Town, parcel: Parcel, why: str = "again") -> bool:
    """Whether this reading was settled."""
    with place.act() as tx:
        reading(tx, parcel, parcel.reading + 1, place.now, why=why)
        [job] = tx.jobs.claim("test", place.now, 60, 1, ["process"])
    return carry(job, parcel, REFUSED, place.ports, place.now) is not None


def _processed(place: Town) -> int:
    with place.store.reading() as tx:
        return sum(receipt.stage.value == "processed" for receipt in tx.receipts.where())


def test_the_same_refusal_again_is_no_second_answer_and_waits_for_who_asked(thornhaven: Town) -> None:
    id = thornhaven.take(FERNBRIDGE, REFUSED)
    [hold] = thornhaven.holds("file")
    with thornhaven.act() as tx:
        release(tx, thornhaven.ports, hold.id, "the password is known now", OFFICER, thornhaven.now)
        [job] = tx.jobs.claim("test", thornhaven.now, 60, 1, ["process"])
    carry(job, _parcel(thornhaven, id), REFUSED, thornhaven.ports, thornhaven.now)
    [again] = thornhaven.holds("file")
    assert (again.id, "with the same outcome" in again.reason) == (hold.id, True)
    assert (_processed(thornhaven), _parcel(thornhaven, id).reading) == (1, 2)


def test_when_nobody_asked_the_hold_waits_as_it_did(thornhaven: Town) -> None:
    id = thornhaven.take(FERNBRIDGE, REFUSED)
    [before] = thornhaven.holds("file")
    assert _read_again(thornhaven, _parcel(thornhaven, id))
    assert thornhaven.holds("file") == [before]
    assert _processed(thornhaven) == 1


def test_of_two_workers_with_the_same_reading_one_settles_it(thornhaven: Town) -> None:
    id = thornhaven.take(FERNBRIDGE, REFUSED)
    unread = _parcel(thornhaven, id)
    assert _read_again(thornhaven, unread)
    assert not _read_again(thornhaven, unread, "slower")
    assert _processed(thornhaven) == 1


def test_a_parcel_waits_until_all_of_its_held_rows_were_put_right(thornhaven: Town) -> None:
    rows = [leaver(Pupil(n, f"Marsh{'ab'[n - 1]}"), ground=None, destination=None, held=True) for n in (1, 2)]
    thornhaven.send(FERNBRIDGE, *rows)
    assert len(thornhaven.holds("rows")) == 1
    for number, waits in ((1, 1), (2, 0)):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(number, f"Marsh{'ab'[number - 1]}")))
        assert len(thornhaven.holds("rows")) == waits


def test_a_flag_in_a_row_that_was_withdrawn_and_comes_again_still_rings(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground=None, destination=None, held=True))
    [hold] = thornhaven.holds("rows")
    with thornhaven.act() as tx:
        reject(tx, thornhaven.ports, hold.id, "the school takes it back", OFFICER, thornhaven.now)
    thornhaven.today = date(2026, 11, 17)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground=None, destination=None, held=True, urgent=True))
    assert len(thornhaven.jobs("alert")) == 1


def test_the_answer_has_its_turn_when_the_reading_had(thornhaven: Town) -> None:
    id = thornhaven.take(FERNBRIDGE, REFUSED)
    with thornhaven.act() as tx:
        [read] = tx.jobs.where(key=f"process:{id}:1")
        [receipt] = tx.jobs.where(kind="receipt")
    assert receipt.turn == read.turn


def test_a_package_is_not_read_again_because_rules_changed(thornhaven: Town) -> None:
    id = thornhaven.take(FERNBRIDGE, REFUSED)
    with thornhaven.act() as tx:
        tx.settings.put(f"judged-by:{id}", "an older version of the rules")
        mine = tx.parcels.get(id)
        peers = Parcel(**{name: getattr(mine, name) for name in Parcel.__dataclass_fields__} | {"channel": Channel.PEER})
        assert not read_again_if_due(tx, peers, thornhaven.ports, thornhaven.now)
        assert read_again_if_due(tx, mine, thornhaven.ports, thornhaven.now)
    assert _parcel(thornhaven, id).state is ParcelState.REFUSED


def test_what_was_refused_for_want_of_a_key_is_read_again_when_the_key_is_trusted_and_nothing_else_is(thornhaven: Town) -> None:
    ids = [thornhaven.take("991", REFUSED) for _ in range(3)]
    with thornhaven.act() as tx:
        for id, code in zip(ids, ("PACKAGE-NO-CONTACT", "PACKAGE-EXPIRED", "PACKAGE-SIGNATURE"), strict=True):
            parcel = tx.parcels.get(id)
            tx.parcels.save(replace(parcel, channel=Channel.PEER) if code != "PACKAGE-SIGNATURE" else parcel)
            note_lacking_key(tx, parcel, code)
        assert read_packages_again(tx, "991", thornhaven.now) == 1
        assert [job.payload["parcel"] for job in tx.jobs.where(kind="process") if job.key.endswith(":key")] == [ids[0]]
