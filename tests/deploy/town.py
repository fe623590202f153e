"""Thornhaven, deployed: a machine set up by ``deploy/install`` and ``deploy/add-school``, its units running as shipped."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.deploy.machine import Machine, booted, until
from tests.servers.ports import free_port
from tests.servers.sshd import make_key

FERNBRIDGE, QUILLMEAD = "9902001", "9902003"
DEPLOY = "/opt/repository/deploy"
SETTLE = 1.0
HEADINGS = b"UPN,Legal surname,Legal forename,Date of birth,Off roll date,Destination school\n"


@dataclass(frozen=True)
class School:
    """A school's account, as its own staff know it."""

    laestab: str
    key: Path
    port: int
    host_key: str
    host: str = "127.0.0.1"

    @property
    def user(self) -> str:
        return f"school-{self.laestab}"


@dataclass
class Town:
    """The machine, and the schools that may come in."""

    machine: Machine
    schools: dict[str, School]

    def drop(self, laestab: str) -> Path:
        """A school's upload folder, seen from outside."""
        return self.machine.path(f"/srv/sftp/school-{laestab}/in")

    def parcels(self) -> list[dict[str, Any]]:
        """What the gateway has taken responsibility for."""
        return [json.loads(line) for line in self.machine.gateway("parcels", "--json").stdout.splitlines()]

    def receipts(self, laestab: str) -> Counter[str]:
        """How many receipts lie there, by the hash of what they answer and their stage."""
        found: Counter[str] = Counter()
        for path in (self.drop(laestab) / "receipts").glob("*.json"):
            said = said_by(path.read_bytes())
            found[f"{said['sha256']} {said['stage']}"] += 1
        return found

    def answered(self, laestab: str, content: bytes) -> bool:
        """Whether a file of these bytes has both its receipts."""
        digest = hashlib.sha256(content).hexdigest()
        found = self.receipts(laestab)
        return found[f"{digest} received"] > 0 and found[f"{digest} processed"] > 0


def said_by(receipt: bytes) -> dict[str, Any]:
    """The signed lines of a receipt's data."""
    lines = json.loads(receipt)["note"].partition("\n\n")[0].splitlines()[1:]
    return {name: json.loads(value) for name, _, value in (line.partition(": ") for line in lines)}


@contextmanager
def deployed(folder: Path) -> Iterator[Town]:
    """Set up, start, and take down."""
    keys = folder / "keys"
    keys.mkdir(parents=True)
    with booted(folder / "machine") as machine:
        said = machine.run(f"{DEPLOY}/install").stdout
        assert "ED25519" in said
        machine.run("install", "-d", "-o", "cme", "/media/safe")
        machine.gateway("init", "--la", "990", "--name", "Thornhaven", "--schools",
                        "/opt/repository/gateway/bootstrap/register/schools.csv", "--keys", "/etc/cme-gateway/keys",
                        "--recovery", "/media/safe/recovery", "--contact", "Alice Osei <cme@thornhaven.example>",
                        "--deputy", "Dele Park <deputy@thornhaven.example>", "--safeguarding-phone", "01632 960100")
        port = free_port()
        machine.path("/etc/default/cme-sftp").write_text(f"SSHD_OPTS=-p {port} -o ListenAddress=127.0.0.1\n", encoding="ascii")
        host_key = machine.path("/etc/cme-gateway/ssh_host_ed25519_key.pub").read_text(encoding="ascii").strip()
        town = Town(machine, {la: School(la, keys / la, port, host_key) for la in (FERNBRIDGE, QUILLMEAD)})
        config = machine.path("/srv/cme/config.toml")
        reads_names = config.read_text(encoding="utf-8").replace('roles = ["operator"]', 'roles = ["operator", "viewer"]')
        config.write_text(reads_names, encoding="utf-8")
        with config.open("a", encoding="utf-8") as written:
            written.write(f"\n[receive]\nsettle_seconds = {SETTLE}\n")
            for school in town.schools.values():
                written.write(_added(machine, school))
        machine.run("systemctl", "daemon-reload")
        machine.run("systemctl", "start", "cme-gateway", "cme-sftp")
        until(lambda: "daemon-started" in machine.journal("-u", "cme-gateway"))
        yield town


def _added(machine: Machine, school: School) -> str:
    """Make the account; what add-school says is to be written into config.toml."""
    public = make_key(school.key)
    machine.path("/root/key.pub").write_text(f"{public} office@{school.laestab}\n", encoding="ascii")
    said = machine.run(f"{DEPLOY}/add-school", school.laestab, "/root/key.pub").stdout
    return "\n" + said[said.index("[[folders]]"):]


def leavers(mark: str, size: int) -> bytes:
    """A return that no other is like, of about so many bytes: every row of it is readable, and every child another.

    A large one has long rows, not many: what is tried with it is the way here, not the reading.
    """
    rows, destination = [HEADINGS], " ".join(["Somewhere"] * (100 if size > 10_000 else 1))
    length = len(HEADINGS)
    while length < size:
        digest = hashlib.sha256(f"{mark} {len(rows)}".encode()).digest()
        name = "".join(chr(97 + byte % 26) for byte in digest[:8]).title()
        born = f"{1 + digest[8] % 28:02d}/{1 + digest[9] % 12:02d}/{2012 + digest[10] % 8}"
        rows.append(f",{name},Ada,{born},13/11/2026,{destination} {len(rows)}\n".encode())
        length += len(rows[-1])
    return b"".join(rows)
