"""What a disk holds when the power goes: a model of files and folders that is told every system call of a real run.

1. A file has the bytes that were written and those that were synced; a change of a name is durable or not yet.
2. Syncing a file makes its bytes durable, not its name. Syncing a folder makes the changes of its names durable, not the bytes of
   what they name, and not its own name. A rename is one change, in both folders or in neither.
3. When the power goes, all that was synced is there. On a *strict* disk nothing else is. On a *careless* one the first few of the
   other changes of names are there, and any of the other pages of each file: names before bytes, bytes before names.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGE = 4096


@dataclass(eq=False)
class File:
    """Bytes, and those that are durable."""

    data: bytearray = field(default_factory=bytearray)
    kept: bytes = b""

    def write(self, at: int, piece: bytes) -> None:
        """As ``pwrite``."""
        if len(self.data) < at:
            self.data.extend(bytes(at - len(self.data)))
        self.data[at:at + len(piece)] = piece

    def truncate(self, size: int) -> None:
        """As ``ftruncate``."""
        del self.data[size:]
        self.data.extend(bytes(size - len(self.data)))

    def sync(self) -> None:
        """As ``fsync``."""
        self.kept = bytes(self.data)

    def after(self, chance: random.Random | None) -> bytes:
        """When the power has gone: strict without chance."""
        if chance is None or self.kept == self.data:
            return self.kept
        mixed = bytearray(self.data if chance.random() < 0.5 else self.kept)     # which size is known
        for start in range(0, len(mixed), PAGE):
            whole = self.data if chance.random() < 0.5 else self.kept
            piece = bytes(whole[start:start + PAGE][:len(mixed) - start])
            mixed[start:start + len(piece)] = piece
        return bytes(mixed)


@dataclass(eq=False)
class Folder:
    """Names as they are now; which of their changes are durable is the disk's to know."""

    names: dict[str, Node] = field(default_factory=dict)


Node = File | Folder
Change = tuple[Folder, str, Node | None]


@dataclass(eq=False)
class Step:
    """One change of names: one entry, or for a rename two."""

    changes: tuple[Change, ...]
    durable: bool = False


class Disk:
    """The tree below a root, with its past since the power came on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.top = _loaded(root)
        self._first = {folder: dict(folder.names) for folder in _folders(self.top)}
        self._steps: list[Step] = []

    def find(self, path: str) -> Node | None:
        """What a path names, when it is below the root."""
        parts = Path(path)
        if not parts.is_relative_to(self.root):
            return None
        node: Node | None = self.top
        for part in parts.relative_to(self.root).parts:
            node = node.names.get(part) if isinstance(node, Folder) else None
        return node

    def change(self, *changes: Change) -> None:
        """Names change; not durably yet."""
        for folder, name, node in changes:
            if node is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = node
        self._steps.append(Step(changes))

    def sync(self, node: Node) -> None:
        """As ``fsync``."""
        if isinstance(node, File):
            node.sync()
            return
        for step in self._steps:
            step.durable = step.durable or any(folder is node for folder, _, _ in step.changes)

    def now(self, pattern: str) -> dict[str, bytes]:
        """Files whose path from the root fits, as everyone sees them at this moment."""
        return {path: bytes(node.data) for path, node in _walk(self.top, Path()) if Path(path).match(pattern)}

    def differs(self) -> list[str]:
        """Files that are not as they really are, but for SQLite's shared memory, which no call tells of."""
        model = {path: bytes(node.data) for path, node in _walk(self.top, Path())}
        real = {str(path.relative_to(self.root)): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}
        paths = {path for path in model.keys() | real.keys() if not path.endswith("-shm")}
        return sorted(path for path in paths if model.get(path) != real.get(path))

    def after_the_cut(self, target: Path, chance: random.Random | None = None) -> None:
        """Write down below ``target`` what is there when the power comes back; strict without chance."""
        lasting = {folder: dict(names) for folder, names in self._first.items()}
        open_steps = [step for step in self._steps if not step.durable]
        lucky = set(open_steps[:chance.randrange(len(open_steps) + 1)]) if chance else set()
        for step in self._steps:
            for folder, name, node in step.changes if step.durable or step in lucky else ():
                entries = lasting.setdefault(folder, {})
                if node is None:
                    entries.pop(name, None)
                else:
                    entries[name] = node
        _write(self.top, lasting, target, chance)


def _loaded(path: Path) -> Folder:
    folder = Folder()
    for entry in sorted(path.iterdir()):
        content = entry.read_bytes() if entry.is_file() else b""
        folder.names[entry.name] = _loaded(entry) if entry.is_dir() else File(bytearray(content), content)
    return folder


def _folders(top: Folder) -> Iterator[Folder]:
    yield top
    for node in top.names.values():
        if isinstance(node, Folder):
            yield from _folders(node)


def _walk(folder: Folder, path: Path) -> Iterator[tuple[str, File]]:
    for name, node in folder.names.items():
        if isinstance(node, Folder):
            yield from _walk(node, path / name)
        else:
            yield str(path / name), node


def _write(folder: Folder, lasting: dict[Folder, dict[str, Node]], target: Path, chance: random.Random | None) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, node in lasting.get(folder, {}).items():
        if isinstance(node, Folder):
            _write(node, lasting, target / name, chance)
        else:
            (target / name).write_bytes(node.after(chance))
            (target / name).chmod(0o600)
