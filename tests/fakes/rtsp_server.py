"""An RTSP server for tests: a process of its own that plays a clip, and does on command what broken cameras do.

    with RtspServer(clip_file, mounts=2) as server:
        server.url(0)                    # rtsp://127.0.0.1:PORT/cam0
        server.tell("hang 0")            # keeps the connections, sends nothing more; "resume 0" goes on
        server.tell("garbage 0")         # sends noise instead of pictures
        server.tell("slow 0 0.5")        # each frame half a second late
        server.tell("drop 0")            # cuts the connections
        server.tell("")                  # how many connections there are and were, how many bytes of pictures were sent
        server.tell("password NAME WORD")  # wants a log-in from now on; "scheme basic|digest"
        server.stop(), server.go_on(), server.kill(), server.start()    # SIGSTOP, SIGCONT, SIGKILL, again at its port

Frame n of mount k is sent at `server.t0 + n / fps + k * stagger` of the monotonic clock, round and round; its bar code
says n modulo the clip's length.
"""
from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import hashlib
import json
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.fakes.video_clips import Clip, load

MTU = 1400
CLOCK = 90_000
FULL_BYTES = 4_000_000
ROOT = Path(__file__).resolve().parents[2]


# ---- packets -------------------------------------------------------------------------------------------------------

def payloads(codec: str, nals: tuple[bytes, ...]) -> list[bytes]:
    """RTP payloads of one access unit: single NAL units and fragments (RFC 6184 5.8, RFC 7798 4.4.3)."""
    out = []
    for nal in nals:
        if len(nal) <= MTU:
            out.append(nal)
            continue
        if codec == "h264":
            lead, kind, body = bytes([nal[0] & 0xE0 | 28]), nal[0] & 0x1F, nal[1:]
        else:
            lead, kind, body = bytes([nal[0] & 0x81 | 49 << 1, nal[1]]), nal[0] >> 1 & 0x3F, nal[2:]
        parts = [body[i:i + MTU - 3] for i in range(0, len(body), MTU - 3)]
        for i, part in enumerate(parts):
            edge = (0x80 if i == 0 else 0) | (0x40 if i == len(parts) - 1 else 0)
            out.append(lead + bytes([edge | kind]) + part)
    return out


def sdp(clip: Clip, port: int) -> str:
    """The session description of a clip."""
    b64 = [base64.b64encode(s).decode() for s in clip.sets]
    if clip.codec == "h264":
        name = "H264"
        about = f"packetization-mode=1;profile-level-id={clip.sets[0][1:4].hex()};sprop-parameter-sets={','.join(b64)}"
    elif clip.codec == "hevc":
        name = "H265"
        about = f"sprop-vps={b64[0]};sprop-sps={b64[1]};sprop-pps={b64[2]}"
    else:
        name, about = clip.codec.upper(), "a=b"
    return "\r\n".join(("v=0", f"o=- 1 1 IN IP4 127.0.0.1:{port}", "s=test", "c=IN IP4 0.0.0.0", "t=0 0",
                        "m=video 0 RTP/AVP 96", f"a=rtpmap:96 {name}/90000", f"a=fmtp:96 {about}",
                        "a=control:track0", ""))


# ---- server process --------------------------------------------------------------------------------------------

def _tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


class Client:
    """One connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.channel = 0
        self.udp: tuple[asyncio.DatagramTransport, tuple[str, int]] | None = None

    def send(self, packets: list[bytes]) -> None:
        """The packets of one frame: at once, as a camera's arrive."""
        if self.udp is not None:
            for packet in packets:
                self.udp[0].sendto(packet, self.udp[1])
        elif not self.writer.is_closing() and self.writer.transport.get_write_buffer_size() < FULL_BYTES:
            self.writer.write(b"".join(
                struct.pack(">cBH", b"$", self.channel, len(packet)) + packet for packet in packets))


