"""Passwords and mail travel encrypted, to the server that they are meant for and no other."""

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inbox.smtp import Connection, Envelope, Patience, Security, Server, ServerTrouble
from tests.servers.smtp_sink import RecordingSmtpServer

MAIL = Envelope("help@example.org", "dana@example.net", b"Subject: Hello\r\n\r\nGood day.\r\n")
HASTY = Patience(connect=3, answer=3, dot=3)
Opening = Callable[[socket.socket, ssl.SSLContext], ssl.SSLSocket]


def certificate(folder: Path, name: x509.GeneralName) -> Path:
    """A self-signed certificate and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.test")])
    now = datetime.now(UTC)  # noqa: TID251 - what OpenSSL compares with
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def at_once(plain: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
    return context.wrap_socket(plain, server_side=True)


def by_starttls(plain: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain.sendall(b"220 sink.test ESMTP\r\n")
    plain.recv(1000)
    plain.sendall(b"250-sink.test\r\n250 STARTTLS\r\n")
    plain.recv(1000)
    plain.sendall(b"220 go on\r\n")
    return context.wrap_socket(plain, server_side=True)


class Front:
    """Speaks TLS in front of a sink that does not; one connection after another."""

    def __init__(self, sink: RecordingSmtpServer, pem: Path, opening: Opening) -> None:
        self._sink, self._opening = sink, opening
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "Front":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            with (
                plain,
                contextlib.suppress(OSError),
                self._opening(plain, self._context) as secure,
            ):
                self._pass_on(secure)

    def _pass_on(self, secure: ssl.SSLSocket) -> None:
        with socket.create_connection((self._sink.host, self._sink.port)) as inner:
            if self._opening is by_starttls:
                inner.recv(1000)  # the banner was said before
            back = threading.Thread(target=_pump, args=(inner, secure))
            back.start()
            _pump(secure, inner)
            with contextlib.suppress(OSError):
                inner.shutdown(socket.SHUT_RDWR)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
ELSEWHERE = x509.DNSName("mail.elsewhere.example")
WAYS = [
    pytest.param(("tls", at_once), id="tls"),
    pytest.param(("starttls", by_starttls), id="starttls"),
]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> tuple[Security, Opening]:
    chosen: tuple[Security, Opening] = request.param
    return chosen


@pytest.fixture
def sink() -> Iterator[RecordingSmtpServer]:
    with RecordingSmtpServer(credentials={"help": "secret"}) as server:
        yield server


def connect(front: Front, security: Security) -> Connection:
    return Connection(Server("127.0.0.1", front.port, security, "help", "secret"), HASTY)


def test_a_mail_leaves_encrypted_to_a_server_with_a_valid_certificate(
    sink: RecordingSmtpServer,
    way: tuple[Security, Opening],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    pem = certificate(tmp_path, HERE)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with Front(sink, pem, way[1]) as front, closing(connect(front, way[0])) as connection:
        connection.deliver(MAIL, enter=lambda phase: None)
    assert sink.mails[0].content == MAIL.content
    assert sink.mails[0].username == "help"


@pytest.mark.parametrize("trusted", [False, True])
def test_a_server_that_cannot_prove_its_name_hears_no_password(
    sink: RecordingSmtpServer,
    way: tuple[Security, Opening],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
):
    pem = certificate(tmp_path, ELSEWHERE if trusted else HERE)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with (
        Front(sink, pem, way[1]) as front,
        pytest.raises(ServerTrouble, match=r"certificate of .* is not valid"),
    ):
        connect(front, way[0])
    assert sink.commands == []


def test_a_server_without_starttls_hears_no_password(sink: RecordingSmtpServer):
    with pytest.raises(ServerTrouble, match="offers no login or no encryption"):
        Connection(Server("127.0.0.1", sink.port, "starttls", "help", "secret"), HASTY)
    assert "AUTH" not in [verb for _, verb in sink.commands]


def test_a_server_that_speaks_no_tls_is_told_in_a_sentence(sink: RecordingSmtpServer):
    with pytest.raises(ServerTrouble, match=r"encryption we expect|ended the connection"):
        Connection(Server("127.0.0.1", sink.port, "tls", "help", "secret"), HASTY)
