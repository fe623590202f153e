"""A date should be a day of the calendar."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import YES, Cell, Facts, cell_rule

OTHER_DATES = ("last_attendance_date", "new_address_from", "destination_start_date", "ehe_letter_date",
               "previous_school_leaving_date",
               "uk_arrival_date", "off_roll_date_of_joiner", "start_date_of_leaver")


def check(cell: Cell) -> Facts | None:
    """A date should be a day of the calendar."""
    return YES if cell.trouble == "impossible" else None


RULE = cell_rule(
    "DATE-UNREADABLE", Severity.QUERY, OTHER_DATES, check,
    title="A date should be a day of the calendar.",
    wording="This is not a date that exists; it was left out.",
    hint="Write day, month and year, such as 02/03/2014.",
    source="Terms of the return: what an answer means",
)
