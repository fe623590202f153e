"""The sandbox, with real processes: what a file does to its reader ends there."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from adapters.sandbox import Limits, Sandbox
from adapters.sandbox.syscalls import is_filtered
from gateway.domain.parcels.kinds import Verdict
from gateway.domain.parcels.stages import Checked, Offered
from gateway.domain.policy import SenderTerms
from gateway.errors import ConfigError, OperatorError, RetryableError

READER = "tests.adapters.sandbox.troubled_reader"
FERNBRIDGE, QUILLMEAD = "9902001", "9902003"


def make(limits: Limits | None = None, **setup: object) -> Sandbox:
    return Sandbox(READER, setup, terms=lambda s: SenderTerms(s, (s,)), today=lambda: date(2026, 11, 16), limits=limits)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    one = make(Limits(memory=512 << 20, files_per_worker=3))
    yield one
    one.close()


def examine(sandbox: Sandbox, words: str, sender: str | None = FERNBRIDGE) -> Checked:
    return sandbox.examine(Offered("a.csv", words.encode(), sender))


def said(checked: Checked) -> str:
    return checked.findings[0].message


def worker(checked: Checked) -> int:
    return int(checked.findings[0].hint)


def test_a_file_is_read_in_another_process(sandbox: Sandbox) -> None:
    checked = examine(sandbox, "say hello")
    assert said(checked) == "say hello"
    assert checked.sender == FERNBRIDGE
    assert worker(checked) != os.getpid()


def test_a_file_for_which_there_is_no_memory_is_tried_again_and_is_no_fault_of_the_files(sandbox: Sandbox) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(RetryableError) as caught:
            examine(sandbox, "say " + "x" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert caught.value.code == "SANDBOX-NO-ROOM"
    assert said(examine(sandbox, "say hello")) == "say hello"


@pytest.mark.parametrize("words", ["abort", "exit", "panic name-of-a-child", "deep", "flood"])
def test_a_reader_that_ends_early_is_a_refusal_with_a_reason(sandbox: Sandbox, words: str) -> None:
    checked = examine(sandbox, words)
    assert checked.verdict is Verdict.REFUSED
    assert checked.rows.read == 0
    [finding] = checked.findings
    assert finding.code == "FILE-UNREADABLE-CRASH"
    assert finding.row is None and finding.sheet is None
    assert finding.hint
    assert "name-of-a-child" not in finding.message + finding.hint


def test_a_file_that_wants_too_much_memory_is_refused(sandbox: Sandbox) -> None:
    assert examine(sandbox, "memory").findings[0].code == "FILE-UNREADABLE-MEMORY"


def test_after_a_crash_the_next_file_is_read_as_usual(sandbox: Sandbox) -> None:
    examine(sandbox, "abort")
    assert said(examine(sandbox, "say still here")) == "say still here"


def test_a_reader_that_sleeps_is_ended_by_the_clock() -> None:
    sandbox = make(Limits(wall_seconds=0.4, seconds_per_mib=0))
    started = time.monotonic()
    checked = examine(sandbox, "sleep")
    assert checked.findings[0].code == "FILE-UNREADABLE-TIME"
    assert time.monotonic() - started < 10
    sandbox.close()


def test_a_reader_that_spins_is_ended_by_the_kernel() -> None:
    sandbox = make(Limits(cpu_seconds=0.2, wall_seconds=30, seconds_per_mib=0))
    started = time.monotonic()
    assert examine(sandbox, "spin").findings[0].code == "FILE-UNREADABLE-CRASH"
    assert time.monotonic() - started < 15
    sandbox.close()


@pytest.mark.parametrize("words", ["open", "write", "connect", "run", "fork", "scribble", "kill"])
def test_a_worker_can_do_nothing_but_read(sandbox: Sandbox, words: str) -> None:
    assert said(examine(sandbox, words)) in ("PermissionError", "OSError", "BlockingIOError")


def test_a_worker_sees_no_secret_in_its_environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/secret")
    other = make()
    assert "CREDENTIALS_DIRECTORY" not in said(examine(other, "environment"))
    other.close()


def test_a_worker_serves_one_sender_only(sandbox: Sandbox) -> None:
    first = examine(sandbox, "say a", QUILLMEAD)
    same = examine(sandbox, "say b", QUILLMEAD)
    other = examine(sandbox, "say c", FERNBRIDGE)
    assert worker(first) == worker(same)
    assert worker(other) != worker(first)


def test_a_worker_is_replaced_after_some_files(sandbox: Sandbox) -> None:
    workers = [worker(examine(sandbox, "say x", "9902002")) for _ in range(4)]
    assert workers[0] == workers[1] == workers[2] != workers[3]


def test_a_worker_is_under_the_filter_and_in_its_limits() -> None:
    sandbox = make(Limits(memory=400 << 20))
    checked = examine(sandbox, "limits")
    assert said(checked) == str(400 << 20)
    assert is_filtered(worker(checked))
    sandbox.close()


def test_a_worker_has_no_capability_even_of_a_gateway_that_has_all() -> None:
    sandbox = make()
    status = Path(f"/proc/{worker(examine(sandbox, 'say hello'))}/status").read_text(encoding="ascii")
    sandbox.close()
    held = {line.split()[0]: int(line.split()[1], 16) for line in status.splitlines() if line.startswith("Cap")}
    assert held["CapPrm:"] == held["CapEff:"] == held["CapInh:"] == held["CapAmb:"] == 0


def test_several_threads_share_the_workers(sandbox: Sandbox) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(said(examine(sandbox, f"say {n}", str(n))))) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [f"say {n}" for n in range(6)]


def test_a_large_file_arrives_whole(sandbox: Sandbox) -> None:
    words = "say " + "x" * (9 << 20)
    assert said(examine(sandbox, words)) == words


def test_annotating_gives_the_workbooks_bytes(sandbox: Sandbox) -> None:
    offered = Offered("a.csv", b"say a", FERNBRIDGE)
    assert sandbox.annotate(offered, sandbox.examine(offered)) == b"book"


def test_closing_ends_every_worker() -> None:
    sandbox = make()
    pid = worker(examine(sandbox, "say a"))
    sandbox.close()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()


def test_a_faulty_register_is_a_fault_of_the_home_not_of_the_file() -> None:
    sandbox = make(faulty=True)
    with pytest.raises(ConfigError, match="line 3"):
        examine(sandbox, "say a")
    sandbox.close()


def test_a_reader_that_does_not_start_is_our_fault() -> None:
    sandbox = Sandbox("tests.adapters.sandbox.no_such_reader", {}, terms=lambda s: SenderTerms(s, (s,)), today=lambda: date.min)
    with pytest.raises(OperatorError) as raised:
        examine(sandbox, "say a")
    assert raised.value.code == "SANDBOX-DOWN"
    sandbox.close()
