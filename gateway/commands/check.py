"""``gateway check``: read and check files without taking them.

1. Nothing is kept, moved, sent or logged; the answer goes to stdout and is all there is.
2. Works without a home: then without a register, and destinations stay as they were written.
3. ``--json``: one object for each file, one a line. ``--jsonl``: for each file a head, findings and records as they are
   found, one object a line, and the summary last, whose verdict counts.
4. The exit code is the worst file's: 65 refused, 80 some rows held, 0 accepted. A file that is not there: 64, nothing is read.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from gateway.commands.call import Call, call
from gateway.commands.checked_answers import Answer, JsonAnswer, JsonLinesAnswer, PlainAnswer
from gateway.domain.parcels.kinds import Kind
from gateway.errors import UsageError

if TYPE_CHECKING:
    from gateway.bootstrap.checking import Sandbox

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_CODES = {"accepted": 0, "part-accepted": 80, "refused": 65}
_WORST_FIRST = (65, 80, 0)

Files = Annotated[list[Path], Argument(metavar="FILE…", help="workbooks, CSV, CTF, CML or CMJ files")]
Sender = Annotated[str | None, Option("--from", metavar="SENDER", help="who it is from: a DfE number of seven digits, or an id")]
As = Annotated[Kind | None, Option("--as", metavar="KIND", help="read it as leavers, joiners, movements, ctf, cml, cmj, …")]
Records = Annotated[bool, Option("--records", help="give every row as it was understood")]
JsonLines = Annotated[bool, Option("--jsonl", help="head, findings, records one object a line, summary last")]


@app.command()
def check(files: Files, sender: Sender = None, kind: As = None, records: Records = False, jsonl: JsonLines = False) -> int:
    """Read and check files without taking them: what they are, what is wrong with which row, and what to do about it.

    \b
    gateway check leavers.csv --from 9902001
    gateway check *.xlsx --json
    """
    from gateway.bootstrap.checking import checking_sandbox

    _must_be_there(files)
    called = call()
    with closing(checking_sandbox(called.home, called.today)) as sandbox:
        codes = {_one(sandbox, path, sender or _folder_of(path, called), kind, _answer(called, records, jsonl)) for path in files}
    return next((code for code in _WORST_FIRST if code in codes), 0)


def _one(sandbox: Sandbox, path: Path, sender: str | None, kind: Kind | None, answer: Answer) -> int:
    from gateway.bootstrap.checking import examined

    with answer.reading(path.name), path.open("rb", buffering=0) as content:
        answer.begin(path.name, sender)
        for frame in examined(sandbox, path.name, content, sender, kind, records=answer.wants_records):
            answer.take(frame)
    return _CODES[answer.end()]


def _answer(called: Call, records: bool, jsonl: bool) -> Answer:
    if jsonl:
        return JsonLinesAnswer(records)
    return JsonAnswer(records) if called.json else PlainAnswer(records)


def _must_be_there(files: list[Path]) -> None:
    for path in files:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not there" if not path.exists() else "is not a file"
            raise UsageError(f"{path} {what}", code="NO-FILE", hint="For example: gateway check leavers.csv")


def _folder_of(path: Path, called: Call) -> str | None:
    """The sender whose drop folder the file lies in, as the daemon would see it."""
    drop = (called.home / "drop").absolute()
    inside = path.absolute()
    return inside.relative_to(drop).parts[0] if inside.is_relative_to(drop) and len(inside.relative_to(drop).parts) > 1 else None
