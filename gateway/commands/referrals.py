"""``gateway referrals``: enquiries and referrals, theirs and ours; what a person told, and taking one back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.commands.asking import asked
from gateway.commands.asking import reason as asked_reason
from gateway.commands.call import call
from gateway.commands.present import listed, told
from gateway.domain.actor import Role, require
from gateway.domain.referrals.contact import BY_HAND
from gateway.domain.referrals.referral import Direction, ReferralState

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="Enquiries and referrals, theirs and ours. gateway referrals lists them."
)
COLUMNS = (
    ("id", "Id"),
    ("kind", "Kind"),
    ("direction", "Way"),
    ("authority", "Authority"),
    ("state", "State"),
    ("case", "Case"),
    ("sent_at", "Sent"),
    ("answered_at", "Answered"),
    ("answer", "Answer"),
    ("reason", "Why"),
)
ID = typer.Argument(..., metavar="ID", help="one of ours: gateway referrals lists them", show_default=False)


@app.command("list")
def list_referrals(
    state: Annotated[ReferralState | None, typer.Option(help="only those in this state")] = None,
    direction: Annotated[Direction | None, typer.Option(help="out: ours to them; in: theirs to us")] = None,
    case: Annotated[str | None, typer.Option(metavar="ID", help="only those of this case")] = None,
) -> None:
    """Enquiries and referrals, theirs and ours, closed ones too."""
    from gateway.pipeline.exchange import referral_json

    given: dict[str, Any] = {"state": state, "direction": direction, "case": case}
    wanted = {key: value for key, value in given.items() if value is not None}
    with call().open() as home, home.store.reading() as tx:
        require(home.actor, *Role)
        rows = [referral_json(r) for r in tx.referrals.where(**wanted)]
    listed(rows, COLUMNS, empty="no enquiry or referral yet", then="gateway show ID  tells what was asked, and what you can do")


@app.command()
def sent(
    id: str = ID,
    how: Annotated[str | None, typer.Option(metavar="WAY", help=" or ".join(BY_HAND) + "; asked for when not given")] = None,
    told_to: Annotated[
        str | None, typer.Option("--told", metavar="TEXT", help="whom you reached: name and office; asked for when not given")
    ] = None,
) -> None:
    """Record that a person told them: where the other authority has no gateway, or its gateway cannot be reached.

    What may be said is what gateway show ID prints. Then their answer can be recorded, and the case closes on it.
    """
    from gateway.pipeline import exchange

    way = asked(how, "--how", f"How ({', '.join(BY_HAND)})", code="NO-SUCH-WAY", example=BY_HAND[0])
    whom = asked(told_to, "--told", "Whom you reached (name, office)", code="NOBODY-TOLD", example="D Park, CME team")
    with call().open() as home, home.store.writing() as tx:
        done = exchange.sent_by_hand(tx, home.ports, id, way, whom, home.actor, home.clock.now())
    told(
        exchange.referral_json(done),
        f"{done.id}: told {done.authority} by {done.sent_how}; the exchange is {done.state}",
        f"record what they answer: gateway answer {done.id}",
    )


@app.command()
def withdraw(
    id: str = ID,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="why, in a sentence; asked for when not given")] = None,
) -> None:
    """Take one of ours back, drafted or sent. Whoever has it is told."""
    from gateway.pipeline import exchange

    why = asked_reason(reason)
    with call().open() as home, home.store.writing() as tx:
        done = exchange.withdraw_by_person(tx, home.ports, id, why, home.actor, home.clock.now())
    told(exchange.referral_json(done), f"{done.id}: {done.state}")
