"""A partner's SFTP server that fails while a package is left there: it drops the line, is slow, has no room, shows another key.

1. *drops*: the connection ends at the N-th request of the delivery, for every N: before it was done, with half of it done, after.
2. *slow*, *silent*: each answer takes half a second; one answer takes longer than anyone waits for it.
3. *full*: a write finds no room, and half of it stays; and OpenSSH's own server on a small disk that is full, and freed.
4. *key*: it shows another host key. Nothing is sent, a person is told at once, and when they have rung up and the right key is
   shown again they let the delivery go on.

A pass that meets the fault ends in a state that has a name. Then ordinary passes leave the package there, whole, once.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.account import Reckoning, take_account
from tests.faults.cycle import FILES, NAMED_ENDS
from tests.faults.disk import OWN_MOUNTS, SmallDisk, in_a_world_of_its_own
from tests.faults.fault import Fault
from tests.faults.town import PEER, Town, new_town
from tests.faults.typed import carried_out
from tests.servers.ports import free_port
from tests.servers.sshd import HOST, make_key, sftp_server

REQUESTS = 6                      # of a small package: open, write, stat, close, rename, and what asks for the folder
SLOW = ("slow 0.5", "silent 2 40", "silent 5 40")
FULL = ("full 1", "full 3", "small disk, 0 pages free", "small disk, 1 pages free", "small disk, 0 inodes free")
KEY = "another host key"
KEY_CHANGED = "SFTP-HOST-KEY-CHANGED"
MIB = 1 << 20


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """Every request and every way, or a few."""
    drops = [f"drops {number} {when}" for number in range(1, REQUESTS + 1) for when in ("before", "amid", "after")]
    return [*drops, *SLOW, *FULL, KEY] if full else [chance.choice(drops), chance.choice((*FULL, KEY))]


def attempt(trial: str, folder: Path) -> Reckoning:
    """One failure."""
    town = new_town(folder / "town")
    if trial.startswith("small disk"):
        town.one_pass()                           # readers are warm before the trial leaves this world
        return in_a_world_of_its_own(lambda: _on_a_small_disk(trial, town), folder)
    server = _Server(folder, free_port(), make_key(folder / "host_key"))
    (folder / "authorized_keys").write_text(make_key(folder / "client_key") + "\n")
    server.known_to(town)
    town.give(*FILES)
    broken = list(_strange(town, server)) if trial == KEY else list(_failing(town, server, trial))
    with server.running():
        reckoning = take_account(town)
    reckoning.broken += broken
    return reckoning


@dataclass(frozen=True)
class _Server:
    """Where it is, and the key by which it is known."""

    folder: Path
    port: int
    host_key: str

    @contextmanager
    def running(self, *fault: str) -> Iterator[None]:
        """In a process of its own."""
        command = [sys.executable, "-m", "tests.faults.peer", str(self.folder), str(self.port), *fault]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n", "the server did not start"
                yield
            finally:
                process.kill()

    def known_to(self, town: Town) -> None:
        """In the town's config, in the place of the folder."""
        place = town.home / PEER
        place.mkdir(parents=True, exist_ok=True)
        config = town.home / "config.toml"
        by_folder = f'channel = "folder"\npath = "{PEER}"\n'
        text = config.read_text(encoding="utf-8")
        assert by_folder in text
        config.write_text(text.replace(by_folder, f'channel = "sftp"\nhost = "{HOST}"\nport = {self.port}\nuser = "root"\n'
                                       f'key_file = "{self.folder / "client_key"}"\nhost_key = "{self.host_key}"\n'
                                       f'folder = "{place}"\n'), encoding="utf-8")


def _failing(town: Town, server: _Server, trial: str) -> Iterator[str]:
    with server.running(*trial.split()):
        yield from _a_pass(town)


def _strange(town: Town, server: _Server) -> Iterator[str]:
    """Another key, then the right one again, and a person who lets the delivery go on."""
    ours = (server.folder / "host_key").read_bytes()
    make_key(server.folder / "strange_key")
    (server.folder / "host_key").write_bytes((server.folder / "strange_key").read_bytes())
    with server.running():
        yield from _a_pass(town)
    (server.folder / "host_key").write_bytes(ours)
    if any((town.home / PEER).iterdir()):
        yield "something was sent to a stranger"
    holds = [hold for hold in town.objects("holds") if hold["what"] == "job" and KEY_CHANGED in hold["reason"]]
    if len(holds) != 1 or not any((town.home / "notices").iterdir()):
        yield f"{len(holds)} holds tell of another key, 1 expected, and a notice"
    for hold in holds:
        released = town.gateway("holds", "release", hold["id"], "--reason", "they had restored an old machine")
        if released.returncode != 0:
            yield f"the delivery could not be let go on: {released.stderr[-800:]}"


def _on_a_small_disk(trial: str, town: Town) -> Reckoning:
    level, what = trial.split(", ")[1].split()[:2]
    with sftp_server(town.aside / "sshd") as place:
        _Server(place.key_file.parent, place.port, place.host_key).known_to(town)
        disk = SmallDisk(town.home / PEER, MIB, 100)
        town.give(*FILES)
        disk.fill(**{what: int(level)})
        broken = [fault for _ in range(2) for fault in _a_pass(town)]
        disk.free()
        reckoning = take_account(town)
    reckoning.broken += broken
    return reckoning


def _a_pass(town: Town) -> Iterator[str]:
    ended = carried_out(town.one_pass(), town.aside)
    if ended.code not in NAMED_ENDS or "UNEXPECTED" in ended.err:
        yield f"the pass ended with {ended.code}: {ended.err[-800:]}"


FAULT = Fault("bad peer", "a partner's SFTP server drops the line at any request of a delivery, answers slowly or not at "
              "all, has no room, or shows another host key", trials, attempt, needs=(OWN_MOUNTS,))
