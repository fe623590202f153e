"""Files of the CTF family: each pupil becomes a row of cells and is read as every other row is.

1. A CMJ holds joiners; a CML and a CTF hold leavers.
2. ``destination_code`` is the destination's seven characters: a school, an authority (``990LLLL``), ``XXXXXXX`` not known,
   ``MMMMMMM`` outside the maintained sector. ``destination_laestab`` stands for it where only that is given.
3. What is said of it speaks of pupils and elements, where a table has rows and columns.
4. Lists that are read already (address lines, parents, what has no field) go into the details, their texts tidied as cells are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from gateway.domain.identifiers.laestab import OUTSIDE_SECTOR, UNKNOWN_SCHOOL
from gateway.domain.parcels.kinds import Finding, Kind
from gateway.domain.parcels.stages import Pupil, Transfer
from gateway.domain.returns.record import DETAIL_FIELDS, MovementKind
from gateway.domain.returns.text import cell_text, tidy
from gateway.domain.rules.rule import Fault
from gateway.pipeline.check.blocks import Block, Column
from gateway.pipeline.check.cells import unseen

_TEXT_FIELDS = (
    "upn", "legal_surname", "legal_forename", "dob", "sex", "year_group", "home_postcode", "off_roll_date",
    "last_attendance_date",
    "start_date", "deletion_ground", "destination_school", "destination_number", "destination_la", "destination_country",
    "destination_start_date", "destination_confirmed", "new_postcode", "new_address_from", "urgent", "address_protected",
    "restricted",
)
_OF_FILES = {"in this row": "for this pupil", "in row": "at pupil no.",
             "row": "pupil", "rows": "pupils", "Row": "Pupil", "Rows": "Pupils",
             "column": "element", "columns": "elements", "cell": "element", "cells": "elements"}
_OF_TABLES = re.compile(r"\b(?:in this row|in row|rows|row|Rows|Row|columns|column|cells|cell)\b")
_AT = {name: index for index, name in enumerate(_TEXT_FIELDS)}
_READ = frozenset(_TEXT_FIELDS) | {"destination_code", "destination_laestab"}
_LISTED = ("address_lines", "parents", "phone", "previous_school")
_LOOKED_AT = 200
_LEAVERS_ONLY = ("off_roll_date", "last_attendance_date", "deletion_ground")


def as_of_pupils(finding: Finding) -> Finding:
    """A finding in the words of such a file: it has pupils and elements, no rows, columns or cells."""
    return replace(finding, message=_in_its_words(finding.message), hint=_in_its_words(finding.hint))


def _in_its_words(text: str) -> str:
    return _OF_TABLES.sub(lambda found: _OF_FILES[found[0]], text)


def movement_in(transfer: Transfer) -> MovementKind:
    """Which way the pupils of a file move."""
    return MovementKind.JOINER if transfer.kind is Kind.CMJ else MovementKind.LEAVER


def block_of(transfer: Transfer) -> Block:
    """The table that a transfer file amounts to: every field has a column, named as the field.

    Lists have one when any of the first pupils has them: what a system never writes is asked about once, not for each pupil.
    """
    leaving = movement_in(transfer) is MovementKind.LEAVER
    columns = tuple(Column(index, name, name) for name, index in _AT.items()
                    if leaving or (name not in _LEAVERS_ONLY and not name.startswith("destination")))
    written = {name for pupil in islice(transfer.pupils(), _LOOKED_AT) for name in _LISTED if pupil.values.get(name)}
    return Block(None, 0, columns, movement_in(transfer), besides=frozenset(written))


def rows_of(transfer: Transfer) -> Iterator[tuple[int, tuple[Any, ...], dict[str, Any], list[Fault]]]:
    """Number, cells and ready details of each pupil, and what is to be said of the details."""
    for pupil in transfer.pupils():
        faults: list[Fault] = []
        yield pupil.number, _cells(pupil), _ready(pupil.values, faults), faults


def is_lost_pupil_file(transfer: Transfer) -> bool:
    """Whether the file goes to an unknown destination or outside the maintained sector."""
    return transfer.destination in (UNKNOWN_SCHOOL, OUTSIDE_SECTOR)


def _cells(pupil: Pupil) -> tuple[Any, ...]:
    values = pupil.values
    cells: list[Any] = [values.get(name) for name in _TEXT_FIELDS]
    cells[_AT["destination_number"]] = values.get("destination_code") or values.get("destination_laestab")
    if cells[_AT["destination_number"]]:
        cells[_AT["destination_la"]] = None   # The number says it already.
    return tuple(cells)


def _ready(values: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    ready: dict[str, Any] = {}
    kept: dict[str, Any] = _tidied("unmapped", values["unmapped"], faults) if values.get("unmapped") else {}
    for name, value in values.items():
        if name in _READ or name == "unmapped":
            continue
        tidied = _tidied(name, value, faults)
        if tidied in (None, [], {}):
            continue
        if name in DETAIL_FIELDS:
            ready[name] = tidied
        else:
            kept[name] = tidied
    return ready | ({"unmapped": kept} if kept else {})


def _tidied(name: str, value: Any, faults: list[Fault]) -> Any:
    """A text, or all texts in lists and dictionaries, as cells are tidied."""
    if type(value) is str:
        if not (value.isascii() and value.isprintable()):
            faults += unseen(name, value)
        return cell_text(value)
    if type(value) is list:
        return [_tidied(name, item, faults) for item in value]
    if type(value) is dict:
        return {tidy(key): _tidied(name, item, faults) for key, item in value.items()}
    return value
