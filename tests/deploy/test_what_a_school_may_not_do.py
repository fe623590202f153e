"""A school's account against the real sshd with the shipped configuration: what it tries beyond its own folder is refused."""

from __future__ import annotations

import base64
import os
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest

from tests.deploy.machine import as_user, until
from tests.deploy.town import FERNBRIDGE, QUILLMEAD, SETTLE, School, Town, leavers
from tests.servers.sshd import make_key

SSH = ("ssh", "-F/dev/null", "-oBatchMode=yes", "-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null",
       "-oGlobalKnownHostsFile=/dev/null", "-oIdentitiesOnly=yes")


@pytest.fixture
def fernbridge(town: Town) -> School:
    return town.schools[FERNBRIDGE]


@pytest.fixture
def transport(fernbridge: School) -> Iterator[paramiko.Transport]:
    transport = paramiko.Transport((fernbridge.host, fernbridge.port))
    transport.connect(paramiko.Ed25519Key(data=base64.b64decode(fernbridge.host_key.split()[1])), fernbridge.user,
                      pkey=paramiko.Ed25519Key.from_private_key_file(str(fernbridge.key)))
    yield transport
    transport.close()


@pytest.fixture
def sftp(transport: paramiko.Transport) -> paramiko.SFTPClient:
    client = paramiko.SFTPClient.from_transport(transport)
    assert client is not None
    return client


def _ssh(school: School, *options: str, command: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    words = [*SSH, f"-oIdentityFile={school.key}", "-p", str(school.port), *options, f"{school.user}@{school.host}", *command]
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)


def _extended(sftp: paramiko.SFTPClient, *words: str) -> None:
    """A request by its name, as newer clients send them."""
    sftp._request(200, *words)  # type: ignore[attr-defined]


REFUSED: dict[str, Callable[[paramiko.SFTPClient], object]] = {
    "a symbolic link": lambda sftp: sftp.symlink("/etc/passwd", "/in/link.csv"),
    "a hard link": lambda sftp: _extended(sftp, "hardlink@openssh.com", "/in/receipts", "/in/link.csv"),
    "reading a link": lambda sftp: sftp.readlink("/in"),
    "a copy made by the server": lambda sftp: _extended(sftp, "copy-data", "0", "0"),
    "the names of users": lambda sftp: _extended(sftp, "users-groups-by-id@openssh.com", "", ""),
    "a folder": lambda sftp: sftp.mkdir("/in/folder"),
    "removing a folder": lambda sftp: sftp.rmdir("/in/receipts"),
    "a file beside the folder": lambda sftp: sftp.open("/leavers.csv", "w"),
    "a file in dev": lambda sftp: sftp.open("/dev/file", "w"),
    "removing the gateway's ear": lambda sftp: sftp.remove("/dev/log"),
    "a file among the receipts": lambda sftp: sftp.open("/in/receipts/forged.html", "w"),
    "looking into what was taken": lambda sftp: sftp.listdir("/in/.taking"),
    "moving what was taken": lambda sftp: sftp.posix_rename("/in/.taking", "/in/taken"),
    "moving the receipts": lambda sftp: sftp.posix_rename("/in/receipts", "/in/old"),
    "putting something in the gateway's place": lambda sftp: sftp.open("/in/.taking", "w"),
    "opening the folder to others": lambda sftp: sftp.chmod("/in", 0o777),
    "giving a file away": lambda sftp: sftp.chown("/in", 0, 0),
}


@pytest.fixture
def taking(town: Town) -> None:
    """The gateway has taken something from this folder before."""
    name, content = f"before {time.monotonic_ns()}.csv", leavers(f"before {time.monotonic_ns()}", 300)
    path = town.drop(FERNBRIDGE) / name
    path.write_bytes(content)
    until(lambda: town.answered(FERNBRIDGE, content))
    assert stat.S_IMODE((town.drop(FERNBRIDGE) / ".taking").stat().st_mode) & 0o777 == 0o700


def test_what_is_not_its_own_file_in_its_own_folder_is_refused(taking: None, town: Town, sftp: paramiko.SFTPClient) -> None:
    before = sorted(path.name for path in town.drop(FERNBRIDGE).iterdir())
    for what, attempt in REFUSED.items():
        with pytest.raises(OSError, match=r"denied|nsupported|ailure|No such"):
            attempt(sftp)
            pytest.fail(f"{what} was allowed")
    receipt = next(name for name in sftp.listdir("/in/receipts") if name.endswith(".html"))
    with pytest.raises(OSError, match="denied"):
        sftp.remove(f"/in/receipts/{receipt}")
    with pytest.raises(OSError, match="denied"):
        sftp.chmod(f"/in/receipts/{receipt}", 0o666)
    assert sorted(path.name for path in town.drop(FERNBRIDGE).iterdir()) == before


