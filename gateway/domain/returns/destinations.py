"""Where a leaver goes, from everything a row says about it.

1. The register comes first: a name or number that is one school's gives its LAESTAB and authority, and by its type of
   establishment ``independent``, ``ap``, ``post-16``, ``custody`` or ``school``.
2. Else the cell's words decide, else the columns for authority and country, else the ground.
3. ``school`` stays the cell's text. A text that names no school is kept as ``words``.
4. A number that contradicts the name resolves nothing: two derivations must agree. Which authority each cell names by itself is
   kept (``sources``), so that a message can be held against cells that do not hang together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from gateway.domain.brief import brief
from gateway.domain.identifiers.laestab import OUTSIDE_SECTOR, UNKNOWN_SCHOOL, Laestab, is_laestab
from gateway.domain.register.establishments import Establishment
from gateway.domain.register.lookup import RegisterIndex
from gateway.domain.returns.countries import AT_HOME
from gateway.domain.returns.destination_words import read_words
from gateway.domain.returns.grounds import Ground
from gateway.domain.returns.record import DestinationType
from gateway.domain.returns.text import fold, is_nothing


class DestinationTrouble(StrEnum):
    """What is odd about a destination."""

    CLOSED = "closed"
    NOT_IN_REGISTER = "not-in-register"
    SHARED_NAME = "shared-name"
    NUMBER_UNKNOWN = "number-unknown"
    NUMBER_DISAGREES = "number-disagrees"
    AUTHORITY_DISAGREES = "authority-disagrees"
    AUTHORITY_UNKNOWN = "authority-unknown"


@dataclass(frozen=True, slots=True)
class DestinationCells:
    """What stands in the row: texts already tidied, placeholders included."""

    school: str | None = None
    number: str | None = None         # LAESTAB or URN beside the name, or a CTF's seven characters
    la: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination understood. ``about`` is the school that the trouble names: the successor, or the register's own."""

    type: DestinationType | None = None
    school: str | None = None
    laestab: str | None = None
    la: str | None = None
    country: str | None = None
    words: str | None = None
    trouble: DestinationTrouble | None = None
    about: str = ""

    @property
    def given(self) -> bool:
        """Whether the cells say anything at all."""
        return bool(self.school or self.laestab or self.la or self.country or self.words)


NO_DESTINATION = Destination()
LONGEST = 100                     # characters of a school's name with its number beside it
_NUMBER = brief(r"\(?\s*[0-9]{3}\s?[/\-]?\s?[0-9]{4}\s*\)?", LONGEST)
_T = DestinationType
_BY_GROUND = {"home education": _T.EHE, "order revoked": _T.EHE, "detained": _T.CUSTODY, "died": _T.DECEASED,
              "over school age": _T.POST_16}
_KINDS: tuple[tuple[str, DestinationType], ...] = (
    ("independent", _T.INDEPENDENT), ("pupil referral", _T.AP), ("alternative provision", _T.AP), ("secure", _T.CUSTODY),
    ("further education", _T.POST_16), ("sixth form", _T.POST_16), ("16 to 19", _T.POST_16), ("16-19", _T.POST_16),
    ("post 16", _T.POST_16), ("higher education", _T.POST_16), ("overseas", _T.ABROAD), ("online provider", _T.AP),
)


def read_destination(cells: DestinationCells, ground: Ground | None, index: RegisterIndex) -> Destination:
    """Understand the cells of one leaver."""
    text = _given(cells.school)
    number = _given(cells.number)
    la = _given(cells.la)
    read = _numbered(text, number, la, index) if number else _named(text, la, index) if text else NO_DESTINATION
    if la:
        read = _beside_authority(read, la, index) if read.la else _with_authority(read, la, index)
    read = _with_country(read, _given(cells.country))
    if read.type is None or (read.type is _T.UNKNOWN and ground is not None and ground.reason in _BY_GROUND
                             and read.school is None):
        read = replace(read, type=_from_ground(ground, read))
    if read.type is _T.SCHOOL and read.laestab is None and read.words is None and _is_post_16(read.school, ground):
        read = replace(read, type=_T.POST_16)
    return read


