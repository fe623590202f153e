"""The help that needs no command: the overview, the version, and what to say to a word nobody knows."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from gateway.commands.table import ENTRIES, EXIT_CODES, GROUPS
from gateway.errors import UsageError


def overview() -> str:
    """What ``gateway --help`` prints."""
    lines = [
        "gateway: takes every file, answers every sender, accounts for every child.",
        "",
        "Usage: gateway COMMAND [--home DIR] [--json] …      gateway COMMAND --help",
    ]
    for title, entries in GROUPS:
        lines += ["", title]
        lines += [f"  {entry.name:<11}{entry.summary}" for entry in entries]
    codes = " · ".join(f"{code} {meaning}" for code, meaning, _ in EXIT_CODES)
    lines += [
        "",
        "Every command takes",
        "  --home DIR   the home to work in (default: $GATEWAY_HOME, then ./gateway-home)",
        "  --json       data as JSON on stdout, one object a line; errors as JSON on stderr",
        "  --today DAY  in rehearsal homes: the day it is, YYYY-MM-DD",
        "",
        f"Exit codes: {codes}",
        "",
        "New here?  gateway demo      shows a morning's work in under a minute",
        "           gateway init --rehearsal && gateway doctor",
    ]
    return "\n".join(lines)


def version() -> str:
    """Name and version as installed."""
    try:
        return f"gateway {installed('cme-gateway')}"
    except PackageNotFoundError:
        return "gateway (not installed)"


def unknown(name: str) -> UsageError:
    """A word that is no command, with the nearest that is."""
    near = get_close_matches(name, ENTRIES, n=1)
    hint = f"Did you mean: gateway {near[0]}" if near else "gateway --help lists the commands."
    return UsageError(f"there is no command {name!r} among the {len(ENTRIES)}", code="USAGE", hint=hint)


def unknown_subcommand(command: str, word: str, known: list[str]) -> UsageError:
    """A word that is none of a command's own, with the nearest that is."""
    near = get_close_matches(word, known, n=1)
    hint = f"Did you mean: gateway {command} {near[0]}" if near else f"One of: {', '.join(known)}."
    return UsageError(f"gateway {command} has no {word!r}", code="USAGE", hint=hint)


def unknown_option(word: str) -> UsageError:
    """An option before which no command stands."""
    return UsageError(
        f"{word} stands without a command", code="USAGE", hint="gateway --help lists the commands; options follow theirs."
    )
