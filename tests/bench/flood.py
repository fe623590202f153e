"""One sender gives thousands of files at once; how long another, who gives one file a second, waits for its receipts.

    python -m tests.bench.flood [SAMPLES [FILES]]        100 files of the quiet sender, against floods of 2,000 files

1. One daemon, started once. First the quiet sender alone, then the same beside the flood: both in one run, on one machine.
2. Every file is renamed into place when it is whole, so that no settling time hides a wait.
3. A wait ends when the receipt has its name in the sender's folder, by the file system's own time; for both receipts.
4. A file counts for the flood only when it was dropped while the flood was under way. Where a flood ends, the next begins.
5. The other half of the promise is counted too: afterwards everyone is answered, once.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.clock import wall_seconds
from tests.deploy.town import said_by
from tests.journeys.borough import ALL_HALLOWS, FERNBRIDGE, Borough, Pupil, leaver, leavers

MONDAY = "2026-11-16"
QUIET, LOUD = ALL_HALLOWS, FERNBRIDGE
SETTINGS = "[receive]\nsettle_seconds = 0.3\nsender_files_per_day = 1000000\n"
STAGES = ("received", "processed")
EVERY = 1.0             # seconds between two files of the quiet sender
PATIENCE = 900.0        # seconds until everyone must be answered


@dataclass
class Waits:
    """What was dropped by the quiet sender, and how long each receipt took, in seconds."""

    dropped: dict[str, float] = field(default_factory=dict)      # hash → when, by the clock on the wall
    took: dict[str, list[float]] = field(default_factory=lambda: {stage: [] for stage in STAGES})

    def at(self, stage: str, share: float) -> float:
        """The wait that so many receipts did not exceed."""
        ranked = sorted(self.took[stage])
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


@dataclass
class Street:
    """A borough with a quiet and a loud sender, and its daemon's log."""

    borough: Borough
    serial: int = 0

    def quiet(self, waits: Waits) -> None:
        """The quiet sender drops one file."""
        content = self._return()
        waits.dropped[hashlib.sha256(content).hexdigest()] = wall_seconds()
        self.borough.drop(QUIET, f"{self.serial}.csv", content)

    def flood(self, files: int) -> None:
        """The loud sender moves so many files into its folder."""
        aside = self.borough.home.parent / "aside"
        aside.mkdir(exist_ok=True)
        for _ in range(files):
            content = self._return()
            (aside / f"{self.serial}.csv").write_bytes(content)
        for path in sorted(aside.iterdir()):
            path.rename(self.folder(LOUD) / path.name)

    def folder(self, sender: str) -> Path:
        """A sender's drop folder."""
        return self.borough.home / "drop" / sender

    def answers(self, sender: str) -> int:
        """How many final answers a sender has."""
        return len(list((self.folder(sender) / "receipts").glob("*-processed.json")))

    def _return(self) -> bytes:
        self.serial += 1
        name = "".join("abcdefghij"[int(digit)] for digit in f"{self.serial:06d}")
        child = Pupil(self.serial % 1000, f"Ellery{name}", "Ada", f"{self.serial % 28 + 1:02d}/03/2018")
        return leavers(leaver(child, "13/11/2026", "9(1)(i)", "Unknown"))


def measure(street: Street, samples: int, files: int) -> tuple[Waits, Waits]:
    """The quiet sender alone, then beside the flood."""
    alone, beside = Waits(), Waits()
    for _ in range(samples):
        _paced(street, alone)
    _all_answered(street, samples, 0)
    given = 0
    while len(beside.dropped) < samples:
        if street.answers(LOUD) == given:
            street.flood(files)
            given += files
        _paced(street, beside)
    _all_answered(street, 2 * samples, given)
    for waits in (alone, beside):
        _time(street, waits)
    return alone, beside


def _paced(street: Street, waits: Waits) -> None:
    street.quiet(waits)
    time.sleep(EVERY)


def _all_answered(street: Street, quiet: int, loud: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while lacking := max(0, quiet - street.answers(QUIET)) + max(0, loud - street.answers(LOUD)):
        if time.monotonic() > deadline:
            raise SystemExit(f"{lacking} files were not answered in {PATIENCE:.0f} s")
        time.sleep(0.1)


def _time(street: Street, waits: Waits) -> None:
    for path in (street.folder(QUIET) / "receipts").glob("*.json"):
        said = said_by(path.read_bytes())
        if said["sha256"] in waits.dropped:
            waits.took[said["stage"]].append(path.stat().st_ctime - waits.dropped[said["sha256"]])


@contextmanager
def street() -> Iterator[Street]:
    """A new borough, and its daemon at work."""
    with tempfile.TemporaryDirectory(prefix="gateway-flood-") as folder:
        borough = Borough.found(Path(folder) / "990", senders=SETTINGS)
        for sender in (QUIET, LOUD):
            (borough.home / "drop" / sender / "receipts").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "gateway", "run", "--today", MONDAY, "--home", str(borough.home)]
        log = Path(folder) / "daemon.log"
        with log.open("w") as out, subprocess.Popen(command, stderr=out) as daemon:
            try:
                while "daemon-started" not in log.read_text(encoding="utf-8") and daemon.poll() is None:
                    time.sleep(0.05)
                yield Street(borough)
            finally:
                daemon.terminate()


def told(alone: Waits, beside: Waits) -> list[str]:
    """The figures, a line for each receipt."""
    return [f"{stage:<9}  alone p50 {alone.at(stage, 0.5):.3f} s, p99 {alone.at(stage, 0.99):.3f} s; beside the flood p50 "
            f"{beside.at(stage, 0.5):.3f} s, p99 {beside.at(stage, 0.99):.3f} s; p99 is {_ratio(alone, beside, stage):.1f} times"
            for stage in STAGES]


def _ratio(alone: Waits, beside: Waits, stage: str) -> float:
    return beside.at(stage, 0.99) / alone.at(stage, 0.99)


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when a file was not answered exactly once."""
    samples, files = (*map(int, arguments), *(100, 2000)[len(arguments):])
    with street() as there:
        alone, beside = measure(there, samples, files)
        [report] = there.borough.objects("verify")
    print(f"{len(alone.dropped)} files alone, {len(beside.dropped)} beside floods of {files}; the home verifies: {report['ok']}")
    print("\n".join(told(alone, beside)))
    whole = all(len(waits.took[stage]) == len(waits.dropped) for waits in (alone, beside) for stage in STAGES)
    return 0 if whole and report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