def test_the_root_of_its_world_is_its_own_folder_and_no_path_leads_out(sftp: paramiko.SFTPClient) -> None:
    assert sorted(sftp.listdir("/")) == ["dev", "in"]
    assert sftp.normalize(".") == "/in"
    for out in ("/../../etc/passwd", "../../../../srv/cme/config.toml", "/proc/self/environ", f"/../school-{QUILLMEAD}/in"):
        with pytest.raises(FileNotFoundError):
            sftp.stat(out)


def test_another_schools_folder_is_closed_to_it_even_outside_its_chroot(town: Town) -> None:
    path = town.drop(QUILLMEAD) / "theirs.part"
    path.write_bytes(b"x")
    path.chmod(0o644)
    for attempt in (f"ls /srv/sftp/school-{QUILLMEAD}/in", f"cat /srv/sftp/school-{QUILLMEAD}/in/theirs.part",
                    f"touch /srv/sftp/school-{QUILLMEAD}/in/x", "ls /srv/cme/vault", "cat /srv/cme/config.toml",
                    "cat /etc/cme-gateway/keys/cme-gateway-fields.json", "cat /etc/cme-gateway/ssh_host_ed25519_key"):
        done = town.machine.run(*as_user(f"school-{FERNBRIDGE}"), *attempt.split(), check=False)
        assert "Permission denied" in done.stderr, attempt
    path.unlink()


def test_there_is_no_password_no_shell_no_command_no_terminal_and_no_forwarding(
        fernbridge: School, transport: paramiko.Transport) -> None:
    asked = paramiko.Transport((fernbridge.host, fernbridge.port))
    asked.start_client(timeout=10)
    with pytest.raises(paramiko.BadAuthenticationType) as refused:
        asked.auth_password(fernbridge.user, "guess")
    assert refused.value.allowed_types == ["publickey"]
    asked.close()

    for options in ((), ("-tt",)):
        assert "inside" not in _ssh(fernbridge, *options, command=("echo", "inside")).stdout
    assert _ssh(fernbridge, "-N", "-R", "0:127.0.0.1:22", "-oExitOnForwardFailure=yes").returncode != 0
    with pytest.raises(paramiko.ChannelException):
        transport.open_channel("direct-tcpip", ("127.0.0.1", fernbridge.port), ("127.0.0.1", 0), timeout=10)
    with pytest.raises(paramiko.SSHException):
        transport.request_port_forward("127.0.0.1", 0)
    channel = transport.open_session(timeout=10)
    with pytest.raises(paramiko.SSHException):
        channel.get_pty()


def test_other_accounts_and_other_keys_do_not_come_in(town: Town, fernbridge: School, tmp_path: Path) -> None:
    for user in ("root", "cme", "nobody", f"school-{QUILLMEAD}", "school-9999999"):
        transport = paramiko.Transport((fernbridge.host, fernbridge.port))
        transport.start_client(timeout=10)
        with pytest.raises(paramiko.AuthenticationException):
            transport.auth_publickey(user, paramiko.Ed25519Key.from_private_key_file(str(fernbridge.key)))
        transport.close()


BAD_KEYS = {
    "an option in front": 'command="sh" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtvZGVzIGFyZSBub3QgZm9yIHByaW50aW5nIGhlcmUh x\n',
    "two keys": "ssh-ed25519 AAAA one\nssh-ed25519 AAAA two\n",
    "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----\n",
    "nothing": "",
    "an old sort": "ssh-dss AAAAB3NzaC1kc3M= x\n",
}


@pytest.mark.parametrize("what", BAD_KEYS)
def test_what_is_not_one_plain_public_key_makes_no_account(town: Town, what: str) -> None:
    town.machine.path("/root/bad.pub").write_text(BAD_KEYS[what], encoding="ascii")
    done = town.machine.run("/opt/repository/deploy/add-school", "9902077", "/root/bad.pub", check=False)
    assert (done.returncode, "not one public key" in done.stderr) == (65, True)
    assert town.machine.run("getent", "passwd", "school-9902077", check=False).returncode == 2
    assert town.machine.run("/opt/repository/deploy/add-school", "../9902077", "/root/bad.pub", check=False).returncode == 64


