"""``gateway retention``: plaintext that is older than its lifetime."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.commands.call import call
from gateway.commands.present import listed, say
from gateway.domain.actor import Role, require

DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would go, and remove nothing")]


def retention(dry_run: DryRun = False) -> None:
    """Remove plaintext outside the vault that has lain longer than [retention] allows, each with a ledger entry.

    What waits for a person (unconfirmed S2S files, untaken downloads, unacknowledged hand-overs) is listed and stays.
    """
    from gateway.bootstrap.expiry import Lying, expire, too_old

    def row(lying: Lying, done: bool) -> dict[str, Any]:
        return {
            "what": lying.sort.what,
            "path": str(lying.path),
            "age_days": lying.age_days,
            "days": lying.sort.days,
            "removed": done,
        }

    with call().open() as home:
        actor = require(home.actor, Role.OPERATOR, Role.GOVERNANCE)
        found = list(too_old(home.settings, home.clock.now()))
        gone = {lying.path for lying in ([] if dry_run else expire(home, actor))}
        columns = (("what", "What"), ("age_days", "Days old"), ("days", "May lie"), ("removed", "Removed"), ("path", "Where"))
        listed((row(lying, lying.path in gone) for lying in found), columns, empty="nothing is older than it may be")
        if dry_run and any(lying.sort.removable for lying in found):
            say("gateway retention  removes those that may go")
