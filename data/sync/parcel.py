"""Exchange files: a header and records, signed as a whole; a file is checked wholly before any of it counts."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.faults import KnownFault, Message
from data.store.blobs import sync_folder
from data.sync.keys import SIGNATURE_BYTES, stands

MAGIC = b"LIANDONG-EXCHANGE\n"
FORMAT = 1
MAX_BYTES = 96 * 1024 * 1024
MAX_PLAIN = 512 * 1024 * 1024
HUB = "hub"
"""to whom a file goes that is for the hub"""
_LENGTH = struct.Struct(">I")


class FileRefused(KnownFault):
    """A file that cannot be taken in, now or later: damaged, another's, or of an order that is no more."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file as it lay there. `header` may be trusted after `checked` only."""

    name: str
    raw: bytes
    header: Mapping[str, Any]
    body: bytes

    def checked(self, key: Ed25519PublicKey) -> list[list[Any]]:
        """The records, when the signature stands. Raises `KnownFault`."""
        if not stands(key, self.raw[-SIGNATURE_BYTES:], self.raw[:-SIGNATURE_BYTES]):
            raise FileRefused(Message("The signature of {name} does not stand: a byte was changed on the way, or "
                                     "another key signed it. Nothing of it was taken in.", {"name": self.name}))
        if self.header.get("format") != FORMAT:
            raise FileRefused(Message("The file {name} was written by a newer version of the program. Nothing of it "
                                      "was taken in.", {"name": self.name}))
        unpacked = zlib.decompressobj()
        text = unpacked.decompress(self.body, MAX_PLAIN)
        if unpacked.unconsumed_tail or not unpacked.eof:
            raise _damaged(self.name)
        return [json.loads(line) for line in text.splitlines()]


def pack(header: Mapping[str, Any], records: Sequence[Sequence[Any]], key: Ed25519PrivateKey) -> bytes:
    """The bytes of a file."""
    head = json.dumps({"format": FORMAT, **header}, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    body = zlib.compress(b"\n".join(json.dumps(r, ensure_ascii=True, separators=(",", ":")).encode()
                                    for r in records), 6)
    signed = MAGIC + _LENGTH.pack(len(head)) + head + body
    return signed + key.sign(signed)


def read(path: Path) -> Parcel:
    """The file, not checked yet. Raises `KnownFault` for what is none."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _damaged(path.name)
        return unpack(path.name, path.read_bytes())
    except OSError as fault:
        raise KnownFault(Message("The file {name} cannot be read: {why}",
                                 {"name": path.name, "why": fault.strerror or str(fault)})) from fault


def unpack(name: str, raw: bytes) -> Parcel:
    """As `read`, of bytes."""
    start = len(MAGIC) + _LENGTH.size
    if not raw.startswith(MAGIC) or len(raw) < start + SIGNATURE_BYTES:
        raise _damaged(name)
    size = _LENGTH.unpack_from(raw, len(MAGIC))[0]
    head, body = raw[start : start + size], raw[start + size : -SIGNATURE_BYTES]
    try:
        header = json.loads(head)
    except (ValueError, RecursionError) as fault:
        raise _damaged(name) from fault
    if start + size > len(raw) - SIGNATURE_BYTES or not isinstance(header, dict):
        raise _damaged(name)
    return Parcel(name, raw, header, body)


def _damaged(name: str) -> FileRefused:
    return FileRefused(Message("The file {name} is no exchange file, or is damaged. Nothing of it was taken in.",
                              {"name": name}))


def write(path: Path, raw: bytes) -> None:
    """Put a file down whole, readable by this user only. Raises `KnownFault`; then there is none under this name."""
    part = path.with_name(path.name + ".part")
    try:
        part.touch(mode=0o600)
        part.chmod(0o600)
        part.write_bytes(raw)
        part.replace(path)
        sync_folder(path.parent)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise KnownFault(Message("The file {name} cannot be written: {why}",
                                 {"name": path.name, "why": fault.strerror or str(fault)})) from fault
