"""Live HLS and HTTP-FLV for tests: /live.m3u8 (a sliding list of one-second pieces) and /live.flv, from one clip.

Frame n goes out at `t0 + n / fps`, round and round; `hang` stops both, `kill()` cuts all, `gone = True` answers 404.
"""
from __future__ import annotations

import contextlib
import io
import struct
import time
from fractions import Fraction
from pathlib import Path

import av

from tests.fakes.http_cameras import may
from tests.fakes.http_place import HttpPlace, PlaceHandler
from tests.fakes.video_clips import pictures

HELD = 4
"""pieces in the list"""


def _encoder(codec: str, width: int, height: int, fps: int) -> dict[str, object]:
    return {"codec": {"h264": "libx264", "hevc": "libx265"}.get(codec, codec), "width": width, "height": height,
            "fps": fps}


def film(fmt: str, codec: str, width: int, height: int, fps: int, numbers: range) -> bytes:
    """The frames of these numbers, each with its bar code, as one file that begins with a key frame."""
    out = io.BytesIO()
    frames = [g for i, g in enumerate(pictures(width, height, numbers.stop)) if i in numbers]
    with av.open(out, "w", format=fmt) as box:
        made = _encoder(codec, width, height, fps)
        stream = box.add_stream(str(made["codec"]), rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"  # type: ignore[union-attr]
        stream.codec_context.gop_size = fps  # type: ignore[union-attr]
        stream.codec_context.options = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1"} \
            if codec == "h264" else {}
        for i, grey in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = numbers.start + i, Fraction(1, fps)
            box.mux(stream.encode(frame))  # type: ignore[union-attr]
        box.mux(stream.encode(None))  # type: ignore[union-attr]
    return out.getvalue()


def flv_tags(data: bytes) -> tuple[bytes, list[tuple[int, int, bytes]]]:
    """The file's head and its tags: (kind, ms, body)."""
    at, tags = 13, []
    while at + 11 <= len(data):
        kind, size = data[at], int.from_bytes(data[at + 1:at + 4], "big")
        ms = int.from_bytes(data[at + 4:at + 7], "big") | data[at + 7] << 24
        tags.append((kind, ms, data[at + 11:at + 11 + size]))
        at += 11 + size + 4
    return data[:13], tags


class LiveHttp(HttpPlace):
    """The server; runs in threads of the test's process."""

    def __init__(self, codec: str = "h264", width: int = 320, height: int = 180, fps: int = 10,
                 seconds: int = 4) -> None:
        super().__init__()
        self.fps, self.seconds, self.cycle = fps, seconds, fps * seconds
        self.pieces = [film("mpegts", codec, width, height, fps, range(s * fps, (s + 1) * fps)) for s in range(seconds)]
        self.head, self.tags = flv_tags(film("flv", codec, width, height, fps, range(self.cycle)))
        self.hang = self.gone = False
        self.password: tuple[str, str] | None = None
        self.scheme = "basic"
        self.asked: list[str] = []
        self.t0 = time.monotonic() - 60.0

    def url(self, name: str) -> str:
        """Address of "live.m3u8" or "live.flv"."""
        return f"http://127.0.0.1:{self.port}/{name}"


class _Handler(PlaceHandler):
    def do_GET(self) -> None:
        live = self.server.owner
        path = self.path.partition("?")[0]
        live.asked.append(path)
        with contextlib.suppress(OSError):
            if live.password is not None and not may(self, live.password, live.scheme):
                return
            if live.gone:
                self._answer(404, "text/plain", b"")
            elif path == "/live.m3u8":
                self._wait()
                self._answer(200, "application/vnd.apple.mpegurl", self._list())
            elif path == "/stolen.m3u8":
                secret = Path(__file__).as_uri()
                self._answer(200, "application/vnd.apple.mpegurl",
                             f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n{secret}\n".encode())
            elif path.startswith("/piece"):
                self._wait()
                number = int(path.removeprefix("/piece").partition(".")[0])
                self._answer(200, "video/mp2t", live.pieces[number % live.seconds])
            elif path == "/live.flv":
                self._flv()
            else:
                self._answer(404, "text/plain", b"")

    def _wait(self) -> None:
        while self.server.owner.hang and self.server.owner.alive:
            time.sleep(0.02)

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send(status, body, kind)

    def _list(self) -> bytes:
        live = self.server.owner
        last = int(time.monotonic() - live.t0)
        first = last - HELD
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
        for number in range(first, last):
            if number % live.seconds == 0:
                lines.append("#EXT-X-DISCONTINUITY")
            lines += ["#EXTINF:1.000,", f"piece{number}.ts"]
        return ("\n".join(lines) + "\n").encode()

    def _flv(self) -> None:
        live = self.server.owner
        self.send_response(200)
        self.send_header("Content-Type", "video/x-flv")
        self.end_headers()
        self.wfile.write(live.head)
        began = time.monotonic()
        configured = False
        turn = 0
        while live.alive:
            for kind, ms, body in live.tags:
                setup = kind == 9 and len(body) > 1 and body[1] == 0
                if (setup and configured) or (kind != 9 and turn):
                    continue
                configured = configured or setup
                at = ms + turn * live.seconds * 1000
                wait = began + at / 1000 - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                self._wait()
                if not live.alive:
                    return
                head = struct.pack(">B", kind) + len(body).to_bytes(3, "big") + (at & 0xFFFFFF).to_bytes(3, "big") \
                    + bytes([at >> 24 & 0xFF]) + b"\0\0\0"
                self.wfile.write(head + body + struct.pack(">I", len(body) + 11))
                self.wfile.flush()
            turn += 1


LiveHttp.handler = _Handler
