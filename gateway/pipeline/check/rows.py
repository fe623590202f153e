"""From a row of cells to a record and its faults. This is the hot loop: one call for each child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from gateway.domain.identifiers.postcode import Postcode
from gateway.domain.matching.names import fold
from gateway.domain.returns.flags import raises_alarm
from gateway.domain.returns.names import split_name
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.text import cell_text, is_placeholder
from gateway.domain.rules.rule import Fault, Repeat, Rule, Situation
from gateway.domain.rules.table import pair_rules, row_rules
from gateway.pipeline.check.plan import Plan
from gateway.pipeline.check.situated import Understanding

_NO_DETAILS: MappingProxyType[str, Any] = MappingProxyType({})
_TEXTS = frozenset({"phone", "siblings", "emergency_contact", "email", "notes"})


@dataclass(slots=True)
class Seen:
    """The children of this file so far: the row in which each UPN, and each name with date of birth, first stood."""

    upns: dict[tuple[MovementKind, str], tuple[int, int]]
    people: dict[int, int]
    rules: tuple[Rule, ...]

    @classmethod
    def nobody(cls) -> Seen:
        """At the start of a file."""
        return cls({}, {}, pair_rules())

    def faults(self, record: PupilRecord) -> list[Fault]:
        """What is to be said when this child, or only its UPN, stood in an earlier row."""
        who = hash((record.movement, fold(record.legal_surname), fold(record.legal_forename), record.dob))
        named = bool(record.legal_surname and record.dob)
        earlier = self.people.setdefault(who, record.row) if named else record.row
        if earlier != record.row:
            return self._fire(Repeat(earlier, same_child=True), record)
        if record.upn:
            row, before = self.upns.setdefault((record.movement, record.upn), (record.row, who))
            if row != record.row:
                return self._fire(Repeat(row, same_child=before == who or not named), record)
        return []

    def _fire(self, repeat: Repeat, record: PupilRecord) -> list[Fault]:
        fired = ((rule, rule.check(repeat)) for rule in self.rules)
        return [Fault(rule, "upn", facts if record.upn is None else {"found": record.upn, **facts})
                for rule, facts in fired if facts is not None]


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one table in one direction."""

    plan: Plan
    sheet: str | None
    understanding: Understanding
    situation: Situation
    own_school: str | None
    seen: Seen
    rules: tuple[Rule, ...] = ()

    @classmethod
    def of(cls, plan: Plan, sheet: str | None, understanding: Understanding, today: date, own: str | None,
           seen: Seen) -> RowReader:
        """A reader for one table."""
        rules = tuple(rule for rule in row_rules() if rule.movement in (None, plan.movement))
        return cls(plan, sheet, understanding, Situation(today, own, plan.columns), own, seen, rules)

    def read(self, number: int, cells: Sequence[Any], school: str | None = None,
             extra: dict[str, Any] | None = None) -> tuple[PupilRecord, list[Fault]]:
        """One row: its record, and every fault in it."""
        plan = self.plan
        if len(cells) < plan.width:
            cells = (*cells, *(None,) * (plan.width - len(cells)))
        faults = list(plan.absent)
        values: dict[str, Any] = {"row": number, "sheet": self.sheet, "movement": plan.movement, "school": school}
        for source in plan.core:
            value, found = source.reader(_first(cells, source.indexes))
            if value is not None:
                values[source.name] = value
            if found:
                faults += found
        details = self._details(cells, faults)
        if extra:
            details = {**extra, **details}
        self._name(cells, values, faults)
        if plan.movement is MovementKind.LEAVER:
            self._leaver(cells, values, details, faults)
        self._about_home(values, details)
        values["details"] = MappingProxyType(details) if details else _NO_DETAILS
        return self._judged(PupilRecord(**values), faults)

    def _judged(self, record: PupilRecord, faults: list[Fault]) -> tuple[PupilRecord, list[Fault]]:
        situation = self.situation
        for rule in self.rules:
            facts = rule.check(record, situation)
            if facts is not None:
                faults.append(Fault(rule, rule.fields[0], facts))
        faults += self.seen.faults(record)
        if faults and any(fault.is_error for fault in faults):
            record = replace(record, held=True)
        return record, faults

    def _name(self, cells: Sequence[Any], values: dict[str, Any], faults: list[Fault]) -> None:
        """Split a name that stands in one cell."""
        source = self.plan.full_name
        if source is not None:
            name, found = source.reader(_first(cells, source.indexes))
            faults += found
            if name is None or not name.surname:
                faults += self._no_surname()
            else:
                values["legal_surname"] = name.surname
                if name.forename:
                    values["legal_forename"] = name.forename
        elif "legal_forename" not in values and "," in values.get("legal_surname", ""):
            name = split_name(values["legal_surname"])
            values["legal_surname"] = name.surname
            if name.forename:
                values["legal_forename"] = name.forename

    def _no_surname(self) -> list[Fault]:
        from gateway.domain.rules import surname_missing

        return [Fault(surname_missing.RULE, "legal_surname", {})]

    def _leaver(self, cells: Sequence[Any], values: dict[str, Any], details: dict[str, Any], faults: list[Fault]) -> None:
        plan = self.plan
        cell = _first(cells, plan.ground)
        ground, found = self.understanding.ground(cell, values.get("off_roll_date"))
        faults += found
        if ground is not None:
            values["deletion_ground"] = str(ground)
        elif plan.ground and (text := cell_text(cell)) and not is_placeholder(text):
            details["ground_words"] = text
        if plan.reason and (text := cell_text(_first(cells, plan.reason))):
            details["mis_leaving_reason"] = text
        asked = tuple(_first(cells, indexes) for indexes in plan.destination)
        goes, found = self.understanding.destination((asked[0], asked[1], asked[2], asked[3]), ground)
        faults += found
        values["destination_type"] = goes.type
        values["destination_school"] = goes.school
        values["destination_laestab"] = goes.laestab
        values["destination_la"] = goes.la
        values["destination_country"] = goes.country
        if goes.words:
            details["destination_words"] = goes.words

    def _details(self, cells: Sequence[Any], faults: list[Fault]) -> dict[str, Any]:
        plan = self.plan
        details: dict[str, Any] = {}
        for source in plan.details:
            value, found = source.reader(_first(cells, source.indexes))
            if value is not None:
                details[source.name] = value
            if found:
                faults += found
        for name, indexes in plan.composed:
            parts = [text for index in indexes if (text := cell_text(cells[index])) and not is_placeholder(text)]
            if parts:
                details[name] = "; ".join(parts) if name in _TEXTS else parts
        if plan.parents:
            parents = [person for _, columns in plan.parents if (person := _parent(cells, columns))]
            if parents:
                details["parents"] = parents
        if plan.unmapped:
            kept = {heading: text for heading, index in plan.unmapped if (text := cell_text(cells[index]))}
            if kept:
                details["unmapped"] = kept
        return details

    def _about_home(self, values: dict[str, Any], details: dict[str, Any]) -> None:
        """Postcodes that stand in the address, alarms that stand in the notes, and where a joiner came from."""
        if "home_postcode" not in values and "address_lines" in details:
            found = Postcode.ending(details["address_lines"][-1])
            if found:
                values["home_postcode"] = found.text
        if "new_postcode" not in details and "new_address_lines" in details:
            found = Postcode.ending(details["new_address_lines"][-1])
            if found:
                details["new_postcode"] = found.text
        if "notes" in details and raises_alarm(details["notes"]):
            values["urgent"] = True
        if "previous_school" in details and "previous_laestab" not in details:
            previous = self.understanding.previous(details["previous_school"], details.get("previous_la"))
            if previous:
                details["previous_laestab"] = previous


def _first(cells: Sequence[Any], indexes: tuple[int, ...]) -> Any:
    """The first of these cells in which anything stands."""
    if len(indexes) == 1:
        return cells[indexes[0]]
    for index in indexes:
        cell = cells[index]
        if cell is not None and (type(cell) is not str or (cell.strip() and not is_placeholder(cell.strip()))):
            return cell
    return cells[indexes[0]] if indexes else None


def _parent(cells: Sequence[Any], columns: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    """One parent, from the columns of its particulars."""
    said: dict[str, str] = {}
    for particular, index in columns:
        text = cell_text(cells[index])
        if text and not is_placeholder(text):
            said[particular] = f"{said[particular]}; {text}" if particular in said else text
    parts = [said.pop(part) for part in ("title", "forename", "surname") if part in said]
    if parts and "name" not in said:
        said["name"] = " ".join(parts)
    return said
