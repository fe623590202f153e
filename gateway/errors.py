"""Errors, split by who must act.

    GatewayError
    ├── RefusedError          the sender must change something                     exit 65
    ├── RetryableError        nobody is at fault; try again later                  exit 75
    │   └── PartnerUnavailableError   the other side does not answer              exit 69
    └── OperatorError         someone here must act                                exit 70
        ├── UsageError        the command was not typed as it must be              exit 64
        ├── NotAllowedError   the actor lacks the role, or a second person is needed  exit 77
        ├── ConfigError       a setting is missing or wrong                        exit 78
        ├── DiskError         the disk is full, read-only or failing               exit 74
        │   └── SyncFailedError   an fsync failed: this run must end               exit 74
        └── TamperError       stored evidence does not verify                      exit 70

Every error carries a code (stable, for scripts), a message that holds the two values that disagree, and a hint that
says what to do. None ever carries a child's data.
"""

from __future__ import annotations

from typing import ClassVar


class GatewayError(Exception):
    """Anything the gateway knows how to explain."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, *, code: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint


class RefusedError(GatewayError):
    """The sender must change something and send it again."""

    exit_code = 65


class RetryableError(GatewayError):
    """Nobody is at fault; the same act may succeed later."""

    exit_code = 75


class PartnerUnavailableError(RetryableError):
    """The other side does not answer."""

    exit_code = 69


class OperatorError(GatewayError):
    """Someone on our side must act."""


class UsageError(OperatorError):
    """The command was not typed as it must be."""

    exit_code = 64


class NotAllowedError(OperatorError):
    """The actor lacks the role, or a second person is needed."""

    exit_code = 77


class ConfigError(OperatorError):
    """A setting is missing or wrong: the message names key and value, the hint what to write."""

    exit_code = 78


class DiskError(OperatorError):
    """The disk is full, read-only or failing."""

    exit_code = 74


class SyncFailedError(DiskError):
    """An fsync of what the gateway keeps failed. What was written may be gone, and asking again may say that it is not.

    Nobody goes on in this process; the next one begins from what is durable.
    """


class TamperError(OperatorError):
    """Stored evidence does not verify."""


class ConflictError(OperatorError):
    """A row with the same unique key exists: the act was done before."""


class LeaseLostError(RetryableError):
    """Another worker has taken this job over; this one may not commit."""