def sources(cells: DestinationCells, index: RegisterIndex) -> dict[str, str]:
    """Which authority each cell names by itself: the school's name, the number typed beside it, the column for the authority."""
    text, number, la = _given(cells.school), _given(cells.number), _given(cells.la)
    code = re.sub(r"[\s/\\\-.]", "", (number or "").removesuffix(".0"))
    school, authority = index.school(code), index.authority(la) if la else None
    found = {"name": _named(text, None, index).la if text else None,
             "number": school.la if school else _la_of(code, index) if is_laestab(code) else None,
             "authority": authority.la if authority else None}
    return {cell: named for cell, named in found.items() if named}


def type_of(school: Establishment) -> DestinationType:
    """The sort of destination that a school of the register is."""
    kind = school.type.casefold()
    return next((found for word, found in _KINDS if word in kind), _T.SCHOOL)


def _given(text: str | None) -> str | None:
    return None if text is None or is_nothing(text) else text


def _numbered(text: str | None, number: str, la: str | None, index: RegisterIndex) -> Destination:
    code = re.sub(r"[\s/\\\-.]", "", number.removesuffix(".0")).upper()
    if code.startswith(("XXX", "MMM")) and code in (UNKNOWN_SCHOOL, OUTSIDE_SECTOR):
        return _outside(text, code, la, index)
    if code.endswith("LLLL") or len(code) == 3:
        return _authority(text, code[:3], index)
    school = index.school(code)
    if text is None:
        return _resolved(school, school.name, index) if school else _unknown_number(code, index)
    named = _named(text, la or (code[:3] if is_laestab(code) else None), index)
    if school is None:
        odd = named.trouble or (None if index.empty else DestinationTrouble.NUMBER_UNKNOWN)
        return replace(named, la=named.la or _la_of(code, index), trouble=odd)
    if named.laestab == school.laestab or (named.laestab is None and (named.trouble is DestinationTrouble.SHARED_NAME
                                                                      or named.school)):
        agreed = _resolved(school, text, index)
        if named.trouble is DestinationTrouble.NOT_IN_REGISTER and agreed.trouble is None:
            return replace(agreed, trouble=DestinationTrouble.NUMBER_DISAGREES, about=school.name, laestab=None)
        return agreed
    if named.laestab is None:
        return replace(named, trouble=DestinationTrouble.NUMBER_DISAGREES, about=school.name)
    return _disagreeing(named, school, index)


def _disagreeing(named: Destination, school: Establishment, index: RegisterIndex) -> Destination:
    """Name and number are two schools of the register: one followed the other, or nothing can be said."""
    by_name = index.school(named.laestab or "")
    if by_name and (by_name.predecessor == school.laestab or school.predecessor == by_name.laestab):
        return named
    return replace(named, laestab=None, la=named.la if named.la == school.la else None,
                   trouble=DestinationTrouble.NUMBER_DISAGREES, about=school.name)


def _named(text: str, la: str | None, index: RegisterIndex) -> Destination:
    if len(text) == 6 and text.isdigit() and index.school(text):
        return replace(_numbered(None, text, la, index), school=text)   # a URN stands in the cell
    beside = Laestab.inside(text)
    if beside and len(text) < LONGEST:
        rest = _NUMBER.sub(" ", text).strip(" -–:,")
        read = _numbered(rest or None, beside.text, la, index)
        return replace(read, school=text) if read.school else read
    place = index.authority(text)
    if place and not index.bears(text):
        return Destination(_T.OTHER_LA, la=place.la, words=text)   # an authority's bare name is no school's
    authority = index.authority(la) if la else None
    found = index.find(text, authority.la if authority else la)
    if found.establishment:
        return _resolved(found.establishment, text, index)
    if found.candidates:
        return Destination(type_of(found.candidates[0]), text, la=_only_la(found.candidates),
                           trouble=DestinationTrouble.SHARED_NAME, about="; ".join(sorted(s.laestab
                                                                                          for s in found.candidates)[:5]))
    return _worded(text, index)


def _worded(text: str, index: RegisterIndex) -> Destination:
    said = read_words(text)
    if said.type is _T.OTHER_LA:
        authority = index.authority(said.place) if said.place else None
        odd = DestinationTrouble.AUTHORITY_UNKNOWN if said.place and not authority and index.register.authorities else None
        return Destination(_T.OTHER_LA, la=authority.la if authority else None, words=text, trouble=odd)
    if said.type is _T.ABROAD:
        return Destination(_T.ABROAD, school=text if said.named else None, country=said.place, words=None if said.named else text)
    if not said.named:
        return Destination(said.type, words=text)
    unlisted = said.type is _T.SCHOOL and not index.empty
    return Destination(said.type, school=text, trouble=DestinationTrouble.NOT_IN_REGISTER if unlisted else None)


