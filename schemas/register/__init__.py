"""The public register in a home's ``register/`` folder, as the domain's lookups."""

from schemas.register.load import load_register
from schemas.register.terms import Term, load_terms

__all__ = ["Term", "load_register", "load_terms"]
