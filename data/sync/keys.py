"""Ed25519 keys by which exchange files are signed. The private one never leaves its folder."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.faults import KnownFault, Message

KEY_FILE = "exchange.key"
_MARK = "ed25519:"
SIGNATURE_BYTES = 64


def own_key(folder: Path) -> Ed25519PrivateKey:
    """The folder's key; made at the first call, 0600. Raises `KnownFault` when it cannot be read or kept."""
    path = folder / KEY_FILE
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(Ed25519PrivateKey.generate().private_bytes_raw())
                file.flush()
                os.fsync(file.fileno())
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise KnownFault(Message("The key {path} for exchange by files cannot be used: {why}",
                                 {"path": path, "why": getattr(fault, "strerror", None) or str(fault)})) from fault


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half, as people carry it."""
    return _MARK + base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")


def parse_public(text: str) -> Ed25519PublicKey:
    """Read what `public_text` wrote. Raises `KnownFault`."""
    mark, _, rest = text.strip().partition(":")
    try:
        raw = base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4))
        if mark + ":" != _MARK:
            raise ValueError(mark)
        return Ed25519PublicKey.from_public_bytes(raw)
    except (ValueError, binascii.Error) as fault:
        raise KnownFault(Message("This is no key of an exchange: {text}. It begins with ed25519: and is told by sync "
                                 "key and by sync carry.", {"text": text[:60]})) from fault


def stands(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the signature is of this key over this data."""
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True
