"""Questions by plain columns, built once for each form: what is asked often is neither built nor compiled again.

A form is the columns asked for and how: ``is``, ``any`` of several, ``none``, or a bound. Values come in as parameters.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, func, select

from adapters.store.shape import Shape

BOUNDS = {"upto": operator.le, "before": operator.lt, "since": operator.ge, "after": operator.gt}
LIMIT = "_limit"

Form = tuple[tuple[str, str], ...]            # name as given, manner


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: its form, and the values as they are stored."""

    form: Form
    values: dict[str, Any]


def asked(shape: Shape[Any], equal: Mapping[str, Any]) -> Question:
    """Read ``where``'s arguments; ValueError for a column that is sealed or unknown."""
    form: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for name, value in equal.items():
        column, _, bound = name.partition("__")
        dump = shape.plain(column)
        if bound and bound not in BOUNDS:
            raise ValueError(f"{name} ends in {bound}, expected one of {', '.join(BOUNDS)}")
        manner = bound or ("none" if value is None else "any" if is_any_of(value) else "is")
        form.append((name, manner))
        if manner == "any":
            values[f"_{name}"] = [dump(one) if dump else one for one in value]
        elif manner != "none":
            values[f"_{name}"] = dump(value) if dump else value
    return Question(tuple(form), values)


def rows_of(shape: Shape[Any], form: Form, *, limited: bool) -> Select[Any]:
    """The statement that gives the rows, in order of id."""
    key = (shape.table.name, form, "limited" if limited else "all")
    made = _BUILT.get(key)
    if made is None:
        made = select(*shape.columns()).where(*_conditions(shape, form)).order_by(shape.table.c.id)
        made = _BUILT[key] = made.limit(bindparam(LIMIT)) if limited else made
    return made


def count_of(shape: Shape[Any], form: Form) -> Select[Any]:
    """The statement that counts the rows."""
    key = (shape.table.name, form, "count")
    made = _BUILT.get(key)
    if made is None:
        made = _BUILT[key] = select(func.count()).select_from(shape.table).where(*_conditions(shape, form))
    return made


def is_any_of(value: Any) -> bool:
    """Whether a value means any of several."""
    return isinstance(value, list | tuple | set | frozenset)


def _conditions(shape: Shape[Any], form: Form) -> list[ColumnElement[bool]]:
    return [_condition(shape.table.c[name.partition("__")[0]], name, manner) for name, manner in form]


def _condition(column: Column[Any], name: str, manner: str) -> ColumnElement[bool]:
    if manner == "none":
        return column.is_(None)
    if manner == "any":
        return column.in_(bindparam(f"_{name}", expanding=True))
    compared: ColumnElement[bool] = BOUNDS.get(manner, operator.eq)(column, bindparam(f"_{name}"))
    return compared


_BUILT: dict[tuple[str, Form, str], Select[Any]] = {}
