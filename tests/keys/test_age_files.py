from __future__ import annotations

import io
import threading
from typing import IO, cast

import pytest

from gateway.errors import ConfigError, DiskError, TamperError
from keys.age_files import HELD_BYTES, AgeFiles, new_identity, recipient_of, seal, unseal

OURS, OURS_PUBLIC = new_identity()
RECOVERY, RECOVERY_PUBLIC = new_identity()
SMALL = b"Surname,Forename\r\nQuillfeather,Zo\xc3\xab\r\n" * 20
LARGE = bytes(range(256)) * (HELD_BYTES // 64)   # four times what is held in memory


class FullAfter(io.BytesIO):
    """A sink with room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, chunk: object) -> int:
        data = bytes(cast(bytes, chunk))
        if self.tell() + len(data) > self.room:
            raise OSError(28, "No space left on device")
        return super().write(data)


class Dribble(io.BytesIO):
    """A sink that takes at most seven bytes at a time, as a file descriptor may."""

    def write(self, chunk: object) -> int:
        return super().write(bytes(cast(bytes, chunk))[:7])


def sealed(plain: bytes, sink: IO[bytes], piece: int = 65536) -> int:
    stream = AgeFiles([OURS_PUBLIC, RECOVERY_PUBLIC], []).sealing(sink)
    for start in range(0, len(plain), piece):
        stream.write(plain[start:start + piece])
    return stream.finish()


@pytest.mark.parametrize("plain", [b"", b"x", SMALL, LARGE], ids=["empty", "one byte", "small", "large"])
@pytest.mark.parametrize("identity", [OURS, RECOVERY], ids=["gateway", "recovery"])
def test_what_was_sealed_opens_with_either_key(plain: bytes, identity: str) -> None:
    sink, out = io.BytesIO(), io.BytesIO()
    assert sealed(plain, sink) == len(sink.getvalue())
    assert AgeFiles([], [identity]).open(io.BytesIO(sink.getvalue()), out) == len(plain)
    assert out.getvalue() == plain


def test_another_key_opens_nothing() -> None:
    stranger, _ = new_identity()
    with pytest.raises(TamperError):
        unseal(seal(SMALL, [OURS_PUBLIC]), [stranger])


@pytest.mark.parametrize("plain", [b"x" * 50, SMALL, LARGE], ids=["tiny", "small", "large"])
def test_a_disk_that_fills_at_any_byte_is_always_noticed(plain: bytes) -> None:
    about = sealed(plain, io.BytesIO())   # the header's padding stanza is random, so is the exact size
    for room in {*range(0, min(about, 900), 37), *range(about - 40, about + 40, 3), max(0, about - 70000)}:
        sink = FullAfter(room)
        try:
            taken = sealed(plain, sink)
        except DiskError:
            continue
        assert taken == len(sink.getvalue())
        assert unseal(sink.getvalue(), [OURS]) == plain


def test_a_full_disk_is_never_called_success() -> None:
    for room in range(0, 200, 11):
        with pytest.raises(DiskError):
            sealed(b"x" * 200, FullAfter(room))


def test_a_sink_that_takes_little_at_a_time_still_gets_everything() -> None:
    sink = Dribble()
    assert sealed(SMALL, sink) == len(sink.getvalue())
    assert unseal(sink.getvalue(), [OURS]) == SMALL


def test_a_file_cut_off_anywhere_does_not_open() -> None:
    whole = seal(SMALL, [OURS_PUBLIC])
    for cut in range(0, len(whole), 13):
        with pytest.raises(TamperError):
            unseal(whole[:cut], [OURS])
    with pytest.raises(TamperError):
        unseal(whole + b"x", [OURS])


def test_a_flipped_bit_anywhere_does_not_open() -> None:
    whole = seal(b"x" * 40, [OURS_PUBLIC])
    for place in range(len(whole)):
        bent = bytearray(whole)
        bent[place] ^= 4
        with pytest.raises(TamperError):
            unseal(bytes(bent), [OURS])


def test_a_chunk_of_a_large_file_left_out_does_not_open() -> None:
    sink = io.BytesIO()
    sealed(LARGE, sink)
    whole = sink.getvalue()
    with pytest.raises(TamperError):
        unseal(whole[:-70000], [OURS])


def test_abandoning_a_large_file_ends_its_thread() -> None:
    stream = AgeFiles([OURS_PUBLIC], []).sealing(io.BytesIO())
    stream.write(LARGE)
    assert "sealing" in [thread.name for thread in threading.enumerate()]
    stream.abandon()
    assert "sealing" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.parametrize("text", ["", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1QQ", "hunter2"])
def test_only_x25519_recipients_are_taken(text: str) -> None:
    with pytest.raises(ConfigError):
        AgeFiles([text], [])


def test_armour_is_refused() -> None:
    with pytest.raises(TamperError):
        unseal(b"-----BEGIN AGE ENCRYPTED FILE-----\n", [OURS])


def test_sealing_for_nobody_is_refused() -> None:
    with pytest.raises(ConfigError):
        AgeFiles([], [OURS]).sealing(io.BytesIO())


def test_a_recipient_is_found_from_its_identity() -> None:
    assert recipient_of(OURS) == OURS_PUBLIC


def test_a_disk_that_fills_while_opening_is_the_disks_fault() -> None:
    for plain in (SMALL, LARGE):
        with pytest.raises(DiskError):
            AgeFiles([], [OURS]).open(io.BytesIO(seal(plain, [OURS_PUBLIC])), FullAfter(100))


def test_what_is_pushed_after_the_sink_failed_is_left_and_the_failure_told() -> None:
    stream = AgeFiles([OURS_PUBLIC], []).sealing(FullAfter(10))
    with pytest.raises(DiskError):
        for _ in range(200):
            stream.write(LARGE[:HELD_BYTES // 4])
    stream.abandon()


def test_abandoning_a_small_file_leaves_nothing() -> None:
    sink = io.BytesIO()
    stream = AgeFiles([OURS_PUBLIC], []).sealing(sink)
    stream.write(b"x")
    stream.abandon()
    assert sink.getvalue() == b""


def test_what_is_no_identity_is_explained_without_showing_it() -> None:
    with pytest.raises(ConfigError) as caught:
        AgeFiles([], ["AGE-SECRET-KEY-1QQQQ"])
    assert "QQQQ" not in caught.value.message
