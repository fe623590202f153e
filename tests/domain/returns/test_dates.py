from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.returns.dates import ColumnOrder, DateTrouble, judge_order, read_date

MONTH_FIRST = ColumnOrder(month_first=True)
MIXED = ColumnOrder(mixed=True)


@pytest.mark.parametrize(
    "cell",
    [
        "12/03/2015",
        "12/3/15",
        "12.03.2015",
        "12-03-2015",
        "12 03 2015",
        "12 March 2015",
        "12-Mar-15",
        "12th March 2015",
        "March 12, 2015",
        "Thu 12 Mar 2015",
        "Thursday, 12 March 2015",
        "2015-03-12",
        "2015/3/12",
        "2015-03-12T00:00:00",
        "2015-03-12 00:00:00",
        "20150312",
        "12032015",
        "12/03/2015 09:30",
        "12/03/2015 9:30:00 AM",
        "42075",
        42075,
        42075.0,
        date(2015, 3, 12),
        datetime.fromisoformat("2015-03-12T09:30"),
        " 12/03/2015 ",
        "'12/03/2015",
        "120315",
        "12 Sept 2015".replace("Sept", "mar"),
        "12th of March 2015",
    ],
)
def test_every_usual_way_to_write_a_date_is_read(cell: Any) -> None:
    assert read_date(cell).value == date(2015, 3, 12)
    assert read_date(cell).trouble is None


@pytest.mark.parametrize(
    "cell", ["31/02/2022", "32/01/2020", "00/01/2020", "########", "soon", "2015", "12/2015", "01/01/0015", "29/02/2023", 7, -1]
)
def test_what_is_no_day_is_impossible(cell: Any) -> None:
    assert read_date(cell).value is None
    assert read_date(cell).trouble is DateTrouble.IMPOSSIBLE


@pytest.mark.parametrize("cell", [None, "", "  ", "N/A", "TBC", "-"])
def test_a_blank_or_a_placeholder_is_no_date_and_no_fault(cell: Any) -> None:
    assert read_date(cell).value is None
    assert read_date(cell).trouble is None


def test_two_digit_years_are_of_this_century_even_when_that_is_absurd() -> None:
    assert read_date("05/10/98").value == date(2098, 10, 5)


def test_a_workbook_that_counts_from_1904_is_four_years_on() -> None:
    assert read_date(42075, date1904=True).value == date(2019, 3, 13)


def test_a_value_that_only_the_other_order_can_read_is_read_so_and_flagged() -> None:
    assert read_date("03/17/2019").value == date(2019, 3, 17)
    assert read_date("03/17/2019").trouble is DateTrouble.OTHER_ORDER
    assert read_date("17/03/2019", MONTH_FIRST).value == date(2019, 3, 17)


def test_in_a_mixed_column_a_value_that_both_orders_can_read_is_flagged() -> None:
    assert read_date("11/10/2022", MIXED).value == date(2022, 10, 11)
    assert read_date("11/10/2022", MIXED).trouble is DateTrouble.EITHER_ORDER
    assert read_date("10/10/2022", MIXED).trouble is None
    assert read_date("25/10/2022", MIXED).trouble is None


def test_a_column_is_judged_by_the_values_that_one_order_alone_can_read() -> None:
    assert judge_order(["01/02/2020", "17/03/2019"]) == ColumnOrder()
    assert judge_order(["01/02/2020", "03/17/2019"]) == ColumnOrder(month_first=True)
    assert judge_order(["17/03/2019", "25/12/2019", "03/17/2019"]) == ColumnOrder(mixed=True)
    assert judge_order(["01/02/2020", None, date(2020, 1, 1)]) == ColumnOrder()


def test_a_column_that_is_month_first_reads_its_doubtful_values_so() -> None:
    assert read_date("04/05/2018", MONTH_FIRST).value == date(2018, 4, 5)


@given(
    st.dates(date(1901, 1, 2), date(2099, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%Y"]),
)
def test_whatever_is_written_day_first_is_read_back(day: date, pattern: str) -> None:
    assert read_date(day.strftime(pattern)).value == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    reading = read_date(text)
    assert reading.value is None or reading.trouble is not DateTrouble.IMPOSSIBLE


def test_a_number_too_long_to_be_one_is_no_date() -> None:
    assert read_date("1" * 60_000).trouble is DateTrouble.IMPOSSIBLE
