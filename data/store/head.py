"""The remembered head of the seat's chain: a small keyed file beside the store, so that a cut tail shows."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from filelock import FileLock, Timeout

WRITE_EVERY = 50
"""events between two writes of the file; it is also written when the store is closed"""
LOCK_WAIT_S = 2.0
"""a write takes a few ms; who waits longer for another program's leaves the note to the next one"""


class HeadFile:
    """(seat_no, hash) of the last remembered event, under a key that lies in a 0600 file of its own."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "head.json"
        self._key_path = folder / "head.key"
        self._latest: tuple[int, str] | None = None
        self._written = 0
        self._kept = False

    def keep_as_it_is(self) -> None:
        """Write no other head over the one that is remembered: the log does not bear it out."""
        self._kept = True

    def _key(self) -> bytes:
        try:
            return bytes.fromhex(self._key_path.read_text())
        except (FileNotFoundError, ValueError):
            key = secrets.token_bytes(32)
            fd = os.open(self._key_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "w") as file:
                file.write(key.hex())
            return key

    def remember(self, seat_no: int, digest: str) -> None:
        """Note the head; the file follows every `WRITE_EVERY` events."""
        self._latest = (seat_no, digest)
        if seat_no - self._written >= WRITE_EVERY:
            self.write()

    def write(self) -> None:
        """Write the noted head, unless another program of the seat has remembered a later one meanwhile: it never goes
        backwards. A full disk loses only the note, the log itself is whole."""
        if self._kept or self._latest is None or self._latest[0] == self._written:
            return
        try:
            with FileLock(self._path.with_suffix(".lock"), timeout=LOCK_WAIT_S):
                self._write(*self._latest)
        except (OSError, Timeout):
            return

    def _write(self, seat_no: int, digest: str) -> None:
        try:
            there = self.load()
        except ValueError:
            self._kept = True
            return
        if there is not None and there[0] >= seat_no:
            self._written = there[0]
            return
        mac = hmac.new(self._key(), f"{seat_no}:{digest}".encode(), hashlib.sha256).hexdigest()
        part = self._path.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps({"seat_no": seat_no, "hash": digest, "mac": mac}))
        os.replace(part, self._path)
        self._written = seat_no

    def has_key(self) -> bool:
        """Whether a head was ever written here."""
        return self._key_path.exists()

    def load(self) -> tuple[int, str] | None:
        """The remembered head; None when there is none. Raises ValueError when the file was tampered with or cannot be
        read."""
        try:
            raw = json.loads(self._path.read_text())
            seat_no, digest, mac = int(raw["seat_no"]), str(raw["hash"]), str(raw["mac"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, OSError) as fault:
            raise ValueError("the head file is damaged") from fault
        try:
            key = self._key()
        except OSError as fault:
            raise ValueError("the head's key cannot be read") from fault
        good = hmac.new(key, f"{seat_no}:{digest}".encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(good, mac):
            raise ValueError("the head file does not bear this seat's key")
        return seat_no, digest
