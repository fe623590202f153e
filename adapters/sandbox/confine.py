"""Giving up powers. Each step is one-way: nothing a worker does later brings them back.

1. No core dump, no reading of its memory by others of the same user (PR_SET_DUMPABLE 0).
2. It dies with the process that made it (PR_SET_PDEATHSIG).
3. No capability, whatever the gateway was given, and no new privileges: what is limited stays limited.
4. No file may grow by a byte (RLIMIT_FSIZE); memory is limited; no descriptor is free (RLIMIT_NOFILE).
5. Landlock where the kernel has it (``landlock``), then a filter of system calls (``syscalls``): two walls, so that a hole in one
   is no hole.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from dataclasses import dataclass

from adapters.sandbox import landlock, syscalls

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522      # linux/capability.h: two words each of effective, permitted, inheritable
_MOST_CAPABILITIES = 64


@dataclass(frozen=True, slots=True)
class Walls:
    """Which of the walls that not every kernel has stand."""

    landlock: bool
    calls_filtered: bool


def guard_process() -> None:
    """For the gateway itself: its memory is guarded, and the capabilities it was given stay with it alone."""
    guard_memory()
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)      # what it starts inherits none


def guard_memory() -> None:
    """No core, no ptrace by other processes of the same user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent(parent: int) -> None:
    """End when the process ``parent`` ends, at once if it has ended already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def confine(memory: int, descriptors: int) -> Walls:
    """Give up everything that reading bytes and writing answers does not need."""
    _drop_capabilities()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    locked = landlock.forbid_everything()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    return Walls(locked, syscalls.filter_them())


def allow_processor(seconds: float) -> None:
    """So many seconds of processor from now; then the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _drop_capabilities() -> None:
    """All of them. A service's filter may forbid the call, but then ``guard_process`` has kept them from us."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(_MOST_CAPABILITIES):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)   # fails where there is none of that number, or none to drop
    header, held = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, held) != 0:
        raise OSError(ctypes.get_errno(), "capget failed")
    effective_and_permitted = (*held[0:2], *held[3:5])      # what is inheritable alone lets nobody do anything
    if any(effective_and_permitted) and libc.capset(header, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), "capset failed")


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")
