"""Six SFTP clients, each as the people who use it would: put, put under another name and rename, slowly, and after it broke off.

``put`` and ``resume`` return when the client says it is done, and raise when it says it failed. ``slowly`` begins an upload of
some kilobytes a second that goes on by itself; ``Upload.cut`` ends it as a lost connection does, with no word to the server.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import shlex
import shutil
import socket
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar

import asyncssh
import paramiko

from tests.deploy.town import School

KIB_A_SECOND = 48
PIECE = 4096


class Upload(ABC):
    """An upload under way."""

    @abstractmethod
    def cut(self) -> None:
        """The connection is lost."""

    @abstractmethod
    def wait(self) -> None:
        """Until it is through."""


class Client(ABC):
    """A program, used by one school."""

    name: ClassVar[str]

    def __init__(self, school: School, folder: Path) -> None:
        self.school = school
        self.folder = folder
        folder.mkdir(parents=True)
        self.known = folder / "known_hosts"
        self.known.write_text(f"[{school.host}]:{school.port} {school.host_key}\n", encoding="ascii")

    @abstractmethod
    def put(self, path: Path, name: str) -> None: ...

    @abstractmethod
    def put_and_rename(self, path: Path, name: str) -> None: ...

    @abstractmethod
    def put_keeping_time_and_mode(self, path: Path, name: str) -> None: ...

    @abstractmethod
    def slowly(self, path: Path, name: str) -> Upload: ...

    @abstractmethod
    def resume(self, path: Path, name: str) -> None: ...

    @abstractmethod
    def fetch(self, remote: str) -> bytes: ...


# ── programs ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

class _Running(Upload):
    def __init__(self, words: list[str], env: dict[str, str], text: str = "") -> None:
        self._process = subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                         start_new_session=True)
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode())
        self._process.stdin.close()

    def cut(self) -> None:
        os.killpg(self._process.pid, 9)
        self._process.wait()

    def wait(self) -> None:
        assert self._process.stderr is not None
        said = self._process.stderr.read()
        assert self._process.wait() == 0, said[-2000:]


class Program(Client):
    """A client that is a program of its own."""

    program: ClassVar[str]

    def _env(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def _run(self, *words: str, text: str = "") -> bytes:
        done = subprocess.run(words, env=self._env(), input=text.encode(), capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, (words, done.stderr[-2000:])
        return done.stdout

    def _ssh_options(self) -> list[str]:
        return ["-oIdentitiesOnly=yes", f"-oIdentityFile={self.school.key}", f"-oUserKnownHostsFile={self.known}",
                "-oGlobalKnownHostsFile=/dev/null", "-oStrictHostKeyChecking=yes", "-F/dev/null"]


class OpenSsh(Program):
    name, program = "openssh", "sftp"

    def _sftp(self, *options: str) -> list[str]:
        return [str(shutil.which("sftp")), "-q", "-b", "-", *options, *self._ssh_options(), "-P", str(self.school.port),
                f"{self.school.user}@{self.school.host}"]

    def put(self, path: Path, name: str) -> None:
        self._run(*self._sftp(), text=f'put "{path}" "{name}"\n')

    def put_and_rename(self, path: Path, name: str) -> None:
        self._run(*self._sftp(), text=f'put "{path}" "{name}.part"\nrename "{name}.part" "{name}"\n')

    def put_keeping_time_and_mode(self, path: Path, name: str) -> None:
        self._run(*self._sftp("-p"), text=f'put -p "{path}" "{name}"\nchmod 600 "{name}"\n')

    def slowly(self, path: Path, name: str) -> Upload:
        # -B: small requests, or one of 32 KiB would pass in a burst.
        return _Running(self._sftp("-l", str(KIB_A_SECOND * 8), "-B", str(PIECE)), self._env(), f'put "{path}" "{name}"\n')

    def resume(self, path: Path, name: str) -> None:
        self._run(*self._sftp(), text=f'reput "{path}" "{name}"\n')

    def fetch(self, remote: str) -> bytes:
        target = self.folder / "fetched"
        self._run(*self._sftp(), text=f'get "{remote}" "{target}"\n')
        return target.read_bytes()


class Lftp(Program):
    name, program = "lftp", "lftp"

    def _script(self, *lines: str) -> list[str]:
        connect = shlex.join(["ssh", "-a", "-x", *self._ssh_options()])
        place = f"open -u {self.school.user},none -p {self.school.port} sftp://{self.school.host}"
        settings = (f'set sftp:connect-program "{connect}"', "set net:max-retries 1", "set cmd:fail-exit yes")
        return [str(shutil.which("lftp")), "-c", "; ".join((*settings, place, *lines))]

    def put(self, path: Path, name: str) -> None:
        self._run(*self._script(f'put "{path}" -o "{name}"'))

    def put_and_rename(self, path: Path, name: str) -> None:
        self._run(*self._script("set xfer:use-temp-file yes", 'set xfer:temp-file-name "*.part"', f'put "{path}" -o "{name}"'))

    def put_keeping_time_and_mode(self, path: Path, name: str) -> None:
        self._run(*self._script(f'put "{path}" -o "{name}"', f'chmod 600 "{name}"'))

    def slowly(self, path: Path, name: str) -> Upload:
        rate = KIB_A_SECOND * 1024
        lines = (f"set net:limit-rate 0:{rate}", f"set net:limit-max {rate // 4}", "set sftp:max-packets-in-flight 1",
                 f"set sftp:size-write {PIECE}", f'put "{path}" -o "{name}"')
        return _Running(self._script(*lines), self._env())

    def resume(self, path: Path, name: str) -> None:
        self._run(*self._script(f'put -c "{path}" -o "{name}"'))

    def fetch(self, remote: str) -> bytes:
        return self._run(*self._script(f'cat "{remote}"'))


class Curl(Program):
    name, program = "curl", "curl"

    def _curl(self, *words: str) -> list[str]:
        digest = base64.b64encode(hashlib.sha256(base64.b64decode(self.school.host_key.split()[1])).digest()).decode().rstrip("=")
        return [str(shutil.which("curl")), "-sS", "--key", str(self.school.key), "--hostpubsha256", digest,
                "-u", f"{self.school.user}:", *words]

    def _url(self, name: str) -> str:
        return f"sftp://{self.school.host}:{self.school.port}/in/{name.replace(' ', '%20')}"

    def put(self, path: Path, name: str) -> None:
        self._run(*self._curl("-T", str(path), self._url(name)))

    def put_and_rename(self, path: Path, name: str) -> None:
        self._run(*self._curl("-T", str(path), "-Q", f'-rename "/in/{name}.part" "/in/{name}"', self._url(f"{name}.part")))

    def put_keeping_time_and_mode(self, path: Path, name: str) -> None:
        change = [f'-chmod 600 "/in/{name}"', f'-mtime "06 Nov 2026 08:49:37" "/in/{name}"']
        self._run(*self._curl("-T", str(path), "-Q", change[0], "-Q", change[1], self._url(name)))

    def slowly(self, path: Path, name: str) -> Upload:
        return _Running(self._curl("--limit-rate", f"{KIB_A_SECOND}k", "-T", str(path), self._url(name)), self._env())

    def resume(self, path: Path, name: str) -> None:
        self._run(*self._curl("-C", "-", "-T", str(path), self._url(name)))

    def fetch(self, remote: str) -> bytes:
        return self._run(*self._curl(self._url(remote)))


class Rclone(Program):
    """It cannot go on with half a file: it sends all of it again."""

    name, program = "rclone", "rclone"

    def _rclone(self, *words: str) -> list[str]:
        return [str(shutil.which("rclone")), *words, "--config", "/dev/null", "--sftp-host", self.school.host, "--sftp-port",
                str(self.school.port), "--sftp-user", self.school.user, "--sftp-key-file", str(self.school.key),
                "--sftp-known-hosts-file", str(self.known), "--retries", "1"]

    def put(self, path: Path, name: str) -> None:
        self._run(*self._rclone("copyto", str(path), f":sftp:{name}", "--sftp-set-modtime=false"))

    def put_and_rename(self, path: Path, name: str) -> None:
        self._run(*self._rclone("copyto", str(path), f":sftp:{name}.part"))
        self._run(*self._rclone("moveto", f":sftp:{name}.part", f":sftp:{name}"))

    def put_keeping_time_and_mode(self, path: Path, name: str) -> None:
        self._run(*self._rclone("copyto", str(path), f":sftp:{name}"))

    def slowly(self, path: Path, name: str) -> Upload:
        # Without its ten-megabyte buffers and its bursts; --bwlimit counts bytes a second.
        words = ("copyto", str(path), f":sftp:{name}", "--bwlimit", f"{KIB_A_SECOND}k", "--buffer-size", "0",
                 "--sftp-chunk-size", "4k", "--sftp-concurrency", "1")
        return _Running(self._rclone(*words), self._env())

    def resume(self, path: Path, name: str) -> None:
        self.put_keeping_time_and_mode(path, name)

    def fetch(self, remote: str) -> bytes:
        return self._run(*self._rclone("cat", f":sftp:{remote}"))


# ── libraries ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

class _Threaded(Upload):
    def __init__(self, work: Callable[[], None], cut: Callable[[], None]) -> None:
        self._cut = cut
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (OSError, EOFError, paramiko.SSHException, asyncssh.Error) as error:
            self._failed.append(error)

    def cut(self) -> None:
        self._cut()
        self._thread.join(30)

    def wait(self) -> None:
        self._thread.join(60)
        assert self._failed == []


class Paramiko(Client):
    name = "paramiko"

    def _open(self) -> tuple[paramiko.Transport, paramiko.SFTPClient, socket.socket]:
        sock = socket.create_connection((self.school.host, self.school.port), timeout=30)
        transport = paramiko.Transport(sock)
        kind, key = self.school.host_key.split()[:2]
        expected = paramiko.Ed25519Key(data=base64.b64decode(key)) if kind == "ssh-ed25519" else None
        transport.connect(expected, self.school.user, pkey=paramiko.Ed25519Key.from_private_key_file(str(self.school.key)))
        sftp = paramiko.SFTPClient.from_transport(transport)
        assert sftp is not None
        return transport, sftp, sock

    def _with(self, act: Callable[[paramiko.SFTPClient], None]) -> None:
        transport, sftp, _ = self._open()
        try:
            act(sftp)
        finally:
            transport.close()

    def put(self, path: Path, name: str) -> None:
        def act(sftp: paramiko.SFTPClient) -> None:
            sftp.put(str(path), name)

        self._with(act)

    def put_and_rename(self, path: Path, name: str) -> None:
        def act(sftp: paramiko.SFTPClient) -> None:
            sftp.put(str(path), f"{name}.part")
            sftp.posix_rename(f"{name}.part", name)

        self._with(act)

    def put_keeping_time_and_mode(self, path: Path, name: str) -> None:
        def act(sftp: paramiko.SFTPClient) -> None:
            with sftp.open(name, "w") as file:
                file.chmod(0o600)
                file.write(path.read_bytes())
                file.utime((1.7e9, 1.7e9))

        self._with(act)

    def slowly(self, path: Path, name: str) -> Upload:
        transport, sftp, sock = self._open()

        def work() -> None:
            content = path.read_bytes()
            with sftp.open(name, "w") as file:
                for start in range(0, len(content), PIECE):
                    file.write(content[start:start + PIECE])
                    time.sleep(PIECE / 1024 / KIB_A_SECOND)
            transport.close()

        return _Threaded(work, lambda: sock.shutdown(socket.SHUT_RDWR))

    def resume(self, path: Path, name: str) -> None:
        def act(sftp: paramiko.SFTPClient) -> None:
            with sftp.open(name, "a") as file:
                file.write(path.read_bytes()[sftp.stat(name).st_size or 0:])

        self._with(act)

    def fetch(self, remote: str) -> bytes:
        got: list[bytes] = []
        self._with(lambda sftp: got.append(sftp.open(remote).read()))
        return got[0]


class AsyncSsh(Client):
    name = "asyncssh"

    async def _connected(self) -> asyncssh.SSHClientConnection:
        return await asyncssh.connect(self.school.host, self.school.port, username=self.school.user, config=None,
                                      client_keys=[str(self.school.key)], known_hosts=str(self.known), agent_path=None)

    def _with(self, act: Callable[[asyncssh.SFTPClient], Awaitable[None]]) -> None:
        async def all_of_it() -> None:
            async with await self._connected() as connection, connection.start_sftp_client() as sftp:
                await act(sftp)

        asyncio.run(all_of_it())

    def put(self, path: Path, name: str) -> None:
        self._with(lambda sftp: sftp.put(str(path), name))

    def put_and_rename(self, path: Path, name: str) -> None:
        async def act(sftp: asyncssh.SFTPClient) -> None:
            await sftp.put(str(path), f"{name}.part")
            await sftp.rename(f"{name}.part", name)

        self._with(act)

    def put_keeping_time_and_mode(self, path: Path, name: str) -> None:
        path.chmod(0o600)
        self._with(lambda sftp: sftp.put(str(path), name, preserve=True))

    def slowly(self, path: Path, name: str) -> Upload:
        connections: list[asyncssh.SSHClientConnection] = []

        async def all_of_it() -> None:
            content = path.read_bytes()
            connections.append(await self._connected())
            async with connections[0] as connection, connection.start_sftp_client() as sftp, sftp.open(name, "wb") as file:
                for start in range(0, len(content), PIECE):
                    await file.write(content[start:start + PIECE])
                    await asyncio.sleep(PIECE / 1024 / KIB_A_SECOND)

        return _Threaded(lambda: asyncio.run(all_of_it()),
                         lambda: connections[0].get_extra_info("socket").shutdown(socket.SHUT_RDWR))

    def resume(self, path: Path, name: str) -> None:
        async def act(sftp: asyncssh.SFTPClient) -> None:
            async with sftp.open(name, "ab") as file:
                await file.write(path.read_bytes()[(await sftp.stat(name)).size or 0:])

        self._with(act)

    def fetch(self, remote: str) -> bytes:
        got: list[bytes] = []

        async def act(sftp: asyncssh.SFTPClient) -> None:
            async with sftp.open(remote, "rb") as file:
                got.append(await file.read())

        self._with(act)
        return got[0]


CLIENTS: tuple[type[Client], ...] = (OpenSsh, Paramiko, AsyncSsh, Lftp, Curl, Rclone)
