"""``gateway answer``: answer another authority, or record what it said by telephone or letter about something of ours."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from gateway.commands.call import call
from gateway.commands.present import told
from gateway.domain.referrals.referral import Answer, Direction
from gateway.errors import UsageError

ID = typer.Argument(..., help="The exchange: gateway referrals lists them.", show_default=False)
SAID = typer.Argument(help=", ".join(Answer), show_default=False)


def answer(
    id: str = ID,
    said: Annotated[Answer | None, SAID] = None,
    with_: Annotated[
        Answer | None, typer.Option("--with", help="the answer, when it is not the second word", show_default=False)
    ] = None,
    school: Annotated[str | None, typer.Option(help="on-roll: the school's LAESTAB or name")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="on-roll: since when, YYYY-MM-DD")] = None,
    reason: Annotated[str | None, typer.Option(help="declined: why, without the child's data")] = None,
    redirect_to: Annotated[str | None, typer.Option(metavar="LA", help="redirect: to which authority")] = None,
    reference: Annotated[str | None, typer.Option(help="our own reference, for them to quote")] = None,
    how: Annotated[str, typer.Option(help="their answer, recorded by you: telephone or letter")] = "",
    told_by: Annotated[str, typer.Option(help="their answer, recorded by you: who said it")] = "",
) -> None:
    """Answer what came in. For what went out: record an answer that came by telephone or letter, with --how and --told-by."""
    from gateway.pipeline import exchange

    chosen = _one(said, with_)
    details: dict[str, Any] = {
        "school": school,
        "since": _day(since),
        "reason": reason,
        "redirect_to": redirect_to,
        "reference": reference,
    }
    with call().open() as home:
        now = home.clock.now()
        with home.store.writing() as tx:
            if tx.referrals.get(id).direction is Direction.IN:
                done = exchange.answer(tx, home.ports, id, chosen, home.actor, now, **details)
            else:
                done = exchange.record_answer_by_person(
                    tx, home.ports, id, chosen, home.actor, now, how=how, told_by=told_by, **details
                )
    told(exchange.referral_json(done), f"{done.id}: {chosen.value}; the exchange is {done.state}")


def _one(said: Answer | None, with_: Answer | None) -> Answer:
    chosen = said or with_
    if chosen is None or (said and with_ and said is not with_):
        raise UsageError(
            "one answer was expected, " + ("two were" if chosen else "none was") + " given",
            code="USAGE",
            hint="For example: gateway answer R01… accepted",
        )
    return chosen


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(
            f"--since {text!r} is not a day, expected YYYY-MM-DD", code="USAGE", hint="For example --since 2026-11-09"
        ) from None
