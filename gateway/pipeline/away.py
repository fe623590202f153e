"""What an act drafts for, and takes back from, other authorities and S2S: done when the desk has written the rest.

1. A case that closed, or whose child was restricted, takes back everything that is out about it.
2. After a correction, a draft that routing did not order again is taken back; what was released stays.
3. A draft is written once for case, kind and authority; a person releases it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.domain.actor import GATEWAY
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.parcels.orders import DraftEnquiry, DraftReferral
from gateway.domain.referrals.referral import Direction, ReferralKind, ReferralState
from gateway.domain.returns.record import PupilRecord

if TYPE_CHECKING:
    from gateway.pipeline.desk import Desk

_UNRELEASED = (ReferralState.DRAFTED, ReferralState.HELD)


@dataclass(frozen=True, slots=True)
class Draft:
    """An order that became a draft: for which case, about whom."""

    case: str
    child: str
    record: PupilRecord
    order: DraftEnquiry | DraftReferral

    @property
    def kind(self) -> ReferralKind:
        """Enquiry or referral."""
        return ReferralKind.ENQUIRY if isinstance(self.order, DraftEnquiry) else ReferralKind.REFERRAL


@dataclass
class Away:
    """The list of what is to be drafted and taken back."""

    withdrawn: list[Case] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)     # ids of cases whose row was corrected
    drafts: list[Draft] = field(default_factory=list)

    def settle(self, desk: Desk) -> None:
        """Draft and take back."""
        # These packages close cases on answers, through the desk: importing them above would be a circle.
        from gateway.pipeline.basket.week import withdraw_for_case as withdraw_files
        from gateway.pipeline.exchange.drafts import draft
        from gateway.pipeline.exchange.withdrawals import withdraw, withdraw_for_case

        closed = {case.id for case in self.withdrawn}
        ordered = {(d.case, d.kind, d.order.authority) for d in self.drafts}
        for referral in desk.tx.referrals.where(case=self.corrected, direction=Direction.OUT, state=_UNRELEASED):
            if (referral.case, referral.kind, referral.authority) not in ordered:
                withdraw(desk.tx, desk.ports, referral, GATEWAY, desk.now)
        for d in self.drafts:
            case = desk.cases.get(d.case)
            if d.case not in closed and case.state is not CaseState.CLOSED and not case.restricted:
                draft(desk.tx, desk.ports, kind=d.kind, authority=d.order.authority, case=case, child=desk.children.get(d.child),
                      record=d.record, reason=d.order.reason, derivations=d.order.derivations, now=desk.now)
        for case in self.withdrawn:
            withdraw_for_case(desk.tx, desk.ports, case, desk.now)
            withdraw_files(desk.tx, desk.ports, case, desk.now)
        self.withdrawn, self.corrected, self.drafts = [], [], []
