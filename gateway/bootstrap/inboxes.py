"""The inboxes of a home: its drop folders, S2S downloads and peers' folders, those of ``[[folders]]``, and remote ones over SFTP.

1. Events are used where they arrive, decided folder by folder; one watch serves all drop folders, because each costs the kernel
   an instance.
2. A server, and the shares whose files other machines keep, are looked at in lanes of their own: one that hangs delays no folder
   of this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.folder import DropFolder, FolderWatch, Limits, UploadListener, UploadLog, brings_events
from gateway.config import Settings, WatchedFolder
from gateway.config.parties import Polling, Server
from gateway.daemon import WatchedInbox
from gateway.daemon.plant import HERE
from gateway.domain.parcels.kinds import Channel
from gateway.ports import Ids

if TYPE_CHECKING:
    from adapters.sftp import SftpInbox, SftpLink

PICKUP_SECONDS = 60.0   # between two looks at what another authority left for us


def folder_inboxes(settings: Settings, ids: Ids) -> Iterator[WatchedInbox]:
    """Every watched folder."""
    limits = Limits(settle_seconds=settings.receive.settle_seconds, keep_bytes=settings.receive.keep_bytes)
    watches: dict[Path, FolderWatch] = {}
    listener = UploadListener()
    for folder in settings.watched():
        folder.path.mkdir(parents=True, exist_ok=True)
        watch = None
        if _has_events(folder):
            root = _root(settings, folder)
            watch = watches.setdefault(root, FolderWatch(root))
        every = settings.receive.rescan_seconds if watch is not None else settings.receive.poll_seconds
        uploads = UploadLog(settings.home / folder.sftp_log) if folder.sftp_log is not None else None
        drop = DropFolder(folder.path, folder.sender, folder.channel, ids, limits=limits, watch=watch, uploads=uploads,
                          listener=listener)
        yield WatchedInbox(drop, every, HERE if brings_events(folder.path) else "shares")


def remote_inboxes(settings: Settings, link: Callable[[Server], SftpLink], ids: Ids) -> Iterator[WatchedInbox]:
    """Every remote folder."""
    for inbox in settings.inboxes:
        remote = _remote(link(inbox), inbox.folder, inbox.sender, Channel.SFTP, settings, ids)
        yield WatchedInbox(remote, inbox.poll_seconds, inbox.host)
    for la, contact in settings.contacts.items():
        if contact.channel == "sftp" and contact.pickup:
            remote = _remote(link(contact), contact.pickup, la, Channel.PEER, settings, ids)
            yield WatchedInbox(remote, PICKUP_SECONDS, contact.host)


def _remote(link: SftpLink, folder: str, sender: str, channel: Channel, settings: Settings, ids: Ids) -> SftpInbox:
    from adapters.sftp import SftpInbox

    return SftpInbox(link, folder, sender, channel, ids, settings.receive.settle_seconds)


def _has_events(folder: WatchedFolder) -> bool:
    return folder.poll is not Polling.ALWAYS and (folder.poll is Polling.NEVER or brings_events(folder.path))


def _root(settings: Settings, folder: WatchedFolder) -> Path:
    """The folder whose one watch covers this one."""
    for shared in (settings.home / "drop", settings.home / "peers"):
        if folder.path.is_relative_to(shared):
            return shared
    return folder.path
