"""The zip inside a package: two members, written one way only.

1. Read in memory, never extracted; bounded before anything is unpacked.
2. Stored, not deflated: there is nothing to save, and nothing to blow up.
3. Canonical: written again from what was read, it must be the same bytes. So no byte of it can be changed, no third member
   hidden, nothing put before, between or behind.
"""

from __future__ import annotations

import io
import zipfile

from gateway.domain.referrals.message import PackageError

MANIFEST = "manifest.note"
PAYLOAD = "payload.json"
MAX_PACKAGE = 1 << 20    # a referral is a few kilobytes; a mebibyte is room for every sibling and parent
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(manifest: str, payload: bytes) -> bytes:
    """The zip of a manifest and a payload; the same two give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((MANIFEST, manifest.encode()), (PAYLOAD, payload)):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system = 3
            member.external_attr = 0o600 << 16
            archive.writestr(member, content)
    return packed.getvalue()


def unpack(packed: bytes) -> tuple[str, bytes]:
    """The manifest and the payload, or PackageError."""
    if len(packed) > MAX_PACKAGE:
        raise _bad(f"holds {len(packed)} bytes, at most {MAX_PACKAGE} expected")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = archive.infolist()
            if [m.filename for m in members] != [MANIFEST, PAYLOAD]:
                raise _bad(f"holds {len(members)} members, expected {MANIFEST} and {PAYLOAD}")
            if any(m.compress_type != zipfile.ZIP_STORED or m.file_size > MAX_PACKAGE or m.flag_bits for m in members):
                raise _bad("holds a member that is packed, sealed or too large")
            manifest, payload = archive.read(MANIFEST), archive.read(PAYLOAD)
        text = manifest.decode()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _bad("is no zip of a manifest and a payload") from error
    if pack(text, payload) != packed:
        raise _bad("is not written the canonical way")
    return text, payload


def _bad(why: str) -> PackageError:
    return PackageError(f"the package {why}", code="PACKAGE-SHAPE", hint="Ask the sender for it as it left their gateway.")
