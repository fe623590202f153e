"""``gateway restore``: a home from a backup, proven before anyone relies on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from gateway.commands.call import call
from gateway.commands.present import say, told
from gateway.errors import UsageError

Source = Annotated[Path, typer.Argument(metavar="FILE", help="what gateway backup wrote")]
Identity = Annotated[Path, Option(metavar="PATH", help="the recovery identity that init wrote")]
Keys = Annotated[Path | None, Option(metavar="DIR", help="where the private keys go; default: HOME.keys, beside the home")]


def restore(file: Source, identity: Identity, keys: Keys = None) -> None:
    """Make a new home from a backup with the recovery identity. Never writes over anything.

    Keys that read old data come back; keys that sign are new, because the recovery identity must not be able to speak for us.
    """
    from gateway.bootstrap.archive import restore as make

    home = call().home.absolute()
    if not call().home_given:
        raise UsageError("restore was given no --home to make", code="USAGE", hint="Name a new folder: --home DIR")
    if not file.is_file():
        raise UsageError(f"{file} is not there", code="NO-BACKUP", hint="Name a file that gateway backup wrote.")
    made = make(file.absolute(), home, identity.absolute(), keys.absolute() if keys else None)
    told(
        {
            "home": str(home),
            "la": made["la"],
            "rehearsal": made["rehearsal"],
            "made_at": made["made_at"],
            "files": len(made["files"]),
            "keys": made["keys"],
        },
        f"{home}: {len(made['files'])} files of the backup of {made['made_at'][:16].replace('T', ' ')}, each as its list says",
        f"private keys: {made['keys']}",
    )
    say(f"next: gateway verify --home {home}")
    say(f"other authorities must be given the new signing key: gateway keys export --home {home}")
