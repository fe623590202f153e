"""Notices by e-mail."""

from adapters.mail.fallback import WithFallback
from adapters.mail.notifier import MailNotifier, MailServer

__all__ = ["MailNotifier", "MailServer", "WithFallback"]
