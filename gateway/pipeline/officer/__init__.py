"""The acts of people: each with an actor, a role, a reason, a ledger leaf. All work in the caller's transaction."""

from gateway.pipeline.officer.cases import assign, close, enquiry, note, reopen
from gateway.pipeline.officer.holds import reject as reject_hold
from gateway.pipeline.officer.holds import release as release_hold
from gateway.pipeline.officer.matches import accept as accept_match
from gateway.pipeline.officer.matches import reject as reject_match
from gateway.pipeline.officer.matches import undo as undo_match
from gateway.pipeline.officer.opening import open_case
from gateway.pipeline.officer.protections import acknowledge as acknowledge_handover
from gateway.pipeline.officer.protections import lift, protect

__all__ = [
    "accept_match", "acknowledge_handover", "assign", "close", "enquiry", "lift", "note", "open_case", "protect", "reject_hold",
    "reject_match", "release_hold", "reopen", "undo_match",
]
