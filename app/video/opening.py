"""Connecting to an address of any kind."""
from __future__ import annotations

from app.domain.faults import KnownFault
from app.video import faults
from app.video.address import HTTP, ONVIF, RTSP, WVP, Address, parse_address
from app.video.ffmpeg import AvSource
from app.video.gate import Gate
from app.video.http_camera import open_http
from app.video.logins import FindLogin, Login, nobody
from app.video.onvif import Onvif
from app.video.source import FrameSource, Sleep
from app.video.turning import Turning
from app.video.wvp_source import WvpChannels


class Opener:
    """Call it with an address: a connected source, or `VideoFault`. `close` gives back what platforms were asked for.

    `gate`: gone through while a picture is decoded.
    """

    def __init__(self, login: FindLogin = nobody, gate: Gate | None = None) -> None:
        self._login, self._gate = login, gate
        self.channels = WvpChannels(login)
        self.ptz = Turning(login, self.channels)
        self._said: dict[str, Address] = {}

    def __call__(self, address: Address, sleep: Sleep) -> FrameSource:
        """Connect."""
        if address.kind == WVP:
            return self.channels.open(address, lambda stream: self._direct(stream, sleep, self._login))
        if address.kind == ONVIF:
            return self._by_onvif(address, sleep)
        return self._direct(address, sleep, self._login)

    def _by_onvif(self, address: Address, sleep: Sleep) -> FrameSource:
        """Ask the camera where its stream is; the answer is kept as long as it serves."""
        kept = self._said.pop(address.url, None)
        stream = kept
        if stream is None:
            try:
                stream = parse_address(_bare(Onvif(address, self._login).stream_uri()))
            except faults.VideoFault:
                raise
            except KnownFault:
                stream = None
            if stream is None or stream.kind not in (RTSP, HTTP):
                raise faults.unsupported("what the camera names as its stream")
        there = stream

        def login(asked: Address) -> Login | None:  # a log-in named for the camera's web port serves its stream too
            return self._login(asked) or (self._login(address) if asked.host == address.host else None)

        source = self._direct(there, sleep, login)
        self._said[address.url] = there
        return source

    def _direct(self, address: Address, sleep: Sleep, login: FindLogin) -> FrameSource:
        door = self._gate.door() if self._gate is not None else None
        if address.kind == HTTP:
            return open_http(address, sleep, login=login, gate=door)
        return AvSource(address, sleep, login=login, gate=door)

    def close(self) -> None:
        """Give everything back."""
        self.channels.close()


def _bare(uri: str) -> str:
    """An address without the log-in that some cameras put into it."""
    scheme, mark, rest = uri.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"
