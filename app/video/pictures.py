"""From decoded frames to pictures of a tile's size: blue, green, red, unused; masks painted."""
from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Final

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from app.domain.masks import Mask
from app.services.streams import VideoFrame
from app.video import masks as masking
from app.video.faults import unsupported

MOST_PIXELS: Final = 8192 * 8192


def cover_size(width: int, height: int, want_width: int, want_height: int) -> tuple[int, int]:
    """The size that covers a tile with the picture's proportions, even, never larger than the picture."""
    factor = min(1.0, max(want_width / width, want_height / height))
    if factor >= 1.0:
        return width, height
    wide, high = math.ceil(width * factor - 0.01), math.ceil(height * factor - 0.01)
    return min(width, wide + 1 & ~1), min(height, high + 1 & ~1)


class Scaler:
    """Scales the frames of one stream, on the calling thread alone. Keeps FFmpeg's scaling contexts between frames.

    Size first, colours second: FFmpeg has a fast way for each alone, not for both in one (0.6 of the time).
    """

    def __init__(self) -> None:
        self._size, self._colours = VideoReformatter(), VideoReformatter()

    def picture(self, frame: av.VideoFrame, want: tuple[int, int], masks: Sequence[Mask], *, mode: str,
                heard_at: float, lag_s: float | None, eased: bool = False) -> VideoFrame:
        """The frame as a picture that covers `want`; `lag_s`: how late its packet came, None where the source has no
        clock. Raises `VideoFault` for a size that no camera has."""
        if not 0 < frame.width * frame.height <= MOST_PIXELS:
            raise unsupported(f"{frame.width}×{frame.height}")
        width, height = cover_size(frame.width, frame.height, *want)
        if (width, height) != (frame.width, frame.height):
            frame = self._size.reformat(frame, width, height, interpolation=Interpolation.FAST_BILINEAR, threads=1)
        made = self._colours.reformat(frame, format="bgr0", interpolation=Interpolation.FAST_BILINEAR, threads=1)
        plane = made.planes[0]
        stride = plane.line_size
        if masks:
            pixels = np.frombuffer(memoryview(plane), np.uint8)[:stride * height].reshape(height, stride)[:, :width * 4]
            masking.paint(pixels.reshape(height, width, 4), masks)
        return VideoFrame(plane, width, height, stride, mode, heard_at, (lag_s or 0.0) + time.perf_counter() - heard_at,
                          lag_s is not None, eased, tuple(masks))
