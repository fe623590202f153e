"""``gateway init``: a new home."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.call import call
from gateway.domain.policy import Person
from gateway.errors import UsageError

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def init(
    la: Annotated[str | None, typer.Option(metavar="CODE", help="the authority's three digits")] = None,
    name: Annotated[str | None, typer.Option(help="the authority's name")] = None,
    schools: Annotated[
        Path | None, typer.Option(metavar="FILE", help="register of schools, as GIAS gives it for download")
    ] = None,
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="a home for training and trying out; needs nothing more")
    ] = False,
    keys: Annotated[
        Path | None, typer.Option(metavar="DIR", help="where the private keys go; default: HOME.keys beside the home")
    ] = None,
    recovery: Annotated[
        Path | None, typer.Option(metavar="PATH", help="where the recovery identity goes; move it off this machine")
    ] = None,
    contact: Annotated[str | None, typer.Option(metavar='"NAME <EMAIL>"', help="the named CME contact")] = None,
    deputy: Annotated[str | None, typer.Option(metavar='"NAME <EMAIL>"', help="who stands in for the contact")] = None,
    safeguarding_phone: Annotated[str | None, typer.Option(metavar="NUMBER", help="printed on every receipt")] = None,
) -> None:
    """Make a new home: config, register, keys, and a drop folder for every open school.

    A live home:       gateway init --la 990 --name Thornhaven --schools schools.csv --recovery /media/usb/recovery
    A rehearsal home:  gateway init --rehearsal
    """
    from gateway.bootstrap.founding import Plan, found

    la, name = _authority(la, name)
    founded = found(
        Plan(
            home=call().home.absolute(),
            la=la,
            name=name,
            rehearsal=rehearsal,
            schools=schools,
            keys=keys,
            recovery=recovery,
            contact=_person(contact, "--contact"),
            deputy=_person(deputy, "--deputy"),
            safeguarding_phone=safeguarding_phone,
        )
    )
    plan = founded.plan
    if call().json:
        print(
            json.dumps(
                {
                    "home": str(plan.home),
                    "la": la,
                    "name": name,
                    "rehearsal": rehearsal,
                    "schools": list(founded.schools),
                    "keys": str(plan.keys_folder),
                    "recovery": str(plan.recovery_path),
                    "complete": founded.complete,
                }
            )
        )
        return
    kind = "rehearsal home" if rehearsal else "home"
    typer.echo(f"{kind} of {la} {name}: {plan.home}", err=True)
    typer.echo(f"  {len(founded.schools)} open schools, each with drop/<LAESTAB>/ and receipts/ in it", err=True)
    typer.echo(f"  private keys: {plan.keys_folder}", err=True)
    typer.echo(
        f"  recovery key: {plan.recovery_path}" + ("" if rehearsal else "   ← move it off this machine, and keep two copies"),
        err=True,
    )
    typer.echo(_next_step(founded.complete, plan.home), err=True)


def _next_step(complete: bool, home: Path) -> str:
    if complete:
        return f"next: gateway doctor --home {home}\n      gateway run --home {home}"
    return f"next: write [contact], [deputy] and [safeguarding] into {home / 'config.toml'}, then: gateway doctor --home {home}"


def _authority(la: str | None, name: str | None) -> tuple[str, str]:
    from gateway.bootstrap.founding import DEMONSTRATION_LA, DEMONSTRATION_NAME, demonstration_name

    if la is None:
        typer.echo(
            f"no --la given: this home is for the demonstration authority {DEMONSTRATION_LA} {DEMONSTRATION_NAME}", err=True
        )
        return DEMONSTRATION_LA, name or DEMONSTRATION_NAME
    if not re.fullmatch(r"[0-9]{3}", la):
        raise UsageError(
            f"--la {la!r} is not an authority's code, expected three digits", code="USAGE", hint="For example --la 990"
        )
    found_name = name or demonstration_name(la)
    if not found_name:
        raise UsageError(f"--la {la} came without --name", code="USAGE", hint=f'For example --la {la} --name "Thornhaven"')
    return la, found_name


def _person(text: str | None, option: str) -> Person | None:
    if text is None:
        return None
    match = re.fullmatch(r"\s*(?P<name>[^<>]+?)\s*<(?P<email>[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+)>\s*", text)
    if not match:
        raise UsageError(
            f"{option} {text!r} is not a name with an e-mail address",
            code="USAGE",
            hint=f'Write {option} "Alice Osei <cme@thornhaven.example>"',
        )
    return Person(name=match["name"], email=match["email"])
