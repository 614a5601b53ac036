"""What a tile can be in: a dead picture is never taken for a live one. Pure, no Qt."""
from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.faults import Message

STALE_S = 2.6
"""no frame for so long: the last good one is greyed and shows its age. The promise is 3 s (PROMISES 15); tiles look
five times a second, and painting takes its time."""
SNAPSHOT_STALE_S = 8.0
"""a snapshot comes every five seconds"""

EMPTY, CONNECTING, PLAYING, STILL, STALE = "empty", "connecting", "playing", "still", "stale"
RECONNECTING, REFUSED, NO_RIGHT, NOT_CONNECTED, UNSUPPORTED = (
    "reconnecting", "refused", "no_right", "not_connected", "unsupported")
NO_HOST, TIMED_OUT, ENDED, NEEDS_REASON = "no_host", "timed_out", "ended", "needs_reason"
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
    heard_at: float | None = None
    """when the source was last heard of, where that is known apart from its frames"""
    delay_s: float | None = None
    """how far the picture lags, where that is known"""
    cause: str = ""
    """of connecting again: what the last attempt met (phases of app.services.streams)"""
    eased: bool = False
    """whether the picture was decoded for a small tile; a still waits for one that was not"""

    @property
    def moving(self) -> bool:
        """Whether new frames are to be expected."""
        return self.mode in MOVING

    def with_frame(self, at: float, mode: str, taken_at: float | None = None,
                   delay_s: float | None = None, eased: bool = False) -> TileState:
        """A frame came."""
        since = self.since if self.state in (PLAYING, STILL) else at
        return TileState(PLAYING if mode in MOVING else STILL, mode, since, at, taken_at, heard_at=at, delay_s=delay_s,
                         eased=eased)

    def at(self, now: float) -> TileState:
        """The state as of `now`: one that should move and did not for `STALE_S` is stale.

        Slower modes go by what was heard of the source: a key frame may come every ten seconds.
        """
        if self.state != PLAYING or self.frame_at is None:
            return self
        slow = self.mode in (KEYFRAME, SNAPSHOT)
        last = max(self.frame_at, self.heard_at or 0.0) if slow else self.frame_at
        if now - last > (SNAPSHOT_STALE_S if self.mode == SNAPSHOT else STALE_S):
            return replace(self, state=STALE, since=last)
        return self

    def age_s(self, now: float) -> float:
        """Seconds since the last good frame; 0 without one."""
        return 0.0 if self.frame_at is None else max(0.0, now - self.frame_at)


def good(state: TileState) -> bool:
    """Whether what the tile shows is what it claims to be."""
    return state.state in (PLAYING, STILL)
