"""``gateway answer``: answer another authority, or record what it said by telephone or letter about something of ours."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.commands.asking import asked
from gateway.commands.call import call
from gateway.commands.present import told
from gateway.domain.referrals.contact import BY_HAND
from gateway.domain.referrals.exchange import ANSWERS
from gateway.domain.referrals.referral import Answer, Direction
from gateway.errors import UsageError

if TYPE_CHECKING:
    from gateway.bootstrap import Home
    from gateway.domain.cases.case import Case
    from gateway.domain.referrals.referral import Referral

ID = typer.Argument(..., help="The exchange: gateway referrals lists them.", show_default=False)
SAID = typer.Argument(help=", ".join(Answer), show_default=False)
QUESTIONS = {
    Answer.ON_ROLL: (("school", "At which school (LAESTAB or name)"), ("since", "Since when (YYYY-MM-DD)")),
    Answer.DECLINED: (("reason", "Why, without the child's data"),),
    Answer.REDIRECT: (("redirect_to", "To which authority (three digits)"),),
}


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
    how: Annotated[str | None, typer.Option(help=f"told by a person: {' or '.join(BY_HAND)}")] = None,
    told_by: Annotated[str | None, typer.Option(help="told by a person: who said it; to theirs, whom you told")] = None,
) -> None:
    """Answer what came in. For what went out: record an answer that came by telephone or letter, with --how and --told-by.

    An enquiry asks whether a child is on roll; a referral asks to take responsibility. gateway answer ID lists what fits.
    """
    given = {"school": school, "since": since, "reason": reason, "redirect_to": redirect_to, "reference": reference}
    with call().open() as home:
        with home.store.reading() as tx:
            referral = tx.referrals.get(id)
        chosen = _one(referral, said, with_)
        details = _day(_completed(chosen, given))
        if referral.direction is Direction.OUT:
            how, told_by = _source(how, told_by)
        done, case = _record(home, referral, chosen, how or "", told_by or "", details)
    told(
        _row(done),
        f"{done.id}: {chosen.value}; the exchange is {done.state}",
        *([f"case {case.id} is {case.state.value}"] if case else []),
    )


def _record(
    home: Home, referral: Referral, chosen: Answer, how: str, told_by: str, details: dict[str, Any]
) -> tuple[Referral, Case | None]:
    """Answer theirs, or keep what they answered; and the case as it is after that."""
    from gateway.pipeline import exchange

    act = exchange.answer if referral.direction is Direction.IN else exchange.record_answer_by_person
    with home.store.writing() as tx:
        done = act(tx, home.ports, referral.id, chosen, home.actor, home.clock.now(), how=how, told_by=told_by, **details)
        return done, tx.cases.find(done.case) if done.case else None


def _row(referral: Referral) -> dict[str, Any]:
    from gateway.pipeline.exchange import referral_json

    return referral_json(referral)


def _one(referral: Referral, said: Answer | None, with_: Answer | None) -> Answer:
    chosen = said or with_
    if chosen is None or (said and with_ and said is not with_):
        fit = ", ".join(ANSWERS[referral.kind])
        raise UsageError(
            f"one answer to {referral.kind} {referral.id} was expected, {'two were' if chosen else 'none was'} given",
            code="USAGE",
            hint=f"One of: {fit}. For example: gateway answer {referral.id} {ANSWERS[referral.kind][0].value}",
        )
    return chosen


def _completed(chosen: Answer, given: dict[str, Any]) -> dict[str, Any]:
    """What the answer needs is asked for on a terminal; elsewhere the exchange says what is lacking."""
    if call().json or not sys.stdin.isatty():
        return given
    for name, question in QUESTIONS.get(chosen, ()):
        given[name] = given[name] or typer.prompt(question, err=True)
    return given


def _source(how: str | None, told_by: str | None) -> tuple[str, str]:
    if call().json or not sys.stdin.isatty():
        return how or "", told_by or ""
    return asked(how, "--how", f"How it came ({', '.join(BY_HAND)})"), asked(told_by, "--told-by", "Who said it (name, office)")


def _day(details: dict[str, Any]) -> dict[str, Any]:
    text = details["since"]
    if text is None:
        return details
    try:
        return details | {"since": date.fromisoformat(text).isoformat()}
    except ValueError:
        raise UsageError(
            f"--since {text!r} is not a day, expected YYYY-MM-DD", code="USAGE", hint="For example --since 2026-11-09"
        ) from None
