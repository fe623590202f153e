"""Facts of invented receipts."""

from __future__ import annotations

from typing import Any

from gateway.domain.parcels.receipt import STATEMENT

NOTE = "cme-gateway-receipt/1\nparcel: \"P01\"\n\n— 990.cme-gateway/receipts AAAA\n"


def finding(code: str = "UPN-CHECK-LETTER", severity: str = "query", row: int | None = 7, **more: Any) -> dict[str, Any]:
    return {"code": code, "severity": severity, "sheet": None, "row": row, "column": "UPN No.", "field": "upn",
            "message": "UPN check letter is K, expected T.", "hint": "Two digits may have been swapped."} | more


def facts(*findings: dict[str, Any], rehearsal: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "parcel": "P01HZX", "stage": "processed", "reading": 1, "sender": "9902001", "channel": "drop", "sha256": "ab" * 32,
        "size": 4123, "received_at": "2026-07-16T08:00:01+00:00", "processed_at": "2026-11-16T08:00:03+00:00", "kind": "leavers",
        "verdict": "part-accepted", "rows": {"read": 12, "accepted": 10, "held": 2}, "findings": list(findings),
        "statement": STATEMENT, "keys": {"receipts": "k", "checkpoints": "c"},
        "evidence": {"leaf": "{}", "index": 41, "proof": [], "checkpoint": "990.cme-gateway\n42\n"},
        "authority": {"la": "990", "name": "Thornhaven", "rehearsal": rehearsal, "held_row_days": 3,
                      "safeguarding_phone": "01632 960100",
                      "contact": {"name": "Ada Quill", "email": "cme@thornhaven.example", "phone": "01632 960101"},
                      "deputy": {"name": "Ben Marsh", "email": "deputy@thornhaven.example", "phone": ""}},
    } | more
