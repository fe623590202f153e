"""What is read from which column, worked out once for a table and a direction.

1. Where several columns give one field, the strongest is read first and the others where it is blank.
2. Without a column for grounds, the school's own *reason* is read as the ground; beside one it is kept as it is.
3. A column that is not there is a blank cell for the rules that hold a row, and one query on the file for the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from gateway.domain.returns.dates import DAY_FIRST, ColumnOrder, judge_order
from gateway.domain.returns.record import MovementKind
from gateway.domain.returns.same_movement import PLACE_ONLY
from gateway.domain.returns.text import tidy
from gateway.domain.rules.rule import Fault
from gateway.pipeline.check.blocks import DATES, Block, Column
from gateway.pipeline.check.cells import CellReader, Reading, reader_for

CORE = ("upn", "legal_surname", "legal_forename", "dob", "sex", "year_group", "home_postcode", "off_roll_date",
        "last_attendance_date",
        "start_date", "urgent", "address_protected", "restricted")
_HOLDING = ("legal_surname", "dob", "off_roll_date", "start_date")      # without a column, every row is held
_NAMES = ("full_name_surname_first", "full_name_forename_first", "full_name")
_COMPOSED = frozenset({"address_lines", "new_address_lines", "phone", "siblings", "emergency_contact", "email", "notes"})
_APART = frozenset({"destination_school", "destination_number", "destination_la", "destination_country", "deletion_ground",
                    "leaving_reason", "school_name", "school_number", "school_la", "movement", "ignored", *_NAMES})
_UNKEPT = frozenset({"school_name", "school_number", "school_la", "movement", "ignored"})


class Source(NamedTuple):
    """One field: its column; all columns that give it, strongest first, when there are several; and their reader."""

    name: str
    at: int
    more: tuple[int, ...] | None
    known: Callable[[Any], Reading | None]      # what the reader remembers, asked before the reader itself
    reader: CellReader

    @property
    def indexes(self) -> tuple[int, ...]:
        """Every column that gives it."""
        return self.more or (self.at,)


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of a table are read in one direction."""

    movement: MovementKind
    core: tuple[Source, ...]
    details: tuple[Source, ...]
    composed: tuple[tuple[str, tuple[int, ...]], ...]       # several columns that make one text, or a list of lines
    parents: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    full_name: Source | None
    leaving: tuple[int | tuple[int, ...], ...]              # ground; destination: school, number, authority, country
    reason: tuple[int, ...]
    school: tuple[tuple[int, ...], ...]                     # name, number, authority
    unmapped: tuple[tuple[str, int], ...]
    loose: tuple[tuple[str, str, int], ...]                 # field, heading and column of what is kept without a reader
    particulars: Callable[[Sequence[Any]], Hashable]        # what a row says besides the record's own values, to be compared only
    absent: tuple[Fault, ...]
    more: bool                                              # whether anything but core values is asked for
    columns: frozenset[str]
    headings: dict[str, str]                                # field → heading as typed
    width: int


def make_plan(block: Block, movement: MovementKind, today: date) -> Plan:
    """Work out a table's plan for one direction."""
    columns = block.turned.get(movement, block.columns)
    by_field = _by_field(columns)
    orders = {name: judge(block, indexes) for name, indexes in by_field.items() if name in DATES}

    def source(name: str) -> Source:
        reader = reader_for(name, movement, today, orders.get(name, DAY_FIRST), date1904=block.date1904)
        indexes = by_field[name]
        return Source(name, indexes[0], indexes if len(indexes) > 1 else None, reader.known.get, reader)

    has_names = any(name in by_field for name in _NAMES) and "legal_surname" not in by_field
    plain = [name for name in by_field if name not in _APART and name not in _COMPOSED and "." not in name]
    ground, reason = by_field.get("deletion_ground", ()), by_field.get("leaving_reason", ())
    return Plan(
        movement=movement,
        core=tuple(source(name) for name in CORE if name in by_field),
        details=tuple(source(name) for name in plain if name not in CORE),
        composed=tuple((name, by_field[name]) for name in by_field if name in _COMPOSED),
        parents=_parents(by_field),
        full_name=next((source(name) for name in _NAMES if name in by_field), None) if has_names else None,
        leaving=tuple(one[0] if len(one) == 1 else one for one in (
            ground or reason, *(by_field.get(f"destination_{part}", ()) for part in ("school", "number", "la", "country")))),
        reason=reason if ground else (),
        school=tuple(by_field.get(f"school_{part}", ()) for part in ("name", "number", "la")),
        unmapped=_unmapped(columns, by_field, has_names),
        loose=tuple((_kept_as(c, by_field, has_names), c.heading, c.index) for c in columns if _is_loose(c, by_field, has_names)),
        more=bool(by_field.keys() - {*CORE, *_APART}) or any(not c.field or _is_spare(c, by_field, has_names) for c in columns),
        particulars=_particulars(by_field, [name for name in plain if name not in CORE]),
        absent=_absent(by_field, movement, today, has_names),
        columns=_columns(by_field) | block.besides,
        headings=_headings(columns, ground),
        width=block.width,
    )


