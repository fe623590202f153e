"""The machine and the register: clock, sandbox, how old the lists are."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from adapters.clock import SystemClock
from adapters.lock import held_lock
from adapters.sandbox.walls import found_walls
from gateway.bootstrap.doctor.diagnosis import Diagnosis, fault, note, ok
from gateway.bootstrap.home import Home
from gateway.bootstrap.upkeep import LOCK
from gateway.domain.parcels.stages import Offered
from gateway.errors import GatewayError, RetryableError
from schemas.register import load_terms

REGISTER_LASTS = timedelta(days=60)
CLOCKS_MAY_DIFFER = timedelta(minutes=2)
SAMPLE = b"UPN,Legal surname,Legal forename,Date of birth,Off roll date,Destination school\n"


def check_clock(home: Home) -> Iterator[Diagnosis]:
    """The machine's clock against the disk's, and against the newest entry of the ledger."""
    probe = home.path / f".doctor-{secrets.token_hex(4)}"
    probe.write_bytes(b"")
    now = SystemClock().now()
    written = datetime.fromtimestamp(probe.stat().st_mtime, tz=now.tzinfo)
    probe.unlink()
    if abs(now - written) > CLOCKS_MAY_DIFFER:
        yield fault("clock", f"this machine says {now:%H:%M:%S}, the disk {written:%H:%M:%S}", "timedatectl status")
    with home.store.reading() as tx:
        last = tx.leaves.last_checkpoint()
    if last and last.at - home.clock.now() > CLOCKS_MAY_DIFFER:
        yield fault("clock", f"the ledger was signed at {last.at:%Y-%m-%d %H:%M}, which is later than now", "timedatectl status")
    yield ok("clock", f"it is {home.clock.now():%Y-%m-%d %H:%M} UTC{' in this rehearsal' if home.settings.rehearsal else ''}")


def check_sandbox(home: Home) -> Iterator[Diagnosis]:
    """Read a file in the sandbox; say which of its walls this kernel has."""
    try:
        home.examiner.examine(Offered("doctor.csv", SAMPLE))
    except GatewayError as error:
        yield fault("sandbox", error.message, error.hint)
        return
    yield ok("sandbox", f"a file was read under {home.settings.sandbox.memory_mib} MiB and limits of time, files and processes")
    walls = found_walls()
    if walls is None or walls.possible:
        could = "say how it is confined" if walls is None else f"not be kept from this: {', '.join(walls.possible)}"
        yield fault("sandbox", f"a process that confined itself as readers do could {could}", "gateway doctor --json; report it")
        return
    if walls.calls_filtered:
        yield ok("sandbox", "its system calls are filtered (seccomp): it can open, connect to, start and signal nothing")
    else:
        yield note("sandbox", "this kernel offers no filter of system calls (seccomp); the other limits stand alone")
    if walls.landlock:
        yield ok("sandbox", f"Landlock (version {walls.landlock}) forbids the same a second time")
    else:
        yield note("sandbox", "this kernel has no Landlock; the filter of system calls stands alone")


def check_register(home: Home) -> Iterator[Diagnosis]:
    """Schools, postcodes, terms: there, and not too old."""
    folder, la = home.path / "register", home.settings.authority.la
    schools = folder / "schools.csv"
    if not schools.is_file():
        yield fault("register", "there is no register of schools: destinations stay text", f"cp edubasealldata.csv {schools}")
        return
    written = datetime.fromtimestamp(schools.stat().st_mtime, tz=home.clock.now().tzinfo)
    if home.clock.now() - written > REGISTER_LASTS:
        yield note("register", f"schools.csv is of {written:%d %B %Y}", "download it again from the national register (GIAS)")
    register = home.register
    if not any(s.la == la for s in register.establishments.values()):
        yield fault("register", f"no school of {la} stands in the register", f"look at {schools}")
    if la not in register.postcodes.values():
        yield note(
            "register",
            f"no postcode belongs to {la}: who is responsible for a child is not known",
            f"fill {folder / 'postcodes.csv'}: postcode,la",
        )
    if not load_terms(folder):
        yield note(
            "register",
            "no school terms: every weekday that is no bank holiday counts as a school day",
            f"fill {folder / 'terms.csv'}: la,laestab,start,end,name",
        )
    yield ok(
        "register",
        f"{len(register.establishments)} schools, {len(register.authorities)} authorities, {len(register.postcodes)} postcodes",
    )


def check_daemon(home: Home) -> Iterator[Diagnosis]:
    """Whether the daemon runs."""
    try:
        with held_lock(home.path / LOCK):
            yield note("daemon", "no daemon runs in this home", f"gateway run --home {home.path}")
    except RetryableError:
        yield ok("daemon", "the daemon runs")
