"""``gateway ledger``: where the store stands to what was published of its ledger; accepting that an older one was put back."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from gateway.commands.call import call
from gateway.commands.present import say, told
from gateway.domain.actor import Role, require
from gateway.errors import TamperError

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="The ledger: what was signed and published of it.")
Reason = Annotated[str, Option(metavar="TEXT", help="why the newest store is not there; kept sealed")]


@app.command()
def show() -> int:
    """How many entries are numbered and signed, how many are published, and whether the store goes on from those.

    Exit 0 when it does, 70 when an older store was put back: until that is accepted, nothing is written.
    """
    from gateway.bootstrap.proving import standing

    with call().open() as home:
        require(home.actor, *Role)
        found = standing(home)
    told(
        found,
        f"{found['entries']} entries, signed {found['signed_at'] or 'never'}, root {found['root'] or 'none'}",
        f"{found['published'] or 0} published in ledger/",
        *([f"PROBLEM  {found['problem']}"] if found["problem"] else []),
    )
    say(found["hint"] or "gateway verify  proves every entry; --witnessed RECEIPT holds it against what a sender kept")
    return TamperError.exit_code if found["problem"] else 0


@app.command()
def accept(reason: Reason) -> None:
    """Accept that the store is older than what was published, or another: the ledger goes on from it, and says so for ever.

    What was published before is kept in ledger/put-back/. Stop the daemon first. What was received since the older store was
    made is not in it: gateway verify names those parcels, their senders must send the files again.
    """
    from gateway.bootstrap.proving import accept_put_back

    with call().open() as home:
        made = accept_put_back(home, reason)
    told(
        made,
        f"accepted: {made['published']} entries were published, the store has {made['store']}, {made['common']} are the same",
        f"what was published is kept in ledger/put-back/{made['kept']}",
    )
    say("gateway verify  names the parcels that were received in the part that was left")
