"""Where forces have been lately: kept from one reading to the next, so that only new points are read and drawn anew.

    keeper = TrackKeeper()
    since = keeper.since(now)                        # what to ask the seat for
    keeper.take(seat.tracks(since), since, now)      # True: something changed
    keeper.tracks(drones)                            # a `Track` that did not change is the same object
"""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from widgets.map.layers import TRACK_DRONE, TRACK_UNIT, Track

BACK_S = 1_800.0
"""a track shows this much"""
OVERLAP_S = 60.0
"""points of other seats come a little late: each reading looks so far behind the newest point"""
WHOLE_EVERY = 300
"""readings; then everything is read again: what filled a gap may be older"""
Point = tuple[float, float, float]
"""(epoch s, lon, lat)"""


class TrackKeeper:
    """The points of each force in time order, and the tracks that were made of them."""

    def __init__(self) -> None:
        self._points: dict[str, list[Point]] = {}
        self._made: dict[str, Track] = {}
        self._latest = 0.0
        self._readings = 0

    def forget(self) -> None:
        """Read everything the next time."""
        self._readings = 0

    def since(self, now: float) -> float:
        """From when on points are to be read."""
        oldest = now - BACK_S
        whole = self._readings % WHOLE_EVERY == 0 or not oldest <= self._latest <= now + OVERLAP_S
        return oldest if whole else max(oldest, self._latest - OVERLAP_S)

    def take(self, read: Mapping[str, Sequence[Point]], since: float, now: float) -> bool:
        """Take in what was read since then; whether any track changed."""
        oldest, changed = now - BACK_S, False
        self._readings += 1
        for unit in self._points.keys() | read.keys():
            old, came = self._points.get(unit, []), list(read.get(unit, ()))
            before = len(old) - len(came)
            if before > 0 and old[0][0] >= oldest and old[before - 1][0] < since and old[before:] == came:
                continue
            new = [p for p in old if oldest <= p[0] < since]  # what lies in the time that was read is what was read
            new += came
            if new != old:
                self._put(unit, new)
                changed = True
        self._latest = max([self._latest, *(points[-1][0] for points in read.values() if points)])
        return changed

    def _put(self, unit: str, points: list[Point]) -> None:
        self._made.pop(unit, None)
        if points:
            self._points[unit] = points
        else:
            self._points.pop(unit, None)

    def tracks(self, drones: Collection[str]) -> list[Track]:
        """Tracks of two points and more."""
        out = []
        for unit, points in self._points.items():
            if len(points) < 2:
                continue
            kind = TRACK_DRONE if unit in drones else TRACK_UNIT
            track = self._made.get(unit)
            if track is None or track.kind != kind:
                track = self._made[unit] = Track(unit, np.array([p[1:] for p in points]), kind)
            out.append(track)
        return out
