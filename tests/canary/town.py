"""The canary town: two authorities whose daemons run while two hundred children pass through every door.

What the town leaves behind is searched afterwards. While it lives, every process of it is looked at: its words, its surroundings,
its title.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from gateway.commands.app import run
from gateway.demo.cast import FERNBRIDGE, QUILLMEAD
from tests.canary.children import CHILDREN
from tests.canary.files import JOINED_QUILLMEAD, PASSWORD, dealt, everything, joiners
from tests.journeys.borough import Borough
from tests.servers.smtp import Postbox, smtp_server

MONDAY = "2026-11-16"


class Desk(Borough):
    """A home whose people type in this process: thirty starts of the interpreter would cost more than all that is tested."""

    def gateway(self, *words: str) -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run([*words, "--home", str(self.home)])
        self.last = subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())
        return self.last


@dataclass
class Town:
    """Both homes, and everything that was seen of them from outside."""

    ours: Desk
    theirs: Desk
    folder: Path
    post: Postbox
    backup: Path
    processes: dict[str, bytes] = field(default_factory=dict)   # what /proc said of our processes


@contextmanager
def lived_through(folder: Path) -> Iterator[Town]:
    """Found both, run both, let everything happen, stop both."""
    work, temp = folder / "work", folder / "temp"
    for path in (work, temp):
        path.mkdir(parents=True)
    with smtp_server() as post:
        town = Town(Desk(folder / "990"), Desk(folder / "991", "991"), folder, post, folder / "backup.age")
        os.environ["TMPDIR"] = str(temp)
        try:
            _found(town)
            _live(town)
        finally:
            del os.environ["TMPDIR"]
        yield town


def _found(town: Town) -> None:
    secret = town.folder / "fernbridge.passwords"
    secret.write_text(PASSWORD + "\n", encoding="ascii")
    secret.chmod(0o600)
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {town.post.port}\nsecurity = "none"\n[receive]\nsettle_seconds = 0.2\n' \
           f'[senders.{FERNBRIDGE}]\npasswords_from = "file:{secret}"\n'
    homes = {"990": town.ours, "991": town.theirs}
    for la, other in (("990", "991"), ("991", "990")):
        contact = f'[contacts.{other}]\nname = "CME team of {other}"\nverified_on = 2026-11-02\nchannel = "folder"\n' \
                  f'path = "{homes[other].home}/peers/{la}/in"\n'
        Borough.found(homes[la].home, la, mail + contact)
    for la, other in (("990", "991"), ("991", "990")):
        done = homes[la].gateway("contacts", "trust", other, str(homes[other].home / "keys" / "public.json"))
        assert done.returncode == 0, done.stderr


@contextmanager
def _daemon(town: Town, borough: Borough) -> Iterator[subprocess.Popen[bytes]]:
    """``gateway run`` that may leave core files as large as it likes, in the folder where it was started."""
    command = [sys.executable, "-m", "gateway", "run", "--today", MONDAY, "--home", str(borough.home)]
    with (town.folder / f"{borough.la}.log").open("ab") as log, subprocess.Popen(
            command, stderr=log, stdout=log, cwd=town.folder / "work",
            preexec_fn=_allow_core_files) as running:
        watching = threading.Event()
        watcher = threading.Thread(target=_watch, args=(town, running.pid, watching))
        watcher.start()
        try:
            yield running
        finally:
            watching.set()
            watcher.join()
            if running.poll() is None:
                running.send_signal(signal.SIGTERM)
            running.wait(60)


def _allow_core_files() -> None:
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def _watch(town: Town, pid: int, stop: threading.Event) -> None:
    while not stop.wait(0.05):
        for process in (pid, *below(pid)):
            for what in ("cmdline", "environ", "comm"):
                try:
                    said = Path(f"/proc/{process}/{what}").read_bytes()
                except OSError:
                    continue
                town.processes[f"{what} {hash(said)}"] = said


def below(pid: int) -> list[int]:
    """A process's children, and theirs."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return found
    return found + [further for child in found for further in below(child)]


def until(true: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what} did not happen in time"
        time.sleep(0.1)


def _live(town: Town) -> None:
    ours = town.ours
    children = dealt()
    sent = everything(children)
    before = list(CHILDREN)
    for school, name, content in sent:
        ours.drop(school, name, content)
    _strange_things(town, next(children).surname, next(children).surname)
    with _daemon(town, town.theirs), _daemon(town, ours) as running:
        until(lambda: _answered(ours) >= len(sent), "answering every file")
        ours.drop(FERNBRIDGE, f"again {sent[0][1]}", sent[0][2])
        ours.drop(*joiners([before[number] for number in sorted(JOINED_QUILLMEAD)]))
        taken = town.folder / f"handed in {next(children).surname}.csv"
        taken.write_bytes(sent[0][2].replace(b"13/11/2026", b"12/11/2026"))
        assert ours.gateway("take", str(taken), "--from", QUILLMEAD, "--via", "egress").returncode == 0, ours.last.stderr
        taken.unlink()
        until(lambda: _answered(ours) >= len(sent) + 2, "answering what came later")
        _officers(town)
        assert ours.gateway("backup", str(town.backup)).returncode == 0, ours.last.stderr
        _crash(town, running)
    with _daemon(town, ours):
        until(lambda: (town.folder / "990.log").read_bytes().count(b"daemon-started") == 2, "starting again")


def _answered(borough: Borough) -> int:
    answers = [*borough.home.glob("drop/*/receipts/*-processed.html"), *borough.home.glob("receipts/*/*-processed.html")]
    return len({path.name.split("-")[0] for path in answers})


def _strange_things(town: Town, folder: str, link: str) -> None:
    drop = town.ours.home / "drop" / QUILLMEAD
    (drop / folder).mkdir()
    (drop / f"{link}.csv").symlink_to(f"/nowhere/{link}")


def _officers(town: Town) -> None:
    """People at work, who write names where they may."""
    ours, theirs = town.ours, town.theirs
    case = next(case for case in ours.cases() if case["legal_surname"])
    name = case["legal_surname"]
    for words in (("case", "note", case["id"], "--evidence", f"rang the aunt of {name}"),
                  ("case", "enquiry", case["id"], "--evidence", f"home visit: {name} not there"),
                  ("s2s", "build"), ("s2s", "release")):
        assert ours.gateway(*words).returncode == 0, (words, ours.last.stderr)
    holds = {hold["what"]: hold["id"] for hold in ours.objects("holds")}
    for what in ("release", "urgent"):
        done = ours.gateway("holds", "release", holds[what], "--reason", f"the school of {name} confirmed it")
        assert done.returncode == 0, done.stderr
    match = ours.objects("match")[0]
    assert ours.gateway("match", "accept", match["id"]).returncode == 0, ours.last.stderr
    until(lambda: b"parcel-received" in (town.folder / "991.log").read_bytes(), "the referral's arrival")
    until(lambda: bool(theirs.objects("referrals")), "the referral's reading")
    referral = theirs.objects("referrals")[0]
    assert theirs.gateway("answer", referral["id"], "accepted").returncode == 0, theirs.last.stderr
    until(lambda: b'"channel": "peer"' in (town.folder / "990.log").read_bytes(), "the answer's arrival")


def _crash(town: Town, running: subprocess.Popen[bytes]) -> None:
    """A reader and then the daemon itself, with children's data in their memory."""
    for reader in below(running.pid):
        os.kill(reader, signal.SIGSEGV)
    running.send_signal(signal.SIGABRT)
    running.wait(30)
