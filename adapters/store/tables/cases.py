"""Cases, their timelines, and what waits for a person."""

from adapters.store.shape import shape
from gateway.domain.cases.case import Case, CaseEvent
from gateway.domain.cases.waiting import Handover, Hold

CASES = shape(
    "cases", Case, noun="case",
    # (sealed) destination, closing, told, risk_factors (they speak of health and care)
    plain="child category state opened_at reason movement parcel last_school responsible_la"
          " checklist clocks restricted owner closed_at",
    indexed=("child state", "state", "parcel", "movement", "last_school"),
    refers={"child": "children.id"},
)

EVENTS = shape(
    "case_events", CaseEvent, noun="event",
    # (sealed) text
    plain="case at actor what",
    indexed=("case what",),
    refers={"case": "cases.id"},
)

HOLDS = shape(
    "holds", Hold, noun="hold",
    # (sealed) cleared_reason (an officer typed it), details
    plain="what about reason since key state child case cleared_by cleared_at",
    unique=("key",),
    indexed=("state what", "about state", "child state", "case state"),
)

HANDOVERS = shape(
    "handovers", Handover, noun="handover",
    # (sealed) details
    plain="team child reason since key case movement path acknowledged_at acknowledged_by",
    unique=("key",),
    indexed=("acknowledged_at", "child", "case"),
    refers={"child": "children.id"},
)
