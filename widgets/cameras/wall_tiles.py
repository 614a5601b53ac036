"""The wall's camera tiles: beside the newest grave incident, else on patrol; never a hand on them."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QObject

from app.services.views import CameraRow, QueueRow
from widgets.bridge.bridge import Bridge
from widgets.cameras.feeds import FeedHub
from widgets.cameras.grid import TileGrid
from widgets.cameras.looking import Looking
from widgets.cameras.rota import DWELL_S, Turn, beside, patrol
from widgets.cameras.tile import say


class WallTiles(QObject):
    """Turns the tiles of a grid. `update` takes what the snapshot knows; `turn` says what they show and why."""

    def __init__(self, bridge: Bridge, hub: FeedHub, grid: TileGrid, parent: QObject | None = None, *,
                 dwell_s: float = DWELL_S) -> None:
        super().__init__(parent)
        self._grid, self._dwell_s = grid, dwell_s
        self._looking = Looking(bridge, hub, self, ends=False, once=True)
        self._clock = QElapsedTimer()
        self._clock.start()
        self.turn = Turn((), None)

    def update(self, incident: QueueRow | None, near: Sequence[CameraRow], all_: Sequence[CameraRow]) -> Turn:
        """Decide what to show now and show it; call it with every snapshot and every second."""
        tiles = len(self._grid.tiles)
        if incident is not None and near:
            turn = beside(incident, near, tiles)
        else:
            turn = patrol(all_, tiles, self._clock.elapsed() / 1000, self._dwell_s)
        self.turn = turn
        incident_id = turn.incident.id if turn.incident is not None else None
        reason = say("wall: beside an incident") if turn.incident is not None else say("wall: patrol")
        for i, tile in enumerate(self._grid.tiles):
            tile.empty_word = say("no more nearby") if turn.incident is not None else ""
            self._looking.show(tile, turn.cameras[i] if i < len(turn.cameras) else None, reason, incident_id)
        return turn

    def close(self) -> None:
        """Let go of all pictures."""
        self._looking.clear()
