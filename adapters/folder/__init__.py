"""Drop folders: where schools, and peers with a shared folder, put their files."""

from adapters.folder.inbox import DropFolder, Limits
from adapters.folder.watch import FolderWatch, brings_events

__all__ = ["DropFolder", "FolderWatch", "Limits", "brings_events"]
