"""The wall's map: fitted to where the work is, its layers by mode."""
from __future__ import annotations

import math

import numpy as np
from PySide6.QtWidgets import QWidget

from widgets.map.mercator import world_x, world_y
from widgets.map.overlays import EDGE_PX, INSET_PX
from widgets.map.view import MapView
from widgets.theme import tokens
from widgets.wall.layout import WAR

FEW, SHARE, TOP_ZOOM = 4, 0.75, 15.5
LEGEND_PX = 98.0
_MODE_LAYERS = {"tracks": True, "fov": False, "cameras": False}
"""what wartime shows (True) or puts away (False); peacetime the other way round"""


class WorkMap(MapView):
    """Fits to where most of the grave work is. What lies far off shows as a dot in the inset."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, mode="wall")
        self.focus_id = ""
        self.stale_after_s = math.inf  # the wall says it once, for all its panels
        self._shown_mode = ""
        self.set_layer_visible("components", False)

    def fit_to_work(self) -> None:
        """The nearest three quarters of the level I/II incidents around their middle, and the most urgent one
        always."""
        marks = self.live.incidents
        x, y = world_x(marks.lon), world_y(marks.lat)
        grave = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & (np.asarray(marks.level) <= 2))
        if len(grave) < FEW:
            super().fit_to_work()
            return
        far = np.hypot(x[grave] - np.median(x[grave]), y[grave] - np.median(y[grave]))
        kept = grave[np.argsort(far, kind="stable")[:max(FEW - 1, math.ceil(len(grave) * SHARE))]].tolist()
        if self.focus_id in marks.ids:
            at = list(marks.ids).index(self.focus_id)
            if math.isfinite(x[at] + y[at]):
                kept.append(at)
        self._fit_pending = False
        self.fit_world((float(x[kept].min()), float(y[kept].min()), float(x[kept].max()), float(y[kept].max())),
                       TOP_ZOOM)

    def keep_clear(self) -> None:
        """Fit beside the inset and below the legend, where there is room for that."""
        scale = tokens.scale()
        inset, legend = (INSET_PX[0] + 2 * EDGE_PX) * scale, LEGEND_PX * scale
        roomy = self.width() > 2.6 * inset
        self.set_margins(round(inset) if roomy else 0, round(legend) if self.height() > 5 * legend else 0, 0, 0)

    def show_mode(self, mode: str) -> None:
        """The layers of peacetime or wartime."""
        if mode != self._shown_mode:
            self._shown_mode = mode
            for layer, in_war in _MODE_LAYERS.items():
                self.set_layer_visible(layer, in_war == (mode == WAR))
