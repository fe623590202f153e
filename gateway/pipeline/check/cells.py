"""Readers of single cells: each distinct value of a column is parsed and judged once.

A reading is a value and the faults that its rules found. Readings are remembered up to ``REMEMBERED`` distinct values of a
column, then forgotten together: a column of a million different numbers must not fill the memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gateway.domain.identifiers.faults import BadIdentifierError
from gateway.domain.identifiers.postcode import Postcode
from gateway.domain.identifiers.uln import Uln
from gateway.domain.identifiers.upn import Upn, is_upn
from gateway.domain.identifiers.upn import tidy as tidy_upn
from gateway.domain.returns.dates import DAY_FIRST, ColumnOrder, read_date
from gateway.domain.returns.flags import read_confirmation, read_flag, read_sex
from gateway.domain.returns.names import split_name
from gateway.domain.returns.record import MovementKind
from gateway.domain.returns.text import cell_text, is_no_name, is_nothing, is_placeholder
from gateway.domain.returns.year_groups import read_year_group
from gateway.domain.rules import invisible_characters
from gateway.domain.rules.rule import Cell, Fault, Rule
from gateway.domain.rules.table import cell_rules
from gateway.pipeline.check.quick import quick_date, quick_name, quick_postcode, quick_upn

REMEMBERED = 50_000
Reading = tuple[Any, tuple[Fault, ...]]
NAMES = frozenset({"legal_surname", "legal_forename", "middle_names", "preferred_surname", "preferred_forename",
                   "former_surname"})
FLAGS = frozenset({"urgent", "address_protected", "restricted"})


@dataclass(slots=True)
class CellReader:
    """Reads one column's cells. ``alias`` is the field under which its rules are looked up."""

    name: str
    parse: Callable[[Any, str | None], tuple[Any, str | None, str]]     # cell, its text → value, trouble, what about
    rules: tuple[Rule, ...]
    today: date
    remember: bool = True
    quick: Callable[[str], Any] | None = None     # a value that no rule can question, or None: then it is read in full
    known: dict[Any, Reading] = field(default_factory=dict)

    def __call__(self, cell: Any) -> Reading:
        """The value and its faults, read anew: whoever calls has looked whether they are known."""
        sound = self.quick(cell) if self.quick is not None and type(cell) is str else None
        reading = self._read(cell) if sound is None else (sound, ())
        if self.remember:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[cell] = reading
        return reading

    def _read(self, cell: Any) -> Reading:
        text = cell_text(cell)
        value, trouble, about = self.parse(cell, text)
        if not self.rules:
            return value, ()
        shown = None if text is None or (value is None and trouble is None and is_placeholder(text)) else text
        judged = Cell(self.name, shown, value, trouble, about, cell if type(cell) is str else "", self.today)
        return value, judge(self.rules, judged)


def judge(rules: tuple[Rule, ...], cell: Cell) -> tuple[Fault, ...]:
    """The faults that these rules find in a cell."""
    faults = []
    for rule in rules:
        facts = rule.check(cell)
        if facts is not None:
            faults.append(Fault(rule, cell.field, {"found": cell.text, **facts} if cell.text is not None else facts))
    return tuple(faults)


def unseen(name: str, cell: Any, heading: str | None = None) -> tuple[Fault, ...]:
    """The fault of a cell that is kept without a reader of its own: what nobody sees in it is taken out, and told."""
    facts = invisible_characters.facts(cell) if type(cell) is str else None
    if facts is None:
        return ()
    return (Fault(invisible_characters.RULE, name, facts if heading is None else {**facts, "column": heading}),)


def rules_for(name: str, movement: MovementKind) -> tuple[Rule, ...]:
    """The cell rules of a field for leavers or joiners."""
    if name == "off_roll_date" and movement is MovementKind.JOINER:
        alias = "off_roll_date_of_joiner"
    elif name == "start_date" and movement is MovementKind.LEAVER:
        alias = "start_date_of_leaver"
    else:
        alias = name
    return tuple(rule for rule in cell_rules(alias) if rule.movement in (None, movement))


