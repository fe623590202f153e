"""A real PostgreSQL of our own: a new cluster in a folder, reached by its socket, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PLACES = os.pathsep.join([os.environ.get("PATH", ""), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))])
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=40")


def missing() -> str | None:
    """Why no PostgreSQL can be run here, or None."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    for program in ("initdb", "pg_ctl"):
        if shutil.which(program, path=PLACES) is None:
            return f"{program} is not installed"
    if os.getuid() == 0 and (_owner() is None or shutil.which("setpriv") is None):
        return "PostgreSQL refuses to run as root, and there is no user postgres"
    return None


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server; its URL, without a port: it listens on a socket only."""
    folder = Path(tempfile.mkdtemp(prefix="cme-pg-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        _run("initdb", "-D", str(data), "-U", "gateway", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
             "--no-sync", "--no-instructions")
        options = " ".join(f"-c {setting}" for setting in (*QUICK, f"unix_socket_directories={folder}"))
        _run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield f"postgresql:///postgres?host={folder}&user=gateway"
        finally:
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str | None:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program, path=PLACES)
    lower = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    subprocess.run([*lower, str(path), *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")
