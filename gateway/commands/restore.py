"""``gateway restore``: a home from a backup, proven before anyone relies on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from gateway.commands.call import call
from gateway.commands.present import say, told
from gateway.errors import TamperError, UsageError

Source = Annotated[Path, typer.Argument(metavar="FILE", help="what gateway backup wrote")]
Identity = Annotated[Path, Option(metavar="PATH", help="the recovery identity that init wrote")]
Keys = Annotated[Path | None, Option(metavar="DIR", help="where the private keys go; default: HOME.keys, beside the home")]
Verify = Annotated[bool, Option("--verify", help="then prove the new home: every entry, every sealed file, the account")]


def restore(file: Source, identity: Identity, keys: Keys = None, verify: Verify = False) -> int:
    """Make a new home from a backup with the recovery identity. Never writes over anything.

    Keys that read old data come back; keys that sign are new, because the recovery identity must not be able to speak for us.
    The ledger tells of the restoring. With --verify the exit code is 70 when the home that was made does not verify; it stays.
    """
    from gateway.bootstrap.restoring import restore as make

    home = call().home.absolute()
    if not call().home_given:
        raise UsageError("restore was given no --home to make", code="USAGE", hint="Name a new folder: --home DIR")
    if not file.is_file():
        raise UsageError(f"{file} is not there", code="NO-BACKUP", hint="Name a file that gateway backup wrote.")
    made = make(file.absolute(), home, identity.absolute(), keys.absolute() if keys else None)
    report = _proven() if verify else None
    problems = report["problems"] if report else []
    told(
        {
            "home": str(home),
            "la": made["la"],
            "rehearsal": made["rehearsal"],
            "made_at": made["made_at"],
            "files": len(made["files"]),
            "keys": made["keys"],
            "verified": None if report is None else report["ok"],
            "problems": problems,
        },
        f"{home}: {len(made['files'])} files of the backup of {made['made_at'][:16].replace('T', ' ')}, each as its list says",
        f"private keys: {made['keys']}",
        *([_account(report)] if report else []),
        *(f"PROBLEM  {problem}" for problem in problems),
    )
    if report is None:
        say(f"next: gateway verify --home {home}")
    say(f"other authorities must be given the new signing key: gateway keys export --home {home}")
    say("what was received after the backup is not here: gateway verify --witnessed RECEIPT  shows it for a receipt")
    return TamperError.exit_code if problems else 0


def _proven() -> dict[str, Any]:
    from gateway.bootstrap.proving import prove_home

    with call().open() as home:
        return prove_home(home).to_json()


def _account(report: dict[str, Any]) -> str:
    ledger, vault, balance = report["ledger"], report["vault"], report["balance"]
    return (f"{'verified' if report['ok'] else 'DOES NOT VERIFY'}: {ledger['entries']} entries, {vault['blobs']} sealed files, "
            f"{balance['received']} parcels")
