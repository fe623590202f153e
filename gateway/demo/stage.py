"""What the demonstration shows. Words carry everything; colour only helps, and goes away when the output is no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape

from gateway.domain.counting import counted

_SIGNS = {"accepted": "[green]✓ accepted[/]", "part-accepted": "[yellow]◐ part-accepted[/]", "refused": "[red]✗ refused[/]"}
_WEIGHTS = {"error": "[red]error[/]", "query": "[yellow]query[/]", "note": "note"}


class Stage:
    """Prints the story, step by step."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._step = 0

    def _print(self, text: str) -> None:
        # Commands and paths are there to be copied: a line is never broken but by the terminal itself.
        self._console.print(text, soft_wrap=True)

    def title(self, text: str, under: str) -> None:
        """The first lines."""
        self._print(f"[bold]{escape(text)}[/]\n{escape(under)}")

    def step(self, text: str) -> None:
        """A numbered heading."""
        self._step += 1
        self._print(f"\n[bold cyan]{self._step}. {escape(text)}[/]")

    def say(self, text: str) -> None:
        """One line of the story."""
        self._print(f"   {escape(text)}")

    def typed(self, command: str) -> None:
        """A command as a person typed it."""
        self._print(f"   [dim]$[/] [bold]{escape(command)}[/]")

    def done(self, text: str) -> None:
        """Something promised that was just seen to hold."""
        self._print(f"   [green]✓[/] {escape(text)}")

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """A line that moves while something goes on; a plain line where nothing can move."""
        if not self._console.is_terminal:
            self._print(f"   … {escape(text)}")
            yield
            return
        with self._console.status(escape(text)):
            yield

    def verdicts(self, rows: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        """School, file and verdict of each parcel: two lines each, which fit the narrowest terminal."""
        for school, name, parcel in rows:
            counts = parcel["rows"]
            held = f", {counts['held']} held" if counts["held"] else ""
            self._print(f"   {escape(school)}: [bold]{escape(name)}[/]")
            self._print(f"      {_SIGNS[parcel['verdict']]} · {parcel['kind']} · {counted(counts['read'], 'row')} read{held}")

    def findings(self, rows: Iterable[dict[str, Any]]) -> None:
        """Faults by row, in plain words."""
        for row in rows:
            place = f"row {row['row']}" if row["row"] else "the file"
            column = f", column '{row['column']}'" if row.get("column") else ""
            self._print(f"   {_WEIGHTS[row['severity']]} · {place}{escape(column)}: {escape(row['message'])}")
            self._print(f"           [dim]→ {escape(row['hint'])}[/]")
