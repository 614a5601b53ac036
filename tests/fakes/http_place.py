"""An HTTP server of a test: threads of the test's process, none of which is left behind; a port that stays the same."""
from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self


class PlaceServer(ThreadingHTTPServer):
    """Knows whose it is: `owner`."""

    daemon_threads = True
    block_on_close = False
    owner: Any

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is none of this test's business."""


class PlaceHandler(BaseHTTPRequestHandler):
    """Quiet, with an answer of a known length."""

    server: PlaceServer

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def send(self, status: int, body: bytes, kind: str) -> None:
        """One whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class HttpPlace:
    """Serves while it is entered; entered again it has the same port."""

    handler: ClassVar[type[PlaceHandler]]

    def __init__(self) -> None:
        self.port = 0
        self._server: PlaceServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = PlaceServer(("127.0.0.1", self.port), self.handler)
        self._server.owner = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=type(self).__name__)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        server, self._server = self._server, None
        if server is not None and self._thread is not None:
            server.shutdown()
            server.server_close()
            self._thread.join()
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline and any("process_request_thread" in t.name for t in threading.enumerate()):
            time.sleep(0.01)

    @property
    def alive(self) -> bool:
        """Whether it serves."""
        return self._server is not None
