"""The units as shipped, under a real systemd: what the daemon can do, what it cannot, and how it ends and comes back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.conftest import possible
from tests.deploy.machine import ROOT, Machine, as_user, booted, until
from tests.deploy.town import FERNBRIDGE, Town, deployed, leavers

HIGHEST = {"cme-gateway.service": 15, "cme-sftp.service": 45}    # tenths; 100 is a service without any protection


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of this module's own: its daemon is killed."""
    possible()
    with deployed(tmp_path_factory.mktemp("alone")) as town:
        yield town


@pytest.mark.parametrize("unit", HIGHEST)
def test_the_exposure_that_systemd_sees_is_as_low_as_we_say(unit: str) -> None:
    if shutil.which("systemd-analyze") is None:
        possible()
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={HIGHEST[unit]}", f"deploy/{unit}"],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]


def test_systemd_has_nothing_to_say_against_the_units(alone: Town) -> None:
    units = [f"/etc/systemd/system/{unit}" for unit in HIGHEST]
    done = alone.machine.run("systemd-analyze", "verify", "--man=no", *units, check=False)
    assert [line for line in done.stderr.splitlines() if "cme-" in line] == []


SHARED_AND_HARMFUL = {"sys_rawio": 17, "sys_boot": 22, "sys_time": 25, "mknod": 27, "sys_module": 16, "net_admin": 12}


def test_a_machine_for_tests_cannot_reach_this_one(tmp_path: Path) -> None:
    """Looked at, not tried: what would be harmful if it worked is no test."""
    possible()
    with booted(tmp_path / "machine") as machine:
        for status in (machine.run("cat", "/proc/self/status").stdout, machine.path("/proc/1/status").read_text()):
            held = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff"))
            assert [name for name, bit in SHARED_AND_HARMFUL.items() if held & 1 << bit] == []
        mounts = {line.split()[4]: line.split() for line in machine.path("/proc/1/mountinfo").read_text().splitlines()}
        for place in ("/proc/sys", "/sys", "/opt/python", "/opt/repository", "/dev/null", "/dev/tty"):
            assert mounts[place][5].split(",")[0] == "ro", place
        of_this_machine = {point: fields[5].split(",")[0] for point, fields in mounts.items()
                           if fields[fields.index("-") + 1] not in ("tmpfs", "overlay", "proc", "devpts", "cgroup2", "sysfs")}
        assert set(of_this_machine.values()) == {"ro"}
        for place in ("/", "/etc", "/root", "/home", "/var/lib"):
            assert machine.path(place).stat().st_dev != Path(place).stat().st_dev, place
        machine.run("useradd", "somebody")
        mine = Path(f"/proc/{machine.init}/cgroup").read_text(encoding="ascii")
        [group] = {line.split("/")[1] for line in mine.splitlines() if line.startswith("0::/machine-")}
    assert "somebody" not in Path("/etc/passwd").read_text(encoding="utf-8")
    assert list((tmp_path / "machine").iterdir()) == []
    assert list(Path("/sys/fs/cgroup").rglob(group)) == []


def test_the_daemon_has_the_two_powers_to_look_and_no_other_and_its_readers_none(alone: Town) -> None:
    main = _status(alone.machine.main_pid("cme-gateway"))
    read_search, lease = 1 << 2, 1 << 28
    assert {main[name] for name in ("CapPrm", "CapEff", "CapBnd")} == {f"{read_search | lease:016x}"}
    assert main["CapAmb"] == f"{0:016x}"
    assert (main["NoNewPrivs"], main["Seccomp"]) == ("1", "2")
    content = leavers(f"read {time.monotonic_ns()}", 300)
    (alone.drop(FERNBRIDGE) / "read.csv").write_bytes(content)
    until(lambda: alone.answered(FERNBRIDGE, content))
    [parcel] = [parcel for parcel in alone.parcels() if parcel["name"] == "read.csv"]
    assert parcel["verdict"] == "accepted"
    others = _family(alone.machine).values()
    assert any(int(status["Seccomp_filters"]) > int(main["Seccomp_filters"]) for status in others)
    for status in others:
        assert {status[name] for name in ("CapPrm", "CapEff", "CapAmb")} == {f"{0:016x}"}


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _family(machine: Machine) -> dict[int, dict[str, str]]:
    """The daemon's nursery and its readers, by the numbers they have outside."""
    below = [machine.main_pid("cme-gateway")]
    found: dict[int, dict[str, str]] = {}
    while below:
        pid = below.pop()
        for task in Path(f"/proc/{pid}/task").iterdir():
            children = [int(word) for word in (task / "children").read_text(encoding="ascii").split()]
            below += children
            found |= {child: _status(child) for child in children}
    return found


