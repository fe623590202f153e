"""What lies in ``drop/``: only folders of those from whom something is expected.

A file beside the folders belongs to nobody and is taken by nobody; a folder that is not watched is looked into by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.bootstrap.doctor.diagnosis import Diagnosis, fault, note, ok
from gateway.bootstrap.home import Home
from gateway.domain.register.senders import stranger


def check_senders(home: Home) -> Iterator[Diagnosis]:
    """Files in ``drop/`` itself, folders that no sender has, folders from which nothing is expected."""
    drop, la = home.path / "drop", home.settings.authority.la
    watched = {folder.path: folder.sender for folder in home.settings.watched() if folder.path.parent == drop}
    here = sorted(path for path in drop.glob("*") if not path.name.startswith("."))
    strays = [path for path in here if path not in watched]
    for path in strays:
        # Its name may be a child's: it is not printed.
        what = "a folder in drop/ with no sender's name" if path.is_dir() else "a file in drop/ itself"
        yield fault("senders", f"{what} is nobody's: it is never looked at", f"ls -l {drop}; move it to the sender's folder")
    strange = []
    for path, sender in watched.items():
        doubt = stranger(sender, home.register, la, home.policy.expected)
        if doubt:
            strange.append(path)
            yield fault("senders", f"drop/{sender} {doubt}: what comes there waits for a person",
                        f'[senders.{sender}] name = "…" if it is right; else take {path} away')
    if not home.register.establishments:
        yield note("senders", "without a register of schools whatever name a folder in drop/ has is believed")
    elif not strays and not strange:
        yield ok("senders", f"each of {len(watched)} folders in drop/ is a known sender's")
