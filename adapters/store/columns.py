"""How a value of the domain becomes a cell, and a cell the value again.

1. The type that an entity declares decides; nothing is declared twice.
2. Instants are whole microseconds since 1970 in UTC, so that they sort and compare alike on every engine; a time
   without a zone is refused. Days are ISO text.
3. Composite values are canonical JSON: sorted keys, no spaces, UTF-8.
4. A sealed cell holds the same text as a plain one would, as bytes under the field key.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Union, get_args, get_origin

from sqlalchemy import BigInteger, Integer, LargeBinary, Text
from sqlalchemy.types import TypeEngine

TEXT: TypeEngine[Any] = Text().with_variant(Text(collation="C"), "postgresql")   # ids sort by byte on both engines
WHOLE: TypeEngine[Any] = BigInteger().with_variant(Integer(), "sqlite")          # STRICT tables know INTEGER only
BYTES: TypeEngine[Any] = LargeBinary()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """The column type of a value, and the way there and back. None: as it is."""

    kind: TypeEngine[Any]
    dump: Turn | None = None
    load: Turn | None = None


def cell_for(hint: Any) -> Cell:
    """The cell of a declared type; TypeError when the store does not know it."""
    hint = without_none(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Cell(TEXT, str, hint)
    if hasattr(hint, "from_json"):
        return _record_cell(hint)
    if get_origin(hint) in (tuple, Mapping):
        shaped = _shape_of(hint)
        return Cell(TEXT, canonical, lambda text: shaped(json.loads(text)))
    raise TypeError(f"the store does not know how to keep {hint}")


def _record_cell(entity: Any) -> Cell:
    """A value that knows its own JSON. Its own fields that are None are left out: most rows leave most fields empty."""
    own = frozenset(entity.__dataclass_fields__)

    def dump(value: Any) -> str:
        return canonical({k: v for k, v in value.to_json().items() if v is not None or k not in own})

    return Cell(TEXT, dump, lambda text: entity.from_json(json.loads(text)))


def without_none(hint: Any) -> Any:
    """``X`` of ``X | None``."""
    if get_origin(hint) in (types.UnionType, Union):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint


def may_be_none(hint: Any) -> bool:
    """Whether a declared type allows None."""
    return type(None) in get_args(hint)


def canonical(value: Any) -> str:
    """Canonical JSON of a value made of JSON's own types, mappings, tuples and days."""
    return _ENCODER.encode(value)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    """The aware moment, in UTC."""
    return _EPOCH + timedelta(microseconds=stored)


def to_bytes(text: str) -> bytes:
    """UTF-8; lone surrogates pass, for a file name may hold bytes that are no text."""
    return text.encode("utf-8", "surrogatepass")


def to_text(plain: bytes) -> str:
    """What ``to_bytes`` was given."""
    return plain.decode("utf-8", "surrogatepass")


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"a {type(value).__name__} cannot be kept in a JSON cell")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_jsonable)


def _shape_of(hint: Any) -> Turn:
    """What turns parsed JSON into the declared shape: tuples and days are not JSON's own."""
    if hint is date:
        return date.fromisoformat
    if get_origin(hint) is not tuple:
        return _as_it_is
    parts = get_args(hint)
    if len(parts) == 2 and parts[1] is Ellipsis:
        each = _shape_of(parts[0])
        return tuple if each is _as_it_is else lambda values: tuple(each(value) for value in values)
    shapes = [_shape_of(part) for part in parts]
    return lambda values: tuple(shape(value) for shape, value in zip(shapes, values, strict=True))


def _as_it_is(value: Any) -> Any:
    return value


_SIMPLE: dict[Any, Cell] = {
    str: Cell(TEXT),
    int: Cell(WHOLE),
    bool: Cell(WHOLE, int, bool),
    date: Cell(TEXT, date.isoformat, date.fromisoformat),
    datetime: Cell(WHOLE, micros, moment),
    bytes: Cell(BYTES),
}
