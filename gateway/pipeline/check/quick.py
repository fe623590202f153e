"""Short cuts: cells so plain that no rule can question them. Whatever is not plain is read in full.

Each gives the value that the full reading would give, or None. A test holds them to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from gateway.domain.identifiers.upn import is_upn
from gateway.domain.returns.text import is_placeholder
from gateway.domain.rules.dob_too_early import EARLIEST

_NAME = re.compile(r"[A-Za-z]+(?:[ '\-][A-Za-z]+)*", re.ASCII)
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}", re.ASCII)
_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", re.ASCII)
LONGEST = 60


def quick_upn(cell: str) -> str | None:
    """A permanent number with the right check letter."""
    return cell if is_upn(cell) and cell[-1].isdigit() else None


def quick_name(cell: str) -> str | None:
    """Plain letters, with single spaces, hyphens and apostrophes between them."""
    return cell if _NAME.fullmatch(cell) and len(cell) <= LONGEST and not is_placeholder(cell) else None


def quick_postcode(cell: str) -> str | None:
    """A postcode in its proper form."""
    return cell if _POSTCODE.fullmatch(cell) else None


def quick_date(today: date) -> Callable[[str], date | None]:
    """``02/03/2014`` in a column that is day first, not before 1901 and not after today."""
    def read(cell: str) -> date | None:
        found = _DATE.fullmatch(cell)
        if found is None:
            return None
        try:
            day = date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return None
        return day if EARLIEST <= day <= today else None
    return read
