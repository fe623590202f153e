"""One authority of the demonstration: its home, its daemon, and the commands its people type.

Everything goes through the command line and the folders that a real borough has; the demonstration has no way in of its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway.demo.cast import DAY
from gateway.errors import OperatorError

PATIENCE_SECONDS = 40.0
LOOK_AGAIN_SECONDS = 0.1


class Town:
    """An authority at work: ``start`` its daemon, ``drop`` files, ``type`` commands, ``stop`` it."""

    def __init__(self, la: str, name: str, home: Path) -> None:
        self.la = la
        self.name = name
        self.home = home
        self._daemon: subprocess.Popen[bytes] | None = None

    def found(self, neighbour: str, neighbour_home: Path) -> None:
        """Make the home, with the demonstration's register, and, in config, the schools' feeds and the neighbour's contact."""
        self.type("init", "--rehearsal", "--la", self.la, "--name", self.name)
        with (self.home / "config.toml").open("a", encoding="utf-8") as config:
            config.write(_SETTINGS.format(neighbour=neighbour, path=neighbour_home / "peers" / self.la / "in"))

    def start(self) -> None:
        """Start the daemon, as a service would."""
        log = (self.home / "daemon.log").open("wb")
        command = [sys.executable, "-m", "gateway", "run", "--home", str(self.home), "--today", DAY.isoformat()]
        self._daemon = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()

    def stop(self) -> None:
        """Ask the daemon to finish what it holds and go."""
        if self._daemon and self._daemon.poll() is None:
            self._daemon.send_signal(signal.SIGTERM)
            self._daemon.wait(timeout=PATIENCE_SECONDS)

    def drop(self, school: str, name: str, content: bytes) -> str:
        """A school puts a file into its folder: written beside, then renamed into place."""
        folder = self.home / "drop" / school
        part = folder / f".{name}.part"
        part.write_bytes(content)
        part.rename(folder / name)
        return name

    def type(self, *words: str) -> str:
        """Type one command; what it prints. A command that fails ends the demonstration with its own words."""
        command = [sys.executable, "-m", "gateway", *words, "--home", str(self.home)]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"}, check=False)
        if done.returncode:
            raise OperatorError(
                f"'gateway {' '.join(words)}' ended with {done.returncode}: {done.stderr.strip()[-400:]}",
                code="DEMO-COMMAND",
                hint=f"See {self.home / 'daemon.log'}, then run the demonstration again.",
            )
        return done.stdout

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """The objects that a list command prints."""
        return [json.loads(line) for line in self.type(*words, "--json").splitlines() if line]

    def wait(self, what: str, found: Callable[[], Any]) -> Any:
        """Look again and again until ``found`` gives something."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (result := found()):
            if time.monotonic() > end:
                raise OperatorError(
                    f"{self.name}: {what} did not happen within {PATIENCE_SECONDS:.0f} seconds",
                    code="DEMO-SLOW",
                    hint=f"See {self.home / 'daemon.log'} for what the daemon was doing.",
                )
            time.sleep(LOOK_AGAIN_SECONDS)
        return result


_SETTINGS = """
# Schools that also send their joiners, so that a leaver can be awaited there.
[senders.9902002]
joiner_feed_from = 2026-09-01

[senders.9904001]
joiner_feed_from = 2026-09-01

[contacts.{neighbour}]
name = "CME officer of authority {neighbour}"
channel = "folder"
path = "{path}"
verified_on = 2026-11-02
"""
