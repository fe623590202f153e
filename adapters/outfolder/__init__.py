"""Leaving things in a folder: receipts, packages for a shared folder, hand-overs, the S2S basket."""

from adapters.outfolder.outbox import FolderOutbox

__all__ = ["FolderOutbox"]
