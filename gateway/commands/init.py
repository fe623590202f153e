"""``gateway init``: a new home."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from gateway.commands.call import call
from gateway.commands.present import emit, say
from gateway.domain.policy import Person
from gateway.errors import UsageError

if TYPE_CHECKING:
    from gateway.bootstrap.founding import Founded

app = typer.Typer(add_completion=False, rich_markup_mode=None)
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>.]+(?:\.[^@\s<>.]+)+>")

La = Annotated[str | None, Option(metavar="CODE", help="the authority's three digits")]
Name = Annotated[str | None, Option(metavar="NAME", help="the authority's name")]
Schools = Annotated[Path | None, Option(metavar="FILE", help="register of schools, as GIAS gives it for download")]
Rehearsal = Annotated[bool, Option("--rehearsal", help="a home for training and trying out; needs nothing more")]
Keys = Annotated[Path | None, Option(metavar="DIR", help="where the private keys go; default: HOME.keys, beside the home")]
Recovery = Annotated[Path | None, Option(metavar="PATH", help="where the recovery identity goes; move it off this machine")]
Contact = Annotated[str | None, Option(metavar='"NAME <EMAIL>"', help="the named CME contact")]
Deputy = Annotated[str | None, Option(metavar='"NAME <EMAIL>"', help="who stands in for the contact")]
Phone = Annotated[str | None, Option(metavar="NUMBER", help="the safeguarding number, printed on every receipt")]


@app.command()
def init(
    la: La = None, name: Name = None, schools: Schools = None, rehearsal: Rehearsal = False, keys: Keys = None,
    recovery: Recovery = None, contact: Contact = None, deputy: Deputy = None, safeguarding_phone: Phone = None,
) -> None:
    """Make a new home: config, register, keys, and a drop folder for every open school.

    \b
    A live home:       gateway init --la 990 --name Thornhaven --schools schools.csv
    A rehearsal home:  gateway init --rehearsal
    """
    from gateway.bootstrap.founding import Plan, found

    la, name = _authority(la, name) if rehearsal else _live(la, name, schools)
    _tell(found(Plan(
        home=call().home.absolute(), la=la, name=name, rehearsal=rehearsal, schools=schools, keys=keys, recovery=recovery,
        contact=_person(contact, "--contact"), deputy=_person(deputy, "--deputy"), safeguarding_phone=safeguarding_phone)))


def _tell(founded: Founded) -> None:
    plan = founded.plan
    if call().json:
        emit({"home": str(plan.home), "la": plan.la, "name": plan.name, "rehearsal": plan.rehearsal, "complete": founded.complete,
              "schools": list(founded.schools), "keys": str(plan.keys_folder), "recovery": str(plan.recovery_path)})
        return
    say(f"{'rehearsal home' if plan.rehearsal else 'home'} of {plan.la} {plan.name}: {plan.home}")
    say(f"  {len(founded.schools)} open schools, each with drop/<LAESTAB>/ and receipts/ in it")
    say(f"  private keys: {plan.keys_folder}")
    say(f"  recovery key: {plan.recovery_path}{'' if plan.rehearsal else '   ← move it off this machine, and keep two copies'}")
    if founded.complete:
        say(f"next: gateway doctor --home {plan.home}")
        say(f"      gateway run --home {plan.home}")
    else:
        say(f"next: write [contact], [deputy] and [safeguarding] into {plan.home / 'config.toml'}")
        say(f"then: gateway doctor --home {plan.home}")


def _live(la: str | None, name: str | None, schools: Path | None) -> tuple[str, str]:
    """A live home invents nothing."""
    given = {"--la": la, "--name": name, "--schools": schools}
    lacking = [option for option, value in given.items() if value is None]
    if la is None or name is None or schools is None:
        missing = f"{', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} missing"
        raise UsageError(f"a live home needs --la, --name and --schools; {missing}", code="USAGE",
                         hint=f"To try it out on invented schools: gateway init --rehearsal --home {call().home}")
    return _code(la), _named(name)


def _authority(la: str | None, name: str | None) -> tuple[str, str]:
    from gateway.bootstrap.founding import DEMONSTRATION_LA, DEMONSTRATION_NAME, demonstration_name

    if la is None:
        say(f"no --la given: this home is for the demonstration authority {DEMONSTRATION_LA} {DEMONSTRATION_NAME}")
        return DEMONSTRATION_LA, DEMONSTRATION_NAME if name is None else _named(name)
    known = demonstration_name(_code(la)) if name is None else name
    if known is None:
        raise UsageError(f"--la {la} came without --name", code="USAGE", hint=f'For example --la {la} --name "Thornhaven"')
    return la, _named(known)


def _code(la: str) -> str:
    if not re.fullmatch(r"[0-9]{3}", la):
        raise UsageError(f"--la {la!r} is no authority's code, expected three digits", code="USAGE", hint="For example --la 990")
    return la


def _named(name: str) -> str:
    if not name.strip():
        raise UsageError(f"--name {name!r} is empty, expected the authority's name", code="USAGE",
                         hint='For example --name "Thornhaven"; receipts print it.')
    return name.strip()


def _person(text: str | None, option: str) -> Person | None:
    if text is None:
        return None
    name, _, address = text.strip().partition("<")
    if not name.strip() or not _ADDRESS.fullmatch(address):
        raise UsageError(f"{option} {text!r} is not a name with an e-mail address", code="USAGE",
                         hint=f'Write {option} "Alice Osei <cme@thornhaven.example>"')
    return Person(name=name.strip(), email=address[:-1])
