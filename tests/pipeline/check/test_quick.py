from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.returns.dates import DAY_FIRST
from gateway.domain.returns.record import MovementKind
from gateway.pipeline.check.cells import reader_for

TODAY = date(2026, 11, 20)
FIELDS = ("upn", "legal_surname", "legal_forename", "home_postcode", "dob", "off_roll_date", "last_attendance_date", "start_date")
CELLS = st.one_of(
    st.text(max_size=16),
    st.text(alphabet="abZ '-,=0", max_size=8),
    st.from_regex(r"[0-3][0-9]/[01][0-9]/(19|20)[0-9]{2}", fullmatch=True),
    st.from_regex(r"[A-Z][0-9]{12}", fullmatch=True),
    st.from_regex(r"ZY[0-9] ?[0-9][A-Z]{2}", fullmatch=True),
    st.sampled_from(["N/A", "TBC", "Null", "pending", "R201100018042", "Smith-Okafor", "x" * 61, "20/11/2026", "21/11/2026"]),
)


@pytest.mark.parametrize("field", FIELDS)
@given(cell=CELLS)
def test_a_short_cut_gives_what_the_full_reading_gives(field: str, cell: Any) -> None:
    short, full = (reader_for(field, MovementKind.LEAVER, TODAY, DAY_FIRST, date1904=False) for _ in range(2))
    full.quick = None
    assert short.quick is not None
    assert short(cell) == full(cell)


def test_a_short_cut_is_taken_for_plain_cells() -> None:
    plain = ("R201100018042", "Smith", "Mary Anne", "ZY1 3AB", "02/03/2014", "02/11/2026", "30/10/2026", "02/11/2026")
    for field, cell in zip(FIELDS, plain, strict=True):
        quick = reader_for(field, MovementKind.LEAVER, TODAY, DAY_FIRST, date1904=False).quick
        assert quick is not None
        assert quick(cell) is not None
