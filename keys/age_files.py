"""age files: the only home of pyrage.

1. X25519 recipients only: no passphrases, no armour, no plug-ins. A file must begin with the binary header.
2. pyrage 1.4.0 hides a write error at its final flush, so the sink is wrapped: it remembers the first error and counts
   what was taken, and the count is what ``finish`` gives back, for comparison with the disk's own answer.
3. What decryption writes is unproven until it returns; the last chunk alone shows that nothing was cut off.
4. Up to ``HELD_BYTES`` are sealed in one go; beyond, a thread pulls from a pipe, so that memory stays flat.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Sequence
from typing import IO

import pyrage
from pyrage import x25519

from gateway.errors import ConfigError, DiskError, TamperError
from keys.weak import check_sealing_key

HELD_BYTES = 1 << 20   # most returns are below; a thread and a pipe for each would cost more than the sealing
HEADER = b"age-encryption.org/v1\n"


def new_identity() -> tuple[str, str]:
    """A fresh secret identity and its public recipient, both as text."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(identity: str) -> str:
    """The public recipient of a secret identity."""
    return str(_identity(identity).to_public())


def check_recipient(text: str) -> str:
    """The same text, when it is an X25519 recipient that can be relied on; ConfigError otherwise."""
    _recipient(text)
    return text


def seal(plain: bytes, recipients: Sequence[str]) -> bytes:
    """Seal a small thing in memory."""
    sealed: bytes = pyrage.encrypt(plain, [_recipient(r) for r in recipients])
    return sealed


def unseal(sealed: bytes, identities: Sequence[str]) -> bytes:
    """Open a small thing in memory, or raise TamperError."""
    out = io.BytesIO()
    AgeFiles((), identities).open(io.BytesIO(sealed), out)
    return out.getvalue()


class AgeFiles:
    """Seals files for its recipients, opens them with its identities. Implements ``ports.FileSealer``."""

    def __init__(self, recipients: Sequence[str], identities: Sequence[str]) -> None:
        self._recipients = [_recipient(r) for r in recipients]
        self._identities = [_identity(i) for i in identities]

    def sealing(self, sink: IO[bytes]) -> AgeStream:
        """Begin a sealed file in ``sink``, which stays the caller's to flush, sync and close."""
        if not self._recipients:
            raise ConfigError("no recipient to seal for, at least 1 expected", code="NO-RECIPIENT",
                              hint="Load the key ring, or add the contact's key with `gateway keys trust`.")
        return AgeStream(sink, self._recipients)

    def open(self, source: IO[bytes], sink: IO[bytes]) -> int:
        """Open ``source`` into ``sink``; bytes written. TamperError when it is not whole, not age, or not for us."""
        start = source.read(len(HEADER))
        if start != HEADER:
            raise _not_opened(f"begins with {start[:8]!r}, expected the age header")
        taken = CountingSink(sink)
        try:
            pyrage.decrypt_io(_Rest(start, source), taken, self._identities)
        except (pyrage.DecryptError, OSError) as error:
            if taken.error is None:
                raise _not_opened(str(error)) from error
        if taken.error is not None:
            raise _disk(taken.error) from taken.error
        return taken.count


class CountingSink:
    """Counts what the sink took and remembers the first failure, whatever the caller makes of it."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self.count = 0
        self.error: OSError | None = None

    def write(self, chunk: bytes) -> int:
        """Pass on whole, or remember why not. After a failure nothing more is passed on: no gap can arise."""
        if self.error is not None:
            raise self.error
        rest = memoryview(chunk)
        try:
            while rest:
                taken = self._sink.write(rest)
                self.count += taken
                rest = rest[taken:]
        except OSError as error:
            self.error = error
            raise
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back here; syncing is the owner's, once, after the count was compared."""


