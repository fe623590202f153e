"""``gateway keys``: whose key, for what, until when."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.call import call
from gateway.commands.present import emit, listed, say, told
from gateway.domain.counting import counted

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Whose key, for what, until when.")


@app.command("list")
def list_keys() -> None:
    """Every key of this home: purpose, id, when it was made and retired, and the public half of those that have one."""
    from gateway.bootstrap.upkeep import key_rows

    with call().open() as home:
        columns = (
            ("purpose", "For"), ("id", "Id"), ("created", "Made"), ("retired", "Retired"), ("revoked", "Revoked"),
            ("text", "Public half"),
        )
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
    elif call().json:
        emit(json.loads(content))
    else:
        sys.stdout.write(content.decode())
    say(f"fingerprint: {fingerprint}   read it out over a telephone number you know from elsewhere")


@app.command()
def rotate(
    purpose: Annotated[str, typer.Argument(help="vault, packages, checkpoints, receipts, fields or index")],
) -> None:
    """A new key for one purpose. What the old one sealed still opens; what it signed still verifies.

    A running daemon takes it up by itself, unless systemd gives it its keys: stop that one first. For the index key every daemon
    must be stopped. For a while packages are signed by the old receipts key too, so that authorities have time to trust our new
    card.
    """
    from gateway.bootstrap.rotating import rotate_key

    with call().open() as home:
        fresh = rotate_key(home, purpose)
    told(fresh, f"{purpose}: new key {fresh['id']}")
    say(_after(purpose))


@app.command()
def revoke(
    purpose: Annotated[str, typer.Argument(help="packages, checkpoints or receipts")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="what is known or feared; kept sealed")],
) -> None:
    """A new key for one purpose, and nothing is proven or opened by the old ones any more: others have, or may have, a copy.

    Receipts under a revoked key do not verify any more; given again, they are signed anew. Other authorities must be told by
    telephone, and trust our new card.
    """
    from gateway.bootstrap.rotating import revoke_key

    with call().open() as home:
        fresh = revoke_key(home, purpose, reason)
    told(fresh, f"{purpose}: new key {fresh['id']}; the old ones are revoked")
    say(_after(purpose))


@app.command()
def reseal() -> None:
    """Finish rotations: bring every record under the newest keys, and destroy signing secrets whose time is over.

    Runs beside the daemon, and goes on from where it was when it was broken off.
    """
    from gateway.bootstrap.rotating import reseal_home

    with call().open() as home:
        done = reseal_home(home)
    told(done, f"brought under the newest keys: {counted(done['rows'], 'record')}; "
               f"destroyed: {counted(len(done['destroyed']), 'secret')}")


def _after(purpose: str) -> str:
    if purpose in ("packages", "receipts"):
        return "give other authorities the new card: gateway keys export"
    if purpose in ("fields", "index"):
        return "bring what is stored under it: gateway keys reseal"
    return "a running daemon takes it up by itself; one that systemd gives its keys must be started again"
