"""Photos named on the command line: picture files, kept in the seat."""

from __future__ import annotations

import re
from pathlib import Path

from app.bootstrap.seats import OpenSeat
from app.domain.faults import KnownFault, Message, why_of
from data.store.blobs import MAX_BLOB_BYTES

_PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def photo_of(seat: OpenSeat, word: str) -> str:
    """The digest of a photo: one that the seat has, or a picture file, kept now. Raises `KnownFault`."""
    if re.fullmatch("[0-9a-f]{64}", word):
        return word
    path = Path(word).expanduser()
    mime = _PICTURES.get(path.suffix.lower())
    if mime is None:
        raise KnownFault(Message("{file} is no picture: {kinds}", {"file": word[:200], "kinds": ", ".join(_PICTURES)}))
    try:
        size, data = path.stat().st_size, path.read_bytes() if path.stat().st_size <= MAX_BLOB_BYTES else b""
    except OSError as error:
        raise KnownFault(Message("{file} cannot be read: {reason}",
                                 {"file": word[:200], "reason": why_of(error)})) from error
    if size > MAX_BLOB_BYTES:
        raise KnownFault(Message("{file} is too large: {size} MB, at most {most} MB",
                                 {"file": word[:200], "size": size >> 20, "most": MAX_BLOB_BYTES >> 20}))
    return seat.put_blob(data, mime)
