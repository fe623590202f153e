"""What an act drafts for, and takes back from, other authorities and S2S: done when the desk has written the rest.

1. A case that closed, or whose child was restricted, takes back everything that is out about it; a protected address takes
   back files that would show it.
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

FLAGS = ("restricted", "address_protected")
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
    protected: list[Case] = field(default_factory=list)    # whose child's address was protected

    def follow(self, desk: Desk) -> None:
        """Before anything is written: what follows from flags that rose in this act."""
        rose = [(before, child) for before, child in desk.children.changed()
                if any(getattr(child, flag) and not getattr(before, flag) for flag in FLAGS)]
        if rose:
            from gateway.pipeline.protecting import follow  # it carries out orders, on the desk: above, a circle

            for before, child in rose:
                follow(desk, before, desk.children.get(child.id))

    def settle(self, desk: Desk) -> None:
        """Draft and take back."""
        # These packages close cases on answers, through the desk: importing them above would be a circle.
        from gateway.pipeline.basket.week import withdraw_files_of
        from gateway.pipeline.basket.week import withdraw_for_case as withdraw_files
        from gateway.pipeline.exchange.about import died
        from gateway.pipeline.exchange.drafts import draft
        from gateway.pipeline.exchange.withdrawals import withdraw, withdraw_for_case

        closed = {case.id for case in self.withdrawn}
        ordered = {(d.case, d.kind, d.order.authority) for d in self.drafts}
        for referral in desk.tx.referrals.where(case=self.corrected, direction=Direction.OUT, state=_UNRELEASED):
            if (referral.case, referral.kind, referral.authority) not in ordered:
                withdraw(desk.tx, desk.ports, referral, GATEWAY, desk.now)
        for d in self.drafts:
            case, child = desk.cases.get(d.case), desk.children.get(d.child)
            if d.case in closed or case.state is CaseState.CLOSED or case.restricted or died(desk.tx, child, d.record):
                continue
            draft(desk.tx, desk.ports, kind=d.kind, authority=d.order.authority, case=case, child=child, record=d.record,
                  reason=d.order.reason, derivations=d.order.derivations, now=desk.now)
        for case in self.withdrawn:
            withdraw_for_case(desk.tx, desk.ports, case, desk.now)
            withdraw_files(desk.tx, desk.ports, case, desk.now)
        for case in self.protected:
            withdraw_files_of(desk.tx, desk.ports, case, desk.now)
        self.withdrawn, self.corrected, self.drafts, self.protected = [], [], [], []
