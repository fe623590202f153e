"""Folders, proven by doing: write, sync, rename without replacing, and wait for the event.

A probe's name begins with a dot: nobody takes it for a return. It is removed whatever happens.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.folder import FolderWatch, brings_events
from adapters.folder.linux import CANNOT_RENAME, file_system, rename_noreplace
from gateway.bootstrap.doctor.diagnosis import Diagnosis, fault, note, ok
from gateway.bootstrap.expiry import too_old
from gateway.bootstrap.home import Home
from gateway.config.parties import Polling

EVENT_SECONDS = 2.0
LEAST_FREE = 512 * 1024 * 1024
LOW_FREE = 0.10


@dataclass(frozen=True, slots=True)
class Probed:
    """What a folder was seen to do."""

    trouble: str = ""  # why it cannot be written
    renames: bool = True
    woke: bool = True


def check_folders(home: Home) -> Iterator[Diagnosis]:
    """Each folder that is watched or written to."""
    watched = {folder.path: folder for folder in home.settings.watched()}
    own = [home.path / name for name in ("vault", "ledger", "notices", "handover", "s2s/to-upload", "s2s/uploaded")]
    probed = _probe([*watched, *own])
    good = 0
    for path, seen in probed.items():
        name = str(path.relative_to(home.path)) if path.is_relative_to(home.path) else str(path)
        if seen.trouble:
            yield fault("folder", f"{name} {seen.trouble}", f"mkdir -p {path} && chown {os.geteuid()} {path} && chmod 770 {path}")
            continue
        good += 1
        if path not in watched:
            continue
        if not seen.renames:
            yield note("folder", f"{name} cannot rename without replacing: files are copied from it and deleted afterwards")
        always = watched[path].poll is Polling.ALWAYS
        if not seen.woke and not always and brings_events(path):
            yield note(
                "folder",
                f"{name} brought no event within {EVENT_SECONDS:.0f} s: it is looked at every "
                f"{home.settings.receive.rescan_seconds:.0f} s",
                '[[folders]] with poll = "always"',
            )
        elif not always and not brings_events(path):
            yield note("folder", f"{name} is on {file_system(path)}, which brings no events of other machines: it is polled")
    yield ok("folder", f"{good} of {len(probed)} folders can be written, synced and renamed in")


def check_schools(home: Home) -> Iterator[Diagnosis]:
    """Every open school of ours has a way in."""
    la = home.settings.authority.la
    senders = {folder.sender for folder in home.settings.watched()} | {inbox.sender for inbox in home.settings.inboxes}
    spoken_for = {number for entry in home.settings.senders.values() for number in entry.permitted}
    schools = [s for s in home.register.establishments.values() if s.la == la and s.open]
    without = sorted(s.laestab for s in schools if s.laestab not in senders | spoken_for)
    if without:
        some = " ".join(str(home.path / "drop" / laestab / "receipts") for laestab in without[:20])
        yield fault(
            "schools",
            f"{len(without)} of {len(schools)} open schools have no folder and nobody speaks for them: "
            f"{', '.join(without[:5])}{' …' if len(without) > 5 else ''}",
            f"mkdir -p {some}",
        )
    elif schools:
        yield ok("schools", f"all {len(schools)} open schools of {la} have a way in")


def check_plaintext(home: Home) -> Iterator[Diagnosis]:
    """What lies outside the vault longer than it may."""
    old = list(too_old(home.settings, home.clock.now()))
    for what in dict.fromkeys(lying.sort.what for lying in old):
        some = [lying for lying in old if lying.sort.what == what]
        longest = max(lying.age_days for lying in some)
        removes = some[0].sort.removable
        yield note(
            "plaintext",
            f"{len(some)} × {what} older than {some[0].sort.days} days, the oldest {longest}",
            "gateway retention" if removes else f"ls -l {' '.join(sorted({str(lying.path.parent) for lying in some}))}",
        )
    if not old:
        yield ok("plaintext", "nothing outside the vault is older than it may be")


def check_disk(home: Home) -> Iterator[Diagnosis]:
    """Room, where the home lies."""
    usage = shutil.disk_usage(home.path)
    says = f"{usage.free / 1e9:.1f} GB of {usage.total / 1e9:.1f} GB are free"
    if usage.free < LEAST_FREE:
        yield fault("disk", says, f"df -h {home.path}")
    elif usage.free < LOW_FREE * usage.total:
        yield note("disk", says, f"df -h {home.path}")
    else:
        yield ok("disk", says)


def _probe(folders: list[Path]) -> dict[Path, Probed]:
    woken: dict[Path, threading.Event] = {}
    found: dict[Path, Probed] = {}
    with ExitStack() as stack:
        for folder in folders:
            if not folder.is_dir():
                found[folder] = Probed(trouble="is not there")
                continue
            woken[folder] = threading.Event()
            wake = woken[folder].set
            stack.enter_context(FolderWatch(folder).following(folder, lambda name, wake=wake: wake(), wake))  # type: ignore[misc]
        for folder in woken:
            found[folder] = _tried(folder)
        waited = EVENT_SECONDS
        for folder, event in woken.items():
            if not found[folder].trouble and not event.wait(waited):
                waited = 0.0  # the others have had their time by now
                found[folder] = Probed(renames=found[folder].renames, woke=False)
    return {folder: found[folder] for folder in folders}


def _tried(folder: Path) -> Probed:
    name = f".doctor-{secrets.token_hex(4)}"
    try:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        return Probed(trouble=f"cannot be entered: {error.strerror}")
    try:
        return _written(folder, fd, name)
    except OSError as error:
        return Probed(trouble=f"cannot be written: {error.strerror}")
    finally:
        for leftover in (name, f"{name}-moved"):
            with suppress(OSError):
                os.unlink(leftover, dir_fd=fd)
        os.close(fd)


def _written(folder: Path, fd: int, name: str) -> Probed:
    probe = folder / name
    with probe.open("xb") as file:
        file.write(b"probe")
        file.flush()
        os.fsync(file.fileno())
    try:
        rename_noreplace(fd, name, fd, f"{name}-moved")
    except OSError as error:
        if error.errno not in CANNOT_RENAME and error.errno != errno.EPERM:
            raise
        return Probed(renames=False)
    os.fsync(fd)
    return Probed()
