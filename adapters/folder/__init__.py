"""Drop folders: where schools, and peers with a shared folder, put their files."""

from adapters.folder.inbox import DropFolder, Limits
from adapters.folder.uploads import UploadListener, UploadLog
from adapters.folder.watch import FolderWatch, brings_events

__all__ = ["DropFolder", "FolderWatch", "Limits", "UploadListener", "UploadLog", "brings_events"]
