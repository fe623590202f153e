"""Why something in a drop folder is not taken, in words for the person who finds it there."""

from __future__ import annotations

import stat

from gateway.errors import OperatorError, RefusedError

_KINDS = {stat.S_IFLNK: ("LINK", "a link"), stat.S_IFIFO: ("PIPE", "a pipe"), stat.S_IFDIR: ("FOLDER", "a folder"),
          stat.S_IFSOCK: ("SOCKET", "a socket"), stat.S_IFBLK: ("DEVICE", "a device"), stat.S_IFCHR: ("DEVICE", "a device")}


def refuse_kind(mode: int) -> RefusedError:
    """It is no plain file of this folder."""
    code, words = _KINDS.get(stat.S_IFMT(mode), ("FOREIGN", "a file of another file system"))
    return RefusedError(f"{words} was put into the drop folder where a file was expected", code=f"DROP-{code}",
                        hint="Put the file itself into the folder, and remove this.")


def refuse_links(links: int) -> RefusedError:
    """It has a second name."""
    return RefusedError(f"a file has {links} names where it may have one", code="DROP-HARD-LINK",
                        hint="Copy the file into the folder instead of linking it, and remove this one.")


def refuse_size(size: int, limit: int) -> RefusedError:
    """It is too large to be read."""
    return RefusedError(f"a file has {size} bytes, more than the {limit} that are taken", code="DROP-TOO-LARGE",
                        hint="Send it in parts, or ask for max_file_mb to be raised; the file was left where it is.")


def unreadable() -> OperatorError:
    """The gateway's user may not read it."""
    return OperatorError("a file in a drop folder cannot be read by the gateway", code="DROP-UNREADABLE",
                         hint="Give the gateway's user read access to the folder's files.")
