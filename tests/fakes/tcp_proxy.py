"""A TCP proxy on loopback that can delay, cut and swallow: the network between a seat and its hub."""
from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time


class TcpProxy:
    """One thread carries all connections. `mode`: "open", "closed" (refuses, cuts), "swallow" (takes, says nothing)."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.mode, self.delay_s = "open", 0.0
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self.port: int = self._server.getsockname()[1]
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._late: list[tuple[float, socket.socket, bytes]] = []
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with selectors.DefaultSelector() as looks:
            looks.register(self._server, selectors.EVENT_READ)
            while not self._ended:
                for key, _ in looks.select(0.005 if self._late else 0.02):
                    one = key.fileobj
                    assert isinstance(one, socket.socket)
                    if one is self._server:
                        self._accept(looks)
                    else:
                        self._carry(looks, one)
                self._deliver(looks)
                if self.mode == "closed":
                    for one in list(self._pairs):
                        self._cut(looks, one)
            for one in list(self._pairs):
                self._cut(looks, one)

    def _accept(self, looks: selectors.BaseSelector) -> None:
        inner, _ = self._server.accept()
        try:
            if self.mode == "closed":
                raise ConnectionRefusedError
            outer = socket.create_connection(("127.0.0.1", self._target), timeout=2)
        except OSError:
            inner.close()
            return
        for a, b in ((inner, outer), (outer, inner)):
            a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs[a] = b
            looks.register(a, selectors.EVENT_READ)

    def _carry(self, looks: selectors.BaseSelector, one: socket.socket) -> None:
        try:
            data = one.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._cut(looks, one)
        elif self.mode != "swallow":
            self._late.append((time.monotonic() + self.delay_s, one, data))

    def _deliver(self, looks: selectors.BaseSelector) -> None:
        now = time.monotonic()
        while self._late and self._late[0][0] <= now:
            _, one, data = self._late.pop(0)
            other = self._pairs.get(one)
            if other is not None:
                try:
                    other.setblocking(True)
                    other.sendall(data)
                except OSError:
                    self._cut(looks, one)

    def _cut(self, looks: selectors.BaseSelector, one: socket.socket) -> None:
        for side in (one, self._pairs.get(one)):
            if side is not None and side in self._pairs:
                with contextlib.suppress(KeyError, ValueError):
                    looks.unregister(side)
                del self._pairs[side]
                side.close()

    def close(self) -> None:
        self._ended = True
        self._thread.join()
        self._server.close()
