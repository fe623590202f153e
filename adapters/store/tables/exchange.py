"""What passes to and from other authorities, and the week with S2S."""

from adapters.store.shape import shape
from gateway.domain.referrals.referral import Referral
from gateway.domain.s2s.batch import Batch, BatchFile, Instruction

REFERRALS = shape(
    "referrals", Referral, noun="referral",
    # (sealed) payload, answer_details
    plain="message kind direction authority state created_at case child reason derivations released_by released_at"
          " sent_at delivered_at answered_at answer sha256 parcel sent_how",
    unique=("direction authority message",),
    indexed=("state", "case state", "child", "parcel", "message"),
)

BATCHES = shape(
    "batches", Batch, noun="batch",
    plain="week state built_at released_by released_at confirmed_by confirmed_at",
    unique=("week",),
)

FILES = shape(
    "batch_files", BatchFile, noun="file",
    plain="batch name pupils size blob case do_not_upload uploaded",
    indexed=("batch", "case"),
    refers={"batch": "batches.id"},
)

INSTRUCTIONS = shape(
    "instructions", Instruction, noun="instruction",
    # (sealed) evidence (somebody typed it)
    plain="school case state since destination batch sent_at confirmed_at",
    unique=("case",),
    indexed=("state", "school", "batch state"),
    refers={"case": "cases.id"},
)
