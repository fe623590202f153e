"""Grounds, destinations and schools: what is understood only from several cells, remembered by their combination."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gateway.domain.identifiers.faults import BadIdentifierError
from gateway.domain.identifiers.laestab import Laestab
from gateway.domain.register.lookup import RegisterIndex
from gateway.domain.returns.destinations import Destination, DestinationCells, read_destination, sources
from gateway.domain.returns.ground_table import NEW_LIST_FROM
from gateway.domain.returns.grounds import Ground, read_ground
from gateway.domain.returns.record import DestinationType, MovementKind
from gateway.domain.returns.text import cell_text, is_nothing, is_placeholder
from gateway.domain.rules.rule import Cell, Fault, Rule
from gateway.pipeline.check.cells import REMEMBERED, judge, rules_for, unseen

Faults = tuple[Fault, ...]
_BESIDE = ("destination_number", "destination_la", "destination_country")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Ground and destination of a leaver: values for the record, words for its details, and every fault in them."""

    values: dict[str, Any]
    words: dict[str, Any]
    faults: Faults
    mark: int                     # the same for all that says the same


@dataclass(slots=True)
class Understanding:
    """Understands grounds, destinations and schools by the register, for one file."""

    index: RegisterIndex
    today: date
    own_la: str | None = None
    _leavings: dict[Any, Leaving] = field(default_factory=dict)
    _grounds: dict[tuple[Any, Any], tuple[Ground | None, Faults]] = field(default_factory=dict)
    _destinations: dict[Any, tuple[Destination, Faults]] = field(default_factory=dict)
    _schools: dict[Any, tuple[str | None, Faults]] = field(default_factory=dict)
    _previous: dict[Any, str | None] = field(default_factory=dict)
    _ground_rules: tuple[Rule, ...] = ()
    _destination_rules: tuple[Rule, ...] = ()
    _school_rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        self._ground_rules = rules_for("deletion_ground", MovementKind.LEAVER)
        self._destination_rules = rules_for("destination_school", MovementKind.LEAVER)
        self._school_rules = rules_for("school_name", MovementKind.LEAVER)

    def leaving(self, cell: Any, off_roll: date | None, asked: tuple[Any, Any, Any, Any]) -> Leaving:
        """A leaver's ground and destination, by the cells of both and the day of leaving."""
        key = (cell, None if off_roll is None else off_roll >= NEW_LIST_FROM, asked)
        known = self._leavings.get(key)
        if known is None:
            ground, odd = self.ground(cell, off_roll)
            goes, odd_too = self.destination(asked, ground)
            values = {"deletion_ground": str(ground) if ground else None, "destination_type": goes.type,
                      "destination_school": goes.school, "destination_laestab": goes.laestab,
                      "destination_la": goes.la, "destination_country": goes.country}
            words: dict[str, Any] = {"destination_words": goes.words} if goes.words else {}
            if goes.la and (named := sources(DestinationCells(*(cell_text(one) for one in asked)), self.index)):
                words["destination_sources"] = named
            text = cell_text(cell)
            if ground is None and text and not is_placeholder(text):
                words["ground_words"] = text
            known = Leaving(values, words, odd + odd_too, hash((*values.values(), repr(words))))
            _keep(self._leavings, key, known)
        return known

    def ground(self, cell: Any, off_roll: date | None) -> tuple[Ground | None, Faults]:
        """The ground in a cell, on the day of leaving."""
        era = None if off_roll is None else off_roll >= NEW_LIST_FROM
        key = (cell, era)
        known = self._grounds.get(key)
        if known is None:
            text = cell_text(cell)
            reading = read_ground(text, off_roll)
            about = str(reading.value).split(":")[1] if reading.value else ""
            given = text if text and not is_nothing(text) else None
            trouble = reading.trouble.value if reading.trouble else None
            judged = Cell("deletion_ground", given, reading.value, trouble, about, cell if type(cell) is str else "", self.today)
            known = (reading.value, judge(self._ground_rules, judged))
            _keep(self._grounds, key, known)
        return known

    def destination(self, cells: tuple[Any, Any, Any, Any], ground: Ground | None) -> tuple[Destination, Faults]:
        """Where the child goes, by these cells (school, number, authority, country) and the ground."""
        key = (cells, ground)
        known = self._destinations.get(key)
        if known is None:
            known = self._read_destination(cells, ground)
            _keep(self._destinations, key, known)
        return known

    def _read_destination(self, cells: tuple[Any, Any, Any, Any], ground: Ground | None) -> tuple[Destination, Faults]:
        school, number, la, country = (cell_text(cell) for cell in cells)
        read = read_destination(DestinationCells(school, number, la, country), ground, self.index)
        if read.type is DestinationType.OTHER_LA and read.la and read.la == self.own_la:
            read = replace(read, type=DestinationType.UNKNOWN)   # Our own area is no other authority; no school is named.
        shown = next((text for text in (school, number, la) if text and not is_placeholder(text)), None)
        raw = cells[0] if type(cells[0]) is str else ""
        judged = Cell("destination_school", shown, read.laestab or read.school, read.trouble.value if read.trouble else None,
                      read.about, raw, self.today)
        beside = (unseen(name, cell) for name, cell in zip(_BESIDE, cells[1:], strict=True))
        return read, judge(self._destination_rules, judged) + tuple(fault for found in beside for fault in found)

    def previous(self, text: str | None, la: str | None) -> str | None:
        """The LAESTAB of a previous school by its name; None when the register does not tell."""
        key = (text, la)
        if key not in self._previous:
            found = self.index.find(text, la).establishment if text and not self.index.empty else None
            _keep(self._previous, key, found.laestab if found else None)
        return self._previous[key]

    def school(self, cells: tuple[Any, Any, Any]) -> tuple[str | None, Faults]:
        """For which school a row speaks, by its name, number and authority; None when it does not say or is not known."""
        known = self._schools.get(cells)
        if known is None:
            candidates, named = school_numbers(cells, self.index, self.own_la)
            unknown = named and not candidates and not self.index.empty
            raw = " ".join(cell for cell in cells if type(cell) is str)
            trouble = "not-known" if unknown else None
            judged = Cell("school_name", cell_text(cells[0]) or cell_text(cells[1]), None, trouble, raw=raw)
            known = (candidates[0] if len(candidates) == 1 else None, judge(self._school_rules, judged))
            _keep(self._schools, cells, known)
        return known