SEEN_AND_WRITTEN = """
for secret in /etc/shadow /etc/ssh /etc/cme-gateway/keys /root/. /home/. /var/lib /media/safe; do
  [ -e "$secret/." ] && [ -n "$(ls -A "$secret" 2>/dev/null)" ] && echo "sees $secret"
  [ -f "$secret" ] && echo "sees $secret"
done
for place in /srv/cme/config.toml /srv/cme/register/x /srv/cme/keys/x /opt/cme-gateway/bin/gateway /usr/x /etc/x /srv/x; do
  touch "$place" 2>/dev/null && echo "writes $place"
done
mv /srv/cme/config.toml /srv/cme/other 2>/dev/null && echo "moves config.toml"
for place in /srv/cme/x /srv/sftp/school-9902001/in/.x /tmp/x; do
  touch "$place" && rm "$place" || echo "cannot write $place"
done
cp /bin/true /srv/cme/program && chmod 700 /srv/cme/program && /srv/cme/program 2>/dev/null && echo "runs what lies in the home"
rm -f /srv/cme/program
exit 0
"""


def test_it_sees_no_secret_of_the_machine_and_can_write_only_its_home_and_the_schools_folders(alone: Town) -> None:
    """Asked from inside its own mount namespace, as its own user with its own capabilities."""
    pid = alone.machine.main_pid("cme-gateway")
    caps = ["--inh-caps=-all,+dac_read_search,+lease", "--ambient-caps=-all,+dac_read_search,+lease",
            "--bounding-set=-all,+dac_read_search,+lease"]
    words = ["nsenter", "-t", str(pid), "-m", "--", "setpriv", "--reuid=cme", "--regid=cme", "--clear-groups", *caps, "--",
             "sh", "-c", SEEN_AND_WRITTEN]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_keys_come_as_credentials_that_only_the_service_can_read(alone: Town) -> None:
    folder = "/run/credentials/cme-gateway.service"
    assert len(list(alone.machine.path(folder).iterdir())) == 6
    for user in (f"school-{FERNBRIDGE}", "nobody"):
        assert alone.machine.run(*as_user(user), "ls", folder, check=False).returncode != 0


def test_asked_to_stop_it_finishes_and_says_so_and_its_readers_are_gone(alone: Town) -> None:
    readers = _family(alone.machine)
    alone.machine.run("systemctl", "stop", "cme-gateway")
    assert "daemon-stopped" in alone.machine.journal("-u", "cme-gateway")
    assert not any(Path(f"/proc/{pid}").exists() for pid in readers)
    assert alone.machine.run("systemctl", "show", "-p", "Result", "--value", "cme-gateway").stdout.strip() == "success"
    alone.machine.run("systemctl", "start", "cme-gateway")


def test_crashed_it_comes_back_takes_up_what_it_had_and_leaves_no_core(alone: Town) -> None:
    content = leavers("crashed", 300)
    before = alone.machine.main_pid("cme-gateway")
    os.kill(before, signal.SIGSEGV)
    (alone.drop(FERNBRIDGE) / "crashed.csv").write_bytes(content)
    until(lambda: alone.answered(FERNBRIDGE, content), seconds=60)
    assert alone.machine.main_pid("cme-gateway") != before
    found = alone.machine.run("find", "/", "-name", "core*", "-type", "f", "-newer", "/etc/default/cme-sftp", "-not", "-path",
                              "/proc/*").stdout.split()
    assert [path for path in found if Path(path).name.split(".")[0] == "core"] == []


def test_a_fault_in_the_settings_is_said_and_not_tried_again(alone: Town) -> None:
    config = alone.machine.path("/srv/cme/config.toml")
    right = config.read_text(encoding="utf-8")
    config.write_text(right + "\n[receive\n", encoding="utf-8")
    alone.machine.run("systemctl", "restart", "cme-gateway", check=False)
    until(lambda: _shown(alone, "ActiveState") == "failed")
    assert (_shown(alone, "NRestarts"), _shown(alone, "ExecMainStatus")) == ("0", "78")
    config.write_text(right, encoding="utf-8")
    alone.machine.run("systemctl", "reset-failed", "cme-gateway")
    alone.machine.run("systemctl", "start", "cme-gateway")


def _shown(town: Town, what: str) -> str:
    return town.machine.run("systemctl", "show", "-p", what, "--value", "cme-gateway").stdout.strip()
