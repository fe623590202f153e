"""Grids of cells out of workbooks and separated text, before anyone asks what they mean."""

from schemas.spreadsheets.text import read_text
from schemas.spreadsheets.workbook import read_workbook

__all__ = ["read_text", "read_workbook"]
