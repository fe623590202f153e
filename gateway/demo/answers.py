"""What a school finds in its receipts folder: read as a program of the school's would read it."""

from __future__ import annotations

import json
from typing import Any

from gateway.demo.town import Town


def receipts_of(town: Town, parcel: dict[str, Any]) -> dict[str, Any]:
    """The values of a parcel's *processed* note: verdict, rows, hash."""
    note = str(_data(town, parcel)["note"]).split("\n\n", 1)[0]
    lines = (line.partition(": ") for line in note.splitlines()[1:])
    return {name: json.loads(value) for name, _, value in lines}


def findings_of(town: Town, parcel: dict[str, Any]) -> list[dict[str, Any]]:
    """The faults that its *processed* receipt lists, the heaviest first."""
    weights = ("error", "query", "note")
    return sorted(_data(town, parcel)["findings"], key=lambda finding: (weights.index(finding["severity"]), finding["row"] or 0))


def _data(town: Town, parcel: dict[str, Any]) -> dict[str, Any]:
    folder = town.home / "drop" / parcel["sender"] / "receipts"
    found: dict[str, Any] = json.loads((folder / f"{parcel['id']}-processed.json").read_text(encoding="utf-8"))
    return found
