"""The exchange as JSON for ``gateway referrals``: ids, codes and times; nothing about the child but its case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.domain.referrals.referral import Referral


def referral_json(referral: Referral) -> dict[str, Any]:
    """One object of the list."""
    return {
        "id": referral.id, "kind": referral.kind.value, "direction": referral.direction.value, "authority": referral.authority,
        "state": referral.state.value, "case": referral.case, "sent_at": _when(referral.sent_at),
        "answered_at": _when(referral.answered_at), "answer": referral.answer.value if referral.answer else None,
        "message": referral.message, "reason": referral.reason, "created_at": _when(referral.created_at),
        "delivered_at": _when(referral.delivered_at), "released_by": referral.released_by,
        "derivations": dict(referral.derivations), "sent_how": referral.sent_how,
    }


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
