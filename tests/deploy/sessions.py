"""Many SFTP sessions at once against a deployed town: what was lost, doubled, taken in half, refused or left unanswered.

    python -m tests.deploy.sessions [SESSIONS [FILES [SEED]]]        100 sessions of 50 files, as root; prints one line

Each session comes from an address of its own and sends its files one after the other: as they are, under another name and
renamed, trickled, or cut off in the middle by a lost connection and taken up again by the next one.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import socket
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from adapters.clock import wall_seconds
from tests.deploy.machine import until
from tests.deploy.town import School, Town, deployed, leavers, said_by

WAYS = ("plain", "renamed", "trickled", "cut")
WEIGHTS = (50, 30, 15, 5)
TRIES = 40            # sshd turns connections away when too many knock at once


@dataclass
class Figures:
    """What became of the files."""

    sent: dict[str, float] = field(default_factory=dict)         # hash → when its sender was done, wall clock
    errors: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    processed: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)             # seconds from a sender's end to its received receipt
    before: frozenset[Path] = frozenset()                        # receipts that lay there

    @property
    def unanswered(self) -> int:
        return sum(1 for digest in self.sent if not self.received[digest] or not self.processed[digest])

    @property
    def doubled(self) -> int:
        return sum(1 for digest in self.sent if self.received[digest] > 1)

    @property
    def foreign(self) -> int:
        """Receipts for bytes that nobody sent as a whole: half files."""
        return sum(1 for digest in self.received if digest not in self.sent)

    def at(self, share: float) -> float:
        """The wait that so many receipts did not exceed."""
        return sorted(self.waits)[min(len(self.waits) - 1, int(share * len(self.waits)))]


def crowd(town: Town, sessions: int, files: int, seed: int) -> Figures:
    """Send everything, wait for every answer, and count."""
    figures = Figures(before=frozenset(_receipts(town)))
    asyncio.run(_all(town, sessions, files, seed, figures))
    until(lambda: _count(town, figures) == 0, seconds=120 + len(figures.sent), pause=0.5)
    return figures


async def _all(town: Town, sessions: int, files: int, seed: int, figures: Figures) -> None:
    schools = list(town.schools.values())
    await asyncio.gather(*(_session(schools[number % len(schools)], number, files, random.Random(seed * 1000 + number), figures)  # noqa: S311
                           for number in range(sessions)))


async def _session(school: School, number: int, files: int, chance: random.Random, figures: Figures) -> None:
    async with await _connected(school, number) as connection, connection.start_sftp_client() as sftp:
        for file in range(files):
            way = chance.choices(WAYS, WEIGHTS)[0]
            name, content = f"{number}-{file} {way}.csv", leavers(f"s{number} f{file}", chance.randrange(200, 900))
            try:
                await _send(way, school, number, sftp, name, content)
            except (OSError, asyncssh.Error) as error:
                figures.errors[type(error).__name__] += 1
                continue
            figures.sent[hashlib.sha256(content).hexdigest()] = wall_seconds()


async def _send(way: str, school: School, number: int, sftp: asyncssh.SFTPClient, name: str, content: bytes) -> None:
    half = len(content) // 2
    if way == "renamed":
        await _written(sftp, f"{name}.part", content)
        await sftp.rename(f"{name}.part", name)
    elif way == "trickled":
        async with sftp.open(name, "wb") as file:
            for start in range(0, len(content), 1 + len(content) // 5):
                await file.write(content[start:start + 1 + len(content) // 5])
                await asyncio.sleep(0.3)
    elif way == "cut":
        async with await _connected(school, number) as lost, lost.start_sftp_client() as other:
            file = await other.open(name, "wb")
            await file.write(content[:half])
            await file.stat()
            lost.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
            await lost.wait_closed()
        await asyncio.sleep(0.2)
        async with sftp.open(name, "ab") as file:
            await file.write(content[half:])
    else:
        await _written(sftp, name, content)


async def _written(sftp: asyncssh.SFTPClient, name: str, content: bytes) -> None:
    async with sftp.open(name, "wb") as file:
        await file.write(content)


async def _connected(school: School, number: int) -> asyncssh.SSHClientConnection:
    known = asyncssh.import_known_hosts(f"[{school.host}]:{school.port} {school.host_key}\n")
    for attempt in range(TRIES):
        try:
            return await asyncssh.connect(
                school.host, school.port, username=school.user, config=None, client_keys=[str(school.key)], known_hosts=known,
                agent_path=None, local_addr=(f"127.0.{1 + number // 200}.{1 + number % 200}", 0))
        except (OSError, asyncssh.Error):
            await asyncio.sleep(0.1 * (1 + attempt))
    raise ConnectionError(f"not let in after {TRIES} tries")


def _count(town: Town, figures: Figures) -> int:
    figures.received, figures.processed, figures.waits = Counter(), Counter(), []
    for path in set(_receipts(town)) - figures.before:
        said = said_by(path.read_bytes())
        if said["stage"] == "received":
            figures.received[said["sha256"]] += 1
            figures.waits.append(path.stat().st_mtime - figures.sent.get(said["sha256"], path.stat().st_mtime))
        else:
            figures.processed[said["sha256"]] += 1
    return figures.unanswered


def _receipts(town: Town) -> list[Path]:
    return [path for laestab in town.schools for path in (town.drop(laestab) / "receipts").glob("*.json")]


def main(sessions: int = 100, files: int = 50, seed: int = 0) -> int:
    """The long run."""
    seed = seed or random.SystemRandom().randrange(1_000_000)
    with tempfile.TemporaryDirectory() as folder, deployed(Path(folder) / "town") as town:
        figures = crowd(town, sessions, files, seed)
        [report] = town.machine.gateway("verify", "--json").stdout.splitlines()
    print(f"seed {seed}: {sessions} sessions × {files} files: {len(figures.sent)} sent, errors {dict(figures.errors)}, doubled "
          f"{figures.doubled}, half files taken {figures.foreign}, unanswered {figures.unanswered}, to receipt p50 "
          f"{figures.at(0.5):.2f} s, p99 {figures.at(0.99):.2f} s; verify: {report[:40]}")
    return int(bool(figures.errors) or figures.doubled + figures.foreign + figures.unanswered > 0)


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main(*map(int, sys.argv[1:])))
