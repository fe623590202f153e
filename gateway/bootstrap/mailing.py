"""The mail notifier of a home, by ``[mail]``."""

from __future__ import annotations

from adapters.mail.notifier import MailNotifier, MailServer
from gateway.config import Settings
from gateway.config.secrets import read_secret


def mail_notifier(settings: Settings) -> MailNotifier:
    """Connects at each notice, not before. ConfigError: its password cannot be read."""
    mail = settings.mail
    password = read_secret(mail.password_from, settings.home, "mail.password_from") if mail.password_from else ""
    server = MailServer(host=mail.host, port=mail.port, sender=mail.sender or settings.contact.email,
                        starttls=mail.security == "starttls", tls=mail.security == "tls",
                        user=mail.user, password=password)
    return MailNotifier(server, rehearsal=settings.rehearsal)
