"""Other people's SFTP servers: leaving sealed things there, and fetching what they leave for us."""

from adapters.sftp.inbox import SftpInbox
from adapters.sftp.link import SftpLink, SftpServer
from adapters.sftp.outbox import SftpOutbox

__all__ = ["SftpInbox", "SftpLink", "SftpOutbox", "SftpServer"]
