"""A channel of a WVP platform as a source: asked for, played from where the platform says, given back."""
from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from app.domain.faults import KnownFault
from app.video import faults
from app.video.address import FLV, HLS, RTSP, Address, parse_address
from app.video.faults import VideoFault
from app.video.logins import FindLogin
from app.video.source import FrameSource, Heard
from app.video.wvp import Playing, Wvp

log = logging.getLogger(__name__)
LINGER_S: Final = 7.0
"""a channel nobody plays is given back after so long: SNAPSHOT mode comes back every 5 s, and a tile that moves at
once; the platform itself ends what nobody reads after 20 s"""
CLOSE_S: Final = 3.0

Open = Callable[[Address], FrameSource]


def channel_of(address: Address) -> tuple[str, str]:
    """Device and channel of a ``wvp://`` address."""
    device, channel = address.url.partition("://")[2].split("/")[1:3]
    return device, channel


class WvpSource:
    """Plays one channel; `close` gives it back."""

    def __init__(self, inner: FrameSource, give_back: Callable[[], None]) -> None:
        self._inner, self._give_back = inner, give_back
        self.codec = inner.codec
        self.mode = inner.mode

    @property
    def refuses(self) -> int:
        """Packets in a row that were no pictures."""
        return self._inner.refuses

    def suit(self, size: tuple[int, int] | None) -> None:
        """The pixels that the largest tile has."""
        self._inner.suit(size)

    def next(self, mode: str) -> Heard:
        """The next packet."""
        return self._inner.next(mode)

    def close(self) -> None:
        """Let go of stream and channel."""
        try:
            self._inner.close()
        finally:
            self._give_back()


@dataclass(slots=True)
class _Play:
    playing: Playing
    takers: int = 0
    timer: threading.Timer | None = field(default=None)


class WvpChannels:
    """The channels that this program has asked platforms to play. `close` gives all back."""

    def __init__(self, login: FindLogin, *, linger_s: float = LINGER_S) -> None:
        self._login, self._linger_s = login, linger_s
        self._lock = threading.Lock()
        self._platforms: dict[str, Wvp] = {}
        self._plays: dict[tuple[str, str, str], _Play] = {}
        self._closed = False

    def platform(self, address: Address) -> Wvp:
        """The platform of an address; one log-in for all its channels."""
        made = Wvp(address, self._login)
        with self._lock:
            return self._platforms.setdefault(made.base, made)

    def open(self, address: Address, open_stream: Open) -> WvpSource:
        """Have the channel played and connect to its stream: RTSP, else FLV, else HLS. Raises `VideoFault`."""
        platform = self.platform(address)
        device, channel = channel_of(address)
        key = (platform.base, device, channel)
        with self._lock:
            play = self._plays.get(key)
            if play is not None:  # it plays still
                self._hold(play)
        if play is not None:
            try:
                return self._connect(key, play.playing, open_stream)
            except VideoFault:
                self._forget(key)
        playing = platform.start(device, channel)
        with self._lock:
            self._plays[key] = play = _Play(playing)
            self._hold(play)
        try:
            return self._connect(key, playing, open_stream)
        except BaseException:
            self._give_back(key)
            raise

    def close(self) -> None:
        """Give back every channel; waits no longer than `CLOSE_S` for the platforms."""
        with self._lock:
            self._closed = True
            left = list(self._plays)
            for play in self._plays.values():
                if play.timer is not None:
                    play.timer.cancel()
        def give_back() -> None:
            for key in left:
                self._stop(key)

        thread = threading.Thread(target=give_back, name="video-give-back", daemon=True)
        if left:
            thread.start()
            thread.join(CLOSE_S)

    @staticmethod
    def _hold(play: _Play) -> None:
        play.takers += 1
        if play.timer is not None:
            play.timer.cancel()
            play.timer = None

    def _connect(self, key: tuple[str, str, str], playing: Playing, open_stream: Open) -> WvpSource:
        last: VideoFault = faults.unsupported("what the platform offers")
        for url in playing.urls:
            try:
                address = parse_address(url)
            except KnownFault:
                continue
            if address.kind not in (RTSP, FLV, HLS):  # nothing but a stream is opened because a platform names it
                continue
            try:
                return WvpSource(open_stream(address), lambda: self._give_back(key))
            except VideoFault as fault:
                last = fault
        raise last

    def _give_back(self, key: tuple[str, str, str]) -> None:
        with self._lock:
            play = self._plays.get(key)
            if play is None:
                return
            play.takers = max(0, play.takers - 1)
            if play.takers or self._closed:
                return
            play.timer = threading.Timer(self._linger_s, self._stop, (key,))
            play.timer.name = "video-give-back"
            play.timer.daemon = True
            play.timer.start()

    def _forget(self, key: tuple[str, str, str]) -> None:
        with self._lock:
            play = self._plays.pop(key, None)
            if play is not None and play.timer is not None:
                play.timer.cancel()

    def _stop(self, key: tuple[str, str, str]) -> None:
        """Tell the platform, unless somebody took the channel meanwhile or other programs watch it: a stop ends it for
        all of them, and what nobody reads the platform ends by itself."""
        with self._lock:
            play = self._plays.get(key)
            if play is None or (play.takers and not self._closed):
                return
            del self._plays[key]
            platform = self._platforms[key[0]]
        try:
            readers: int | None = None
            with contextlib.suppress(VideoFault):
                readers = platform.readers(play.playing)
            if not readers:
                platform.stop(play.playing)
        except VideoFault as fault:
            log.info("channel %s was not given back: %s", key[2], fault)
