"""Bank holidays of England, from the holidays library: its only home. A date is asked for, no list is kept."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any


class BankHolidays:
    """``day in BankHolidays()``; the library is loaded when first asked."""

    @cached_property
    def _known(self) -> Any:
        import holidays

        return holidays.country_holidays("GB", subdiv="ENG")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in self._known