def school_numbers(cells: tuple[Any, Any, Any], index: RegisterIndex, own_la: str | None) -> tuple[tuple[str, ...], bool]:
    """The establishments that a name, a number and an authority may mean, and whether anything was said at all."""
    name, number, la = (cell_text(cell) for cell in cells)
    if number and not is_nothing(number):
        by_number = _by_number(number, la, index, own_la)
        if by_number:
            return (by_number,), True
    if name is None or is_nothing(name):
        return (), bool(number)
    inside = Laestab.inside(name)
    if inside and inside.text in index.register.establishments:
        return (inside.text,), True
    authority = index.authority(la) if la else None
    found = index.find(name, authority.la if authority else own_la)
    if found.establishment:
        return (found.establishment.laestab,), True
    return tuple(school.laestab for school in found.candidates), True


def _by_number(number: str, la: str | None, index: RegisterIndex, own_la: str | None) -> str | None:
    if len(number) == 4 and number.isdigit():
        code = la[:3] if la and la[:3].isdigit() else own_la
        return f"{code}{number}" if code else None
    by_urn = index.by_urn.get(number)
    if by_urn:
        return by_urn.laestab
    try:
        return Laestab.parse(number).text
    except BadIdentifierError:
        inside = Laestab.inside(number)
        return inside.text if inside else None


def _keep(memory: dict[Any, Any], key: Any, value: Any) -> None:
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[key] = value
