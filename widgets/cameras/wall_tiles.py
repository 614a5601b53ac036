"""The wall's camera tiles: beside the newest grave incident, a named wall, or on patrol; never a hand on them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject

from app.services.video_walls import AUTO, Chosen
from app.services.view_reasons import WALL_INCIDENT, WALL_NAMED, WALL_PATROL
from app.services.views import CameraRow, QueueRow
from widgets.bridge.bridge import Bridge
from widgets.cameras.feeds import FeedHub
from widgets.cameras.grid import TileGrid
from widgets.cameras.looking import Looking
from widgets.cameras.rota import DWELL_S, Turn, beside, patrol
from widgets.cameras.tile import say
from widgets.cameras.turner import AHEAD_S, Show, Turner


class WallTiles(QObject):
    """Turns the tiles of a grid. `update` takes what the snapshot knows; `turn` says what they show and why."""

    def __init__(self, bridge: Bridge, hub: FeedHub, grid: TileGrid, parent: QObject | None = None, *,
                 dwell_s: float = DWELL_S) -> None:
        super().__init__(parent)
        self._grid, self._dwell_s = grid, dwell_s
        self._looking = Looking(bridge, hub, self, ends=False, once=True)
        self._turner = Turner(grid, self._looking, self)
        self._clock = QElapsedTimer()
        self._clock.start()
        self._running: object = None
        self.turn = Turn((), None)

    def update(self, incident: QueueRow | None, near: Sequence[CameraRow], all_: Sequence[CameraRow],
               chosen: Chosen | None = None) -> Turn:
        """Decide what to show now and show it; call it with every snapshot and every second.

        A choice holds against incidents that were there before it; a newer one turns the tiles to itself.
        """
        turn = self._decide(incident, near, all_, chosen or Chosen())
        self.turn = turn
        incident_id = turn.incident.id if turn.incident is not None else None
        if turn.incident is not None:
            reason = WALL_INCIDENT
        else:
            reason = WALL_PATROL if turn.places is None else WALL_NAMED
        shown = turn.places if turn.places is not None else turn.cameras

        def shows(cameras: Sequence[CameraRow | None]) -> list[Show | None]:
            return [Show(c, reason, incident_id) if c is not None else None for c in cameras]

        self._turner.put(shows(shown), shows(turn.coming), patrol=turn.incident is None and turn.places is None,
                         empty_word=say("no more nearby") if turn.incident is not None else "")
        if self._turner.silent:
            self.turn = replace(turn, passed_over=turn.passed_over + len(self._turner.silent))
        return self.turn

    def _decide(self, incident: QueueRow | None, near: Sequence[CameraRow], all_: Sequence[CameraRow],
                chosen: Chosen) -> Turn:
        tiles, told = len(self._grid.tiles), chosen.on_wall.show != AUTO
        if incident is not None and near and not (told and incident.reported_at <= chosen.on_wall.at):
            return beside(incident, near, tiles)
        if chosen.wall is not None:
            return Turn(tuple(c for c in chosen.cameras if c is not None), None, name=chosen.wall.name,
                        places=chosen.cameras[:tiles])
        round_ = all_ if chosen.patrol is None else [c for c in chosen.cameras if c is not None]
        dwell = self._dwell_s if chosen.patrol is None else chosen.patrol.dwell_s
        key = chosen.patrol
        if key != self._running:  # a patrol that is chosen begins at its first stop
            self._running = key
            self._clock.restart()
        turn = patrol(round_, tiles, self._clock.elapsed() / 1000, dwell, min(AHEAD_S, dwell / 2))
        return turn if chosen.patrol is None else replace(turn, name=chosen.patrol.name)

    def close(self) -> None:
        """Let go of all pictures."""
        self._turner.clear()
        self._looking.clear()
