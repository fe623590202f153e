"""Pages that people read and print: instructions to schools, the upload checklist, hand-overs."""

from schemas.pages.render import PrintedPages

__all__ = ["PrintedPages"]
