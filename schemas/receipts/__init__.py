"""Receipts as people and programs read them: a page and a data file, from one signed note."""
