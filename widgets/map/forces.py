"""Which forces are drawn. From the streets on, all of them; further off only what matters to the work: who is going or
on the scene, and the free ones nearest to urgent incidents or to the selection, one per cell of a pixel grid."""

from __future__ import annotations

import numpy as np

from widgets.map.layers import UNIT_FREE, UNIT_GOING, UNIT_ON_SCENE, FloatArray, IntArray, UnitMarks
from widgets.map.mercator import metres_per_unit

STREET_ZOOM = 15.0
"""From this zoom on (``mercator.detail_zoom``) all forces are drawn, also those off duty."""
WALL_STREET_ZOOM = 16.0
NEAR_M = 2_000.0
NEAREST = 8
"""So many free forces are drawn around each urgent incident, at most."""
CELL_PX = 24.0
MOST_POINTS = 300


def working_forces(
    units: UnitMarks, x: FloatArray, y: FloatArray, around: FloatArray, ppu: float, cell_px: float, also: str = ""
) -> IntArray:
    """Indices of the forces to draw away from the streets. ``x``, ``y``: their world points; ``around`` (n, 2): world
    points of urgent work; ``also``: the id of one that is drawn in any case."""
    status = np.asarray(units.status)
    working = np.flatnonzero((status == UNIT_GOING) | (status == UNIT_ON_SCENE))
    free = np.flatnonzero((status == UNIT_FREE) & np.isfinite(x) & np.isfinite(y))
    near = _nearest(free, x, y, around[:MOST_POINTS])
    chosen = np.concatenate((_thinned(near, x, y, cell_px / ppu), working))
    if also and also in units.ids:
        chosen = np.union1d(chosen, [list(units.ids).index(also)])
    return chosen.astype(np.int64)


def _nearest(free: IntArray, x: FloatArray, y: FloatArray, around: FloatArray) -> IntArray:
    """Of the free ones, the NEAREST within NEAR_M of each point, the nearest to any point first."""
    if not len(free) or not len(around):
        return free[:0]
    apart = np.hypot(x[free] - around[:, :1], y[free] - around[:, 1:]) * metres_per_unit(float(around[0, 1]))
    rank = np.argsort(apart, axis=1, kind="stable")[:, :NEAREST]
    close = np.take_along_axis(apart, rank, axis=1) <= NEAR_M
    found = np.unique(rank[close])
    least = apart[:, found].min(axis=0)
    return np.asarray(free[found[np.argsort(least, kind="stable")]])


def _thinned(index: IntArray, x: FloatArray, y: FloatArray, cell: float) -> IntArray:
    """The first one in each cell of a grid that lies fast on the ground."""
    key = np.floor(x[index] / cell).astype(np.int64) * (1 << 31) + np.floor(y[index] / cell).astype(np.int64)
    return index[np.sort(np.unique(key, return_index=True)[1])]
