"""Turns the tiles of a grid without black: the next picture is there before a tile turns.

What comes next is connected in hidden tiles; a tile changes places with its hidden one once that has a picture. The
record of a view begins with the connection, for from then on pictures come to the seat.
"""
from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from app.services.views import CameraRow
from widgets.cameras import state as st
from widgets.cameras.grid import TileGrid
from widgets.cameras.looking import Looking
from widgets.cameras.tile import Tile

AHEAD_S = 4.0
"""the next stop of a patrol is connected so long before it is shown"""
GRACE_S, PATIENCE_S = 6.0, 1.5
"""so long after it was connected a patrol waits for a camera's picture before it passes it over; so long anything else
waits before it shows why there is none"""
_NEVER = frozenset({st.NOT_CONNECTED, st.NO_RIGHT, st.UNSUPPORTED, st.REFUSED, st.NO_HOST, st.NEEDS_REASON})


@dataclass(frozen=True, slots=True)
class Show:
    """What a place is to show and why."""

    camera: CameraRow
    reason: str
    incident_id: str | None = None


class Turner(QObject):
    """`put` is called again and again (five times a second) with what is to be shown now and what comes next."""

    def __init__(self, grid: TileGrid, looking: Looking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grid, self._looking = grid, looking
        self._spare: dict[int, tuple[Tile, float]] = {}
        self._past: dict[int, str] = {}
        self.silent: frozenset[str] = frozenset()
        """cameras of the present stop that gave no picture and were passed over"""
        grid.dropped.connect(self._on_dropped)

    @Slot(object)
    def _on_dropped(self, tile: Tile) -> None:
        """A tile goes for good: so does its view."""
        self._looking.show(tile, None, "")

    def put(self, now: Sequence[Show | None], coming: Sequence[Show | None] = (), *, patrol: bool = False,
            empty_word: str = "") -> None:
        """Show `now`; connect `coming`. `patrol`: a camera without a picture is passed over, the old one stays."""
        silent = set()
        for at, tile in enumerate(self._grid.tiles):
            show = now[at] if at < len(now) else None
            tile.empty_word = empty_word
            if show is None:
                self._let_go(at)
                self._looking.show(tile, None, "")
            elif tile.camera is None or tile.camera.id == show.camera.id:
                self._looking.show(tile, show.camera, show.reason, show.incident_id)
                self._past.pop(at, None)
                if at in self._spare and not coming:
                    self._let_go(at)
            elif not self._turn(at, tile, show, patrol):
                silent.add(show.camera.id)
            following = coming[at] if at < len(coming) else None
            if following is not None and (show is None or following.camera.id != show.camera.id):
                self._connect(at, following)
        for at in [a for a in self._spare if a >= len(self._grid.tiles)]:
            self._let_go(at)
        self.silent = frozenset(silent)

    def _turn(self, at: int, tile: Tile, show: Show, patrol: bool) -> bool:
        """Change places once the hidden tile has its picture; False: the camera was passed over."""
        if self._past.get(at) == show.camera.id and st.good(tile.shown_state):
            return False
        spare, since = self._connect(at, show)
        waited = time.perf_counter() - since > (GRACE_S if patrol else PATIENCE_S)
        if not spare.has_picture and spare.state.state not in _NEVER and not waited:
            return True
        if patrol and not spare.has_picture and st.good(tile.shown_state):
            self._past[at] = show.camera.id
            self._let_go(at)
            return False
        del self._spare[at]
        self._past.pop(at, None)
        old = self._grid.replace(at, spare)
        self._looking.show(old, None, "")
        self._grid.drop(old)
        return True

    def _connect(self, at: int, show: Show) -> tuple[Tile, float]:
        kept = self._spare.get(at)
        if kept is not None and kept[0].camera is not None and kept[0].camera.id == show.camera.id:
            self._looking.show(kept[0], show.camera, show.reason, show.incident_id)
            return kept[0], kept[1]
        self._let_go(at)
        tile = self._grid.make()
        tile.setGeometry(self._grid.place_of(at))
        tile.hide()
        self._spare[at] = tile, time.perf_counter()
        self._looking.show(tile, show.camera, show.reason, show.incident_id)
        return self._spare[at]

    def _let_go(self, at: int) -> None:
        kept = self._spare.pop(at, None)
        if kept is not None:
            self._looking.show(kept[0], None, "")
            self._grid.drop(kept[0])

    def clear(self) -> None:
        """Connect nothing ahead any more."""
        for at in list(self._spare):
            self._let_go(at)
        self._past.clear()
        self.silent = frozenset()
