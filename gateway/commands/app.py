"""``gateway``: finds the command, imports only that, and says in plain words how it ended.

1. stdout is data, stderr is talk; with ``--json`` an error is one JSON object on stderr.
2. A known error is its message, its hint and its exit code. An unknown one is exit 70 with a reference; its trace goes to the
   home's log without the exception's text, which may hold a child's data. No traceback reaches the terminal.
3. Help answers without importing any command.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gateway.commands import call as calls
from gateway.commands.ending import Ending
from gateway.commands.table import ENTRIES, Entry

if TYPE_CHECKING:
    import typer

SHARED = "Every command also takes --home DIR (else $GATEWAY_HOME, then ./gateway-home), --json, and --today in rehearsals."


def main(arguments: list[str] | None = None) -> None:
    """Entry point: runs the command line and exits with its code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """One command line, from words to exit code."""
    with Ending(as_json="--json" in arguments) as ending:
        ending.code = _dispatch(list(arguments))
    return ending.code


def _dispatch(arguments: list[str]) -> int:
    at = _first_word(arguments, valued={"--home", "--today"})
    if at is None:
        return _without_command(arguments)
    name = arguments.pop(at)
    if name == "help":
        return _dispatch([*(arguments[:1] or []), "--help"])
    entry = ENTRIES.get(name)
    if entry is None:
        from gateway.commands.help import unknown

        raise unknown(name)
    return _run(entry, arguments)


def _without_command(arguments: list[str]) -> int:
    from gateway.commands import help as pages

    if "--version" in arguments:
        print(pages.version())
        return 0
    rest = calls.begin([word for word in arguments if word not in ("--help", "-h")])
    if rest:
        raise pages.unknown_option(rest[0])
    print(pages.overview())
    return 0


def _run(entry: Entry, arguments: list[str]) -> int:
    command = load_command(entry)
    subcommands: dict[str, Any] = getattr(command, "commands", {})
    if subcommands and not _asks_help(arguments):
        arguments = _with_subcommand(entry, subcommands, arguments)
    target = subcommands.get(arguments[0], command) if subcommands and arguments else command
    arguments = calls.begin(arguments, own=_options(target))
    result = command.main(args=arguments, prog_name=f"gateway {entry.name}", standalone_mode=False)
    return result if isinstance(result, int) else 0


def help_pages(name: str) -> list[str]:
    """A command's help and that of its subcommands, as the reference page shows them."""
    command = load_command(ENTRIES[name])
    pages = []
    for path, one in [(name, command)] + [(f"{name} {sub}", one) for sub, one in getattr(command, "commands", {}).items()]:
        context = one.make_context(f"gateway {path}", [], resilient_parsing=True, terminal_width=100)
        pages.append(one.get_help(context))
    return pages


def load_command(entry: Entry) -> Any:
    """The command, ready to be run, with its example and the shared options at the end of its help."""
    from importlib import import_module

    import typer.main

    command = typer.main.get_command(_app_of(import_module(f"gateway.commands.{entry.module}"), entry))
    _teach(command, entry)
    return command


def _app_of(module: ModuleType, entry: Entry) -> typer.Typer:
    """The module's ``app``, or one made of its function of the command's name."""
    if hasattr(module, "app"):
        app: typer.Typer = module.app
        return app
    import typer

    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(getattr(module, entry.name))
    return app


def _asks_help(arguments: list[str]) -> bool:
    return bool(arguments) and arguments[0] in ("--help", "-h")


def _with_subcommand(entry: Entry, subcommands: dict[str, Any], arguments: list[str]) -> list[str]:
    """Bring the subcommand to the front, or put in the one that is meant when none is named."""
    default = subcommands.get(entry.default or "")
    valued = {"--home", "--today"} | (_options(default, valued=True) if default else frozenset())
    at = _first_word(arguments, valued)
    if at is not None and arguments[at] in subcommands:
        return [arguments[at], *arguments[:at], *arguments[at + 1 :]]
    if at is not None and arguments[at].islower():   # ids begin with a capital letter
        from gateway.commands.help import unknown_subcommand

        raise unknown_subcommand(entry.name, arguments[at], list(subcommands))
    return [entry.default, *arguments] if entry.default else arguments


def _first_word(arguments: list[str], valued: set[str] | frozenset[str]) -> int | None:
    """Where the first argument stands that is neither an option nor an option's value."""
    skip = False
    for at, word in enumerate(arguments):
        if skip:
            skip = False
        elif word == "--":
            return at + 1 if at + 1 < len(arguments) else None
        elif word.startswith("-") and word != "-":
            skip = word in valued
        else:
            return at
    return None


def _options(command: Any, *, valued: bool = False) -> frozenset[str]:
    """The options that a command declares; with ``valued``, those that take a value."""
    return frozenset(
        name
        for parameter in command.params
        if parameter.param_type_name == "option"
        if not (valued and (getattr(parameter, "is_flag", False) or getattr(parameter, "count", False)))
        for name in (*parameter.opts, *parameter.secondary_opts)
    )


def _teach(command: Any, entry: Entry) -> None:
    """A help page ends with an example and the options that all commands share."""
    subcommands: dict[str, Any] = getattr(command, "commands", {})
    for one in (command, *subcommands.values()):
        example = f"Example: {entry.example}" if one is command and entry.example else ""
        for parameter in one.params:
            if parameter.param_type_name == "argument":
                _show_in_capitals(parameter)
        one.epilog = "\n\n".join(part for part in (one.epilog, example, SHARED) if part)


def _show_in_capitals(parameter: Any) -> None:
    """An argument is shown as ``FILE``, one that may be left out as ``[FILE]``, one that may be several as ``FILE…``."""
    name = str(parameter.metavar or parameter.name).strip("[].…").upper()
    parameter.metavar = name if parameter.nargs == 1 else f"{name}…"
    shown = parameter.metavar if parameter.required else f"[{parameter.metavar}]"
    parameter.get_usage_pieces = lambda context: [shown]
