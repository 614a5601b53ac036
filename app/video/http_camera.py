"""HTTP cameras: MJPEG streams and single JPEG pictures asked for again and again. What it is, the answer says."""
from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Final

import av
import av.error
import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from app.services.streams import LIVE, SNAPSHOT
from app.video import faults
from app.video.address import Address
from app.video.logins import FindLogin, nobody
from app.video.source import FrameSource, Heard, Sleep

CONNECT_S: Final = 4.0
READ_S: Final = 3.0
SNAPSHOT_EVERY_S: Final = 1.0
LARGEST_BYTES: Final = 16 * 2**20
_CHUNK: Final = 16_384


class JpegDecoder:
    """JPEG files to frames. `refuses`: files in a row that were none."""

    def __init__(self, gate: AbstractContextManager[Any] | None = None) -> None:
        self._gate = gate or contextlib.nullcontext()
        self._context: av.VideoCodecContext = av.codec.CodecContext.create("mjpeg", "r")
        self._context.thread_type = "NONE"
        self._context.options = {"max_pixels": str(8192 * 8192)}
        self.refuses = 0

    def decode(self, data: bytes) -> av.VideoFrame | None:
        """One file's picture, or None."""
        try:
            with self._gate:
                frames = self._context.decode(av.Packet(data))
        except (av.error.FFmpegError, ValueError):
            frames = []
        self.refuses = 0 if frames else self.refuses + 1
        return frames[-1] if frames else None


class MjpegSource:
    """A multipart stream of JPEG files."""

    codec = "mjpeg"
    mode: str | None = LIVE

    def __init__(self, address: Address, answer: requests.Response, boundary: bytes,
                 gate: AbstractContextManager[Any] | None = None) -> None:
        self._address, self._answer = address, answer
        self._jpeg = JpegDecoder(gate)
        self._parts = _parts(answer, boundary)

    @property
    def refuses(self) -> int:
        """Parts in a row that were no pictures."""
        return self._jpeg.refuses

    def suit(self, size: tuple[int, int] | None) -> None:
        """A picture by itself has nothing to leave out."""

    def next(self, mode: str) -> Heard:
        """The next part of the stream."""
        began = time.perf_counter()
        try:
            data = next(self._parts)
        except StopIteration:
            raise faults.ended() from None
        except (requests.RequestException, OSError) as error:
            raise why_not(error, self._address, time.perf_counter() - began) from None
        at = time.perf_counter()
        return Heard(at, self._jpeg.decode(data))

    def close(self) -> None:
        """Let go of the connection."""
        self._answer.close()


class SnapshotSource:
    """A picture asked for once a second."""

    codec = "jpeg"
    mode: str | None = SNAPSHOT

    def __init__(self, address: Address, session: requests.Session, auth: AuthBase | None, first: bytes, sleep: Sleep,
                 gate: AbstractContextManager[Any] | None = None) -> None:
        self._address, self._session, self._auth, self._sleep = address, session, auth, sleep
        self._jpeg = JpegDecoder(gate)
        self._first: bytes | None = first
        self._due = 0.0

    @property
    def refuses(self) -> int:
        """Answers in a row that were no pictures."""
        return self._jpeg.refuses

    def suit(self, size: tuple[int, int] | None) -> None:
        """A picture by itself has nothing to leave out."""

    def next(self, mode: str) -> Heard:
        """Wait until the next picture is due, and get it."""
        wait_s = self._due - time.perf_counter()
        if wait_s > 0 and self._sleep(wait_s):
            raise faults.ended()
        self._due = max(self._due + SNAPSHOT_EVERY_S, time.perf_counter())
        data, self._first = self._first, None
        if data is None:
            began = time.perf_counter()
            try:
                with self._session.get(self._address.url, auth=self._auth, timeout=(CONNECT_S, READ_S), stream=True,
                                       allow_redirects=False) as answer:
                    _check(answer)
                    data = _whole(answer)
            except (requests.RequestException, OSError) as error:
                raise why_not(error, self._address, time.perf_counter() - began) from None
        at = time.perf_counter()
        return Heard(at, self._jpeg.decode(data))

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()


