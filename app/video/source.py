"""The port: where a stream's pictures come from. One packet at a time, on the stream's own thread."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import av

from app.video.address import Address

Sleep = Callable[[float], bool]
"""Waits so many seconds; true when the stream is to end."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one packet gave: `frame` None when it made no picture. `pts_s`: its time within the stream."""

    at: float
    frame: av.VideoFrame | None = None
    pts_s: float | None = None
    eased: bool = False
    """whether its decoding left something out (`app.video.easing`)"""


class FrameSource(Protocol):
    """A connected source. `next` blocks until a packet came, for no longer than its time limits, and raises
    `VideoFault` when there will be no more. All calls come from one thread."""

    codec: str
    mode: str | None
    """the only mode that it has; None: it knows LIVE and KEYFRAME"""

    @property
    def refuses(self) -> int:
        """Packets in a row that were no pictures."""
        ...

    def suit(self, size: tuple[int, int] | None) -> None:
        """The pixels that the largest tile has: where it shows no difference a source may save work."""
        ...

    def next(self, mode: str) -> Heard: ...
    def close(self) -> None: ...


OpenSource = Callable[[Address, Sleep], FrameSource]
"""Connects; raises `VideoFault`."""