def _resolved(school: Establishment, text: str, index: RegisterIndex) -> Destination:
    if school.open:
        return Destination(type_of(school), text, school.laestab, school.la)
    successor = index.register.successor(school.laestab)
    return Destination(type_of(school), text, school.laestab, school.la, trouble=DestinationTrouble.CLOSED,
                       about=f"{successor.name} ({successor.laestab[:3]}/{successor.laestab[3:]})" if successor else "")


def _outside(text: str | None, code: str, la: str | None, index: RegisterIndex) -> Destination:
    """A CTF says *not known* or *outside the maintained sector*; a name beside it says more."""
    named = _named(text, la, index) if text else NO_DESTINATION
    if named.type and named.type is not _T.UNKNOWN:
        return named
    words = text or ("destination not known" if code == UNKNOWN_SCHOOL else "outside the maintained sector")
    return Destination(_T.UNKNOWN, words=words)


def _authority(text: str | None, code: str, index: RegisterIndex) -> Destination:
    known = index.authority(code)
    named = _named(text, code, index) if text else NO_DESTINATION
    if named.laestab:
        return named
    return Destination(_T.OTHER_LA, la=known.la if known else code if code.isdigit() else None,
                       words=text or (known.name if known else code))


def _unknown_number(code: str, index: RegisterIndex) -> Destination:
    if is_laestab(code):
        return Destination(_T.SCHOOL, school=f"{code[:3]}/{code[3:]}", la=_la_of(code, index),
                           trouble=None if index.empty else DestinationTrouble.NUMBER_UNKNOWN)
    return replace(_worded(code, index), trouble=DestinationTrouble.NUMBER_UNKNOWN)


def _with_authority(read: Destination, la: str, index: RegisterIndex) -> Destination:
    authority = index.authority(la)
    code = authority.la if authority else la[:3] if la[:3].isdigit() and len(la) in (3, 7) else None
    if code is None:
        odd = DestinationTrouble.AUTHORITY_UNKNOWN if index.register.authorities else None
        return replace(read, type=read.type or _T.OTHER_LA, words=read.words or (None if read.school else la),
                       trouble=read.trouble or odd)
    kind = _T.OTHER_LA if read.type in (None, _T.UNKNOWN) and read.school is None else read.type
    return replace(read, type=kind, la=code, words=read.words or (None if read.school else la))


def _beside_authority(read: Destination, la: str, index: RegisterIndex) -> Destination:
    """The school's own authority counts; another one given beside it is odd."""
    authority = index.authority(la)
    if read.laestab is None or read.trouble or authority is None or authority.la == read.la:
        return read
    return replace(read, trouble=DestinationTrouble.AUTHORITY_DISAGREES, about=read.la or "")


def _with_country(read: Destination, country: str | None) -> Destination:
    if country is None or fold(country) in AT_HOME:
        return read
    kind = _T.ABROAD if read.type in (None, _T.UNKNOWN, _T.OTHER_LA, _T.SCHOOL) and read.laestab is None else read.type
    if kind is not _T.ABROAD:
        return read
    odd = None if read.trouble is DestinationTrouble.NOT_IN_REGISTER else read.trouble
    return replace(read, type=kind, country=read.country or country, trouble=odd)


def _from_ground(ground: Ground | None, read: Destination) -> DestinationType | None:
    if ground is None:
        return read.type
    return _BY_GROUND.get(ground.reason, _T.UNKNOWN)


def _is_post_16(school: str | None, ground: Ground | None) -> bool:
    return ground is not None and ground.reason == "over school age" and school is not None and "college" in school.casefold()


def _la_of(code: str, index: RegisterIndex) -> str | None:
    return code[:3] if is_laestab(code) and (code[:3] in index.register.authorities or index.empty) else None


def _only_la(schools: tuple[Establishment, ...]) -> str | None:
    codes = {school.la for school in schools}
    return codes.pop() if len(codes) == 1 else None
