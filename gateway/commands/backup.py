"""``gateway backup``: one sealed file of everything that cannot be made again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.call import call
from gateway.commands.present import told
from gateway.domain.actor import Role, require

Target = Annotated[Path, typer.Argument(metavar="FILE", help="a new file, such as /mnt/backup/thornhaven-2026-11-23.age")]


def backup(file: Target) -> None:
    """Write case store, vault, ledger, register, settings and public keys into one age file, while the daemon works on.

    It is sealed to the vault key and the recovery key; private keys are not in it. Try it: gateway restore, once a term.
    """
    from gateway.bootstrap.archive import backup as write

    with call().open() as home:
        require(home.actor, Role.OPERATOR)
        made = write(home, file)
    told(
        {
            "file": str(made.path),
            "files": made.files,
            "bytes": made.bytes,
            "sealed_bytes": made.sealed_bytes,
            "made_at": made.made_at.isoformat(),
        },
        f"{made.path}: {made.files} files, {made.bytes:,} bytes, sealed into {made.sealed_bytes:,}",
        f"try it:  gateway restore {made.path} --home DIR --identity RECOVERY",
    )
