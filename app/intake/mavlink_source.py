"""Where MAVLink comes from: ``udp:[HOST:]PORT`` (listens), ``tcp:HOST:PORT`` (connects, again and again),
``file:PATH`` (a .tlog at its own pace)."""
from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from app.domain.faults import KnownFault, Message, why_of
from app.intake.mavlink import log_packets

WAIT_S: Final = 0.25
"""the longest wait of one `read`"""
RETRY_S: Final = 2.0
CONNECT_S: Final = 3.0
LARGEST_FILE: Final = 512 * 2**20


class MavlinkSource(Protocol):
    """`read`: bytes that came (b"" when none did for a moment), None at the end. `whole`: they end with a message.
    `trouble`: why nothing can come at present."""

    whole: bool
    trouble: Message | None

    def read(self) -> bytes | None: ...
    def close(self) -> None: ...


def open_source(text: str, *, speed: float = 1.0) -> MavlinkSource:
    """Open what an address names. Raises `KnownFault` when it is none, or cannot be opened at all."""
    scheme, mark, rest = text.strip().partition(":")
    rest = rest.removeprefix("//")
    if not mark or scheme not in ("udp", "tcp", "file"):
        raise KnownFault(Message("A drone's link is udp:PORT, udp:HOST:PORT, tcp:HOST:PORT or file:PATH."))
    if scheme == "file":
        return LogFile(Path(rest), speed)
    host, port = _host(rest, scheme == "udp")
    return UdpListener(host, port) if scheme == "udp" else TcpClient(host, port)


def _host(text: str, listens: bool) -> tuple[str, int]:
    host, _, port = text.rstrip("/").rpartition(":")
    if not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536 or (not host and not listens):
        raise KnownFault(Message("A drone's link is udp:PORT, udp:HOST:PORT, tcp:HOST:PORT or file:PATH."))
    return host.strip("[]") or "127.0.0.1", int(port)


class UdpListener:
    """Takes what is sent to a port of this machine; without a host only from this machine itself."""

    whole = True
    trouble: Message | None = None

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise KnownFault(Message("{where} cannot be listened at: {why}", {
                "where": f"udp:{host}:{port}", "why": error.strerror or "?"})) from None
        self._socket.settimeout(WAIT_S)

    def read(self) -> bytes | None:
        """The next datagram."""
        try:
            return self._socket.recv(65535)
        except OSError:
            return b""

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


class TcpClient:
    """A connection that is made anew whenever it is gone."""

    whole = False
    trouble: Message | None = None

    def __init__(self, host: str, port: int) -> None:
        self._where = host, port
        self._socket: socket.socket | None = None
        self._next = 0.0

    def read(self) -> bytes | None:
        """What came."""
        if self._socket is None:
            wait = self._next - time.perf_counter()
            if wait > 0:
                time.sleep(min(wait, WAIT_S))
                return b""
            self._next = time.perf_counter() + RETRY_S
            try:
                self._socket = socket.create_connection(self._where, CONNECT_S)
            except OSError as error:
                self.trouble = Message("{where} cannot be reached: {why}", {
                    "where": f"tcp:{self._where[0]}:{self._where[1]}", "why": why_of(error)})
                return b""
            self.trouble = None
            self._socket.settimeout(WAIT_S)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return b""
        except OSError:
            data = b""
        if not data:
            self.close()
        return data

    def close(self) -> None:
        """Let go."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
        self._socket = None


class LogFile:
    """A telemetry log, played at `speed` times its own pace; 0: at once."""

    whole = True
    trouble: Message | None = None

    def __init__(self, path: Path, speed: float) -> None:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise KnownFault(Message("{file} is too large", {"file": path.name}))
            data = path.read_bytes()
        except OSError as error:
            raise KnownFault(Message("{file} cannot be read: {why}", {"file": path.name, "why": error.strerror or "?"})
                             ) from None
        self._packets: Iterator[tuple[float, bytes]] = log_packets(data)
        self._speed = speed
        self._zero: float | None = None
        self._held: tuple[float, bytes] | None = None

    def read(self) -> bytes | None:
        """The packets that are due."""
        due = bytearray()
        now = time.perf_counter()
        while len(due) < 4096:
            packet = self._held or next(self._packets, None)
            self._held = None
            if packet is None:
                return bytes(due) if due else None
            if self._speed > 0:
                at = packet[0] / self._speed
                if self._zero is None or abs(self._zero + at - now) > 60.0:  # a gap in the log is not waited for
                    self._zero = now - at
                wait = self._zero + at - now
                if wait > 0:
                    self._held = packet
                    if not due:
                        time.sleep(min(wait, WAIT_S))
                    break
            due += packet[1]
        return bytes(due)

    def close(self) -> None:
        """Nothing is open."""