class Mount:
    """One camera: its clients and what is wrong with it."""

    def __init__(self, clip: Clip, late_s: float, number: int) -> None:
        self.clip, self.late_s = clip, late_s
        self.clients: list[Client] = []
        self.hang = self.garbage = False
        self.slow_s = 0.0
        self.sequence = random.Random(number).randrange(1 << 15)
        self.ssrc = 0x1000 + number
        self.described = 0

    def packets(self, n: int, ticks: int) -> list[bytes]:
        """The RTP packets of frame `n`."""
        unit = self.clip.units[n % len(self.clip.units)]
        if self.garbage:
            noise = random.Random(n).randbytes(600)
            parts = [bytes([0x65 if self.clip.codec == "h264" else 0x26]) + noise[:300], noise]
        else:
            parts = payloads(self.clip.codec, unit.nals)
        out = []
        for i, part in enumerate(parts):
            self.sequence = self.sequence + 1 & 0xFFFF
            mark = 0x80 if i == len(parts) - 1 else 0
            out.append(struct.pack(">BBHII", 0x80, mark | 96, self.sequence, ticks & 0xFFFFFFFF, self.ssrc) + part)
        return out


class Server:
    """All mounts on one port."""

    def __init__(self, clip: Clip, mounts: int, stagger_s: float, port: int) -> None:
        self.clip, self.port = clip, port
        self.mounts = [Mount(clip, k * stagger_s, k) for k in range(mounts)]
        self.t0 = time.monotonic() + 0.05
        self.password: tuple[str, str] | None = None
        self.scheme = "digest"
        self.connections = 0
        self.tries = 0
        self.sent = 0
        self._playing: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        listening = await asyncio.start_server(self._client, "127.0.0.1", self.port, limit=1 << 20)
        self.port = listening.sockets[0].getsockname()[1]
        self._playing = [asyncio.create_task(self._play(mount)) for mount in self.mounts]
        _tell({"port": self.port, "t0": self.t0})
        loop = asyncio.get_running_loop()
        lines = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            _tell(self._command(line.decode().split()))

    def _command(self, words: list[str]) -> dict[str, Any]:
        what = words[0] if words else ""
        if what in ("hang", "resume", "garbage", "slow", "drop", "clients"):
            mount = self.mounts[int(words[1])]
            if what == "hang":
                mount.hang = True
            elif what == "resume":
                mount.hang = mount.garbage = False
                mount.slow_s = 0.0
            elif what == "garbage":
                mount.garbage = True
            elif what == "slow":
                mount.slow_s = float(words[2])
            elif what == "drop":
                for client in list(mount.clients):
                    client.writer.transport.abort()
            return {"clients": len(mount.clients), "described": mount.described}
        if what == "password":
            self.password = (words[1], words[2]) if len(words) > 2 else None
        elif what == "scheme":
            self.scheme = words[1]
        return {"connections": self.connections, "tries": self.tries, "sent": self.sent}

    async def _play(self, mount: Mount) -> None:
        n = 0
        fps = self.clip.fps
        while True:
            wait = self.t0 + mount.late_s + mount.slow_s + n / fps - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            if mount.clients and not mount.hang:
                packets = mount.packets(n, n * CLOCK // fps)
                for client in mount.clients:
                    client.send(packets)
                    self.sent += sum(map(len, packets))
            n += 1

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.tries += 1
        client = Client(writer)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while True:
                lead = await reader.readexactly(1)
                if lead == b"$":
                    head = await reader.readexactly(3)
                    await reader.readexactly(struct.unpack(">BH", head)[1])
                    continue
                head = lead + await reader.readuntil(b"\r\n\r\n")
                lines = head.decode().split("\r\n")
                method, url, _ = lines[0].split(" ", 2)
                fields = {k.strip().lower(): v.strip() for k, _, v in (x.partition(":") for x in lines[1:] if x)}
                if length := int(fields.get("content-length", 0)):
                    await reader.readexactly(length)
                answer = await self._answer(client, method, url, fields)
                writer.write(answer.encode())
                await writer.drain()
                if method == "PLAY" and " 200 " in answer.split("\r\n")[0]:
                    self._mount(url)[0].clients.append(client)
                if method == "TEARDOWN":
                    return
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            self.connections -= 1
            for mount in self.mounts:
                if client in mount.clients:
                    mount.clients.remove(client)
            if client.udp is not None:
                client.udp[0].close()
            with contextlib.suppress(OSError, RuntimeError):
                writer.close()

    def _mount(self, url: str) -> list[Mount]:
        name = url.split("/", 3)[3].split("/")[0].split("?")[0] if url.count("/") >= 3 else ""
        number = name.removeprefix("cam")
        return [self.mounts[int(number)]] if number.isdigit() and int(number) < len(self.mounts) else []

    async def _answer(self, client: Client, method: str, url: str, fields: dict[str, str]) -> str:
        number = fields.get("cseq", "0")

        def reply(status: str, *lines: str, body: str = "") -> str:
            more = (f"Content-Length: {len(body.encode())}",) if body else ()
            return "\r\n".join((f"RTSP/1.0 {status}", f"CSeq: {number}", *lines, *more, "", body))

        if method == "OPTIONS":
            return reply("200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER")
        if not self._may(method, fields):
            want = 'Basic realm="test"' if self.scheme == "basic" else 'Digest realm="test", nonce="1f2e3d4c"'
            return reply("401 Unauthorized", f"WWW-Authenticate: {want}")
        found = self._mount(url)
        if not found:
            return reply("404 Not Found")
        if method == "DESCRIBE":
            found[0].described += 1
            return reply("200 OK", "Content-Type: application/sdp", f"Content-Base: {url.rstrip('/')}/",
                         body=sdp(self.clip, self.port))
        if method == "SETUP":
            return reply("200 OK", f"Transport: {await self._transport(client, fields.get('transport', ''))}",
                         "Session: 4711;timeout=60")
        return reply("200 OK", "Session: 4711")

    async def _transport(self, client: Client, asked: str) -> str:
        if "interleaved" in asked or "TCP" in asked:
            client.channel = int(asked.partition("interleaved=")[2].split("-")[0] or 0)
            return f"RTP/AVP/TCP;unicast;interleaved={client.channel}-{client.channel + 1}"
        port = int(asked.partition("client_port=")[2].split("-")[0])
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
        client.udp = (transport, ("127.0.0.1", port))
        own = transport.get_extra_info("sockname")[1]
        return f"RTP/AVP;unicast;client_port={port}-{port + 1};server_port={own}-{own + 1}"

    def _may(self, method: str, fields: dict[str, str]) -> bool:
        if self.password is None:
            return True
        name, word = self.password
        given = fields.get("authorization", "")
        if given.startswith("Basic "):
            return self.scheme == "basic" and base64.b64decode(given[6:]).decode() == f"{name}:{word}"
        parts = {k.strip(): v.strip().strip('"') for k, _, v in
                 (x.partition("=") for x in given.removeprefix("Digest ").split(","))}
        if parts.get("username") != name:
            return False

        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()

        secret, asked = md5(f"{name}:test:{word}"), md5(f"{method}:{parts.get('uri', '')}")
        want = md5(f"{secret}:1f2e3d4c:{asked}")
        return parts.get("response") == want


# ---- what tests hold -----------------------------------------------------------------------------------------------

class RtspServer:
    """The server process. `start` after `kill` takes the same port again."""

    def __init__(self, clip: Path, *, mounts: int = 1, stagger_s: float = 0.0) -> None:
        self.clip_path, self.mounts, self.stagger_s = clip, mounts, stagger_s
        self.port = 0
        self.t0 = 0.0
        self._process: subprocess.Popen[str] | None = None
        clip_ = load(clip)
        self.fps, self.cycle = clip_.fps, len(clip_.units)

    def __enter__(self) -> RtspServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start at the port it had before, or a free one."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.rtsp_server", str(self.clip_path), "--mounts", str(self.mounts),
             "--stagger", str(self.stagger_s), "--port", str(self.port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None
        told = json.loads(self._process.stdout.readline())
        self.port, self.t0 = told["port"], told["t0"]

    def url(self, mount: int = 0) -> str:
        """Address of a mount."""
        return f"rtsp://127.0.0.1:{self.port}/cam{mount}"

    def tell(self, command: str) -> dict[str, Any]:
        """Give a command; returns the server's answer."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def stop(self) -> None:
        """SIGSTOP: the sockets stay open and say nothing."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def delay_s(self, number: int, mount: int = 0, now: float | None = None) -> float:
        """How old the frame with this number is."""
        now = time.monotonic() if now is None else now
        newest = (now - self.t0 - mount * self.stagger_s) * self.fps
        return (newest - number) % self.cycle / self.fps


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("clip", type=Path)
    parser.add_argument("--mounts", type=int, default=1)
    parser.add_argument("--stagger", type=float, default=0.0)
    parser.add_argument("--port", type=int, default=0)
    args = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Server(load(args.clip), args.mounts, args.stagger, args.port).run())


if __name__ == "__main__":
    main()
