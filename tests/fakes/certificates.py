"""A certificate authority of a test's own, and a server's certificate signed by it."""
from __future__ import annotations

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(issuer)).public_key(key)
            .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=2)))


def authority(folder: Path, name: str) -> tuple[Path, ec.EllipticCurvePrivateKey]:
    """(certificate file, key) of an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = _builder(name, name, key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=None),
    True).sign(
        key, hashes.SHA256())
    path = folder / f"{name}.crt"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path, key


def server(folder: Path, host: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> tuple[Path, Path]:
    """(certificate file, key file) of a server with this name."""
    own = ec.generate_private_key(ec.SECP256R1())
    made = _builder(host, issuer, own.public_key()).add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]),
    False
                                                                 ).sign(key, hashes.SHA256())
    certificate, secret = folder / "server.crt", folder / "server.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption()))
    secret.chmod(0o600)
    return certificate, secret
