"""Photos and files by their content: named by sha256, written once, never half."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from app.domain.faults import KnownFault, Message, Rejected, why_of

MAX_BLOB_BYTES = 64 * 1024 * 1024


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; a file system that cannot is left alone."""
    if os.name == "posix":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


class Blobs:
    """Content-addressed files below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where a blob lies (it may be absent). Raises `Rejected` for what is no sha256 in hex."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise Rejected("blob", digest, "a sha256 in lower-case hex")
        return self._folder / digest[:2] / digest

    def put(self, data: bytes) -> str:
        """Keep `data`; returns its digest. The file is synced before it gets its name."""
        if len(data) > MAX_BLOB_BYTES:
            raise Rejected("blob", f"{len(data)} bytes", f"at most {MAX_BLOB_BYTES} bytes")
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if path.exists():
            return digest
        part = path.with_name(f"{digest}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(part, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
            for folder in (path.parent, self._folder, self._folder.parent):
                sync_folder(folder)
        except OSError as fault:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise KnownFault(Message("The file could not be kept: {why}. Nothing else is lost; "
                                     "make room and try again.",
                                     {"why": why_of(fault)})) from fault
        return digest

    def part(self, digest: str) -> Path:
        """Where a file that comes in pieces grows."""
        return self.path(digest).with_suffix(".coming")

    def add(self, digest: str, start: int, data: bytes) -> None:
        """Put the next piece of a file that comes in pieces; what lay beyond `start` is dropped."""
        path = self.part(digest)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "ab") as file:
                file.truncate(start)
                file.write(data)
        except OSError as fault:
            raise KnownFault(Message("The file could not be kept: {why}. Nothing else is lost; "
                                     "make room and try again.",
                                     {"why": fault.strerror or str(fault)})) from fault

    def finish(self, digest: str) -> bool:
        """Give a file that came in pieces its name; False: it is another one, its pieces are thrown away."""
        path = self.part(digest)
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() == digest:
            self.put(data)
        path.unlink(missing_ok=True)
        return self.path(digest).exists()

    def get(self, digest: str) -> bytes:
        """The content, checked against its name. Raises `KnownFault` when it is absent or damaged."""
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError as fault:
            raise KnownFault(Message("The file {digest} is not on this seat.", {"digest": digest[:12]})) from fault
        if hashlib.sha256(data).hexdigest() != digest:
            raise KnownFault(Message("The file {digest} is damaged on disk.", {"digest": digest[:12]}))
        return data
