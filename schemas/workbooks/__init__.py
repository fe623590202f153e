"""The sender's own workbook given back with the faults marked, and our columns recognised when it comes again."""

from schemas.workbooks.annotate import annotate
from schemas.workbooks.columns import OUR_COLUMNS, row_id

__all__ = ["OUR_COLUMNS", "annotate", "row_id"]
