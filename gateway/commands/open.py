"""``gateway open``: a parcel's own bytes, in a file for the person who asked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.asking import asked
from gateway.commands.call import call
from gateway.commands.present import told

app = typer.Typer(add_completion=False, rich_markup_mode=None)

PARCEL = Annotated[str, typer.Argument(metavar="PARCEL", help="the parcel, by its id", show_default=False)]
TO = Annotated[str | None, typer.Option("--to", metavar="FILE", help="a new file outside the home; asked for when not given")]


@app.command()
def open_parcel(parcel: PARCEL, to: TO = None) -> None:
    """Write a parcel's bytes, as its sender gave them, to a new file that only you can read.

    For a file that no rule could read. It stands in the access log and in the ledger. Delete the file when you have read it.
    """
    from gateway.bootstrap.handing_out import write_out

    target = Path(asked(to, "--to", "Into which new file", example="leavers.csv"))
    with call().open() as home:
        out = write_out(home, parcel, target)
    told(
        {"parcel": out.parcel, "sender": out.sender, "name": out.name, "bytes": out.size, "to": str(target)},
        f"{out.parcel}: {out.size} bytes of {out.sender} are in {target}, for you alone",
        "it was written down that you have it; delete the file when you have read it",
    )
