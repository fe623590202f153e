"""Stage values, orders, receipts."""
