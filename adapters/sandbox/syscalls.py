"""A filter of system calls: what reading bytes and computing needs is allowed, everything else answers "not permitted".

1. The list is of what is allowed, so that a call nobody thought of is not.
2. Two calls could reach other processes; they are allowed upon this one alone: a signal to a thread (``abort`` needs it), limits.
3. It answers EPERM instead of killing: a library that tries something harmless goes on.
4. Calls of another architecture end the process.
5. Where the kernel or the machine has no such filter, the other limits stand alone; ``doctor`` says so.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from pathlib import Path

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_ALLOW, _EPERM, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06        # BPF: load a word, jump if equal, return
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_AT = 0, 4, 16     # where they stand; the first argument's two halves, the lower first

# read write close fstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn pread64 mremap madvise
# sched_yield getpid exit futex restart_syscall clock_gettime clock_getres clock_nanosleep exit_group getrandom gettid
# getrusage setrlimit getrlimit sigaltstack rseq membarrier set_robust_list
_X86_64 = (0, 1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 25, 28, 24, 39, 60, 202, 219, 228, 229, 230, 231, 318, 186,
           98, 160, 97, 131, 334, 324, 273)
_AARCH64 = (63, 64, 57, 80, 73, 62, 222, 226, 215, 214, 134, 135, 139, 67, 216, 233, 124, 172, 93, 98, 128, 113, 114, 115, 94,
            278, 178, 165, 164, 163, 132, 293, 283, 99)
_TABLES = {"x86_64": (0xC000003E, _X86_64, 234, 302), "aarch64": (0xC00000B7, _AARCH64, 131, 261)}     # …, tgkill, prlimit64


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def filter_them() -> bool:
    """Install the filter for this process; False where there is none to be had. Needs no-new-privileges set before."""
    table = _TABLES.get(platform.machine())
    if table is None:
        return False
    architecture, allowed, tgkill, prlimit = table
    code = _program(architecture, allowed, ((tgkill, os.getpid()), (prlimit, 0), (prlimit, os.getpid())))
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def is_filtered(pid: int) -> bool:
    """Whether a process runs under a filter."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return "Seccomp:\t2" in status


def _program(architecture: int, allowed: tuple[int, ...], upon: tuple[tuple[int, int], ...]) -> bytes:
    """``upon``: calls that are allowed only with this first argument."""
    steps = [_step(_LOAD, _ARCHITECTURE_AT), _step(_EQUAL, architecture, 1, 0), _step(_RETURN, _KILL)]
    for number, first in upon:
        # The call; then the argument's lower and upper half. Whatever differs goes on to the next.
        steps += [_step(_LOAD, _NUMBER_AT), _step(_EQUAL, number, 0, 5), _step(_LOAD, _FIRST_AT), _step(_EQUAL, first, 0, 3),
                  _step(_LOAD, _FIRST_AT + 4), _step(_EQUAL, 0, 0, 1), _step(_RETURN, _ALLOW)]
    steps.append(_step(_LOAD, _NUMBER_AT))
    for number in allowed:
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ALLOW)]
    return b"".join([*steps, _step(_RETURN, _EPERM)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
