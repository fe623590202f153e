"""Schools, authorities and postcodes, as lookups over rows given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Establishment:
    """One school of the national register."""

    urn: str
    laestab: str                  # seven digits
    name: str
    open: bool
    type: str = ""                # "Academy converter", "Other independent school", "Pupil referral unit", …
    phase: str = ""
    postcode: str | None = None
    opened: date | None = None
    closed: date | None = None
    predecessor: str | None = None     # the LAESTAB it had before

    @property
    def la(self) -> str:
        """The authority's three digits."""
        return self.laestab[:3]


@dataclass(frozen=True, slots=True)
class Authority:
    """One local authority."""

    la: str
    name: str
    region: str = ""
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """The public register in the home's ``register/`` folder."""

    establishments: Mapping[str, Establishment] = field(default_factory=dict)     # by LAESTAB
    authorities: Mapping[str, Authority] = field(default_factory=dict)            # by code
    postcodes: Mapping[str, str] = field(default_factory=dict)                    # full postcode or outward part → LA
    version: str = ""             # hash of its files: a change lets refused parcels be read again
    _followers: Mapping[str, Establishment] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        after: dict[str, Establishment] = {}
        for school in self.establishments.values():
            if school.predecessor and (school.open or school.predecessor not in after):
                after[school.predecessor] = school
        object.__setattr__(self, "_followers", after)

    def successor(self, laestab: str) -> Establishment | None:
        """The open school that followed a closed one, over any number of steps."""
        seen = {laestab}
        following = self._followers.get(laestab)
        while following and not following.open and following.laestab not in seen:
            seen.add(following.laestab)
            following = self._followers.get(following.laestab)
        return following if following and following.open else None

    def as_it_is_today(self, laestab: str | None) -> Establishment | None:
        """A school by its number; a closed one's successor where there is one."""
        school = self.establishments.get(laestab or "")
        return school if school is None or school.open else self.successor(school.laestab) or school
