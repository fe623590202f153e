"""Checking one receipt with a file of public keys: no home is opened, no key of ours is needed."""

from __future__ import annotations

from pathlib import Path

from gateway.errors import UsageError
from gateway.pipeline.verify import ReceiptReport, verify_receipt
from keys.public import PublicRing


def check_receipt(receipt: Path, key: Path, file: Path | None = None) -> ReceiptReport:
    """What is right and wrong with a receipt. UsageError: there is no key to check with."""
    try:
        ring = PublicRing.from_json(key.read_bytes())
    except FileNotFoundError as error:
        raise UsageError(f"{key} is not there: a receipt is checked with the gateway's public keys", code="NO-PUBLIC-KEYS",
                         hint="Ask the authority for its keys/public.json and name it with --key FILE.") from error
    return verify_receipt(receipt.read_bytes(), ring.checker(), file=file.read_bytes() if file else None)