def test_a_new_key_takes_the_place_of_the_old(town: Town, tmp_path: Path) -> None:
    quillmead = town.schools[QUILLMEAD]
    new = replace(quillmead, key=tmp_path / "new")
    for key in (new.key, quillmead.key):
        public = make_key(key) if key is new.key else _public_half(key)
        town.machine.path("/root/next.pub").write_text(f"{public} office\n", encoding="ascii")
        town.machine.run("/opt/repository/deploy/add-school", QUILLMEAD, "/root/next.pub")
        works, does_not = (new, quillmead) if key is new.key else (quillmead, new)
        assert _ssh(works, "-s", command=("sftp",)).returncode == 0
        assert "Permission denied (publickey)" in _ssh(does_not, "-s", command=("sftp",)).stderr


def _public_half(key: Path) -> str:
    return subprocess.run(["ssh-keygen", "-y", "-f", str(key)], capture_output=True, text=True, check=True).stdout.strip()


OLD = {"kex": "diffie-hellman-group14-sha1", "kex sha2": "diffie-hellman-group14-sha256", "cipher": "aes128-cbc",
       "chacha": "chacha20-poly1305@openssh.com", "mac": "hmac-sha1", "host key": "rsa-sha2-512"}


def test_nothing_older_than_the_list_is_spoken(fernbridge: School) -> None:
    options = {"kex": "KexAlgorithms", "kex sha2": "KexAlgorithms", "cipher": "Ciphers", "chacha": "Ciphers", "mac": "MACs",
               "host key": "HostKeyAlgorithms"}
    for what, algorithm in OLD.items():
        extra = ["-oCiphers=aes256-ctr"] if what == "mac" else []
        done = _ssh(fernbridge, f"-o{options[what]}={algorithm}", *extra)
        assert "no matching" in done.stderr, (what, done.stderr)
    said = _ssh(fernbridge, "-v", "-s", command=("sftp",)).stderr
    assert "kex: algorithm: sntrup761x25519-sha512@openssh.com" in said
    assert "MAC: <implicit>" in said or "-etm@openssh.com" in said


def test_an_upload_that_stalls_with_its_session_open_is_not_taken_however_long_it_lies(
        town: Town, sftp: paramiko.SFTPClient) -> None:
    content = leavers(f"stalled {time.monotonic_ns()}", 3000)
    with sftp.open("stalled.csv", "w") as file:
        file.write(content[:1500])
        file.flush()
        until(lambda: (town.drop(FERNBRIDGE) / "stalled.csv").stat().st_size == 1500)
        time.sleep(3 * SETTLE)
        assert (town.drop(FERNBRIDGE) / "stalled.csv").stat().st_size == 1500
        file.write(content[1500:])
    until(lambda: town.answered(FERNBRIDGE, content))


def test_it_is_the_kernel_and_not_only_the_server_that_tells_of_a_stalled_upload(town: Town) -> None:
    """Another uid's process, no word from any server: the lease alone keeps the file where it is."""
    content = leavers(f"held open {time.monotonic_ns()}", 300)
    path = f"/srv/sftp/school-{FERNBRIDGE}/in/held open.csv"
    words = town.machine.inside(*as_user(f"school-{FERNBRIDGE}"), "sh", "-c", 'exec 3>"$1"; cat >&3; read -r line', "sh", path)
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as writer:
        assert writer.stdin is not None
        writer.stdin.write(content)
        writer.stdin.flush()
        until(lambda: town.machine.path(path).exists() and town.machine.path(path).stat().st_size == len(content))
        time.sleep(3 * SETTLE)
        assert town.machine.path(path).exists()
        writer.stdin.close()
    until(lambda: town.answered(FERNBRIDGE, content))


def test_who_comes_too_often_or_does_not_say_who_it_is_is_sent_away(fernbridge: School) -> None:
    waiting = []
    try:
        for _ in range(12):
            sock = socket.create_connection((fernbridge.host, fernbridge.port), timeout=10, source_address=("127.0.0.77", 0))
            waiting.append(sock)
        until(lambda: sum(_closed(sock) for sock in waiting) >= 4)
        with socket.create_connection((fernbridge.host, fernbridge.port), timeout=10, source_address=("127.0.0.78", 0)) as other:
            assert other.recv(4) == b"SSH-"
    finally:
        for sock in waiting:
            sock.close()


def _closed(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        return b"Exceeded" in sock.recv(64, socket.MSG_PEEK) or not sock.recv(64, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_no_name_of_a_file_reaches_the_journal(town: Town, sftp: paramiko.SFTPClient) -> None:
    with sftp.open("leavers for Zoe Quillfeather.part", "w") as file:
        file.write(b"x")
    sftp.remove("leavers for Zoe Quillfeather.part")
    said = town.machine.journal()
    assert f"Accepted publickey for school-{FERNBRIDGE}" in said
    assert "Quillfeather" not in said
    assert os.sep not in "".join(line for line in said.splitlines() if "internal-sftp" in line)
