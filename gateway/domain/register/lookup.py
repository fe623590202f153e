"""The public register, indexed once: schools by number and name, authorities by name, homes by postcode.

1. A name is one school's only when nothing else in the register bears it; otherwise it stays unresolved, with candidates.
2. Of several schools with one name, those of the authority named beside it count; then the one that is open, when the
   others have closed.
3. Words of kind may be left out (``Quillmead Primary``), never contradicted (``Fernbridge Academy`` is not Fernbridge
   Primary School).
4. A trailing town or authority is tried with and without (``Tanyard Academy, Marlowick``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gateway.domain.register.establishments import Authority, Establishment, Register
from gateway.domain.register.school_names import own_and_kind, school_words
from gateway.domain.returns.text import fold

_LA_NOISE = re.compile(
    r"\b(the|london borough of|royal borough of|borough of|city of|county of|metropolitan borough|metropolitan|unitary|"
    r"city council|county council|borough council|district council|council|local education authority|local authority|"
    r"authority|la|lea|mbc|cc|bc|lb|county|borough|city)\b")
_TAIL = re.compile(r"[,(;]|\s[\-–—]\s")


@dataclass(frozen=True, slots=True)
class Found:
    """What a name led to: one school, or several candidates of which none was chosen, or nothing."""

    establishment: Establishment | None = None
    candidates: tuple[Establishment, ...] = ()


NOTHING_FOUND = Found()


@dataclass(frozen=True, slots=True)
class RegisterIndex:
    """A register and its indexes. Build it once with ``index_register``."""

    register: Register
    by_urn: dict[str, Establishment] = field(default_factory=dict)
    names: dict[tuple[str, ...], list[Establishment]] = field(default_factory=dict)
    own_words: dict[tuple[str, ...], list[tuple[frozenset[str], Establishment]]] = field(default_factory=dict)
    authority_names: dict[str, str] = field(default_factory=dict)             # comparable name → code

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look up: destinations stay text."""
        return not self.register.establishments

    def school(self, number: str) -> Establishment | None:
        """By LAESTAB, or by URN when it has six digits."""
        return self.register.establishments.get(number) or self.by_urn.get(number)

    def authority(self, text: str) -> Authority | None:
        """By code or by name, in any usual wording."""
        code = text.strip()[:3] if re.fullmatch(r"\s*[0-9]{3}(L{4}|\.0)?\s*",
                                                text) else self.authority_names.get(authority_key(text))
        return self.register.authorities.get(code) if code else None

    def bears(self, name: str) -> bool:
        """Whether a school of the register is called exactly so."""
        return school_words(name) in self.names

    def find(self, name: str, la: str | None = None) -> Found:
        """The school of that name; ``la`` narrows to an authority when that leaves any."""
        exact = self._choose(self.names.get(school_words(name), ()), la)
        if exact.establishment or exact.candidates:
            return exact
        return self._without_tail(name, la) or self._by_own_words(name, la) or NOTHING_FOUND

    def _without_tail(self, name: str, la: str | None) -> Found | None:
        """Try without what follows the last comma, bracket or dash, then without an authority's name at the end."""
        pieces = [bare for piece in _TAIL.split(name) if (bare := piece.strip().strip(" )"))]
        words = name.split()
        tries = [(pieces[0], " ".join(pieces[1:]))] if len(pieces) > 1 else []
        tries += [(" ".join(words[:-cut]), " ".join(words[-cut:])) for cut in (1, 2, 3) if len(words) > cut]
        for cut, (head, tail) in enumerate(tries):
            named = self.authority(tail)
            if named is None and (cut > 0 or len(pieces) < 2):
                continue   # A bare last word may be left out only when it is an authority's name.
            found = self._choose(self.names.get(school_words(head), ()), named.la if named else la)
            if found.establishment and (named is None or found.establishment.la == named.la):
                return found
            if found.candidates:
                return found
        return None

    def _by_own_words(self, name: str, la: str | None) -> Found | None:
        own, kind = own_and_kind(school_words(name))
        if not own:
            return None
        fitting = [school for words, school in self.own_words.get(own, ()) if kind <= words]
        return self._choose(fitting, la) if fitting else None

    def _choose(self, schools: Sequence[Establishment], la: str | None) -> Found:
        if la and len(schools) > 1:
            schools = [school for school in schools if school.la == la] or schools
        if len(schools) > 1:
            schools = [school for school in schools if school.open] or schools
        if len(schools) > 1:
            schools = self._latest(schools)
        if len(schools) == 1:
            return Found(schools[0])
        return Found(None, tuple(schools))

    def _latest(self, schools: Sequence[Establishment]) -> list[Establishment]:
        """Without schools that another of them succeeded."""
        predecessors = {school.predecessor for school in schools}
        return [school for school in schools if school.laestab not in predecessors]

    def permitted(self, numbers: Iterable[str]) -> frozenset[str]:
        """These establishments and the numbers they had before."""
        allowed: set[str] = set()
        for number in numbers:
            current: str | None = number
            while current and current not in allowed:
                allowed.add(current)
                school = self.register.establishments.get(current)
                current = school.predecessor if school else None
        return frozenset(allowed)


def index_register(register: Register) -> RegisterIndex:
    """Build the indexes: linear in the register's size."""
    index = RegisterIndex(register)
    for school in register.establishments.values():
        if school.urn:
            index.by_urn[school.urn] = school
        words = school_words(school.name)
        index.names.setdefault(words, []).append(school)
        own, kind = own_and_kind(words)
        index.own_words.setdefault(own, []).append((kind, school))
    for authority in register.authorities.values():
        index.authority_names.setdefault(authority_key(authority.name), authority.la)
    return index


def home_la(register: Register, postcode: str | None) -> str | None:
    """The authority in which a home lies: the longest part of the postcode that the directory knows, or None."""
    if not postcode:
        return None
    compact = "".join(postcode.split()).upper()
    spaced = f"{compact[:-3]} {compact[-3:]}"
    for known in (spaced, compact, *(spaced[:length].rstrip() for length in range(len(spaced) - 1, 1, -1))):
        if known in register.postcodes:
            return register.postcodes[known]
    return None


def authority_key(name: str) -> str:
    """An authority's name in any usual wording, for comparison."""
    return " ".join(_LA_NOISE.sub(" ", fold(name)).split())
