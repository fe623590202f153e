"""Lists for people and for programs: the same objects, as a table on a terminal or as JSON, one object a line.

1. JSON goes to stdout alone; everything else a command says goes to stderr.
2. Colour and boxes only on a terminal, never when NO_COLOR is set; the words carry everything.
3. What a terminal would obey, and what nobody can see, is written out (``\\u202e``): a name from outside cannot colour, erase or
   turn round what stands beside it, nor begin a line of its own. Commands print through this module.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from gateway.commands.call import call
from gateway.domain.returns.unseen import json_visible, visible

if TYPE_CHECKING:
    from rich.console import Console

Row = Mapping[str, Any]
Column = tuple[str, str]          # key of the object, heading
Styled = tuple[str, str]          # a cell and its style
GAP = 2                           # columns between two cells
LEAST = 160                       # columns of what goes to a file or a pipe, at least


def listed(rows: Iterable[Row], columns: Sequence[Column], *, empty: str, then: str = "") -> None:
    """Print rows: JSON lines with ``--json``, else a table. ``empty`` is said when there are none, ``then`` what to type next."""
    if call().json:
        for row in rows:
            emit(row)
        return
    some = list(rows)
    if not some:
        say(empty)
        return
    table(some, columns)
    if then:
        say(then)


def emit(row: Row) -> None:
    """One object on one line of stdout."""
    print(json_visible(json.dumps(row, ensure_ascii=False, default=_plain)))


def say(text: str) -> None:
    """Talk, on stderr; one line."""
    print(visible(text), file=sys.stderr)


def line(text: str) -> None:
    """One line on stdout."""
    print(visible(text))


def told(row: Row, *lines: str) -> None:
    """The outcome of an act: the object with ``--json``, else sentences."""
    if call().json:
        emit(row)
    else:
        for text in lines:
            line(text)


def table(rows: Sequence[Row], columns: Sequence[Column]) -> None:
    """A table without a frame; a column that is empty throughout is left out.

    Nothing is cut or folded: an id that is copied must be whole. What is too wide for the terminal is told row by row instead.
    """
    shown = [(key, heading) for key, heading in columns if any(cell(row.get(key)) for row in rows)]
    cells = [[(visible(cell(row.get(key))), _STYLES.get(str(row.get(key)), "")) for key, _ in shown] for row in rows]
    widths = [max(len(heading), *(len(line[n][0]) for line in cells)) for n, (_, heading) in enumerate(shown)]
    natural = sum(widths) + GAP * len(widths)
    out = console(natural)
    if out.width < natural:
        _told_row_by_row(out, [heading for _, heading in shown], cells)
    else:
        _laid_out(out, [heading for _, heading in shown], cells)


def _laid_out(out: Console, headings: Sequence[str], cells: Sequence[Sequence[Styled]]) -> None:
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, padding=(0, GAP, 0, 0), show_edge=False, header_style="bold")
    for heading in headings:
        grid.add_column(heading, no_wrap=True)
    for line in cells:
        grid.add_row(*(Text(text, style=style) for text, style in line))
    out.print(grid)


def _told_row_by_row(out: Console, headings: Sequence[str], cells: Sequence[Sequence[Styled]]) -> None:
    """Each row as a paragraph: its id, then what else there is by name."""
    from rich.padding import Padding
    from rich.text import Text

    for (id, _), *rest in cells:
        out.print(Text(id, style="bold"))
        said = [Text.assemble((f"{heading} ", "dim"), (text, style)) if heading else Text(text, style)
                for heading, (text, style) in zip(headings[1:], rest, strict=True) if text]
        out.print(Padding(Text(" · ").join(said), (0, 0, 0, 3)))


def console(width: int = 0) -> Console:
    """stdout for people: plain when it is no terminal, and then as wide as what is printed."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    return Console(highlight=False, width=None if terminal else max(width, LEAST), no_color=_no_colour() or not terminal)


def _no_colour() -> bool:
    return bool(os.environ.get("NO_COLOR"))


_STYLES = {"refused": "red", "held": "yellow", "part-accepted": "yellow", "accepted": "green", "settled": "green", "open": "bold",
           "overdue": "red", "provisional": "yellow"}


def cell(value: Any) -> str:
    """A value in a table's cell."""
    match value:
        case None | "" | () | []:
            return ""
        case bool():
            return "yes" if value else ""
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case Mapping():
            return ", ".join(f"{k} {cell(v)}" for k, v in value.items() if v is not False and v not in (None, ""))
        case list() | tuple():
            return "; ".join(cell(item) for item in value)
        case str() if len(value) > 16 and value[4:5] == "-" and value[10:11] == "T":
            return value[:16].replace("T", " ")
    return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
