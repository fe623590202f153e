"""What the bytes really are, told by their content, before any parser of a library sees them."""

from schemas.screening.screen import screen

__all__ = ["screen"]
