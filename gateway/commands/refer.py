"""``gateway refer``: an officer's own draft to another authority, and exactly what would leave with it."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.commands.asking import asked
from gateway.commands.call import call
from gateway.commands.holds import HELD
from gateway.commands.present import emit, say, told
from gateway.commands.story import tell
from gateway.domain.referrals.contact import BY_HAND
from gateway.domain.referrals.referral import ReferralKind, ReferralState

CASE = typer.Argument(..., help="The case.", show_default=False)
TO = typer.Option(..., "--to", metavar="LA", help="The other authority: three digits.", show_default=False)


def refer(
    case: str = CASE,
    to: str = TO,
    enquiry: Annotated[bool, typer.Option("--enquiry", help="ask whether the child is on roll there, no more")] = False,
    release: Annotated[bool, typer.Option("--release", help="release the draft at once; the guard looks first")] = False,
    sent_by_hand: Annotated[
        str | None, typer.Option("--sent-by-hand", metavar="WAY", help=f"you told them already: {' or '.join(BY_HAND)}")
    ] = None,
    told_to: Annotated[
        str | None, typer.Option("--told", metavar="TEXT", help="with --sent-by-hand: whom you reached, name and office")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="show what would leave, to whom, under which key; write nothing")
    ] = False,
) -> int:
    """Draft a referral to another authority. A person releases it: gateway holds release, or --release here."""
    kind = ReferralKind.ENQUIRY if enquiry else ReferralKind.REFERRAL
    if dry_run:
        _show(case, to, kind)
        return 0
    from gateway.pipeline import exchange

    with call().open() as home:
        now = home.clock.now()
        with home.store.writing() as tx:
            made = exchange.draft_for_case(tx, home.ports, case, to, home.actor, now, kind)
            if release:
                made = exchange.release(tx, home.ports, made.id, home.actor, now)
            elif sent_by_hand is not None:
                whom = asked(told_to, "--told", "Whom you reached (name, office)", code="NOBODY-TOLD", example="D Park, CME team")
                made = exchange.sent_by_hand(tx, home.ports, made.id, sent_by_hand, whom, home.actor, now)
            waits = [h for h in tx.holds.where(about=made.id) if h.state == "open"]
    told(
        exchange.referral_json(made) | {"waits": [{"id": h.id, "reason": h.reason, "clears_with": h.clears_with} for h in waits]},
        f"{made.id}: {made.kind} to {made.authority} is {made.state}",
        *(f"{'not sent' if release else 'waits'}: {hold.reason}\n  {hold.clears_with}" for hold in waits),
    )
    return HELD if release and made.state is ReferralState.HELD else 0


def _show(case: str, to: str, kind: ReferralKind) -> None:
    from gateway.pipeline import exchange

    with call().open() as home:
        now = home.clock.now()
        with home.store.writing() as tx:  # for the access entry alone: a child's record is shown
            made = exchange.composed_for_case(tx, home.ports, case, to, home.actor, now, kind)
            seen = exchange.preview(tx, home.ports, made, now)
            tx.access.note(home.actor, now, "refer --dry-run", case)
    row = {"kind": kind.value, "authority": seen.authority, "contact": seen.contact, "where": seen.where, "key": seen.fingerprint,
           "derivations": seen.derivations, "held_because": [doubt.reason for doubt in seen.doubts], "fields": seen.fields}
    if call().json:
        emit(row)
    else:
        tell(row)
    say("nothing was written and nothing left" + ("; the guard would hold it" if seen.doubts else ""))
