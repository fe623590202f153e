"""The examiner: the port behind which files are screened, read, checked and annotated in a sandbox.

1. What happens to a worker is an answer about the file, never an exception: refused, with a reason a person can act on. A crash
   is tried once more in a fresh worker, because the machine may have been at fault; a time-out is not.
2. Nothing a worker says is believed beyond its form: frames that do not build the expected values count as a crash.
3. Exceptions out of here are our own faults: OperatorError, ConfigError.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from adapters.sandbox.limits import Limits
from adapters.sandbox.pool import Pool
from adapters.sandbox.seat import Content, WorkerLostError
from gateway.domain.parcels.kinds import Finding, Kind, Severity, Verdict
from gateway.domain.parcels.stages import Checked, Counts, Offered
from gateway.domain.policy import SenderTerms

Frame = dict[str, Any]

_LOST = {
    "crash": ("FILE-UNREADABLE-CRASH", "The file made the program that reads it stop. It may be damaged, or built to do harm."),
    "memory": ("FILE-UNREADABLE-MEMORY", "The file needs more memory to read than a return ever does."),
    "time": ("FILE-UNREADABLE-TIME", "The file takes longer to read than a return ever does."),
}
_HINT = "Export the return again into a new file and send that. If it happens again, call the authority."


class Sandbox:
    """Implements ``ports.Examiner`` with workers that can do nothing but read."""

    def __init__(self, reader: str, setup: Mapping[str, Any], *, terms: Callable[[str], SenderTerms], today: Callable[[], date],
                 limits: Limits | None = None) -> None:
        self._pool = Pool(reader, setup, limits or Limits())
        self._terms = terms
        self._today = today

    def start(self) -> None:
        """Warm up in the background."""
        self._pool.start()

    def examine(self, offered: Offered) -> Checked:
        """The file understood, or refused with a reason."""
        try:
            return _gather(list(self.frames(offered, offered.content)))
        except WorkerLostError as lost:
            return unreadable(offered, lost.why)

    def frames(self, offered: Offered, content: Content, *, records: bool = True) -> Iterator[Frame]:
        """The answer piece by piece: ``findings``, ``records``, last ``summary``. WorkerLostError once a second try failed too.

        A piece already given is not given again: only a crash before the first one is tried again.
        """
        task = self._task("examine", offered) | {"records": records}
        for last_try in (False, True):
            begun = False
            try:
                with self._pool.seat(offered.sender) as seat:
                    for frame in seat.work(task, content):
                        begun = True
                        yield frame
                return
            except WorkerLostError as lost:
                if last_try or begun or lost.why == "time" or not isinstance(content, bytes):
                    raise

    def annotate(self, offered: Offered, checked: Checked) -> bytes | None:
        """The sender's own workbook with the faults marked; None when there is nothing to say or it could not be made."""
        task = self._task("annotate", offered) | {"checked": checked.to_json(records=False)}
        try:
            with self._pool.seat(offered.sender) as seat:
                pieces = [base64.b64decode(frame["bytes"], validate=True) for frame in seat.work(task, offered.content)]
        except (WorkerLostError, KeyError, TypeError, binascii.Error):
            return None            # the receipt says the same in words
        return b"".join(pieces) or None

    def close(self) -> None:
        """End all workers."""
        self._pool.close()

    def _task(self, what: str, offered: Offered) -> Frame:
        terms = self._terms(offered.sender) if offered.sender else None
        return {
            "do": what, "name": offered.name, "sender": offered.sender, "kind": offered.kind.value if offered.kind else None,
            "today": self._today().isoformat(),
            "permitted": list(terms.permitted) if terms else [], "headings": dict(terms.headings) if terms else {},
            "passwords": list(terms.passwords) if terms else [],
        }


def unreadable(offered: Offered, why: str) -> Checked:
    """The answer about a file whose reader was lost."""
    code, message = _LOST[why]
    return Checked(file=offered.name, kind=offered.kind or Kind.UNKNOWN, verdict=Verdict.REFUSED, sender=offered.sender,
                   rows=Counts(), findings=(Finding(code=code, severity=Severity.ERROR, message=message, hint=_HINT),))


def _gather(frames: list[Frame]) -> Checked:
    """One answer from its pieces. WorkerLostError when they are not what was agreed."""
    try:
        whole = frames[-1]["summary"]
        of_the_file = whole.get("findings", ())
        whole["findings"] = [*of_the_file, *(f for frame in frames for f in frame.get("findings", ()))]
        whole["records"] = [r for frame in frames for r in frame.get("records", ())]
        return Checked.from_json(whole)
    except (IndexError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise WorkerLostError("crash") from error
