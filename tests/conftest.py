"""Parts of the system that tests run for real: a loud line when one is missing, a failure when CI runs without it.

What a machine forbids whatever is installed (namespaces, to a user who is not root) is not run, and said as loudly.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter

import pytest

SYSTEM_PATH = os.environ.get("PATH", "") + os.pathsep + os.pathsep.join(("/usr/sbin", "/sbin"))
REAL_PARTS = {
    "sshd": "OpenSSH's server is not installed: SFTP was tested against asyncssh's server only",
    "strace": "strace is not installed: the order of system calls was not watched",
    "systemctl": "systemd is not installed: the units and the SFTP server of deploy/ were not run",
    "lftp": "lftp is not installed: nothing was uploaded with it",
    "curl": "curl is not installed: nothing was uploaded with it",
    "rclone": "rclone is not installed: nothing was uploaded with it",
}


def missing_parts() -> list[str]:
    """What was said of each real part that this machine lacks."""
    return [said for program, said in REAL_PARTS.items() if shutil.which(program, path=SYSTEM_PATH) is None]


def in_ci() -> bool:
    """Whether a missing part is a failure."""
    return os.environ.get("CI", "").lower() == "true"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI=true a missing real part fails the run."""
    if in_ci() and missing_parts() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One loud line for each part."""
    for said in missing_parts():
        _loud(terminalreporter, f"{said}. make test-system installs it.")
    skipped = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()))
    for why, tests in skipped.items():
        _loud(terminalreporter, f"{tests} tests were not run. {why}")


def _loud(terminalreporter: pytest.TerminalReporter, said: str) -> None:
    terminalreporter.write_line(f"!!!! {said} !!!!", red=in_ci(), yellow=not in_ci(), bold=True)
