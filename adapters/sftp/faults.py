"""What went wrong on an SFTP connection, as the gateway's errors, split by who must act.

The host key is not the pinned one, the login is refused, a folder is missing or closed to us: an operator. Everything else
is the partner or the line, and passes.
"""

from __future__ import annotations

import errno

import paramiko

from gateway.errors import ConfigError, GatewayError, OperatorError, PartnerUnavailableError, TamperError

_CLOSED_TO_US = {errno.EACCES, errno.EPERM}


class OtherHostKey(paramiko.SSHException):
    """The server showed a key that was not pinned."""


def explained(error: Exception, where: str) -> tuple[GatewayError, bool]:
    """The gateway's error for it, and whether the connection is of no more use."""
    if isinstance(error, paramiko.BadHostKeyException):
        return _other_key(where, f"{error.key.get_name()} {error.key.fingerprint}"), True
    if isinstance(error, OtherHostKey):
        return _other_key(where, str(error)), True
    if isinstance(error, (paramiko.AuthenticationException, paramiko.PasswordRequiredException)):
        return OperatorError(f"{where} does not let us in", code="SFTP-LOGIN",
                             hint="Check user and key_file in config.toml, and that they hold our public key."), True
    if isinstance(error, OSError) and error.errno in _CLOSED_TO_US:
        return OperatorError(f"{where} does not allow that in its folder", code="SFTP-NOT-ALLOWED",
                             hint="Ask them to let our user write, rename and delete there."), False
    if isinstance(error, FileNotFoundError) and error.filename is not None:
        return ConfigError("the private key file of an SFTP server is missing", code="SFTP-KEY-FILE",
                           hint="Check key_file in config.toml."), True
    if isinstance(error, FileNotFoundError):
        return OperatorError(f"{where} has no such folder or file", code="SFTP-NO-FOLDER",
                             hint="Check the folder in config.toml, or ask them to make it."), False
    return PartnerUnavailableError(f"{where} does not answer ({type(error).__name__})", code="SFTP-DOWN",
                                   hint="It is tried again; `gateway doctor` tries it now."), True


def _other_key(where: str, shown: str) -> TamperError:
    return TamperError(f"{where} shows host key {shown}, another is pinned", code="SFTP-HOST-KEY-CHANGED",
                       hint="Nothing was sent. Ring them on a known number before you change host_key in config.toml.")
