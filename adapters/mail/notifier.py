"""Mail notifier: smtplib's only home.

1. Text only, from a fixed sender, never with an attachment. What it carries holds no child's data; that is the caller's
   promise and the notice's type has nowhere to put a child.
2. TLS, when it is asked for (STARTTLS, or from the first byte), is verified against the system's authorities and never
   skipped silently.
3. The same notice has the same Message-ID, so that mail systems fold a repeat of the same key.
4. One connection for each notice: they are few, and an idle connection is a failure that waits.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

from gateway.errors import OperatorError, PartnerUnavailableError, RetryableError
from gateway.ports import Notice


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, and as whom. ``authorities``: a file of certificates, when the system's are not the right ones."""

    host: str
    port: int
    sender: str
    starttls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: str | None = None
    timeout: float = 20.0
    tls: bool = False             # from the first byte, as on port 465; then there is no STARTTLS


class MailNotifier:
    """Implements ``ports.Notifier`` over SMTP."""

    def __init__(self, server: MailServer, *, rehearsal: bool = False) -> None:
        self._server = server
        self._mark = "[rehearsal] " if rehearsal else ""

    def tell(self, notice: Notice) -> None:
        """Send it, or raise: RetryableError when it may go later, OperatorError when someone must change something."""
        if not notice.to:
            raise OperatorError("a notice without an address, 1 expected", code="MAIL-NO-ADDRESS",
                                hint="Set [contact] email and [deputy] email in config.toml.")
        message = self._message(notice)
        try:
            with self._connect() as smtp:
                self._prepare(smtp)
                refused = smtp.send_message(message)
        except smtplib.SMTPException as error:
            raise self._explained(error) from error
        except OSError as error:
            raise PartnerUnavailableError(f"mail server {self._server.host}:{self._server.port} does not answer",
                                          code="MAIL-DOWN", hint="Check [mail] in config.toml, and the server.") from error
        if refused:
            raise RetryableError(f"mail server took the notice for {len(notice.to) - len(refused)} of {len(notice.to)} addresses",
                                 code="MAIL-PARTLY", hint="Check the addresses in [contact] and [deputy].")

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.tls:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=self._verified())
        return smtplib.SMTP(server.host, server.port, timeout=server.timeout)

    def _verified(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.authorities)

    def _prepare(self, smtp: smtplib.SMTP) -> None:
        if self._server.starttls and not self._server.tls:
            smtp.starttls(context=self._verified())
        if self._server.user:
            smtp.login(self._server.user, self._server.password)

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._server.sender
        message["To"] = ", ".join(notice.to)
        message["Subject"] = self._mark + " ".join(notice.subject.split())
        domain = self._server.sender.rpartition("@")[2]
        message["Message-ID"] = f"<{hashlib.sha256(notice.key.encode()).hexdigest()[:32]}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"   # RFC 3834: out-of-office replies are not wanted
        message.set_content(notice.text)
        return message

    def _explained(self, error: smtplib.SMTPException) -> OperatorError | RetryableError:
        where = f"{self._server.host}:{self._server.port}"
        if isinstance(error, (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError)):
            return OperatorError(f"mail server {where} does not let us in ({type(error).__name__})", code="MAIL-LOGIN",
                                 hint="Check [mail] user, password_from and starttls in config.toml.")
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = sorted({code for code, _ in error.recipients.values()})
            if all(code >= 500 for code in codes):
                return OperatorError(f"mail server {where} refuses every address (SMTP {codes[0]})", code="MAIL-ADDRESS",
                                     hint="Check [contact] email and [deputy] email in config.toml.")
        if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:
            return OperatorError(f"mail server {where} refuses the notice (SMTP {error.smtp_code})", code="MAIL-REFUSED",
                                 hint="Ask whoever runs the mail server what it refuses.")
        return RetryableError(f"mail server {where} cannot take the notice now", code="MAIL-LATER", hint="It is tried again.")
