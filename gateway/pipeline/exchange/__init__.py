"""Exchange: enquiries and referrals between authorities, both ways, until they are answered.

    draft → release (a person; the guard looks) → deliver → receipt → answer → the case closes on it

Every function works in the caller's transaction; the two that begin their own are the jobs: ``deliver`` and ``take_package``.
"""

from gateway.pipeline.exchange.answers import answer, apply_answer, follow, follow_up, record_answer_by_person
from gateway.pipeline.exchange.arrivals import take_package
from gateway.pipeline.exchange.by_hand import sent_by_hand
from gateway.pipeline.exchange.deliver import answer_due, deliver
from gateway.pipeline.exchange.drafts import composed_for_case, draft, draft_for_case
from gateway.pipeline.exchange.listing import referral_json
from gateway.pipeline.exchange.release import Preview, current_fields, guard, preview, release, release_guarded
from gateway.pipeline.exchange.withdrawals import withdraw, withdraw_by_person, withdraw_for_case

__all__ = [
    "Preview", "answer", "answer_due", "apply_answer", "composed_for_case", "current_fields", "deliver", "draft",
    "draft_for_case", "follow", "follow_up", "guard", "preview", "record_answer_by_person", "referral_json", "release",
    "release_guarded", "sent_by_hand", "take_package", "withdraw", "withdraw_by_person", "withdraw_for_case",
]
