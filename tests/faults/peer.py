"""A partner's SFTP server that misbehaves once, or for a while: asyncssh's, so that any answer can be wrong, in its own process.

    python -m tests.faults.peer FOLDER PORT FAULT...

``FOLDER`` holds ``host_key`` and ``authorized_keys``, as ``tests.servers.sshd`` makes them. The faults:

    drops REQUEST before|amid|after    the connection ends at the N-th request: nothing, half, or all of it was done
    silent REQUEST SECONDS             the N-th request is answered after so long
    slow SECONDS                       every request is answered after so long
    full TIMES                         so often a write finds no room, and half of its bytes are kept
"""

from __future__ import annotations

import asyncio
import errno
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import asyncssh

from tests.servers.sshd import HOST

REQUESTS = ("open", "write", "fstat", "close", "rename", "stat", "lstat", "read", "remove", "posix_rename")


class Fault:
    """What is still to go wrong, whichever connection meets it."""

    def __init__(self, words: list[str]) -> None:
        self.sort, *rest = words or ["nothing"]
        self.rest = rest
        self.requests = 0
        self.full = int(rest[0]) if self.sort == "full" else 0

    async def met(self, server: asyncssh.SFTPServer, name: str, act: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        """Do what was asked, or what the fault makes of it."""
        self.requests += 1
        if self.sort == "slow":
            await asyncio.sleep(float(self.rest[0]))
        elif self.sort in ("drops", "silent") and self.requests == int(self.rest[0]):
            if self.sort == "silent":
                await asyncio.sleep(float(self.rest[1]))
            else:
                await self._dropped(server, name, act, given)
        elif self.full and name == "write":
            self.full -= 1
            await _done(act, *_half(given))
            raise OSError(errno.ENOSPC, "no room")
        return await _done(act, *given)

    async def _dropped(self, server: asyncssh.SFTPServer, name: str, act: Callable[..., Any], given: tuple[Any, ...]) -> None:
        if self.rest[1] == "after":
            await _done(act, *given)
        elif self.rest[1] == "amid" and name == "write":
            await _done(act, *_half(given))
        cast(Any, server.channel.get_connection()).abort()
        raise asyncssh.SFTPConnectionLost("gone")


def _half(given: tuple[Any, ...]) -> tuple[Any, ...]:
    file, offset, data = given
    return file, offset, data[:len(data) // 2]


async def _done(act: Callable[..., Any], *given: Any) -> Any:
    answer = act(*given)
    return await answer if isinstance(answer, Awaitable) else answer


def _server(fault: Fault) -> type[asyncssh.SFTPServer]:
    def misbehaving(name: str) -> Callable[..., Awaitable[Any]]:
        act = getattr(asyncssh.SFTPServer, name)

        async def met(self: asyncssh.SFTPServer, *given: Any) -> Any:
            return await fault.met(self, name, lambda *args: act(self, *args), given)

        return met

    return type("Misbehaving", (asyncssh.SFTPServer,), {name: misbehaving(name) for name in REQUESTS})


async def _serve(folder: Path, port: int, fault: Fault) -> None:
    await asyncssh.listen(HOST, port, server_host_keys=[str(folder / "host_key")], sftp_factory=_server(fault),
                          authorized_client_keys=str(folder / "authorized_keys"), reuse_address=True)
    print("ready", flush=True)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), Fault(sys.argv[3:])))
