"""HTTP cameras for tests: MJPEG at /mjpeg, one JPEG at /snapshot, a page at /page, nothing elsewhere.

Attributes are the commands: `hang`, `garbage`, `password = (name, word)`, `fps`. `kill()` cuts all connections and the
port; `start()` takes the same port again.
"""
from __future__ import annotations

import base64
import contextlib
import hashlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakes.video_clips import Clip, encode


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    cameras: HttpCameras

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is none of this test's business."""


class HttpCameras:
    """The server; runs in threads of the test's process."""

    def __init__(self, clip: Clip | None = None) -> None:
        self.clip = clip or encode("mjpeg", 320, 180, 10, 3.0)
        self.fps = float(self.clip.fps)
        self.hang = self.garbage = False
        self.password: tuple[str, str] | None = None
        self.scheme = "basic"
        self.port = 0
        self.requests = 0
        self.connections: list[socket.socket] = []
        self.t0 = time.monotonic()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> HttpCameras:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Serve, at the port it had before or a free one."""
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.cameras = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="http-cameras")
        self._thread.start()

    def kill(self) -> None:
        """Be gone."""
        server, self._server = self._server, None
        if server is None or self._thread is None:
            return
        server.shutdown()
        server.server_close()
        self._thread.join()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.connections.clear()
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and any("process_request_thread" in t.name for t in threading.enumerate()):
            time.sleep(0.01)

    @property
    def alive(self) -> bool:
        """Whether it serves."""
        return self._server is not None

    def url(self, path: str) -> str:
        """Address of "mjpeg", "snapshot" or "page"."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def number(self) -> int:
        """The number of the frame of this moment."""
        return int((time.monotonic() - self.t0) * self.fps)


def may(handler: BaseHTTPRequestHandler, password: tuple[str, str], scheme: str) -> bool:
    """Whether a request brings the log-in; answers 401 where it does not. `scheme`: basic or digest."""
    given = handler.headers.get("Authorization", "")
    if scheme == "basic":
        right = given == "Basic " + base64.b64encode(":".join(password).encode()).decode()
    else:
        parts = {k.strip(): v.strip().strip('"') for k, _, v in
                 (x.partition("=") for x in given.removeprefix("Digest ").split(","))}
        secret, asked = (hashlib.md5(t.encode()).hexdigest() for t in (
            f"{password[0]}:test:{password[1]}", f"{handler.command}:{parts.get('uri', '')}"))
        words = (secret, "4b1d", parts.get("nc", ""), parts.get("cnonce", ""), "auth", asked)
        right = parts.get("response") == hashlib.md5(":".join(words).encode()).hexdigest()
    if not right:
        handler.send_response(401)
        handler.send_header("WWW-Authenticate", 'Basic realm="test"' if scheme == "basic"
                            else 'Digest realm="test", nonce="4b1d", qop="auth"')
        handler.send_header("Content-Length", "0")
        handler.end_headers()
    return right


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.cameras.connections.append(self.connection)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        cameras = self.server.cameras
        cameras.requests += 1
        if cameras.password is not None and not may(self, cameras.password, cameras.scheme):
            return
        with contextlib.suppress(OSError):
            {"/mjpeg": self._mjpeg, "/snapshot": self._snapshot, "/page": self._page}.get(self.path, self._none)()

    def _picture(self, number: int) -> bytes:
        cameras = self.server.cameras
        data = cameras.clip.units[number % len(cameras.clip.units)].nals[0]
        return b"\xff\xd8" + b"\x00" * 200 if cameras.garbage else data

    def _wait_while_hung(self) -> None:
        while self.server.cameras.hang and self.server.cameras.alive:
            time.sleep(0.02)

    def _mjpeg(self) -> None:
        cameras = self.server.cameras
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        n = cameras.number()
        while cameras.alive:
            self._wait_while_hung()
            data = self._picture(n)
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(data) + data
                             + b"\r\n")
            n = max(n + 1, cameras.number())
            time.sleep(max(0.0, cameras.t0 + n / cameras.fps - time.monotonic()))

    def _snapshot(self) -> None:
        self._wait_while_hung()
        data = self._picture(self.server.cameras.number())
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _page(self) -> None:
        data = b"<html><body>camera</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _none(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()
