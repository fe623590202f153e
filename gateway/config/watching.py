"""A folder is one sender's: ``[[folders]]`` may not make another sender of what lies in a drop folder.

What a file counts as would depend on which of the two took it first.
"""

from __future__ import annotations

from gateway.config.settings import Settings
from gateway.errors import ConfigError


def check_folders(settings: Settings) -> Settings:
    """The settings again, or ConfigError about the first entry of [[folders]] that lies in somebody else's drop folder."""
    drop = (settings.home / "drop").resolve()
    for number, folder in enumerate(settings.folders):
        path = (settings.home / folder.path).resolve()
        if path == drop or not path.is_relative_to(drop):
            continue
        owner = path.relative_to(drop).parts[0]
        if owner != folder.sender:
            raise ConfigError(
                f'folders.{number}.path = "{folder.path}" lies in the drop folder of {owner}, but its sender is {folder.sender}',
                code="CONFIG", hint=f'Remove the entry (drop/{owner} is watched by itself), or write sender = "{owner}".')
    return settings
