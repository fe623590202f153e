"""``gateway case``: one child's episode, and what an officer does on it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from gateway.commands.asking import asked
from gateway.commands.call import call
from gateway.commands.present import told
from gateway.commands.show import show_story
from gateway.domain.cases.case import Category
from gateway.domain.counting import counted

if TYPE_CHECKING:
    from gateway.domain.actor import Actor
    from gateway.domain.returns.record import PupilRecord
    from gateway.ports import Ports, Transaction

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="One child's episode of missing education. gateway case ID shows it."
)

Id = Annotated[str, Argument(metavar="ID", help="the case")]
Evidence = Annotated[str | None, Option(metavar="TEXT", help="what was said, seen or found, by whom; asked for when not given")]
Act = Callable[["Transaction", "Ports", "Actor", datetime], Any]


@app.command()
def show(id: Id) -> None:
    """The whole story: child, clocks, events, referrals, holds. Reading it is written down."""
    show_story(id)


@app.command("open")
def open_(
    category: Annotated[Category, Option(help="which of the six categories of the policy", show_default=False)],
    about: Annotated[
        str | None, Option(metavar="ID", help="a child that is known: the id of it, or of anything about it")
    ] = None,
    particulars: Annotated[
        Path | None, Option(metavar="FILE", help="a child told of: a file of lines such as Surname: Ellery; - reads stdin")
    ] = None,
    evidence: Evidence = None,
) -> None:
    """Open a case by hand: an agency's word, a place not taken up, home education not engaged.

    Particulars are never typed on the command line, where others could read them: they are asked for, or read from a file.
    """
    from gateway.pipeline import officer

    with call().open() as home:
        who = about or _particulars(particulars, home.clock.today())
        words = _words(evidence)
        with home.store.writing() as tx:
            case = officer.open_case(tx, home.ports, who, category, words, home.actor, home.clock.now())
            waiting = tx.suggestions.count(case=case.id, state="open")
    told(
        {"case": case.id, "done": True, "state": case.state.value, "child": case.child, "suggestions": waiting},
        f"{case.id}: open, {case.category.value}; the child lives in {case.responsible_la}",
        *([f"{counted(waiting, 'known child', 'known children')} may be the same: gateway match"] if waiting else []),
    )


@app.command()
def note(id: Id, evidence: Evidence = None) -> None:
    """Write a line on the case."""
    from gateway.pipeline import officer

    words = _words(evidence)
    _do(id, "noted", lambda tx, ports, actor, now: officer.note(tx, ports, id, words, actor, now))


@app.command()
def enquiry(
    id: Id,
    evidence: Evidence = None,
    item: Annotated[
        str | None, Option(metavar="ITEM", help="which of the four items it was about; gateway case ID lists them")
    ] = None,
    outcome: Annotated[str | None, Option(metavar="TEXT", help="how it ended")] = None,
    on: Annotated[datetime | None, Option(formats=["%Y-%m-%d"], metavar="DATE", help="the day it was made; else today")] = None,
) -> None:
    """Record an enquiry: S2S and other steps wait for a number of them."""
    from gateway.pipeline import officer

    words, day = _words(evidence), on.date() if on else None
    _do(
        id,
        "enquiry recorded",
        lambda tx, ports, actor, now: officer.enquiry(tx, ports, id, words, actor, now, item=item, outcome=outcome, on=day),
    )


@app.command()
def assign(
    id: Id,
    to: Annotated[str | None, Option("--to", metavar="USER", help="whose case it is; asked for when not given")] = None,
    evidence: Annotated[str | None, Option(hidden=True)] = None,      # its name in older scripts
) -> None:
    """Give the case to one person, who may work on cases."""
    from gateway.pipeline import officer

    user = asked(to or evidence, "--to", "To whom (user name)", example="alice")
    _do(id, f"assigned to {user}", lambda tx, ports, actor, now: officer.assign(tx, ports, id, user, actor, now))


@app.command()
def close(id: Id, evidence: Evidence = None) -> None:
    """Close on evidence, written KIND: who said it, when, what.

    Such as --evidence "on-roll: office of Ropewalk School, 2026-11-16, started there on 9 November". Kinds: on-roll,
    accepted-by-authority, home-education-registered, educated-otherwise, admissions-tracking, over-school-age, abroad-confirmed,
    returned-to-authority, died, corrected-by-school; unresolved puts the case on the watched list, with a manager's sign-off.
    """
    from gateway.pipeline import officer

    words = _words(evidence, "Evidence (KIND: who said it, when, what)")
    _do(id, "closed", lambda tx, ports, actor, now: officer.close(tx, ports, id, words, actor, now))


@app.command()
def reopen(id: Id, evidence: Evidence = None) -> None:
    """Open a closed case again."""
    from gateway.pipeline import officer

    words = _words(evidence)
    _do(id, "open again", lambda tx, ports, actor, now: officer.reopen(tx, ports, id, words, actor, now))


def _words(given: str | None, question: str = "What was said, seen or found, and by whom") -> str:
    return asked(given, "--evidence", question, code="NO-EVIDENCE", example="home visit: nobody there")


def _particulars(source: Path | None, today: date) -> PupilRecord:
    from gateway.domain.cases.told import TOLD, read_told
    from gateway.errors import UsageError

    if source is not None:
        text = sys.stdin.read() if str(source) == "-" else _read(source)
        return read_told(text.splitlines(), today)
    if call().json or not sys.stdin.isatty():
        raise UsageError("neither --about nor --particulars was given, one is needed", code="USAGE",
                         hint="Give --about and the id of something about the child, or --particulars and a file of lines.")
    lines = [f"{name}: {typer.prompt(name.capitalize(), default='', show_default=False, err=True)}" for name in TOLD]
    return read_told(lines, today)


def _read(source: Path) -> str:
    from gateway.errors import UsageError

    try:
        return source.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the particulars cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}", code="NO-FILE",
                         hint="A text file with one line for each, such as Surname: Ellery") from error


def _do(id: str, done: str, act: Act) -> None:
    from gateway.domain.cases.waiting import Hold

    with call().open() as home, home.store.writing() as tx:
        result = act(tx, home.ports, home.actor, home.clock.now())
    if isinstance(result, Hold):
        told(
            {"case": id, "done": False, "waits": result.id, "reason": result.reason, "clears_with": result.clears_with},
            f"{id}: {result.reason}",
            f"another officer or manager looks at it and agrees: {result.clears_with}",
        )
    else:
        state = result.state.value
        told({"case": id, "done": True, "state": state}, f"{id}: {done}{'' if state in done else f'; it is {state}'}")
