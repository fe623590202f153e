"""The shape of the house, held by a machine: sizes, secrets, imports, libraries, generated pages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("gateway", "adapters", "schemas", "keys")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
CATCHES_EVERYTHING = 2            # the worker loop and the daemon loop
LIBRARIES = tomllib.loads((ROOT / "tests" / "libraries.toml").read_text(encoding="utf-8"))


@cache
def _tracked() -> tuple[Path, ...]:
    """Every file of the tree, as git knows it; without git, everything but what is made by building."""
    git = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False)
    if git.returncode == 0:
        return tuple(ROOT / line for line in git.stdout.splitlines() if (ROOT / line).is_file())
    made = {".venv", ".git", "build", "__pycache__"}
    return tuple(p for p in ROOT.rglob("*") if p.is_file() and not made & set(p.relative_to(ROOT).parts))


def _modules() -> list[Path]:
    return [p for p in _tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in ROOMS]


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_a_room_should_be() -> None:
    lengths = {_name(p): len(p.read_text(encoding="utf-8").splitlines()) for p in _modules()}
    assert {name: n for name, n in lengths.items() if n >= LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {}
    for path in _modules():
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.FunctionDef) and (length := (node.end_lineno or 0) - node.lineno + 1) >= LONGEST_FUNCTION:
                long[f"{_name(path)}:{node.name}"] = length
    assert long == {}


def test_no_private_key_is_in_the_tree() -> None:
    secret = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}|AGE-SECRET-KEY-1[0-9A-Z]{20}")
    assert [_name(p) for p in _tracked() if secret.search(p.read_bytes())] == []


def test_lock_files_pin_every_package_by_hash_and_hold_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"://|--(extra-)?index-url|--find-links|@ ", text)
        packages = re.findall(r"(?m)^[a-z0-9][^\n]*==", text)
        unhashed = re.findall(r"(?m)^[a-z0-9][^\n]*==[^\\\n]*$", text)
        assert packages
        assert unhashed == []


def test_every_dependency_is_in_the_lock() -> None:
    pinned = set(re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8")))
    assert set(_dependencies()) <= pinned


def test_everything_is_caught_in_the_worker_loop_and_the_daemon_loop_only() -> None:
    places = [f"{_name(p)}:{node.lineno}" for p in _modules() for node in ast.walk(_parsed(p))
              if isinstance(node, ast.ExceptHandler) and _catches_all(node)]
    assert len(places) <= CATCHES_EVERYTHING, places


def _catches_all(handler: ast.ExceptHandler) -> bool:
    """A handler that ends by raising again only cleans up: nothing is swallowed."""
    if isinstance(handler.body[-1], ast.Raise):
        return False
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(c is None or (isinstance(c, ast.Name) and c.id in ("Exception", "BaseException")) for c in caught)


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def _dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [re.split(r"[<>=!~\[; ]", line)[0] for line in project["dependencies"]]


def test_every_dependency_has_its_home_on_the_list() -> None:
    assert sorted(set(_dependencies()) - set(LIBRARIES)) == []
    assert sorted(set(LIBRARIES) - set(_dependencies()) - {"setuptools"}) == []


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_a_library_is_used_in_its_home_and_nowhere_else(library: str) -> None:
    entry = LIBRARIES[library]
    users = {_name(p) for p in _modules() if entry.get("module", library) in _imports(p)}
    homes = tuple(entry["homes"])
    assert {u for u in users if not u.startswith(homes)} == set() if homes else users == set()
    assert users or "indirect" in entry, f"{library} is a dependency that nothing imports"
    assert len(homes) <= 1 or "reason" in entry


@cache
def _imports(path: Path) -> frozenset[str]:
    return frozenset(_imported(_parsed(path)))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_nothing_names_the_machine_it_was_written_on() -> None:
    foreign = re.compile(r"(?<![\w.])/(?:work|farm)/\w|\b(?:pypi\.org|pythonhosted\.org|deb\.debian\.org|registry\.npmjs)")
    kinds = {".py", ".md", ".toml", ".lock", ".csv", ".html", ".css", ""}
    texts = [p for p in _tracked() if p.suffix in kinds and p.name != "test_house.py"]
    assert [_name(p) for p in texts if foreign.search(p.read_text(encoding="utf-8", errors="replace"))] == []


def test_the_generated_pages_are_current() -> None:
    done = subprocess.run([sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
