"""Why a text is not the identifier it should be. The message never prints the identifier itself."""

from __future__ import annotations

from gateway.errors import RefusedError


class BadIdentifierError(RefusedError):
    """The text is not the identifier that was asked for; ``code`` says in which way."""


class BadUpnError(BadIdentifierError):
    """Not a Unique Pupil Number."""


class BadUlnError(BadIdentifierError):
    """Not a Unique Learner Number."""


class BadLaestabError(BadIdentifierError):
    """Not a DfE number of a school."""


class BadPostcodeError(BadIdentifierError):
    """Not a postcode."""
