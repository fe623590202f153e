"""Real servers on 127.0.0.1 for tests: OpenSSH, or asyncssh where it is not installed; SMTP."""
