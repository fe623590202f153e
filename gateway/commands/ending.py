"""How a command ends: every way out becomes an exit code and, on stderr, a sentence that says what to do.

A failed fsync ends the process there and then: to close what is open would ask for another fsync of the same file, and could be
told that all is well.
"""

from __future__ import annotations

import json
import os
import sys
from types import TracebackType
from typing import Self

from gateway.domain.returns.unseen import json_visible, visible
from gateway.errors import GatewayError, SyncFailedError

INTERRUPTED = 130
OUR_FAULT = 70
USAGE = 64
BROKEN_PIPE = 141


class Ending:
    """``with Ending(…) as ending:`` turns whatever is raised inside into ``ending.code``."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.code = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            return False
        if isinstance(error, SystemExit):
            self.code = error.code if isinstance(error.code, int) else OUR_FAULT
        elif isinstance(error, GatewayError):
            self._tell(error.exit_code, error.code, error.message, error.hint)
            if isinstance(error, SyncFailedError):
                sys.stdout.flush()
                os._exit(self.code)
        elif isinstance(error, BrokenPipeError):
            self._close_stdout()
        elif isinstance(error, KeyboardInterrupt):
            self._tell(INTERRUPTED, "INTERRUPTED", "interrupted", "Nothing that was acknowledged is lost; run the command again.")
        elif isinstance(error, OSError):
            self._tell(
                74,
                "DISK",
                f"{error.strerror or type(error).__name__}: {error.filename or 'no path given'}",
                "Check the path, its permissions and the free space; gateway doctor tries each folder.",
            )
        elif not self._typed_wrong(error):
            self._unknown(error)
        return True

    def _typed_wrong(self, error: BaseException) -> bool:
        """What the command-line library raises: wrong usage, or a prompt that was given up."""
        typer = sys.modules.get("typer")
        if typer is None:
            return False
        if isinstance(error, typer.Abort):
            self._tell(INTERRUPTED, "INTERRUPTED", "given up", "Nothing was changed.")
            return True
        if not isinstance(error, typer.TyperException):
            return False
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "gateway"
        self._tell(USAGE, "USAGE", message or "the command is not complete", f"{path} --help shows how it is written.")
        return True

    def _tell(self, exit_code: int, code: str, message: str, hint: str) -> None:
        self.code = exit_code
        if self.as_json:
            told = {"error": {"code": code, "message": message, "hint": hint, "exit_code": exit_code}}
            print(json_visible(json.dumps(told, ensure_ascii=False)), file=sys.stderr)
        else:
            print(f"gateway: {visible(message)}\n  {visible(hint)}", file=sys.stderr)

    def _unknown(self, error: BaseException) -> None:
        from gateway.commands.faultlog import record

        reference, where = record(error)
        self._tell(
            OUR_FAULT,
            "OUR-FAULT",
            f"this is our fault: {type(error).__name__}, reference {reference}",
            f"Report the reference{f' and {where}' if where else ''}; it holds no child's data. Nothing half-done was kept.",
        )

    def _close_stdout(self) -> None:
        """The reader went away, as ``| head`` does: no fault, and nothing more to say."""
        self.code = BROKEN_PIPE
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