def reader_for(name: str, movement: MovementKind, today: date, order: ColumnOrder, *, date1904: bool) -> CellReader:
    """The reader of one field's column."""
    rules = rules_for(name, movement)
    if name.endswith("_date") or name in ("dob", "new_address_from"):
        core = name in ("dob", "off_roll_date", "last_attendance_date", "start_date")
        quick = quick_date(today) if core and order == DAY_FIRST else None
        return CellReader(name, _dates(order, date1904, core), rules, today, quick=quick)
    return CellReader(name, _PARSERS.get(name, _text), rules, today,
                      remember=name not in ("upn", "row_id"), quick=_QUICK.get(name))


def _dates(order: ColumnOrder, date1904: bool, core: bool) -> Callable[[Any, str | None], tuple[Any, str | None, str]]:
    def parse(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
        reading = read_date(cell, order, date1904=date1904)
        trouble = reading.trouble.value if reading.trouble else None
        if core:
            return reading.value, trouble, ""
        return (reading.value.isoformat() if reading.value else None), trouble, ""
    return parse


def _given(text: str | None) -> str | None:
    return None if text is None or is_placeholder(text) else text


def _text(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    return _given(text), None, ""


def _name(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    return None if text is None or is_no_name(text) else text, None, ""


def _upn(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    if text is None or is_nothing(text):
        return None, None, ""
    upn = tidy_upn(text)
    if is_upn(upn):
        return upn, None if upn[-1].isdigit() else "temporary", ""
    try:
        Upn.parse(upn)
    except BadIdentifierError as error:
        return upn, "check-letter" if error.code == "UPN-CHECK-LETTER" else "malformed", error.message
    return upn, None, ""


def _uln(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    if _given(text) is None:
        return None, None, ""
    try:
        return Uln.parse(text or "").text, None, ""
    except BadIdentifierError as error:
        return text, error.code, error.message


def _sex(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    if _given(text) is None:
        return None, None, ""
    sex = read_sex(text or "")
    return sex, None if sex else "not-understood", ""


def _year_group(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    if _given(text) is None:
        return None, None, ""
    year = read_year_group(text or "")
    return year, None if year else "not-understood", ""


def _postcode(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    if text is None or is_nothing(text):
        return None, None, ""
    try:
        return Postcode.parse(text).text, None, ""
    except BadIdentifierError:
        return text.upper(), "shape", ""


def _flag(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    return (read_flag(text) if text is not None and not is_placeholder(text) else None), None, ""


def _confirmed(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
    if text is None or is_placeholder(text):
        return None, None, ""
    confirmed = read_confirmation(text)
    return bool(confirmed), "not-understood" if confirmed is None else None, ""


def _full_name(surname_first: bool | None) -> Callable[[Any, str | None], tuple[Any, str | None, str]]:
    def parse(cell: Any, text: str | None) -> tuple[Any, str | None, str]:
        if _given(text) is None:
            return None, None, ""
        name = split_name(text or "", surname_first=surname_first)
        return name, "guessed" if name.guessed else None, ""
    return parse


_QUICK: dict[str, Callable[[str], Any]] = {
    "upn": quick_upn, "home_postcode": quick_postcode, **dict.fromkeys(NAMES, quick_name),
}
_PARSERS: dict[str, Callable[[Any, str | None], tuple[Any, str | None, str]]] = {
    "upn": _upn, "uln": _uln, "sex": _sex, "year_group": _year_group, "home_postcode": _postcode, "new_postcode": _postcode,
    "full_name": _full_name(None), "full_name_surname_first": _full_name(True), "full_name_forename_first": _full_name(False),
    "destination_confirmed": _confirmed, **dict.fromkeys(NAMES, _name), **dict.fromkeys(FLAGS, _flag),
}
