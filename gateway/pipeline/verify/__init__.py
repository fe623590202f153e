"""Checking: a home against itself, and one receipt offline."""

from gateway.pipeline.verify.heads import Witness
from gateway.pipeline.verify.home import HomeReport, verify_home
from gateway.pipeline.verify.receipt import ReceiptReport, read_receipt, verify_receipt

__all__ = ["HomeReport", "ReceiptReport", "Witness", "read_receipt", "verify_home", "verify_receipt"]
