"""The rules about rows, asked as seldom as their words allow.

1. A rule runs only for its direction and its grounds, and only where a column exists that it speaks of.
2. Rules that depend on the same few values are asked once for each set of them, and their faults remembered.
3. The others are asked for every row.
4. A child that stands twice is known by one whole number for each child: where it first stood, and a hash of what was said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from gateway.domain.matching.names import fold
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Fault, Repeat, Rule, Situation
from gateway.domain.rules.table import pair_rules, row_rules
from gateway.pipeline.check.cells import REMEMBERED

Faults = tuple[Fault, ...]


@dataclass(slots=True)
class Group:
    """Rules that depend on the same values of a record, and what they said of each set of them."""

    values: Callable[[PupilRecord], Any]
    rules: tuple[Rule, ...]
    known: dict[Any, Faults] = field(default_factory=dict)

    def faults(self, record: PupilRecord, situation: Situation) -> Faults:
        """What these rules say of a record."""
        key = self.values(record)
        said = self.known.get(key)
        if said is None:
            said = tuple(ask(self.rules, record, situation))
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[key] = said
        return said


@dataclass(slots=True)
class RowRules:
    """The rules that may fire in one table and direction."""

    situation: Situation
    each: tuple[Rule, ...]
    groups: tuple[Group, ...]
    by_ground: dict[str | None, tuple[Rule, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, movement: MovementKind, situation: Situation) -> RowRules:
        """Choose and group them."""
        fitting = [rule for rule in row_rules() if rule.movement in (None, movement)
                   and (not rule.columns or rule.columns & situation.columns)]
        grouped: dict[tuple[str, ...], list[Rule]] = {}
        for rule in fitting:
            if rule.depends:
                grouped.setdefault(rule.depends, []).append(rule)
        return cls(situation, tuple(rule for rule in fitting if not rule.depends),
                   tuple(Group(attrgetter(*depends), tuple(rules)) for depends, rules in grouped.items()))

    def faults(self, record: PupilRecord) -> list[Fault]:
        """Everything the rules say of a record."""
        rules = self.by_ground.get(record.deletion_ground)
        if rules is None:
            ground = record.deletion_ground
            rules = self.by_ground[ground] = tuple(rule for rule in self.each if not rule.grounds or ground in rule.grounds)
        found = ask(rules, record, self.situation)
        for group in self.groups:
            said = group.faults(record, self.situation)
            if said:
                found.extend(said)
        return found


def ask(rules: tuple[Rule, ...], record: PupilRecord, situation: Situation) -> list[Fault]:
    """The faults that these rules find."""
    found = []
    for rule in rules:
        facts = rule.check(record, situation)
        if facts is not None:
            found.append(Fault(rule, rule.fields[0], facts))
    return found


_ROW_BITS, _PLACE_BITS = 31, 39          # row; row and sheet
_SHEETS = (1 << _PLACE_BITS) - (1 << _ROW_BITS)
_WORDS = (1 << 51) - 1                   # with its place a number of 36 bytes: a million must not fill the memory


@dataclass(slots=True)
class Seen:
    """The children of a file so far, apart for leavers and joiners: where each UPN, and each name with date of birth, first
    stood, and with what words. Kept by hash."""

    upns: dict[MovementKind, dict[int, int]]
    people: dict[MovementKind, dict[int, int]]
    sheets: dict[str | None, int]
    rules: tuple[Rule, ...]

    @classmethod
    def nobody(cls) -> Seen:
        """At the start of a file."""
        return cls({each: {} for each in MovementKind}, {each: {} for each in MovementKind}, {}, pair_rules())

    def by_table(self, movement: MovementKind, sheet: str | None) -> SeenByTable:
        """As a table of one sheet and direction needs it, row by row."""
        number = self.sheets.setdefault(sheet, len(self.sheets))
        return SeenByTable(self.upns[movement], self.people[movement], number << _ROW_BITS, self.rules)


@dataclass(slots=True)
class SeenByTable:
    """The children seen, asked and told of by the rows of one table."""

    upns: dict[int, int]
    people: dict[int, int]
    sheet: int
    rules: tuple[Rule, ...]

    def faults(self, record: PupilRecord, words: int) -> list[Fault]:
        """What is to be said when this child, or only its UPN, stood in an earlier row. ``words``: a hash of all the row says."""
        place = (words & _WORDS) << _PLACE_BITS | self.sheet + record.row
        named = record.legal_surname is not None and record.dob is not None
        if named:
            who = hash((fold(record.legal_surname), fold(record.legal_forename), record.dob))
            earlier = self.people.setdefault(who, place)
            if earlier != place:
                return self._fire(earlier, place, record, same_child=True)
        if record.upn is not None:
            earlier = self.upns.setdefault(hash(record.upn), place)
            if earlier != place:
                return self._fire(earlier, place, record, same_child=not named)
        return []

    def _fire(self, earlier: int, place: int, record: PupilRecord, *, same_child: bool) -> list[Fault]:
        row = earlier & ((1 << _ROW_BITS) - 1)
        elsewhere = (earlier ^ place) & _SHEETS
        repeat = Repeat(f"{row} of another sheet" if elsewhere else str(row), same_child,
                        earlier >> _PLACE_BITS == place >> _PLACE_BITS)
        fired = ((rule, rule.check(repeat)) for rule in self.rules)
        return [Fault(rule, "upn", facts if record.upn is None else {"found": record.upn, **facts})
                for rule, facts in fired if facts is not None]
