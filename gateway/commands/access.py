"""``gateway access``: who read which child's record."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.commands.call import call
from gateway.commands.present import listed
from gateway.domain.actor import Role, require

Subject = Annotated[str | None, typer.Argument(metavar="ID", help="of one case, child or parcel; all when not given")]


def access(id: Subject = None) -> None:
    """Who read which child's record, when, and with which command."""
    with call().open() as home:
        require(home.actor, Role.GOVERNANCE, Role.MANAGER)
        with home.store.reading() as tx:
            entries = [dict(entry) for entry in tx.access.entries(id)]
    columns = (("at", "When"), ("user", "User"), ("name", "Name"), ("what", "What"), ("subject", "Of"))
    listed(entries, columns, empty="nobody has read a child's record")
