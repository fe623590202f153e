"""Why something in a drop folder is not read, in words for the person who put it there."""

from __future__ import annotations

import stat

from gateway.errors import RefusedError

_KINDS = {stat.S_IFREG: "file", stat.S_IFLNK: "link", stat.S_IFIFO: "pipe", stat.S_IFDIR: "folder", stat.S_IFSOCK: "socket",
          stat.S_IFBLK: "device", stat.S_IFCHR: "device"}


def words_for(mode: int) -> str:
    """What a file mode stands for, in one word."""
    return _KINDS.get(stat.S_IFMT(mode), "thing")


def refuse_kind(mode: int) -> RefusedError:
    """It is no file."""
    word = words_for(mode)
    if stat.S_ISDIR(mode):
        return RefusedError("A folder was put where a file was expected. It was left where it is; nothing in it was read.",
                            code="DROP-FOLDER", hint="Put the files themselves here, one by one, and take the folder away.")
    return RefusedError(f"A {word} was put where a file was expected. It was taken away; what it leads to was not read.",
                        code=f"DROP-{word.upper()}", hint="Put the file itself here.")


def refuse_links(links: int) -> RefusedError:
    """It has a second name, which may be someone else's."""
    return RefusedError(f"The file has {links} names where it may have 1. This name was taken away; the file was not read.",
                        code="DROP-HARD-LINK", hint="Copy the file here instead of linking it.")


def refuse_foreign() -> RefusedError:
    """It lies on another file system, mounted inside the folder."""
    return RefusedError("The file lies on another disk that is mounted here. It was left where it is and not read.",
                        code="DROP-FOREIGN", hint="Put the file itself here.")


def refuse_cut_off() -> RefusedError:
    """Its upload broke off."""
    return RefusedError("The upload broke off before the file's end and was not taken up again. What came was left where it is.",
                        code="DROP-CUT-OFF", hint="Send the file again, under the same name or another.")


def refuse_size(size: int, limit: int) -> RefusedError:
    """It is too large even to be kept."""
    return RefusedError(f"The file has {size:,} bytes. The largest that is kept has {limit:,}. It was not taken.",
                        code="DROP-TOO-LARGE",
                        hint="Send one file for each week or term, and take this one away. If it holds pictures, take them out.")


def refuse_unreadable() -> RefusedError:
    """The gateway's user may not read it."""
    return RefusedError("The file's permissions keep the gateway from reading it. It was left where it is.",
                        code="DROP-UNREADABLE",
                        hint="Send it again. If this comes back, tell the authority: its folder needs other permissions.")