def open_http(address: Address, sleep: Sleep, *, login: FindLogin = nobody,
              gate: AbstractContextManager[Any] | None = None) -> FrameSource:
    """Ask once and see what it is. Raises `VideoFault`; redirections are not followed, proxies not used."""
    session = requests.Session()
    session.trust_env = False
    began = time.perf_counter()
    try:
        auth: AuthBase | None = None
        answer = _get(session, address, None)
        if answer.status_code == 401 and (known := login(address)) is not None:
            digest = "digest" in answer.headers.get("WWW-Authenticate", "").lower()
            answer.close()
            auth = HTTPDigestAuth(*known) if digest else HTTPBasicAuth(*known)
            answer = _get(session, address, auth)
        _check(answer)
        kind, _, more = answer.headers.get("Content-Type", "").partition(";")
        kind = kind.strip().lower()
        if kind == "multipart/x-mixed-replace":
            boundary = more.partition("boundary=")[2].split(";")[0].strip().strip('"').removeprefix("--")
            return MjpegSource(address, answer, boundary.encode("latin-1"), gate)
        if kind in ("image/jpeg", "image/jpg"):
            with answer:
                return SnapshotSource(address, session, auth, _whole(answer), sleep, gate)
        answer.close()
        raise faults.unsupported(kind[:40] or "an answer without a type")
    except (requests.RequestException, OSError) as error:
        session.close()
        raise why_not(error, address, time.perf_counter() - began) from None
    except BaseException:
        session.close()
        raise


def _get(session: requests.Session, address: Address, auth: AuthBase | None) -> requests.Response:
    return session.get(address.url, auth=auth, timeout=(CONNECT_S, READ_S), stream=True, allow_redirects=False)


def _check(answer: requests.Response) -> None:
    status = answer.status_code
    if status == 200:
        return
    answer.close()
    if status in (401, 403):
        raise faults.no_right()
    if status == 404:
        raise faults.not_found()
    raise faults.answered(status)


def _whole(answer: requests.Response) -> bytes:
    data = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        data += chunk
        if len(data) > LARGEST_BYTES:
            raise faults.garbage()
    return bytes(data)


def _parts(answer: requests.Response, boundary: bytes) -> Iterator[bytes]:
    """The JPEG files of a multipart stream: by their length where it is told, else up to the next boundary."""
    mark = b"--" + boundary
    data = bytearray()
    chunks = iter(lambda: answer.raw.read1(_CHUNK), b"")

    def more() -> bool:
        chunk = next(chunks, b"")
        data.extend(chunk)
        if len(data) > LARGEST_BYTES:
            raise faults.garbage()
        return bool(chunk)

    while True:
        while (start := data.find(mark)) < 0 or (head := data.find(b"\r\n\r\n", start)) < 0:
            if not more():
                return
        length = _length(bytes(data[start:head]))
        body = head + 4
        if length is None:
            while (end := data.find(b"\r\n" + mark, body)) < 0:
                if not more():
                    return
        else:
            end = body + length
            while len(data) < end:
                if not more():
                    return
        yield bytes(data[body:end])
        del data[:end]


def _length(head: bytes) -> int | None:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
            if length > LARGEST_BYTES:
                raise faults.garbage()
            return length
    return None


def why_not(error: Exception, address: Address, took_s: float) -> faults.VideoFault:
    """The reason behind an error of `requests`."""
    if isinstance(error, requests.Timeout):
        return faults.timed_out()
    if isinstance(error, requests.exceptions.SSLError):
        return faults.untrusted()
    text = str(error)
    if "Connection refused" in text:
        return faults.refused()
    if "Read timed out" in text or "timed out" in text:
        return faults.timed_out()
    return faults.of(ConnectionResetError() if not isinstance(error, OSError) else error, address, took_s, CONNECT_S)
