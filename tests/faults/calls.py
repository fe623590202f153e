"""System calls, as strace told them, carried over to a model of the disk.

Only what is below the model's root counts: pipes, sockets, memory files and the world outside are passed over. Shared memory is
too: SQLite makes its index anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.faults.powercut import Disk, File, Folder, Node
from tests.faults.strace import CALLS

TOLD = (*CALLS, "open", "openat", "close", "dup", "dup2", "dup3", "fcntl", "lseek", "read", "fallocate")
_CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD_PATH = re.compile(r"/proc/self/fd/(\d+)")
_AT = "AT_FDCWD"


@dataclass
class _Open:
    """An open descriptor: what it leads to, and where it stands."""

    node: Node
    at: int = 0


class Player:
    """Plays calls on a disk, one after the other."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._open: dict[int, _Open] = {}

        self._acts: dict[str, Callable[[list[str], int], None]] = {
            "open": lambda a, r: self._opened(_AT, a[0], a[1], r), "openat": lambda a, r: self._opened(a[0], a[1], a[2], r),
            "close": self._closed, "dup": self._duplicated, "dup2": self._duplicated, "dup3": self._duplicated,
            "fcntl": self._controlled, "lseek": self._moved, "read": self._read, "write": self._written, "pwrite64": self._put,
            "ftruncate": self._cut, "fallocate": self._grown, "fsync": self._synced, "fdatasync": self._synced,
            "rename": lambda a, _: self._renamed(_AT, a[0], _AT, a[1]), "renameat": lambda a, _: self._renamed(*a[:4]),
            "renameat2": lambda a, _: self._renamed(*a[:4]), "link": lambda a, _: self._linked(_AT, a[0], _AT, a[1]),
            "linkat": lambda a, _: self._linked(*a[:4]), "unlink": lambda a, _: self._removed(_AT, a[0]),
            "unlinkat": lambda a, _: self._removed(a[0], a[1]), "mkdir": lambda a, _: self._made(_AT, a[0]),
            "mkdirat": lambda a, _: self._made(a[0], a[1]), "rmdir": lambda a, _: self._removed(_AT, a[0]),
        }

    def play(self, lines: Sequence[str]) -> None:
        """Those that succeeded."""
        for line in lines:
            found = _CALL.match(line)
            if found and int(found[3]) >= 0:
                self._acts[found[1]](_arguments(found[2]), int(found[3]))

    # ── descriptors ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _opened(self, at: str, path: str, flags: str, fd: int) -> None:
        self._open.pop(fd, None)
        folder, name = self._place(at, path)
        node = self._node(at, path)
        if "O_TMPFILE" in flags and isinstance(node, Folder):
            node = File()
        elif node is None and "O_CREAT" in flags and folder is not None:
            node = File()
            self._disk.change((folder, name, node))
        elif "O_TRUNC" in flags and isinstance(node, File):
            node.truncate(0)
        if node is not None:
            self._open[fd] = _Open(node)

    def _closed(self, given: list[str], _: int) -> None:
        self._open.pop(int(given[0]), None)

    def _duplicated(self, given: list[str], result: int) -> None:
        self._open.pop(result, None)
        if int(given[0]) in self._open:
            self._open[result] = self._open[int(given[0])]

    def _controlled(self, given: list[str], result: int) -> None:
        if given[1].startswith("F_DUPFD"):
            self._duplicated(given, result)

    def _moved(self, given: list[str], result: int) -> None:
        if one := self._open.get(int(given[0])):
            one.at = result

    def _read(self, given: list[str], result: int) -> None:
        if one := self._open.get(int(given[0])):
            one.at += result

    # ── bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _written(self, given: list[str], result: int) -> None:
        one = self._open.get(int(given[0]))
        if one is not None and isinstance(one.node, File):
            one.node.write(one.at, os.fsencode(given[1])[:result])
            one.at += result

    def _put(self, given: list[str], result: int) -> None:
        if file := self._file(given[0]):
            file.write(int(given[3]), os.fsencode(given[1])[:result])

    def _cut(self, given: list[str], _: int) -> None:
        if file := self._file(given[0]):
            file.truncate(int(given[1]))

    def _grown(self, given: list[str], _: int) -> None:
        file, size = self._file(given[0]), int(given[2]) + int(given[3])
        if file and len(file.data) < size:
            file.truncate(size)

    def _synced(self, given: list[str], _: int) -> None:
        if one := self._open.get(int(given[0])):
            self._disk.sync(one.node)

    def _file(self, fd: str) -> File | None:
        one = self._open.get(int(fd))
        return one.node if one is not None and isinstance(one.node, File) else None

    # ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _renamed(self, at: str, old: str, new_at: str, new: str) -> None:
        (source, name), (target, new_name) = self._place(at, old), self._place(new_at, new)
        if source is not None and target is not None:
            self._disk.change((source, name, None), (target, new_name, source.names[name]))

    def _linked(self, at: str, old: str, new_at: str, new: str) -> None:
        descriptor = _FD_PATH.fullmatch(old)
        node = self._open[int(descriptor[1])].node if descriptor else self._node(at, old)
        target, name = self._place(new_at, new)
        if target is not None and node is not None:
            self._disk.change((target, name, node))

    def _removed(self, at: str, path: str) -> None:
        folder, name = self._place(at, path)
        if folder is not None:
            self._disk.change((folder, name, None))

    def _made(self, at: str, path: str) -> None:
        folder, name = self._place(at, path)
        if folder is not None:
            self._disk.change((folder, name, Folder()))

    def _place(self, at: str, path: str) -> tuple[Folder | None, str]:
        """The folder that holds a name, when it is one of the disk's."""
        above, name = os.path.split(path)
        node = self._node(at, above) if above or at != _AT else None
        return (node if isinstance(node, Folder) else None), name

    def _node(self, at: str, path: str) -> Node | None:
        if path.startswith("/"):
            return self._disk.find(path)
        one = self._open.get(int(at)) if at != _AT else None
        node: Node | None = one.node if one else None
        for part in path.split("/"):
            if part and part != ".":
                node = node.names.get(part) if isinstance(node, Folder) else None
        return node


def _arguments(text: str) -> list[str]:
    """The arguments of a call. Its strings hold no comma, for they are in hexadecimal."""
    return [_plain(argument.strip()) for argument in text.split(", ")]


def _plain(argument: str) -> str:
    string = _STRING.match(argument)
    return os.fsdecode(bytes.fromhex(string[1].replace("\\x", ""))) if string else argument
