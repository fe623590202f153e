"""What a worker may use. Beyond it the kernel or the gateway ends the worker, and the file is refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one worker and one file; time grows with the file's size."""

    memory: int = 1024 * MIB            # address space
    cpu_seconds: float = 20             # for a small file
    wall_seconds: float = 60            # for a small file
    seconds_per_mib: float = 4          # more of both for each MiB; the slowest honest reading needs a tenth
    files_per_worker: int = 200         # then it is replaced, whatever it may have gathered
    workers: int = 2                    # at the same time
    frame: int = 16 * MIB               # longest single answer
    answer: int = 64 * MIB              # all answers about a small file
    answer_per_byte: int = 64           # more for each byte of the file; the wordiest honest answer needs a third
    start_seconds: float = 30           # for the nursery to warm up

    def cpu(self, size: int) -> float:
        """Seconds of processor for a file of that size."""
        return self.cpu_seconds + self.seconds_per_mib * size / MIB

    def answers(self, size: int) -> int:
        """Bytes of all answers about a file of that size."""
        return self.answer + self.answer_per_byte * size

    def wall(self, size: int) -> float:
        """Seconds on the clock for a file of that size."""
        return self.wall_seconds + 2 * self.seconds_per_mib * size / MIB
