"""Events for speed. Truth is the rescan: events may be lost, doubled, or never come.

1. One observer for all folders under a root: an inotify instance per folder would exhaust the machine's 128.
2. A file moved to its name inside the root, or from outside it, was renamed into place; the folder is told so.
3. What the gateway itself does (``.taking``, ``receipts``) wakes nobody.
4. Network and user-space file systems bring no events of other machines: they are rescanned only. So is a folder whose watch
   the kernel refuses.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyObserver

from adapters.folder.linux import file_system

_SILENT = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "glusterfs", "lustre", "vboxsf", "virtiofs", "fuse",
})
_EVENTS: tuple[type[FileSystemEvent], ...] = (FileMovedEvent, FileClosedEvent, FileCreatedEvent)


def brings_events(folder: Path) -> bool:
    """Whether the kernel sees every change in this folder, those of other machines included."""
    return file_system(folder).split(".")[0] not in _SILENT


@dataclass(frozen=True)
class _Follower:
    moved: Callable[[str], None]
    wake: Callable[[], None]


class FolderWatch(FileSystemEventHandler):
    """Follows any number of folders under one root, from the first follower to the last."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._followers: dict[str, _Follower] = {}
        self._observer: BaseObserver | None = None
        self._lock = threading.Lock()

    @contextmanager
    def following(self, folder: Path, moved: Callable[[str], None], wake: Callable[[], None]) -> Iterator[None]:
        """Call ``moved`` with each name renamed into place in ``folder``, and ``wake`` when anything came."""
        place = os.fspath(folder.resolve())
        with self._lock:
            self._followers[place] = _Follower(moved, wake)
            self._start()
        try:
            yield
        finally:
            with self._lock:
                del self._followers[place]
                observer = None if self._followers else self._observer
                self._observer = self._observer if self._followers else None
            if observer is not None:
                observer.stop()
                observer.join(timeout=5)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Tell the folder in which the file now stands."""
        moved = isinstance(event, FileMovedEvent)
        path = os.fsdecode(event.dest_path if moved else event.src_path)
        place, name = os.path.split(path)
        follower = self._followers.get(place)
        if follower is None:
            return
        if moved:
            follower.moved(name)
        follower.wake()

    def _start(self) -> None:
        if self._observer is not None or not brings_events(self._root):
            return
        observer = InotifyObserver(generate_full_events=True)
        try:
            observer.schedule(self, os.fspath(self._root), recursive=True, event_filter=list(_EVENTS))
            observer.start()
        except OSError:  # no more watches or instances to be had: the rescan finds everything, only later
            return
        self._observer = observer
