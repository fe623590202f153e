"""Workbooks under a password: opened with the passwords the sender gave us, and closed again with the same one.

1. Only the sender's own passwords are tried, and the one that Excel itself uses for “protected” workbooks without a password.
2. What was opened is screened again from the start: a locked file is not a way around the rules.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from xml.etree.ElementTree import ParseError

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError
from msoffcrypto.exceptions import ParseError as OfficeParseError
from msoffcrypto.method.ecma376_agile import ECMA376Agile

from schemas.content import as_file
from schemas.screening import refusals

EXCELS_OWN = "VelvetSweatshop"     # what Excel encrypts with when a workbook is protected but has no password to open
SPINS = 100_000                    # as Excel does: each guess of a password costs that many hashes
_UNREADABLE = (FileFormatError, OfficeParseError, ParseError, OSError, KeyError, ValueError, TypeError, IndexError,
               AttributeError, struct.error, AssertionError)


def unlock(content: bytes, passwords: Sequence[str]) -> tuple[bytes, str]:
    """The workbook inside, and the password that opened it. RefusedError: none of them does, or it is damaged."""
    for password in (*passwords, EXCELS_OWN):
        try:
            office = msoffcrypto.OfficeFile(as_file(content))
            office.load_key(password=password, verify_password=True)
            opened = io.BytesIO()
            office.decrypt(opened)
        except (InvalidKeyError, DecryptionError):
            continue
        except _UNREADABLE as error:
            raise refusals.DAMAGED.refusal() from error
        return opened.getvalue(), password
    raise refusals.LOCKED.refusal()


def lock(content: bytes, password: str, spins: int = SPINS) -> bytes:
    """The workbook under a password, as Excel would lock it."""
    return bytes(ECMA376Agile.encrypt(password, io.BytesIO(content), spin_count=spins))
