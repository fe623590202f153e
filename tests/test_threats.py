"""docs/threats.md claims nothing that is not there: each test and command that it names exists."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from gateway.commands.table import GROUPS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`([^`]+)`", row[-1]) if row[-1].startswith("`")})


def test_every_threat_that_is_defended_names_what_shows_it() -> None:
    defended = [row for row in ROWS if len(row) == 3 and row[0] not in ("threat", "---")]
    assert len(defended) > 30
    assert [row[0] for row in defended if not row[2].startswith("`")] == []
    assert len([row for row in ROWS if len(row) == 2]) > 10


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name: str) -> None:
    if name.startswith("tests/"):
        path, _, test = name.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert not test or test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    elif name.startswith("python -m "):
        found = importlib.util.find_spec(name.split()[2])
        assert found is not None and found.origin is not None
        assert "__main__" in Path(found.origin).read_text(encoding="utf-8")
    elif name.startswith("make "):
        assert re.search(rf"(?m)^{name.split()[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"))
    else:
        assert name.split()[:1] == ["gateway"]
        assert name.split()[1] in {entry.name for _, entries in GROUPS for entry in entries}
