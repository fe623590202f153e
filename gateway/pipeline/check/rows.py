"""From a row of cells to a record and its faults. This is the hot loop: one call for each child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from gateway.domain.identifiers.postcode import Postcode
from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.flags import raises_alarm
from gateway.domain.returns.names import split_name
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.text import cell_text, is_placeholder
from gateway.domain.rules import surname_missing
from gateway.domain.rules.rule import Fault, Situation
from gateway.pipeline.check.cells import unseen
from gateway.pipeline.check.plan import Plan
from gateway.pipeline.check.situated import Understanding
from gateway.pipeline.check.verdicts import RowRules, Seen, SeenByTable

_NO_DETAILS: MappingProxyType[str, Any] = MappingProxyType({})
_NO_SURNAME = Fault(surname_missing.RULE, "legal_surname")
_TEXTS = frozenset({"phone", "siblings", "emergency_contact", "email", "notes"})


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one table in one direction."""

    plan: Plan
    sheet: str | None
    understanding: Understanding
    rules: RowRules
    seen: SeenByTable

    @classmethod
    def of(cls, plan: Plan, sheet: str | None, understanding: Understanding, today: date, own: str | None,
           seen: Seen) -> RowReader:
        """A reader for one table."""
        rules = RowRules.of(plan.movement, Situation(today, own, plan.columns))
        return cls(plan, sheet, understanding, rules, seen.by_table(plan.movement, sheet))

    def read(self, number: int, cells: Sequence[Any], school: str | None = None,
             extra: dict[str, Any] | None = None) -> tuple[PupilRecord, list[Fault]]:
        """One row: its record, and every fault in it."""
        plan = self.plan
        if len(cells) < plan.width:
            cells = (*cells, *("",) * (plan.width - len(cells)))
        faults = list(plan.absent)
        values: dict[str, Any] = {}
        for name, index, more, known, reader in plan.core:
            cell = cells[index] if more is None else first_given(cells, more)
            value, found = known(cell) or reader(cell)
            if value is not None:
                values[name] = value
            if found:
                faults += found
        if plan.loose:
            self._look_for_unseen(cells, faults)
        details = self._details(cells, faults) if plan.more else {}
        if extra:
            details = _together(extra, details)
        if plan.full_name is not None or "legal_forename" not in values:
            self._name(cells, values, faults)
        if details:
            self._about_home(values, details)
        words = hash((tuple(values), tuple(values.values()), school, plan.particulars(cells)))
        if plan.movement is MovementKind.LEAVER:
            words ^= self._leaver(cells, values, details, faults)
        held = bool(faults) and any(fault.rule.severity is Severity.ERROR for fault in faults)
        record = PupilRecord(number, self.sheet, plan.movement, school=school, held=held,
                             details=MappingProxyType(details) if details else _NO_DETAILS, **values)
        return self._judged(record, faults, words)

    def _judged(self, record: PupilRecord, faults: list[Fault], words: int) -> tuple[PupilRecord, list[Fault]]:
        found = self.rules.faults(record) + self.seen.faults(record, words)
        if found:
            faults += found
            if not record.held and any(fault.is_error for fault in found):
                record = replace(record, held=True)
        return record, faults

    def _look_for_unseen(self, cells: Sequence[Any], faults: list[Fault]) -> None:
        """In the cells that are kept without a reader of their own."""
        for name, heading, index in self.plan.loose:
            cell = cells[index]
            if type(cell) is str and not (cell.isascii() and cell.isprintable()):
                faults += unseen(name, cell, heading)

    def _name(self, cells: Sequence[Any], values: dict[str, Any], faults: list[Fault]) -> None:
        """Split a name that stands in one cell."""
        source = self.plan.full_name
        if source is not None:
            name, found = source.reader(first_given(cells, source.indexes))
            faults += found
            if name is None or not name.surname:
                faults.append(_NO_SURNAME)
            else:
                values["legal_surname"] = name.surname
                if name.forename:
                    values["legal_forename"] = name.forename
        elif "legal_forename" not in values and "," in values.get("legal_surname", ""):
            name = split_name(values["legal_surname"])
            values["legal_surname"] = name.surname
            if name.forename:
                values["legal_forename"] = name.forename

    def _leaver(self, cells: Sequence[Any], values: dict[str, Any], details: dict[str, Any], faults: list[Fault]) -> int:
        """Put the ground and the destination into ``values``; gives what stands for them when rows are compared."""
        plan = self.plan
        asked = tuple([cells[place] if isinstance(place, int) else first_given(cells, place) for place in plan.leaving])
        leaving = self.understanding.leaving(asked[0], values.get("off_roll_date"), asked[1:])
        values.update(leaving.values)
        if leaving.words:
            details.update(leaving.words)
        if leaving.faults:
            faults += leaving.faults
        if plan.reason and (text := cell_text(first_given(cells, plan.reason))):
            details["mis_leaving_reason"] = text
        return leaving.mark

    def _details(self, cells: Sequence[Any], faults: list[Fault]) -> dict[str, Any]:
        plan = self.plan
        details: dict[str, Any] = {}
        for name, index, more, known, reader in plan.details:
            cell = cells[index] if more is None else first_given(cells, more)
            value, found = known(cell) or reader(cell)
            if value is not None:
                details[name] = value
            if found:
                faults += found
                if value is None:      # a date that is none: its words are kept beside the record
                    _keep_beside(details, plan.headings[name], cell)
        for name, indexes in plan.composed:
            parts = [text for index in indexes if (text := cell_text(cells[index])) and not is_placeholder(text)]
            if parts:
                details[name] = "; ".join(parts) if name in _TEXTS else parts
        if plan.parents:
            parents = [person for _, columns in plan.parents if (person := _parent(cells, columns))]
            if parents:
                details["parents"] = parents
        for heading, index in plan.unmapped:
            _keep_beside(details, heading, cells[index])
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


def _keep_beside(details: dict[str, Any], heading: str, cell: Any) -> None:
    """Keep a cell's words under its heading, where they have no field of their own."""
    text = cell_text(cell)
    if text:
        details.setdefault("unmapped", {})[heading] = text


def _together(ready: dict[str, Any], read: dict[str, Any]) -> dict[str, Any]:
    """Details that came ready and those read from cells; what was kept beside either is kept."""
    if "unmapped" in ready and "unmapped" in read:
        read["unmapped"] = {**ready["unmapped"], **read["unmapped"]}
    return {**ready, **read}


def first_given(cells: Sequence[Any], indexes: tuple[int, ...]) -> Any:
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
