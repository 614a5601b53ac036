"""Where drones and forces have been: drones always; forces only the selected one, and from the streets on those that
are going."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.map.geometry import array_path
from widgets.map.layers import TRACK_DRONE, FloatArray, Track
from widgets.map.mercator import Viewport, ring_to_world
from widgets.map.palette import Palette, with_alpha

FORCE_ALPHA = 0.45


class TrackLayer:
    """Polylines in world units."""

    def __init__(self) -> None:
        self._tracks: list[tuple[Track, FloatArray]] = []

    def set_tracks(self, tracks: Sequence[Track]) -> None:
        """A track that is the same object as before keeps its shape."""
        known = {id(track): (track, xy) for track, xy in self._tracks}
        self._tracks = [known.get(id(track)) or (track, ring_to_world(track.points))
                        for track in tracks if len(track.points) > 1]

    def draw(
        self, painter: QPainter, view: Viewport, palette: Palette, style: float, selected: str, going: Collection[str]
    ) -> None:
        """``selected``: id of the force in the accent colour; ``going``: ids of forces whose tracks show quietly."""
        for track, xy in self._tracks:
            drone = track.kind == TRACK_DRONE
            if not drone and track.id != selected and track.id not in going:
                continue
            x, y = xy[:, 0] * view.ppu - view.left, xy[:, 1] * view.ppu - view.top
            if x.max() < 0 or x.min() > view.width or y.max() < 0 or y.min() > view.height:
                continue
            if drone:
                pen = QPen(QColor(palette.drone), 1.6 * style)
                pen.setDashPattern([3.0, 2.5])
            elif track.id == selected:
                pen = QPen(QColor(palette.accent), 1.6 * style)
            else:
                pen = QPen(with_alpha(palette.muted, FORCE_ALPHA), 1.2 * style)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(array_path(x, y, np.zeros(1, np.int64)), pen)
