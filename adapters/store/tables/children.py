"""Children, the blinded evidence by which they are found, suggestions, and movements."""

from sqlalchemy import Column, ForeignKey, Index, Table

from adapters.store.columns import BYTES, TEXT
from adapters.store.shape import METADATA, shape
from gateway.domain.matching.child import Child, Suggestion
from gateway.domain.returns.movement import Movement

CHILDREN = shape(
    "children", Child, noun="child",
    # (sealed) names, date of birth, UPN, postcode, and the evidence itself
    plain="restricted address_protected same_as",
    indexed=("same_as",),
)

CHILD_KEYS = Table(
    "child_keys", METADATA,
    Column("blind", BYTES, primary_key=True),
    Column("child", TEXT, ForeignKey("children.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
           primary_key=True),
    Index(None, "child"),
    sqlite_strict=True, sqlite_with_rowid=False,
)

SUGGESTIONS = shape(
    "suggestions", Suggestion, noun="suggestion",
    plain="child candidate evidence since state movement case decided_by decided_at",
    unique=("child candidate movement",),
    indexed=("state", "candidate state", "movement", "case"),
    refers={"child": "children.id", "candidate": "children.id"},
)

MOVEMENTS = shape(
    "movements", Movement, noun="movement",
    # (sealed) record, key
    plain="parcel child kind school moved_on state matched_with superseded_by held due noted_at",
    blind={"key": "movement"},
    indexed=("child", "parcel state", "school state", "state due"),
    refers={"parcel": "parcels.id", "child": "children.id"},
)
