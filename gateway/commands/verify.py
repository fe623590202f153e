"""``gateway verify``: a home against itself, or one receipt, offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from gateway.commands.call import call
from gateway.commands.present import emit, line, say
from gateway.domain.actor import Role, require
from gateway.domain.counting import counted
from gateway.errors import RefusedError, TamperError, UsageError

if TYPE_CHECKING:
    from gateway.pipeline.verify import ReceiptReport

Receipt = Annotated[
    Path | None, Argument(metavar="[RECEIPT]", help="a receipt, page or JSON; without one, the whole home is checked")
]
Key = Annotated[Path | None, Option("--key", metavar="FILE", help="the gateway's keys/public.json; the home's when not given")]
File = Annotated[Path | None, Option("--file", metavar="FILE", help="the file the receipt was given for: is it the same?")]
Witnessed = Annotated[
    list[Path] | None,
    Option("--witnessed", metavar="FILE", help="a receipt or checkpoint that someone kept, or a folder of receipts: are they of "
           "this ledger? Repeatable"),
]
Quick = Annotated[bool, Option("--quick", help="without opening every sealed file")]


def verify(
    receipt: Receipt = None, key: Key = None, file: File = None, quick: Quick = False, witnessed: Witnessed = None
) -> int:
    """Prove ledger, vault and case store against each other; or prove one receipt with nothing but the public key.

    A home that was put back to an older state together with its ledger/ agrees with itself: only --witnessed shows it.
    Exit 0 when everything verifies, 65 for a receipt that does not, 70 for a home that does not.
    """
    return _home(quick, witnessed or []) if receipt is None else _receipt(receipt, key, file)


def _home(quick: bool, witnessed: Sequence[Path]) -> int:
    from gateway.bootstrap.proving import prove_home

    files = [file for path in witnessed for file in _files(path)]
    with call().open() as home:
        require(home.actor, *Role)
        report = prove_home(home, read_data=not quick, witnessed=[path.read_bytes() for path in files]).to_json()
    if call().json:
        emit(report)
    else:
        _tell_home(report)
    return 0 if report["ok"] else TamperError.exit_code


def _files(path: Path) -> list[Path]:
    """The file, or a folder's receipts."""
    found = sorted(path.glob("*.json")) if path.is_dir() else [path] if path.is_file() else []
    if not found:
        raise UsageError(f"--witnessed {path} has 0 receipts, 1 expected", code="NO-FILE",
                         hint="Name a receipt, a checkpoint, or a folder in which there are receipts, as .json files.")
    return found


def _tell_home(report: dict[str, Any]) -> None:
    ledger, vault, balance = report["ledger"], report["vault"], report["balance"]
    line(f"ledger   {ledger['entries']} entries, root {ledger['root']}")
    line(f"vault    {vault['blobs']} sealed files, {vault['bytes']:,} bytes, {vault['bad']} bad")
    line(
        f"balance  {balance['received']} received = {balance['settled']} settled + {balance['held']} held + "
        f"{balance['refused']} refused + {balance['in_progress']} in progress"
    )
    rows = balance["rows"]
    line(f"rows     {rows['read']} read = {rows['accepted']} accepted + {rows['held']} held")
    for told in report["accepted"]:
        line(f"ACCEPTED {told}")
    for problem in report["problems"]:
        line(f"PROBLEM  {problem}")
    count = len(report["problems"])
    say("everything verifies" if report["ok"] else
        f"{counted(count, 'problem')}: stop the daemon, keep everything, see SECURITY.md")


def _receipt(receipt: Path, key: Path | None, file: Path | None) -> int:
    from gateway.bootstrap.receipts import check_receipt

    for path, option in ((receipt, "RECEIPT"), (file, "--file"), (key, "--key")):
        if path is not None and not path.is_file():
            raise UsageError(f"{option} {path} is not there", code="NO-FILE", hint="Name a file that can be read.")
    report = check_receipt(receipt, key or call().home / "keys" / "public.json", file)
    if call().json:
        emit(report.to_json())
    else:
        _tell_receipt(report)
    return 0 if report.ok else RefusedError.exit_code


def _words(value: Any) -> str:
    """A value of a receipt as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {name}" for name, count in value.items())
    return str(value)


def _tell_receipt(report: ReceiptReport) -> None:
    for name, value in report.values.items():
        line(f"{name.replace('_', ' '):<14}{_words(value)}")
    for problem in report.problems:
        line(f"PROBLEM       {problem}")
    say(
        "the receipt verifies: it was given by this gateway, for these bytes, and stands in its ledger"
        if report.ok
        else "the receipt does NOT verify: do not rely on it"
    )
