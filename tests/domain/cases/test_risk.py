from __future__ import annotations

from typing import Any

import pytest

from gateway.domain.cases import risk
from gateway.domain.returns.record import DestinationType, MovementKind, PupilRecord


def row(destination: DestinationType | None = None, **details: Any) -> PupilRecord:
    return PupilRecord(2, None, MovementKind.LEAVER, destination_type=destination, details=details)


@pytest.mark.parametrize(("record", "factor"), [
    (row(unauthorised_absence="12.5%"), risk.UNAUTHORISED_ABSENCE), (row(unauthorised_absence="10"), risk.UNAUTHORISED_ABSENCE),
    (row(DestinationType.AP), risk.PROVIDER_UNKNOWN), (row(social_worker="A Person"), risk.OPEN_TO_SERVICES),
    (row(looked_after=True), risk.OPEN_TO_SERVICES), (row(youth_justice="Yes"), risk.OPEN_TO_SERVICES),
    (row(ehcp="Y"), risk.SEN_WITHOUT_PROVISION), (row(sen_status="E"), risk.SEN_WITHOUT_PROVISION),
    (row(traveller="Yes"), risk.GRT), (row(ethnicity="WROM"), risk.GRT),
])
def test_each_of_the_five_factors_fires_on_its_own_word(record: PupilRecord, factor: str) -> None:
    assert risk.risk_factors(record) == (factor,)


@pytest.mark.parametrize("record", [
    row(), row(unauthorised_absence="9.9"), row(looked_after="No"), row(ehcp="N"), row(sen_status="K"), row(ethnicity="WBRI"),
    row(DestinationType.AP, monitoring_confirmed="Yes"),
])
def test_silence_and_no_fire_nothing(record: PupilRecord) -> None:
    assert risk.risk_factors(record) == ()


def test_the_four_items_say_what_is_still_to_be_enquired() -> None:
    assert list(risk.four_items(row()).values()) == [False] * 4
    full = row(new_postcode="ZY3 1QP", parents=[{"name": "Mrs Ellery", "phone": "000"}], destination_confirmed=True)
    assert list(risk.four_items(full).values()) == [True, True, False, True]