def judge(block: Block, indexes: Sequence[int]) -> ColumnOrder:
    """The order of the dates in these columns together."""
    return judge_order(cell for index in indexes for cell in block.seen.get(index, ()))


def _by_field(columns: Sequence[Column]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[Column]] = {}
    for column in columns:
        if column.field:
            found.setdefault(column.field, []).append(column)
    ordered = {name: same if name in _COMPOSED else sorted(same, key=lambda c: (c.strength, c.index)) for name,
               same in found.items()}
    return {name: tuple(column.index for column in same) for name, same in ordered.items()}


def _is_spare(column: Column, by_field: dict[str, tuple[int, ...]], has_names: bool) -> bool:
    """Whether another column is read in place of this one: what it says is kept beside the record."""
    name = column.field or ""
    if name in _NAMES:
        return not has_names
    return name not in _COMPOSED | _UNKEPT and "." not in name and column.index != by_field[name][0]


def _is_loose(column: Column, by_field: dict[str, tuple[int, ...]], has_names: bool) -> bool:
    name = column.field
    if name is None or name in _COMPOSED or name.startswith("parents."):
        return True
    return (name == "leaving_reason" and "deletion_ground" in by_field) or _is_spare(column, by_field, has_names)


def _kept_as(column: Column, by_field: dict[str, tuple[int, ...]], has_names: bool) -> str:
    """The key of the record under which a loose column's text is found."""
    name = column.field
    if name is None or _is_spare(column, by_field, has_names):
        return "unmapped"
    return "mis_leaving_reason" if name == "leaving_reason" else name.partition(".")[0]


def _unmapped(columns: Sequence[Column], by_field: dict[str, tuple[int, ...]], has_names: bool) -> tuple[tuple[str, int], ...]:
    """Headings and columns of what has no field of its own. A heading that stands twice is numbered, so that both are kept."""
    found: dict[str, int] = {}
    times: Counter[str] = Counter()
    for column in columns:
        if column.field is None or _is_spare(column, by_field, has_names):
            name = tidy(column.heading)
            times[name] += 1
            found[name if times[name] == 1 else f"{name} ({times[name]})"] = column.index
    return tuple(found.items())


def _parents(by_field: dict[str, tuple[int, ...]]) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    people: dict[str, list[tuple[str, int]]] = {}
    for name, indexes in by_field.items():
        if name.startswith("parents."):
            _, person, particular = name.split(".")
            people.setdefault(person, []).extend((particular, index) for index in indexes)
    return tuple((person, tuple(columns)) for person, columns in sorted(people.items()))


def _particulars(by_field: dict[str, tuple[int, ...]], details: Sequence[str]) -> Callable[[Sequence[Any]], Hashable]:
    """Gives the cells of everything that is kept in a record's details, but for notes and numbers of rows."""
    asked = (*details, *_COMPOSED, *(name for name in by_field if name.startswith("parents.")), "leaving_reason")
    indexes = sorted({index for name in asked if name not in PLACE_ONLY for index in by_field.get(name, ())})
    return itemgetter(*indexes) if indexes else lambda cells: None


def _absent(by_field: dict[str, tuple[int, ...]], movement: MovementKind, today: date, has_names: bool) -> tuple[Fault, ...]:
    """The faults that stand on every row because a column is not there."""
    missing = [name for name in _HOLDING if name not in by_field and not (name == "legal_surname" and has_names)]
    faults: list[Fault] = []
    for name in missing:
        if name == ("start_date" if movement is MovementKind.LEAVER else "off_roll_date"):
            continue
        reading: tuple[Any, tuple[Fault, ...]] = reader_for(name, movement, today, DAY_FIRST, date1904=False)(None)
        faults.extend(fault for fault in reading[1] if fault.is_error)
    return tuple(faults)


def _columns(by_field: dict[str, tuple[int, ...]]) -> frozenset[str]:
    names = set(by_field)
    if any(name.startswith("parents.") for name in names):
        names.add("parents")
    if "emergency_contact" in names or any(name.startswith("parents.") and name.endswith(".phone") for name in names):
        names.add("phone")
    if "leaving_reason" in names:
        names.add("deletion_ground")
    return frozenset(names)


def _headings(columns: Sequence[Column], ground: Sequence[int]) -> dict[str, str]:
    headings: dict[str, str] = {}
    for column in sorted(columns, key=lambda c: (c.strength, c.index)):
        if column.field:
            headings.setdefault(column.field, column.heading)
    for name in _NAMES:
        if name in headings:
            headings.setdefault("legal_surname", headings[name])
            headings.setdefault("full_name", headings[name])
    if not ground and "leaving_reason" in headings:
        headings["deletion_ground"] = headings["leaving_reason"]
    first_parent = next((heading for name, heading in headings.items() if name.startswith("parents.")), None)
    if first_parent:
        headings.setdefault("parents", first_parent)
    return headings
