from __future__ import annotations

from datetime import date

from gateway.domain.clocks.deadlines import ctf_due, referral_due, sixth_day
from gateway.domain.clocks.reporting_week import reporting_week
from gateway.domain.clocks.school_days import SchoolCalendar, Term

PLAIN = SchoolCalendar("990")
AUTUMN = (Term("990", date(2026, 9, 2), date(2026, 10, 23)), Term("990", date(2026, 11, 2), date(2026, 12, 18)))
OWN = Term("990", date(2026, 9, 2), date(2026, 12, 18), "9902001")


def test_without_terms_every_weekday_that_is_no_bank_holiday_counts() -> None:
    calendar = SchoolCalendar("990", bank_holidays={date(2026, 8, 31)})
    assert not calendar.is_school_day(date(2026, 8, 31))
    assert calendar.is_school_day(date(2026, 9, 1))
    assert not calendar.is_school_day(date(2026, 9, 5))


def test_the_day_of_arrival_is_day_nought() -> None:
    monday = date(2026, 11, 16)
    assert PLAIN.after(monday, 0) == monday
    assert PLAIN.after(monday, 3) == date(2026, 11, 19)
    assert PLAIN.after(monday, 5) == date(2026, 11, 23)
    assert PLAIN.after(date(2026, 11, 14), 1) == monday      # from a Saturday


def test_half_term_does_not_count() -> None:
    calendar = SchoolCalendar("990", AUTUMN)
    assert calendar.after(date(2026, 10, 23), 1) == date(2026, 11, 2)


def test_a_schools_own_terms_go_before_its_authoritys() -> None:
    calendar = SchoolCalendar("990", (*AUTUMN, OWN))
    assert calendar.is_school_day(date(2026, 10, 27), "9902001")
    assert not calendar.is_school_day(date(2026, 10, 27), "9902002")


def test_beyond_the_last_known_term_weekdays_count_again() -> None:
    calendar = SchoolCalendar("990", AUTUMN)
    assert calendar.after(date(2026, 12, 18), 1) == date(2026, 12, 21)


def test_statutory_deadlines() -> None:
    monday = date(2026, 11, 16)
    assert sixth_day(monday, PLAIN) == date(2026, 11, 24)
    assert referral_due(monday, PLAIN) == date(2026, 11, 30)
    assert ctf_due(monday, PLAIN) == date(2026, 12, 7)


def test_the_reporting_week_starts_on_monday() -> None:
    assert {reporting_week(date(2026, 11, 16 + n)) for n in range(7)} == {date(2026, 11, 16)}
