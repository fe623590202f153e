"""``gateway keys``: whose key, for what, until when."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.call import call
from gateway.commands.present import listed, say, told
from gateway.domain.actor import Role, require

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Whose key, for what, until when.")


@app.command("list")
def list_keys() -> None:
    """Every key of this home: purpose, id, when it was made and retired, and the public half of those that have one."""
    from gateway.bootstrap.upkeep import key_rows

    with call().open() as home:
        columns = (("purpose", "For"), ("id", "Id"), ("created", "Made"), ("retired", "Retired"), ("text", "Public half"))
        listed(key_rows(home), columns, empty="this home has no keys", then="gateway keys export  prints our card for others")


@app.command()
def export(
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="write it there instead of to stdout")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="keys/public.json instead: all that verifying a receipt needs")
    ] = False,
) -> None:
    """Our card: the public keys that another authority needs, and the fingerprint to compare by telephone."""
    from gateway.bootstrap.upkeep import key_card, key_fingerprint

    with call().open() as home:
        content = (home.path / "keys" / "public.json").read_bytes() if public else key_card(home)
        fingerprint = key_fingerprint(home)
    if to:
        to.write_bytes(content)
        told({"file": str(to), "fingerprint": fingerprint}, f"written to {to}")
    else:
        sys.stdout.write(content.decode())
    say(f"fingerprint: {fingerprint}   read it out over a telephone number you know from elsewhere")


@app.command()
def rotate(purpose: Annotated[str, typer.Argument(help="vault, packages, checkpoints, receipts or fields")]) -> None:
    """A new key for one purpose. What the old one sealed still opens; what it signed still verifies."""
    from gateway.bootstrap.upkeep import rotate_key

    with call().open() as home:
        fresh = rotate_key(home, purpose, require(home.actor, Role.OPERATOR))
    told(fresh, f"{purpose}: new key {fresh['id']}")
    say(
        "restart the daemon, so that it takes the key up"
        + ("; give other authorities the new card: gateway keys export" if purpose in ("packages", "receipts") else "")
    )
