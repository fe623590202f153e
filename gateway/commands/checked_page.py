"""One checked file as a page for people: a sentence, the findings with what to do, the records as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from gateway.commands.present import console
from gateway.domain.counting import counted
from gateway.domain.parcels.kinds import OF_PUPILS
from gateway.domain.returns.unseen import visible

Frame = Mapping[str, Any]

_WORDS = {"error": "correct this", "query": "please check", "note": "note"}
_STYLE = {"error": "bold red", "query": "yellow", "note": "dim"}
_VERDICT = {"accepted": "bold green", "part-accepted": "bold yellow", "refused": "bold red"}
_ORDER = {"error": 0, "query": 1, "note": 2}
_RECORD_COLUMNS = ("row", "sheet", "movement", "upn", "legal_surname", "legal_forename", "dob", "off_roll_date", "start_date",
                   "deletion_ground", "destination_type", "destination_school", "held")


def show(summary: Frame, findings: Sequence[Frame], counts: Mapping[str, int], records: Sequence[Frame]) -> None:
    """Print the page."""
    out = console()
    out.print(_headline(summary))
    if findings:
        out.print(_table(sorted(findings, key=_place), str(summary["kind"])))
        left = sum(counts.values()) - len(findings)
        if left > 0:
            out.print(f"… and {left} more; --json shows all of them.")
    if records:
        out.print(_records(records))
    out.print()


def _headline(summary: Frame) -> Text:
    rows = summary["rows"]
    verdict = str(summary["verdict"])
    line = Text.assemble((visible(str(summary["file"])), "bold"), ": ", (verdict, _VERDICT.get(verdict, "")))
    if verdict == "refused":
        return line.append(" – nothing was read")
    if summary["kind"] == "nil":
        return line.append(" – a nil return: nobody left or joined")
    sender = f" from {visible(str(summary['sender']))}" if summary.get("sender") else ""
    unit = "pupil" if summary["kind"] in OF_PUPILS else "row"
    line.append(f" – {summary['kind']}{sender}; {counted(rows['read'], unit)} read, {rows['accepted']} accepted")
    return line.append(f", {rows['held']} held until corrected" if rows["held"] else "")


def _place(finding: Frame) -> tuple[Any, ...]:
    return finding["row"] is not None, _ORDER[finding["severity"]], finding["sheet"] or "", finding["row"] or 0


def _table(findings: Sequence[Frame], kind: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    unit = "pupil no." if kind in OF_PUPILS else "row"
    table.add_column("where", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("what", ratio=1, overflow="fold")
    table.add_column("what to do", ratio=1, overflow="fold")
    for finding in findings:
        severity = finding["severity"]
        words = Text(_WORDS[severity], style=_STYLE[severity])
        table.add_row(_seen(_where(finding, unit)), words, _seen(_what(finding)), _seen(finding["hint"]))
    return table


def _seen(text: str) -> Text:
    return Text(visible(text))


def _where(finding: Frame, unit: str) -> str:
    if finding["row"] is None:
        return str(finding["sheet"] or "file")
    return f"{finding['sheet']} row {finding['row']}" if finding["sheet"] else f"{unit} {finding['row']}"


def _what(finding: Frame) -> str:
    column = f"{finding['column'].strip()}: " if finding.get("column") else ""
    return f"{column}{finding['message']}" + (f" Found: {finding['found']}" if finding.get("found") else "")


def _records(records: Sequence[Frame]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    used = [c for c in _RECORD_COLUMNS if any(r.get(c) not in (None, False) for r in records)]
    for column in used:
        table.add_column(column.replace("_", " "), overflow="fold")
    for record in records:
        table.add_row(*(_seen(_cell(record.get(c))) for c in used))
    return table


def _cell(value: Any) -> str:
    return "" if value is None or value is False else "yes" if value is True else str(value)
