"""Where files come from and where they go, by config: inboxes, answers to senders, outboxes, notices.

1. A sender is answered where its file came from: ``receipts/`` beside a drop folder, the answers folder of an SFTP inbox. What a
   person handed in, or brought from S2S, is answered in ``HOME/receipts/<sender>/``. Another gateway is answered in kind.
2. One connection to each SFTP server, shared by all that go there.
3. Team hand-overs go to ``HOME/handover/<team>`` unless ``[outboxes]`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.mail.fallback import WithFallback
from adapters.noticefolder import NoticeFolder
from adapters.outfolder import FolderOutbox
from gateway.bootstrap.mailing import mail_notifier
from gateway.config import Settings
from gateway.config.parties import ContactEntry, Place, Server
from gateway.domain.parcels.kinds import Channel
from gateway.errors import ConfigError
from gateway.ports import Ids, Notifier, Outbox

if TYPE_CHECKING:
    from adapters.sftp import SftpLink
    from gateway.daemon import WatchedInbox

_PERSONAL = frozenset({Channel.EGRESS, Channel.AGENCY, Channel.HAND, Channel.S2S})


class Places:
    """The outside of a home."""

    def __init__(self, settings: Settings, ids: Ids) -> None:
        self._settings = settings
        self._home = settings.home
        self._ids = ids
        self._links: dict[tuple[str, int, str], SftpLink] = {}

    def close(self) -> None:
        """End every connection."""
        for link in self._links.values():
            link.close()

    @cached_property
    def notifier(self) -> Notifier:
        """Mail with the folder behind it, or the folder alone."""
        folder = NoticeFolder(self._home / "notices", rehearsal=self._settings.rehearsal)
        if not self._settings.mail.host:
            return folder
        return WithFallback(mail_notifier(self._settings), folder)

    def answers(self, sender: str, channel: Channel) -> Outbox | None:
        """Where a sender's receipts go; None: it is answered otherwise."""
        if channel is Channel.PEER:
            return None
        if channel in _PERSONAL:
            return self._folder(self._home / "receipts" / sender)
        if channel is Channel.SFTP:
            for inbox in self._settings.inboxes:
                if inbox.sender == sender:
                    return self._remote(inbox, inbox.answers)
        for watched in self._settings.watched():
            if (watched.sender, watched.channel) == (sender, channel):
                return self._folder(watched.path / "receipts")
        # A folder is never made for who has none: it would be watched as that sender's own from then on.
        drop = self._home / "drop" / sender
        return self._folder(drop / "receipts") if drop.is_dir() else None

    def outbox(self, purpose: str) -> Outbox:
        """The outbox for a purpose: ``peer:991``, ``handover:ehe``, ``s2s:2026-11-16``. ConfigError when nothing is set up."""
        sort, _, name = purpose.partition(":")
        if purpose in self._settings.outboxes:
            return self._place(self._settings.outboxes[purpose])
        if sort == "peer":
            if name not in self._settings.contacts:
                raise ConfigError(f"there is no contact for authority {name}", code="NO-CONTACT",
                                  hint=f"Write [contacts.{name}] in config.toml and trust its key: gateway keys trust.")
            contact = self._settings.contacts[name]
            if contact.by_hand:
                raise ConfigError(f"authority {name} has no gateway: it is told by {contact.channel}", code="BY-HAND",
                                  hint="Tell it, then record that: gateway referrals sent")
            return self._place(contact)
        if sort == "handover" and name:
            return self._folder(self._home / "handover" / name)
        if sort == "s2s":
            return self._folder(self._home / "s2s" / "to-upload" / name)
        if purpose == "s2s-record":
            return self._folder(self._home / "s2s" / "uploaded")
        raise ConfigError(f"there is no outbox for {purpose!r}", code="NO-OUTBOX",
                          hint=f'Write [outboxes."{purpose}"] in config.toml.')

    def inboxes(self) -> Sequence[WatchedInbox]:
        """Everything the daemon looks at."""
        from gateway.bootstrap.inboxes import folder_inboxes, remote_inboxes

        return [*folder_inboxes(self._settings, self._ids), *remote_inboxes(self._settings, self.link, self._ids)]

    def link(self, server: Server) -> SftpLink:
        """The one connection to a server as a user."""
        from adapters.sftp import SftpLink, SftpServer  # loaded when a server is configured

        place = (server.host, server.port, server.user)
        if place not in self._links:
            self._links[place] = SftpLink(SftpServer(host=server.host, port=server.port, user=server.user,
                                                     key_file=self._home / (server.key_file or ""), host_key=server.host_key))
        return self._links[place]

    def _place(self, place: Place | ContactEntry) -> Outbox:
        if place.channel == "sftp":
            return self._remote(place, place.folder)
        return self._folder(self._home / (place.path or ""))

    def _folder(self, folder: Path) -> Outbox:
        where = str(folder.relative_to(self._home)) if folder.is_relative_to(self._home) else str(folder)
        return FolderOutbox(folder, where)

    def _remote(self, server: Server, folder: str) -> Outbox:
        from adapters.sftp import SftpOutbox

        return SftpOutbox(self.link(server), folder)
