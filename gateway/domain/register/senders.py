"""Whether this authority expects anything from a sender.

1. Whoever config.toml names as a sender is expected: a trust, an agency, a school that the register has not got yet.
2. Seven digits are a school's. It is expected when the register has it as one of this authority's, under its number or the one
   that it had before.
3. Any other id is an agency's or a team's: a person who hands a file in stands for it; a folder's name stands for nobody.
4. Without a register nothing is known against anybody.
"""

from __future__ import annotations

from collections.abc import Collection

from gateway.domain.identifiers.laestab import is_laestab
from gateway.domain.register.establishments import Register


def stranger(sender: str, register: Register, la: str, expected: Collection[str], *, vouched: bool = False) -> str | None:
    """What is the matter with a sender, in words that follow its id; None: it is expected. ``vouched``: by a person."""
    if sender in expected or not register.establishments:
        return None
    if not is_laestab(sender):
        return None if vouched else "is no school's number"
    school = register.establishments.get(sender)
    if school is None:
        return None if _before(sender, register, la) else "is not in the register of schools"
    return None if school.la == la or _before(sender, register, la) else f"is a school of authority {school.la}, not of {la}"


def _before(number: str, register: Register, la: str) -> bool:
    """Whether a school of ours had this number."""
    return any(school.predecessor == number and school.la == la for school in register.establishments.values())
