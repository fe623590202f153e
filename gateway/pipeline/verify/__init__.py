"""Checking: a home against itself, and one receipt offline."""

from gateway.pipeline.verify.home import HomeReport, verify_home
from gateway.pipeline.verify.receipt import ReceiptReport, verify_receipt

__all__ = ["HomeReport", "ReceiptReport", "verify_home", "verify_receipt"]
