"""What people tell: particulars of a child on a case, how a referral was sent, what a first person proposed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add three columns; what was there before has none of them."""
    op.add_column("cases", sa.Column("told", sa.LargeBinary(), nullable=True))
    op.add_column("holds", sa.Column("details", sa.LargeBinary(), nullable=True))
    plain = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("referrals", sa.Column("sent_how", plain, nullable=True))
