"""``gateway s2s``: the week with School to School: build, list, release, confirm, import, add."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.commands.call import call
from gateway.commands.present import listed, say, told
from gateway.domain.counting import counted

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="The weekly basket: build, list, release, confirm, import, add."
)
BATCH = Annotated[
    str | None, typer.Argument(help="the batch's id or its Monday; without it the newest that fits", show_default=False)
]
FILES = Annotated[list[Path], typer.Argument(help="files that you downloaded from S2S", show_default=False)]
COLUMNS = (
    ("batch", "Batch"),
    ("week", "Week of"),
    ("state", "State"),
    ("files", "Files"),
    ("instructions", "Instructions"),
    ("released_by", "Released by"),
    ("confirmed_at", "Confirmed"),
)


@app.command("list")
def list_batches() -> None:
    """Every week's batch: its files, its instructions to schools, where it stands."""
    from gateway.pipeline.basket import batch_json

    with call().open() as home, home.store.reading() as tx:
        listed([batch_json(tx, batch) for batch in tx.batches.where()], COLUMNS, empty="no batch yet: gateway s2s build")


@app.command()
def build() -> None:
    """Build this week's batch, or take into it what has become ready since."""
    from gateway.pipeline import basket

    with call().open() as home, home.store.writing() as tx:
        batch = basket.build(tx, home.ports, home.actor, home.clock.now())
        row = basket.batch_json(tx, batch)
    then = _next(batch.state.value, empty=not (row["files"] or row["instructions"]))
    told(row, f"{batch.id} is {batch.state}: {_counted(row)}", f"next: {then}")


def _counted(row: dict[str, Any]) -> str:
    files, instructions = len(row["files"]), len(row["instructions"])
    return f"{counted(files, 'file')}, {counted(instructions, 'instruction')}"


def _next(state: str, *, empty: bool) -> str:
    """What this week's batch waits for."""
    if state == "released":
        return "upload what lies in its folder, then gateway s2s confirm; what became ready since goes with next week's batch"
    if state == "confirmed":
        return "nothing this week; what became ready since goes with next week's batch"
    if empty:
        return "nothing is ready yet; enquiries make an instruction ready: gateway case enquiry"
    return "look at it with gateway s2s list, then gateway s2s release"


@app.command()
def release(batch: BATCH = None) -> None:
    """Release a built batch: instructions go to the schools, files are laid out for upload. Needs the S2S administrator."""
    from gateway.pipeline import basket

    with call().open() as home:
        now = home.clock.now()
        with home.store.writing() as tx:
            done = basket.release(tx, home.ports, batch, home.actor, now)
            row = basket.batch_json(tx, done)
        basket.lay_out(home.ports, done.id, now)
    told(
        row, f"{done.id} is released; upload what lies in {row['folder']}, with the checklist there", "then: gateway s2s confirm"
    )


@app.command()
def confirm(
    batch: BATCH = None,
    not_uploaded: Annotated[
        list[str] | None, typer.Option("--not-uploaded", metavar="NAME", help="left out; carried over")
    ] = None,
    instruction: Annotated[
        str | None, typer.Option(metavar="ID", help="instead: a school has uploaded on this instruction")
    ] = None,
    evidence: Annotated[str, typer.Option(help="with --instruction: how you know")] = "",
) -> None:
    """Record what was uploaded. Then the folder is emptied; what was left out goes with the next batch."""
    from gateway.errors import UsageError
    from gateway.pipeline import basket

    with call().open() as home:
        now = home.clock.now()
        if instruction:
            if not evidence.strip():
                raise UsageError(
                    "--instruction without --evidence, both expected", code="USAGE", hint='Add --evidence "how you know".'
                )
            with home.store.writing() as tx:
                done = basket.confirm_instruction(tx, home.ports, instruction, home.actor, now, evidence)
            told({"instruction": done.id, "state": done.state.value, "case": done.case}, f"{done.id} is confirmed")
            return
        with home.store.writing() as tx:
            batch_done = basket.confirm(tx, home.ports, batch, home.actor, now, not_uploaded or ())
            row = basket.batch_json(tx, batch_done)
        basket.lay_out(home.ports, batch_done.id, now)
    told(row, f"{batch_done.id} is confirmed; {row['folder']} is empty again")


@app.command("import")
def import_files(files: FILES) -> None:
    """Take downloads from S2S, as parcels. The next run, or the running daemon, reads them."""
    from gateway.bootstrap.handing_in import hand_in

    _readable(files)
    with call().open() as home:
        for file in files:
            received = hand_in(home, file, "s2s", "s2s")
            told(
                {"parcel": received.parcel, "sha256": received.sha256, "duplicate": received.duplicate},
                f"{received.parcel} {'was taken before' if received.duplicate else 'taken'}",
            )
    say("you may delete the downloads: their bytes are sealed in the vault")


def _readable(files: list[Path]) -> None:
    """Every one is looked at before the first is taken."""
    from gateway.errors import UsageError

    wrong = [file for file in files if not file.is_file()]
    if wrong:
        raise UsageError(f"{len(wrong)} of {len(files)} names no file: {wrong[0]}", code="NO-FILE",
                         hint="Nothing was taken. Name files, not folders: s2s/downloaded/* names them all.")


@app.command()
def add(
    case: Annotated[str, typer.Argument(help="the case", show_default=False)],
    to: Annotated[str, typer.Option("--to", metavar="CODE", help="a school's seven digits, or an authority as 991LLLL")],
) -> None:
    """Put a file of ours about a case into this week's batch: a CTF under our own number. Enquiries must be recorded."""
    from gateway.pipeline import basket

    with call().open() as home, home.store.writing() as tx:
        file = basket.add_own_file(tx, home.ports, case, to, home.actor, home.clock.now())
    told(
        {"file": file.name, "batch": file.batch, "pupils": file.pupils, "bytes": file.size}, f"{file.name} goes with {file.batch}"
    )
