"""What a tile can be in: a dead picture is never taken for a live one. Pure, no Qt."""
from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.faults import Message

STALE_S = 3.0
"""no frame for so long: the last good one is greyed and shows its age (PROMISES 15)"""

EMPTY, CONNECTING, PLAYING, STILL, STALE = "empty", "connecting", "playing", "still", "stale"
RECONNECTING, REFUSED, NO_RIGHT, NOT_CONNECTED, UNSUPPORTED = (
    "reconnecting", "refused", "no_right", "not_connected", "unsupported")
LIVE, KEYFRAME, SNAPSHOT, FILE, STILL_MODE = "live", "keyframe", "snapshot", "file", "still"
MOVING = frozenset({LIVE, KEYFRAME, SNAPSHOT, FILE})


@dataclass(frozen=True, slots=True)
class TileState:
    """State of one tile. Times are monotonic seconds of one clock; `tries` counts attempts to connect again."""

    state: str = EMPTY
    mode: str = ""
    since: float = 0.0
    frame_at: float | None = None
    """when the last good frame came"""
    taken_at: float | None = None
    """when the picture was taken, epoch seconds, where the source says so"""
    tries: int = 0
    why: Message | None = None

    @property
    def moving(self) -> bool:
        """Whether new frames are to be expected."""
        return self.mode in MOVING

    def with_frame(self, at: float, mode: str, taken_at: float | None = None) -> TileState:
        """A frame came."""
        return replace(self, state=PLAYING if mode in MOVING else STILL, mode=mode, frame_at=at, taken_at=taken_at,
                       tries=0,
                       why=None, since=at if self.state not in (PLAYING, STILL) else self.since)

    def at(self, now: float) -> TileState:
        """The state as of `now`: one that should move and did not for `STALE_S` is stale."""
        if self.state == PLAYING and self.frame_at is not None and now - self.frame_at > STALE_S:
            return replace(self, state=STALE, since=self.frame_at)
        return self

    def age_s(self, now: float) -> float:
        """Seconds since the last good frame; 0 without one."""
        return 0.0 if self.frame_at is None else max(0.0, now - self.frame_at)


def good(state: TileState) -> bool:
    """Whether what the tile shows is what it claims to be."""
    return state.state in (PLAYING, STILL)
