"""A machine for a test: a real systemd in namespaces of its own, where users are made, units run, and nothing stays.

Its network is this machine's, so that clients reach 127.0.0.1; its files are its own, in memory (see ``boot.sh``).
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.conftest import SYSTEM_PATH

ROOT = Path(__file__).parents[2]
BOOT = Path(__file__).with_name("boot.sh")
INIT = Path("/lib/systemd/systemd")
# Whatever runs in there, started by its init or by a test, has none of these: the clock, the kernel and the devices are shared.
WITHOUT = ("sys_time", "sys_module", "sys_rawio", "sys_boot", "mknod", "syslog", "wake_alarm", "mac_admin", "mac_override",
           "sys_tty_config", "sys_nice", "audit_control", "net_admin", "block_suspend", "perfmon", "checkpoint_restore")
POWERS = ",".join(f"-{name}" for name in WITHOUT)
ENTER = 'echo $$ > "$0/cgroup.procs" && exec "$@"'


def lacks() -> list[str]:
    """The programs that are not installed and could be."""
    missing = [name for name in ("unshare", "nsenter", "systemctl", "sshd") if shutil.which(name, path=SYSTEM_PATH) is None]
    return missing if INIT.exists() else [*missing, str(INIT)]


@cache
def forbidden() -> str | None:
    """What keeps this process from making a machine of its own, whatever is installed; None when nothing does."""
    if os.geteuid() != 0:
        return "only root can make a machine in namespaces"
    if _control_groups() is None:
        return "there are no control groups of version 2"
    try:
        with _control_group():
            pass
    except OSError as error:
        return f"no control group can be made: {error.strerror}"
    tried = subprocess.run(["unshare", "-m", "-p", "-f", "-u", "-i", "-C", "mount", "-t", "tmpfs", "none", "/mnt"],
                           capture_output=True, check=False)
    return None if tried.returncode == 0 else "this kernel lets nobody make namespaces here"


@dataclass
class Machine:
    """A running machine. Commands are lists of words; paths are its own."""

    init: int
    files: Path = field(init=False)     # its root, as seen from outside

    def __post_init__(self) -> None:
        self.files = Path(f"/proc/{self.init}/root")

    def run(self, *command: str, check: bool = True, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Type a command as root."""
        done = subprocess.run(self.inside(*command), input=text, capture_output=True, text=True, timeout=120, check=False)
        assert not check or done.returncode == 0, (command, done.returncode, done.stdout[-2000:], done.stderr[-3000:])
        return done

    def gateway(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Type a command of the gateway as its own user."""
        return self.run(*as_user("cme"), "/opt/cme-gateway/bin/gateway", *words, "--home", "/srv/cme", check=check)

    def path(self, path: str) -> Path:
        """One of its files, as seen from outside."""
        return self.files / path.lstrip("/")

    def journal(self, *options: str) -> str:
        """What its services logged."""
        return self.run("journalctl", "-q", "--no-pager", "-o", "cat", *options).stdout

    def main_pid(self, unit: str) -> int:
        """The main process of a unit, by the number it has outside."""
        inside = self.run("systemctl", "show", "-p", "MainPID", "--value", unit).stdout.strip()
        here = Path(f"/proc/{self.init}/ns/pid").readlink()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                status = (process / "status").read_text(encoding="ascii", errors="replace")
                numbers = next(line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
                if numbers[-1] == inside and (process / "ns/pid").readlink() == here:
                    return int(process.name)
            except (OSError, StopIteration):
                continue
        raise AssertionError(f"{unit} has no process: {self.journal('-u', unit)[-3000:]}")

    def inside(self, *command: str) -> list[str]:
        """The words that run a command in there."""
        return ["nsenter", "-t", str(self.init), "-m", "-p", "-u", "-i", "-C", "--",
                "setpriv", f"--bounding-set={POWERS}", "--", *command]


def as_user(user: str) -> tuple[str, ...]:
    """What stands before a command that another user types."""
    return ("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--")


@contextmanager
def booted(folder: Path) -> Iterator[Machine]:
    """Start a machine; at the end its processes are killed and its files are gone."""
    folder.mkdir(parents=True)
    with _control_group() as group:
        command = ["sh", "-c", ENTER, str(group), "setpriv", "--pdeathsig=KILL", "unshare", "-m", "-p", "-f", "-u", "-i", "-C",
                   "--kill-child", "--", "sh", str(BOOT), str(folder), str(ROOT), sys.base_prefix, POWERS]
        said = folder.with_suffix(".log")
        with said.open("wb") as log, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as started:
            try:
                init = _init_of(started, said)
                until(lambda: Path(f"/proc/{init}/root/run/systemd/private").exists() or started.poll() is not None)
                assert started.poll() is None, said.read_text(encoding="utf-8", errors="replace")
                yield Machine(init)
            finally:
                # --kill-child: its init ends with it, and everything in there with its init; --pdeathsig: even if we are killed
                started.kill()
                started.wait()
                until(lambda: not (group / "cgroup.procs").read_text() and not _populated(group))


def until(true: Callable[[], bool], seconds: float = 30.0, pause: float = 0.02) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(pause)


def _init_of(started: subprocess.Popen[bytes], said: Path) -> int:
    """The process that unshare forked, once it has become systemd."""
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children")

    def is_init() -> bool:
        assert started.poll() is None, said.read_text(encoding="utf-8", errors="replace")
        numbers = children.read_text(encoding="ascii").split()
        return bool(numbers) and Path(f"/proc/{numbers[0]}/comm").read_text(encoding="ascii") == "systemd\n"

    until(is_init)
    return int(children.read_text(encoding="ascii").split()[0])


def _control_groups() -> Path | None:
    """Where control groups of version 2 are mounted."""
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if fields[fields.index("-") + 1] == "cgroup2":
            return Path(fields[4])
    return None


@contextmanager
def _control_group() -> Iterator[Path]:
    """A control group for everything the machine starts, gone at the end."""
    root = _control_groups()
    assert root is not None
    group = root / f"machine-{secrets.token_hex(4)}"
    group.mkdir()
    try:
        yield group
    finally:
        for folder in sorted((p for p in group.rglob("*") if p.is_dir()), key=lambda p: len(p.parts), reverse=True):
            folder.rmdir()
        group.rmdir()


def _populated(group: Path) -> bool:
    return "populated 1" in (group / "cgroup.events").read_text(encoding="ascii")

