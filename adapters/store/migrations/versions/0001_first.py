"""The first schema: parcels, children, cases, the exchange, jobs, the ledger.

A column is written ``name:kind``: t text, n whole number, b bytes; ``?`` may be null, ``*`` primary key, ``!`` unique.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KINDS: dict[str, Any] = {
    "t": sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
    "n": sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    "b": sa.LargeBinary(),
}


def upgrade() -> None:
    """Make every table."""
    for make in (_parcels, _children, _cases, _exchange, _upkeep, _ledger):
        make()


def _parcels() -> None:
    _table("leaves",
           "seq:n* id:t! kind:t subject:t at:n actor:t facts:t index:n?! hash:b?",
           index=("subject",), counted=True)
    _table("parcels",
           "id:t* sender:t channel:t name:b sha256:t size:n blob:t week:t received_at:n kind:t state:t verdict:t? "
           "settled_at:n? rows_read:n rows_accepted:n rows_held:n reading:n checked:b",
           unique=("sender sha256 week",), index=("received_at", "sender received_at", "sha256", "state"))
    _table("receipts",
           "id:t* parcel:t stage:t reading:n leaf:t at:n body:b note:t? path:t?",
           unique=("parcel stage reading",), index=("leaf",), refers=("parcel parcels", "leaf leaves"))
    waiting = sa.text('note IS NULL')
    op.create_index("ix_receipts_unsigned", "receipts", ["id"], sqlite_where=waiting, postgresql_where=waiting)


def _children() -> None:
    _table("children",
           "id:t* legal_surname:b legal_forename:b? dob:b? upn:b? postcode:b? keys:b restricted:n address_protected:n "
           "same_as:t?",
           index=("same_as",))
    _table("child_keys",
           "blind:b* child:t*",
           index=("child",), refers=("child children",), cascade=True, rowid=False)
    _table("suggestions",
           "id:t* child:t candidate:t evidence:t since:n state:t movement:t? case:t? decided_by:t? decided_at:n?",
           unique=("child candidate movement",), index=("candidate state", "case", "movement", "state"),
           refers=("child children", "candidate children"))
    _table("movements",
           "id:t* parcel:t child:t kind:t school:t moved_on:t? key:b record:b state:t matched_with:t? superseded_by:t? "
           "held:n due:t? noted_at:n? key_blind:b",
           unique=("key_blind",),
           index=("child", "parcel state", "school state", "state due"),
           refers=("parcel parcels", "child children"))


def _cases() -> None:
    _table("cases",
           "id:t* child:t category:t state:t opened_at:n reason:t movement:t? parcel:t? last_school:t? responsible_la:t? "
           "destination:b? risk_factors:b checklist:t clocks:t restricted:n owner:t? closed_at:n? closing:b?",
           index=("child state", "last_school", "movement", "parcel", "state"), refers=("child children",))
    _table("case_events",
           "id:t* case:t at:n actor:t what:t text:b",
           index=("case what",), refers=("case cases",))
    _table("holds",
           "id:t* what:t about:t reason:t since:n key:t state:t child:t? case:t? cleared_by:t? cleared_at:n? "
           "cleared_reason:b?",
           unique=("key",), index=("about state", "case state", "child state", "state what"))
    _table("handovers",
           "id:t* team:t child:t reason:t since:n key:t case:t? movement:t? details:b path:t? acknowledged_at:n? "
           "acknowledged_by:t?",
           unique=("key",), index=("acknowledged_at", "case", "child"), refers=("child children",))


def _exchange() -> None:
    _table("referrals",
           "id:t* message:t kind:t direction:t authority:t state:t created_at:n case:t? child:t? payload:b reason:t "
           "derivations:t released_by:t? released_at:n? sent_at:n? delivered_at:n? answered_at:n? answer:t? "
           "answer_details:b sha256:t? parcel:t?",
           unique=("direction authority message",), index=("case state", "child", "message", "parcel", "state"))
    _table("batches",
           "id:t* week:t state:t built_at:n released_by:t? released_at:n? confirmed_by:t? confirmed_at:n?",
           unique=("week",))
    _table("batch_files",
           "id:t* batch:t name:t pupils:n size:n blob:t case:t? do_not_upload:n uploaded:n?",
           index=("batch", "case"), refers=("batch batches",))
    _table("instructions",
           "id:t* school:t case:t state:t since:n destination:t batch:t? sent_at:n? confirmed_at:n? evidence:b?",
           unique=("case",), index=("batch state", "school", "state"), refers=("case cases",))


def _upkeep() -> None:
    _table("jobs",
           "id:t* kind:t key:t due_at:n dated_at:n turn:n line:t? payload:b state:t attempts:n fence:n lease_owner:t? "
           "lease_until:n? last_error:t?",
           unique=("key",), index=("kind state turn id", "line kind state turn", "state lease_until"))
    _table("settings",
           "key:t* value:t",
           rowid=False)
    _table("sequences",
           "name:t* last:n",
           rowid=False)
    _table("accesses",
           "seq:n* at:n user:t name:t what:t subject:t",
           index=("subject",), counted=True)


def _ledger() -> None:
    _table("ledger_nodes",
           "level:n* index:n* hash:b",
           rowid=False)
    _table("checkpoints",
           "seq:n* size:n root:b at:n note:t",
           counted=True)


def _table(name: str, columns: str, *, unique: tuple[str, ...] = (), index: tuple[str, ...] = (),
           refers: tuple[str, ...] = (), cascade: bool = False, counted: bool = False, rowid: bool = True) -> None:
    """One table with its indexes. ``refers``: ``column table``; ``counted``: the first column numbers the rows."""
    parts: list[Any] = []
    keys: list[str] = []
    for word in columns.split():
        column, kind = word.split(":")
        parts.append(sa.Column(column, _KINDS[kind[0]], nullable="?" in kind, autoincrement=counted and not keys))
        if "*" in kind:
            keys.append(column)
        if "!" in kind:
            parts.append(sa.UniqueConstraint(column, name=f"uq_{name}_{column}"))
    parts.append(sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"))
    parts += [sa.UniqueConstraint(*words.split(), name=f"uq_{name}_{words.replace(' ', '_')}") for words in unique]
    for column, parent in (words.split() for words in refers):
        parts.append(sa.ForeignKeyConstraint(
            [column], [f"{parent}.id"], name=f"fk_{name}_{column}", ondelete="CASCADE" if cascade else None,
            deferrable=True, initially="DEFERRED"))
    op.create_table(name, *parts, sqlite_strict=True, sqlite_autoincrement=counted, sqlite_with_rowid=rowid)
    for words in index:
        op.create_index(f"ix_{name}_{words.replace(' ', '_')}", name, words.split())
