"""Moving pictures as a screen sees them: it asks for an address and gets frames and states. `app.video` does the work.

    watch = streams.watch(address, Want(480, 270), sink)     # sink.frame and sink.state come on other threads
    watch.change(Want(1920, 1080))
    watch.close()
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.domain.faults import Message
from app.domain.masks import Mask
from app.services.ptz import Ptz

LIVE, KEYFRAME, SNAPSHOT, FILE = "live", "keyframe", "snapshot", "file"
MODES = (LIVE, KEYFRAME, SNAPSHOT)
"""what a tile may be pinned to"""
CONNECTING, PLAYING, RECONNECTING, REFUSED, NO_RIGHT, UNSUPPORTED = (
    "connecting", "playing", "reconnecting", "refused", "no_right", "unsupported")
NO_HOST, TIMED_OUT, ENDED = "no_host", "timed_out", "ended"


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """One picture: `height` rows of `stride` bytes in `data`, four bytes a pixel: blue, green, red, unused.

    The receiver must not write to it. Times are `time.perf_counter` seconds.
    """

    data: object
    width: int
    height: int
    stride: int
    mode: str
    heard_at: float
    """when its packet arrived"""
    delay_s: float
    """how far it lags behind the quickest packet of this connection, its decoding included"""
    timed: bool = True
    """whether the source says when its pictures are due; else `delay_s` is of the decoding alone"""
    eased: bool = False
    """decoded for a small tile: good to look at there, not what a still is made of"""
    masks: tuple[Mask, ...] = ()
    """what is painted over it"""


@dataclass(frozen=True, slots=True)
class StreamState:
    """How an address stands. `tries`: failed attempts since the last picture; `why`: the reason of the last failure."""

    phase: str = CONNECTING
    why: Message | None = None
    tries: int = 0
    at: float = 0.0
    cause: str = ""
    """the phase that the last failure would have been by itself: refused, no_host, timed_out, ended"""


@dataclass(frozen=True, slots=True)
class Want:
    """What a tile needs: a picture that covers so many pixels. `shown` False: stay connected, decode nothing."""

    width: int
    height: int
    shown: bool = True
    priority: int = 0
    mode: str | None = None
    """pinned to a mode; None: the budget decides"""
    masks: tuple[Mask, ...] = ()


class Sink(Protocol):
    """Takes what a stream gives; called on the stream's thread and must not keep it."""

    def frame(self, frame: VideoFrame) -> None: ...
    def state(self, state: StreamState) -> None: ...


class Watch(Protocol):
    """One tile's interest in an address."""

    def change(self, want: Want) -> None: ...
    def heard_at(self) -> float | None:
        """When the source was last heard of (perf_counter s): a packet, though none of its pictures was shown."""
        ...

    def close(self) -> None: ...


class Streams(Protocol):
    """All streams of a program: one connection for each address, however many watch it."""

    @property
    def ptz(self) -> Ptz:
        """The way to the drives of cameras."""
        ...

    def plays(self, address: str) -> bool:
        """Whether this is an address of moving pictures (a stream, or a film file). Touches nothing."""
        ...

    def watch(self, address: str, want: Want, sink: Sink) -> Watch: ...
    def close(self) -> None: ...
