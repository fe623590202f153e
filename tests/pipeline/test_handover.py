"""Handing a child to another team: what its folder holds, and that it holds it no longer than needed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from gateway.domain.cases.waiting import Handover
from gateway.pipeline import officer
from gateway.pipeline.handover import handover
from tests.memory.outbox import MemoryOutbox
from tests.pipeline.exchange.neighbours import OFFICER, Borough, neighbours


@pytest.fixture
def borough() -> Borough:
    borough = neighbours()["990"]
    case = borough.open_case()
    now = borough.clock.now()
    details = {"legal_surname": "D'Souza", "legal_forename": "Zoë", "dob": "2017-10-09", "ground": "2024:9(1)(f)",
               "ehe_letter_date": "2026-11-09", "due": "2026-11-24", "address_lines": ["4 Mill Lane", "Thornhaven"],
               "phone": None}
    with borough.store.writing() as tx:
        tx.handovers.add(Handover("V1", "ehe", case.child, "educated at home by the parent's letter", now, "ehe:1", case=case.id,
                                  details=details))
        tx.jobs.enqueue("handover", "handover:V1", now, {"handover": "V1"})
    return borough


def _work(borough: Borough) -> None:
    for job in borough.claim("handover"):
        handover(job, borough.ports)


def _folder(borough: Borough) -> dict[str, bytes]:
    box = borough.box("handover:ehe")
    assert isinstance(box, MemoryOutbox)
    return box.things


def test_the_team_finds_a_page_and_the_same_as_data_under_an_id(borough: Borough) -> None:
    _work(borough)
    assert sorted(_folder(borough)) == ["V1.html", "V1.json"]
    page, data = _folder(borough)["V1.html"].decode(), json.loads(_folder(borough)["V1.json"])
    assert "D&#39;Souza" in page and "4 Mill Lane, Thornhaven" in page and "2026-11-24" in page
    assert data["child"]["ehe_letter_date"] == "2026-11-09"
    assert (data["team"], data["due"]) == ("ehe", "2026-11-24")
    with borough.store.reading() as tx:
        assert tx.handovers.get("V1").path == "memory/V1.html"


def test_acknowledged_its_files_are_taken_away(borough: Borough) -> None:
    _work(borough)
    with borough.store.writing() as tx:
        officer.acknowledge_handover(tx, borough.ports, "V1", OFFICER, borough.clock.now())
    _work(borough)
    assert _folder(borough) == {}
    assert {"handover-left", "handover-acknowledged", "handover-removed"} <= set(borough.leaves())


def test_acknowledged_before_they_were_written_they_are_not_written(borough: Borough) -> None:
    with borough.store.writing() as tx:
        tx.handovers.save(replace(tx.handovers.get("V1"), acknowledged_at=borough.clock.now(), acknowledged_by="alice"))
    _work(borough)
    assert _folder(borough) == {}


def test_written_twice_they_are_the_same_files(borough: Borough) -> None:
    with borough.store.writing() as tx:
        tx.jobs.enqueue("handover", "handover:V1:again", borough.clock.now(), {"handover": "V1"})
    borough.clock.today_ = date(2026, 11, 17)
    _work(borough)
    assert len(_folder(borough)) == 2
