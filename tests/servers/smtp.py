"""A real SMTP server on a free port of 127.0.0.1, with a certificate of its own when STARTTLS is wanted."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.servers.ports import free_port

HOST = "127.0.0.1"


@dataclass
class Postbox:
    """What the server took. ``refusal``: what it says to every message instead."""

    port: int = 0
    certificate: Path | None = None
    messages: list[EmailMessage] = field(default_factory=list)
    refusal: str | None = None
    refuse_addresses: str | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.refuse_addresses:
            return self.refuse_addresses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusal:
            return self.refusal
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@contextmanager
def smtp_server(folder: Path | None = None, login: tuple[str, str] | None = None) -> Iterator[Postbox]:
    """Start a server; with a ``folder`` it offers and demands STARTTLS with a certificate made there."""
    box = Postbox()
    options: dict[str, Any] = {}
    if folder is not None:
        box.certificate, key = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(box.certificate, key)
        options |= {"tls_context": context, "require_starttls": True}
    if login is not None:
        options |= {"auth_required": True, "auth_require_tls": folder is not None,
                    "authenticator": lambda _s, _e, _n, _m, data: AuthResult(
                        success=(data.login, data.password) == (login[0].encode(), login[1].encode()), handled=False)}
    box.port = free_port()
    controller = Controller(box, hostname=HOST, port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the test")])
    now = datetime.now(UTC)  # noqa: TID251 - a certificate must be valid on the day of the test
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256()))
    cert_path, key_path = folder / "certificate.pem", folder / "key.pem"
    cert_path.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return cert_path, key_path