class AgeStream:
    """One sealed file being written. Implements ``ports.SealingStream``."""

    def __init__(self, sink: IO[bytes], recipients: Sequence[x25519.Recipient]) -> None:
        self._sink = CountingSink(sink)
        self._recipients = recipients
        self._held: list[bytes] = []
        self._size = 0
        self._feed: _Feed | None = None

    def write(self, chunk: bytes) -> None:
        """Take plain bytes. DiskError as soon as the sink is known to have failed."""
        self._size += len(chunk)
        if self._feed is None and self._size <= HELD_BYTES:
            self._held.append(chunk)
            return
        if self._feed is None:
            self._feed = _Feed(self._encrypt)
            self._feed.write(b"".join(self._held))
            self._held.clear()
        self._feed.write(chunk)
        self._raise_failure()

    def finish(self) -> int:
        """Seal the rest; the sealed size as counted at the sink. DiskError when any byte was not taken."""
        if self._feed is None:
            self._encrypt(io.BytesIO(b"".join(self._held)))
        else:
            self._feed.close()
        self._raise_failure()
        return self._sink.count

    def abandon(self) -> None:
        """Stop; what the sink holds is not a whole age file and must not be kept."""
        self._held.clear()
        if self._feed is not None:
            self._feed.close()

    def _encrypt(self, source: IO[bytes]) -> None:
        try:
            pyrage.encrypt_io(source, self._sink, self._recipients)
        except (pyrage.EncryptError, OSError) as error:
            self._sink.error = self._sink.error or OSError(str(error))

    def _raise_failure(self) -> None:
        if self._sink.error is not None:
            raise _disk(self._sink.error) from self._sink.error


class _Feed:
    """A pipe and a thread, turning what is pushed into a file that can be pulled."""

    def __init__(self, pull: Callable[[IO[bytes]], None]) -> None:
        read_end, write_end = os.pipe()
        self._write_end: int | None = write_end
        self._thread = threading.Thread(target=self._run, args=(pull, read_end), name="sealing", daemon=True)
        self._thread.start()

    @staticmethod
    def _run(pull: Callable[[IO[bytes]], None], read_end: int) -> None:
        with os.fdopen(read_end, "rb") as source:   # closed on failure too: the pusher then sees a broken pipe, not a wait
            pull(source)

    def write(self, chunk: bytes) -> None:
        """Push; when the puller has given up, stop without a word: its own error is the one to report."""
        rest = memoryview(chunk)
        while rest and self._write_end is not None:
            try:
                rest = rest[os.write(self._write_end, rest):]
            except BrokenPipeError:
                self.close()

    def close(self) -> None:
        """End of file for the puller; wait until it is through."""
        if self._write_end is not None:
            os.close(self._write_end)
            self._write_end = None
        self._thread.join()


class _Rest:
    """The header that was looked at, then the rest of the source."""

    def __init__(self, start: bytes, source: IO[bytes]) -> None:
        self._start = start
        self._source = source

    def read(self, size: int = -1) -> bytes:
        if self._start:
            start, self._start = self._start, b""
            return start
        return self._source.read(size)


def _recipient(text: str) -> x25519.Recipient:
    try:
        recipient = x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise ConfigError(f"not an X25519 age recipient: {text[:12]!r}, expected age1 and 58 letters", code="BAD-RECIPIENT",
                          hint="Ask for the other side's `gateway keys export`; no passphrase, no SSH key.") from error
    check_sealing_key(text)       # pyrage panics on one that is weak, which no handler of ours would see
    return recipient


def _identity(text: str) -> x25519.Identity:
    try:
        return x25519.Identity.from_str(text.strip())
    except pyrage.IdentityError as error:
        raise ConfigError("not an age identity: expected AGE-SECRET-KEY-1 and 58 letters", code="BAD-IDENTITY",
                          hint="Restore the private key file from its safe place.") from error


def _not_opened(why: str) -> TamperError:
    return TamperError(f"sealed file does not open: {why}", code="SEALED-NOT-OPENED",
                       hint="It was cut off, changed, or sealed for another key. Do not use any of it; look for another copy.")


def _disk(error: OSError) -> DiskError:
    return DiskError(f"sealed file was not written: {error.strerror or error}", code="SEALED-NOT-WRITTEN",
                     hint="Make room or mend the disk; the plain file is still where it was and is taken again.")
