"""Ten files that ask the reader to open, fetch or connect, watched by strace: nothing is opened and nothing connected."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests.bad_files.make_bad_files import BAD_FILES, ODD_FILES
from tests.conftest import SYSTEM_PATH, in_ci

STRACE = shutil.which("strace", path=SYSTEM_PATH)
ATTACKS = (
    "external-entity.xml", "doctype-of-parameters.xml", "doctype-over-the-network.xml", "billion-laughs.xml", "stylesheet.xml",
    "xinclude-for-a-name.xml", "xinclude-in-a-name.xml", "schema-elsewhere.xml", "links-to-other-files.xlsx", "web-query.xlsx",
    "data-from-elsewhere.xlsx", "name-that-climbs.xlsx",
)  # fmt: skip
REACHES = (
    "open,openat,openat2,creat,stat,lstat,newfstatat,statx,access,faccessat2,readlink,connect,bind,sendto,sendmsg,"
    "execve,fork,vfork,clone,clone3"
)
CONFINED = re.compile(r"^(\d+) .*prctl\(PR_SET_SECCOMP, SECCOMP_MODE_FILTER.*= 0$")
CALLED = re.compile(r"^(\d+) +[\d.:]*\s*(\w+)\(.* = (-?\d+)")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What strace saw while the files were checked, each by its own file's process."""
    folder = tmp_path_factory.mktemp("reaching")
    makers = {name: maker for name, _, maker in (*BAD_FILES, *ODD_FILES)}
    for name in ATTACKS:
        (folder / name).write_bytes(makers[name]())
    log = folder / "calls"
    command = [STRACE or "strace", "-f", "-qq", "-e", f"trace={REACHES},prctl", "-o", str(log), sys.executable, "-m", "gateway",
               "check", "--json", "--home", str(folder / "none"), *(str(folder / name) for name in ATTACKS)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 65, done.stderr
    assert len(done.stdout.splitlines()) == len(ATTACKS)
    return log.read_text(encoding="utf-8", errors="replace")


@pytest.mark.skipif(STRACE is None and not in_ci(), reason="strace is not installed; the run says so at its end")
def test_after_it_confined_itself_no_reader_opens_or_connects_anything(watched: str) -> None:
    confined: set[str] = set()
    reached = []
    for line in watched.splitlines():
        if found := CONFINED.match(line):
            confined.add(found[1])
        elif (found := CALLED.match(line)) and found[1] in confined and int(found[3]) >= 0:
            reached.append(line)
    assert confined
    assert reached == []


@pytest.mark.skipif(STRACE is None and not in_ci(), reason="strace is not installed; the run says so at its end")
def test_no_process_at_all_connects_or_opens_what_the_files_name(watched: str) -> None:
    calls = [line for line in watched.splitlines() if re.search(r"\b(connect|bind)\(", line)]
    assert [line for line in calls if "nscd/socket" not in line] == []  # the C library asks for the name of the user
    assert not [line for line in watched.splitlines() if re.search(r'"[^"]*(x\.dtd|x\.xsd|cron\.d)"', line)]
