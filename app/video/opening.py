"""Connecting to an address of any kind."""
from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from typing import Any

from app.video.address import HTTP, WVP, Address
from app.video.ffmpeg import AvSource
from app.video.http_camera import open_http
from app.video.logins import FindLogin, nobody
from app.video.source import FrameSource, Sleep
from app.video.wvp_source import WvpChannels


class Opener:
    """Call it with an address: a connected source, or `VideoFault`. `close` gives back what platforms were asked for.

    `gate`: held while a picture is decoded.
    """

    def __init__(self, login: FindLogin = nobody, gate: AbstractContextManager[Any] | None = None) -> None:
        self._login, self._gate = login, gate or contextlib.nullcontext()
        self.channels = WvpChannels(login)

    def __call__(self, address: Address, sleep: Sleep) -> FrameSource:
        """Connect."""
        if address.kind == WVP:
            return self.channels.open(address, lambda stream: self._direct(stream, sleep))
        return self._direct(address, sleep)

    def _direct(self, address: Address, sleep: Sleep) -> FrameSource:
        if address.kind == HTTP:
            return open_http(address, sleep, login=self._login, gate=self._gate)
        return AvSource(address, sleep, login=self._login, gate=self._gate)

    def close(self) -> None:
        """Give everything back."""
        self.channels.close()
