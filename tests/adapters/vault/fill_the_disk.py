"""Writes blobs of growing size to a vault until told to stop, and prints what became of each; run by the fault tests.

Usage: fill_the_disk.py VAULT IDENTITY-FILE SIZE…
"""

from __future__ import annotations

import sys
from pathlib import Path

from adapters.vault.folder import FolderVault
from gateway.errors import DiskError
from keys.age_files import AgeFiles, recipient_of


def main(root: str, identity_file: str, *sizes: str) -> None:
    """One line for each blob: published or refused."""
    identity = Path(identity_file).read_text()
    vault = FolderVault(Path(root), AgeFiles([recipient_of(identity)], [identity]))
    for number, size in enumerate(sizes):
        key = f"parcel/P{number:04}"
        try:
            blob = vault.begin()
            for start in range(0, int(size), 65536):
                blob.write(bytes(min(65536, int(size) - start)))
            blob.publish(key)
            print("published", key, size, flush=True)
        except DiskError as error:
            print("refused", key, error.code, flush=True)
    for key, _ in sorted(vault.keys()):
        print("whole", key, len(vault.read(key)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
