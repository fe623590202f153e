from __future__ import annotations

import io
import json
from typing import Any

from adapters.logs import JsonLog, SpokenLog
from gateway.errors import ConfigError


def _logged(*acts: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    log = JsonLog(out)
    for act in acts:
        act(log)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_event_is_one_line_of_json() -> None:
    [line] = _logged(lambda log: log.note("parcel-received", parcel="P01", size=12, code="a\nb\x1b[31m"))
    assert (line["event"], line["parcel"], line["size"], line["level"]) == ("parcel-received", "P01", 12, "info")
    assert "at" in line


def test_a_key_that_nobody_allowed_is_dropped_and_only_its_name_is_noted() -> None:
    [line] = _logged(lambda log: log.note("row-held", surname="Ellery", parcel="P01"))
    assert line["dropped"] == ["surname"]
    assert "Ellery" not in json.dumps(line)


def test_an_error_of_ours_is_told_and_a_foreign_one_only_by_type_and_place() -> None:
    try:
        raise ValueError("Musa Ellery")
    except ValueError as error:
        foreign = error
    ours = ConfigError("la is 99, expected three digits", code="CONFIG", hint="Mend it.")
    first, second = _logged(lambda log: log.fault("job-failed", ours), lambda log: log.fault("job-failed", foreign))
    assert (first["code"], first["message"]) == ("CONFIG", "la is 99, expected three digits")
    assert (second["code"], second["error"]) == ("UNEXPECTED", "ValueError")
    assert "Ellery" not in json.dumps(second)


def test_a_person_is_told_what_went_wrong_and_nothing_else() -> None:
    told: list[str] = []
    log = SpokenLog(told.append)
    log.note("parcel-received", parcel="P01", sender="9902001")
    assert (told, log.parcels) == ([], ["P01"])
    log.fault("job-failed", ConfigError("la is 99, expected three digits", code="CONFIG", hint="Mend it."), job="J01")
    log.fault("job-failed", ValueError("Musa Ellery"), job="J02")
    assert told[:2] == ["job-failed (J01): la is 99, expected three digits", "  Mend it."]
    assert "ValueError" in told[2] and "Ellery" not in "".join(told)
