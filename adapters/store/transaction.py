"""One transaction, with the repositories it carries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from adapters.store.children import ChildRows, MovementRows
from adapters.store.jobs import JobTable
from adapters.store.leaves import LeafRows
from adapters.store.parcels import ParcelRows
from adapters.store.rows import Rows
from adapters.store.session import Session
from adapters.store.tables.cases import CASES, EVENTS, HANDOVERS, HOLDS
from adapters.store.tables.children import SUGGESTIONS
from adapters.store.tables.exchange import BATCHES, FILES, INSTRUCTIONS, REFERRALS
from adapters.store.tables.parcels import RECEIPTS
from adapters.store.upkeep import AccessRows, SettingRows
from gateway.domain.cases.case import Case, CaseEvent
from gateway.domain.cases.waiting import Handover, Hold
from gateway.domain.matching.child import Suggestion
from gateway.domain.parcels.parcel import Receipt
from gateway.domain.referrals.referral import Referral
from gateway.domain.s2s.batch import Batch, BatchFile, Instruction
from gateway.ports import Access, Children, Ids, Jobs, Leaves, Movements, Parcels, Repository, Settings


@dataclass(slots=True)
class SqlTransaction:
    """Everything one act changes. Implements ``ports.Transaction``."""

    session: Session
    parcels: Parcels
    receipts: Repository[Receipt]
    children: Children
    suggestions: Repository[Suggestion]
    movements: Movements
    cases: Repository[Case]
    events: Repository[CaseEvent]
    holds: Repository[Hold]
    handovers: Repository[Handover]
    referrals: Repository[Referral]
    batches: Repository[Batch]
    files: Repository[BatchFile]
    instructions: Repository[Instruction]
    jobs: Jobs
    leaves: Leaves
    access: Access
    settings: Settings

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What fails inside is undone alone; the transaction goes on if the caller catches the error."""
        with self.session.connection.begin_nested():
            yield


def transaction(session: Session, ids: Ids) -> SqlTransaction:
    """The repositories of one transaction."""
    return SqlTransaction(
        session=session,
        parcels=ParcelRows(session), receipts=Rows(session, RECEIPTS),
        children=ChildRows(session), suggestions=Rows(session, SUGGESTIONS), movements=MovementRows(session),
        cases=Rows(session, CASES), events=Rows(session, EVENTS), holds=Rows(session, HOLDS),
        handovers=Rows(session, HANDOVERS), referrals=Rows(session, REFERRALS),
        batches=Rows(session, BATCHES), files=Rows(session, FILES), instructions=Rows(session, INSTRUCTIONS),
        jobs=JobTable(session, ids), leaves=LeafRows(session, ids), access=AccessRows(session), settings=SettingRows(session))
