"""A provider that can't prove its name by a certificate is told nothing (ASVS 12.3.2)."""

import contextlib
import datetime
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from baokao.payments.gateways.contract import Unknown
from baokao.payments.gateways.http import Deadline, Request, Wire
from tests.payments.gateways.server import answer


def certificate(name: str, folder: Path) -> Path:
    """A certificate that its owner signed for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(pem) + plain)
    return path


def told(wire: Wire, shown: Path) -> list[bytes]:
    """What a server that shows this certificate hears from us when it is called by the name `localhost`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown)
    heard: list[bytes] = []

    def serve(listening: socket.socket) -> None:
        line, _ = listening.accept()
        with line, contextlib.suppress(OSError), context.wrap_socket(line, server_side=True) as talk:
            heard.append(talk.recv(65536))
            talk.sendall(answer(b"yes"))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        with contextlib.suppress(Unknown):
            url = f"https://localhost:{listening.getsockname()[1]}/"
            assert wire.exchange(Request(url, b"secret=1"), Deadline(10)) == b"yes"
        thread.join(10)
    return heard


def who_trusts(path: Path) -> Wire:
    wire = Wire()
    wire._ssl.load_verify_locations(path)
    return wire


@pytest.mark.parametrize(("name", "trusted"), [("localhost", False), ("provider.invalid", True)])
def test_who_can_not_prove_its_name_is_told_nothing(name, trusted, tmp_path):
    """Signed by nobody whom we know; or well signed, but for another name."""
    shown = certificate(name, tmp_path)
    assert told(who_trusts(shown) if trusted else Wire(), shown) == []


def test_control_who_proves_it_is_told(tmp_path):
    shown = certificate("localhost", tmp_path)
    assert b"POST / HTTP/1.1" in told(who_trusts(shown), shown)[0]
