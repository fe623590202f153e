"""``gateway demo``: shows every promise in under a minute, on invented children."""

from __future__ import annotations

from pathlib import Path

import typer

from gateway.errors import UsageError

HOME = typer.Option(Path("demo-home"), "--home", help="Where to put the two homes (DIR/990 and DIR/991).")


def demo(home: Path = HOME) -> None:
    """One morning in two boroughs: files, verdicts, cases, the S2S basket, a referral until accepted."""
    from rich.console import Console

    from gateway.demo.morning import tell
    from gateway.demo.stage import Stage

    if home.exists() and any(home.iterdir()):
        raise UsageError(
            f"{home} is not empty", code="DEMO-HOME", hint=f"Remove it (rm -r {home}) or name another with --home DIR."
        )
    home.mkdir(parents=True, exist_ok=True)
    tell(home.resolve(), Stage(Console(highlight=False)))
