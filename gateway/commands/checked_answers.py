"""How ``gateway check`` gives its answer: for people, as one JSON object, or line by line while it reads.

Findings and records of a million rows are not held as objects: JSON for later is kept packed.
"""

from __future__ import annotations

import json
import sys
import zlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from gateway.domain.returns.unseen import json_visible, visible

Frame = dict[str, Any]
SHOWN = 200                       # findings of one file in the plain answer


class Answer(ABC):
    """Takes the pieces of one file's answer. ``end`` gives the verdict."""

    def __init__(self, records: bool) -> None:
        self.wants_records = records

    def reading(self, name: str) -> AbstractContextManager[Any]:
        """A sign of life on stderr while a file is read, on a terminal."""
        return nullcontext()

    def begin(self, name: str, sender: str | None) -> None:  # noqa: B027 - most answers need no beginning
        """A file begins."""

    @abstractmethod
    def take(self, frame: Frame) -> None:
        """One piece: ``findings``, ``records`` or the ``summary``."""

    @abstractmethod
    def end(self) -> str:
        """The file is done: say what is left to say."""


class Packed:
    """A JSON array to be written later, packed piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def add(self, items: list[Any]) -> None:
        """More items at the end."""
        if items:
            self._pieces.append(zlib.compress(_json(items)[1:-1].encode(), 1))

    def clear(self) -> None:
        """Forget all."""
        self._pieces.clear()

    def text(self) -> Iterator[str]:
        """The array, piece by piece."""
        yield "["
        for number, piece in enumerate(self._pieces):
            yield ("," if number else "") + zlib.decompress(piece).decode()
        yield "]"


class JsonAnswer(Answer):
    """One object on one line: the summary's keys, findings, and records when they were asked for."""

    def __init__(self, records: bool) -> None:
        super().__init__(records)
        self._summary: Frame = {}
        self._findings = Packed()
        self._records = Packed()

    def take(self, frame: Frame) -> None:
        """Keep the piece."""
        self._findings.add(frame.get("findings", []))
        self._records.add(frame.get("records", []))
        if "summary" in frame:
            self._summary = frame["summary"]
            self._findings.add(self._summary.pop("findings", []))

    def end(self) -> str:
        """Write the object."""
        if self._summary["verdict"] == "refused":
            self._records.clear()
        out = sys.stdout
        out.write(_json(self._summary)[:-1] + ',"findings":')
        out.writelines(self._findings.text())
        if self.wants_records:
            out.write(',"records":')
            out.writelines(self._records.text())
        out.write("}\n")
        return str(self._summary["verdict"])


class JsonLinesAnswer(Answer):
    """One object a line, each with its ``type``: head, finding, record, summary."""

    def __init__(self, records: bool) -> None:
        super().__init__(records)
        self._verdict = "refused"

    def begin(self, name: str, sender: str | None) -> None:
        """The head."""
        _line("head", {"file": name, "sender": sender})

    def take(self, frame: Frame) -> None:
        """Findings and records as they come; the summary."""
        summary = frame.get("summary", {})
        for finding in (*frame.get("findings", ()), *summary.pop("findings", ())):
            _line("finding", finding)
        for record in frame.get("records", ()):
            _line("record", record)
        if summary:
            self._verdict = summary["verdict"]
            _line("summary", summary)

    def end(self) -> str:
        """Nothing is left to say."""
        return self._verdict


class PlainAnswer(Answer):
    """Sentences and a table: what it is, which rows, what is wrong, what to do."""

    def __init__(self, records: bool) -> None:
        super().__init__(records)
        self._summary: Frame = {}
        self._findings: list[Frame] = []
        self._records: list[Frame] = []
        self._counts: Counter[str] = Counter()

    def reading(self, name: str) -> AbstractContextManager[Any]:
        """A moving line on a terminal."""
        if not sys.stderr.isatty():
            return nullcontext()
        from rich.console import Console
        from rich.text import Text

        return Console(stderr=True).status(Text(f"reading {visible(name)}"))

    def take(self, frame: Frame) -> None:
        """Keep what will be shown, count the rest."""
        summary = frame.get("summary", {})
        for finding in (*frame.get("findings", ()), *summary.pop("findings", ())):
            self._counts[finding["severity"]] += 1
            if len(self._findings) < SHOWN:
                self._findings.append(finding)
        self._records += frame.get("records", ())
        self._summary = summary or self._summary

    def end(self) -> str:
        """Print it."""
        from gateway.commands.checked_page import show

        show(self._summary, self._findings, self._counts, self._records if self.wants_records else [])
        return str(self._summary["verdict"])


def _json(value: Any) -> str:
    return json_visible(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _line(kind: str, values: Frame) -> None:
    sys.stdout.write(_json({"type": kind, **values}) + "\n")
