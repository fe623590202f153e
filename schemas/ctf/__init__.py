"""The Common Transfer File family: CTF, CML (leavers) and CMJ (joiners)."""

from schemas.ctf.read import read_transfer

__all__ = ["read_transfer"]
