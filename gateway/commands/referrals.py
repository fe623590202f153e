"""``gateway referrals``: enquiries and referrals, theirs and ours."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.commands.call import call
from gateway.commands.present import listed
from gateway.domain.referrals.referral import Direction, ReferralState

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


def referrals(
    state: Annotated[ReferralState | None, typer.Option(help="only those in this state")] = None,
    direction: Annotated[Direction | None, typer.Option(help="out: ours to them; in: theirs to us")] = None,
    case: Annotated[str | None, typer.Option(metavar="ID", help="only those of this case")] = None,
) -> None:
    """Enquiries and referrals, theirs and ours, closed ones too."""
    from gateway.pipeline.exchange import referral_json

    given: dict[str, Any] = {"state": state, "direction": direction, "case": case}
    wanted = {key: value for key, value in given.items() if value is not None}
    with call().open() as home, home.store.reading() as tx:
        rows = [referral_json(r) for r in tx.referrals.where(**wanted)]
    listed(rows, COLUMNS, empty="no enquiry or referral yet", then="gateway holds  shows drafts that wait for their release")
