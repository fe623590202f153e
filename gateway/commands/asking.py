"""What a command still needs is asked for, on a terminal; elsewhere its absence is an error that names the option.

So a command that the gateway prints can be pasted whole: it does nothing before a person has said why.
"""

from __future__ import annotations

import sys

from gateway.commands.call import call
from gateway.errors import UsageError


def asked(given: str | None, option: str, question: str, *, code: str = "USAGE", example: str = "") -> str:
    """What was given with the option, else what a person types when asked."""
    if given is not None:
        return given
    if call().json or not sys.stdin.isatty():
        raise UsageError(f"{option} is missing, it was expected", code=code, hint=f'Give {option} "{example or "…"}".')
    import typer

    answer: str = typer.prompt(question, err=True)
    return answer


def reason(given: str | None) -> str:
    """Why a person does this."""
    return asked(given, "--reason", "Why (one sentence; it is kept with the act)", code="NO-REASON", example="rang the school")
