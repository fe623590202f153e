"""``make cover``: branch coverage of the rooms in ``rooms.toml``, and the branches that no test takes; 1 when there are any.

    python -m tests.cover                  every room
    python -m tests.cover sealing ledger   these
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coverage import Coverage

ROOT = Path(__file__).parents[1]
ROOMS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads((ROOT / "tests" / "rooms.toml").read_text(encoding="utf-8"))


def main(asked: Sequence[str]) -> int:
    """Run the tests of the rooms asked for, and tell of each."""
    unknown = sorted(set(asked) - set(ROOMS))
    if unknown:
        print(f"no such rooms: {', '.join(unknown)}; there are {', '.join(ROOMS)}", file=sys.stderr)
        return 2
    rooms = {name: room for name, room in ROOMS.items() if not asked or name in asked}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "coverage"
        ran = _run(rooms, data)
        told = [_tell(name, room["code"], data) for name, room in rooms.items()]
    return 0 if ran == 0 and all(told) else 1


def _run(rooms: Mapping[str, Mapping[str, list[str]]], data: Path) -> int:
    tests = sorted({test for room in rooms.values() for test in room["tests"]})
    code = sorted({code.split("/")[0] for room in rooms.values() for code in room["code"]})
    command = [sys.executable, "-m", "pytest", "-n", os.environ.get("COVER_WORKERS", "auto"), "--cov-branch", "--cov-report=",
               *(f"--cov={package}" for package in code), *tests]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"COVERAGE_FILE": str(data)}, check=False).returncode


def _tell(name: str, code: Sequence[str], data: Path) -> bool:
    """Print a room's figure and its gaps; whether it has all."""
    coverage = Coverage(data_file=str(data), config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    taken = there = 0
    gaps: list[str] = []
    for path in _files(code):
        analysis: Any = coverage._analyze(str(path))
        numbers = analysis.numbers
        taken += numbers.n_executed + numbers.n_executed_branches
        there += numbers.n_statements + numbers.n_branches
        missing = analysis.missing_formatted(branches=True)
        if missing:
            gaps.append(f"    {path.relative_to(ROOT)}: {missing}")
    share = 100.0 if not there else 100.0 * taken / there
    print(f"{name:<10} {share:6.2f} %   {there} statements and branches, {there - taken} of them no test takes")
    print("\n".join(gaps), end="\n" if gaps else "")
    return taken == there


def _files(code: Sequence[str]) -> list[Path]:
    return sorted(path for place in code for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
