"""Where incident marks lie at one zoom level: I and II always single and apart, III apart where they fit and else
joined, IV joined."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from widgets.map.clusters import Bins, cluster_marks, spread, step_aside
from widgets.map.layers import BoolArray, ByteArray, FloatArray, IntArray
from widgets.map.mercator import Viewport

INCIDENT_SIZE_PX = 30.0
CLUSTER_REACH_PX = 40.0
CLUSTER_HALF_PX = 15.5
SINGLE_HALF_PX = (12.0, 15.0)
MOST_SPREAD = 5
"""So many marks of level III find room beside each other where one cluster would lie; more are joined."""


@dataclass(eq=False)
class Placed:
    """Marks at one zoom level: world pixels at that level, index into the incidents (of a member, for clusters), number
    of incidents each stands for. ``moved`` are the single ones that lie aside of their place."""

    level: float = -1.0
    x: FloatArray = field(default_factory=lambda: np.zeros(0))
    y: FloatArray = field(default_factory=lambda: np.zeros(0))
    true_x: FloatArray = field(default_factory=lambda: np.zeros(0))
    true_y: FloatArray = field(default_factory=lambda: np.zeros(0))
    member: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    count: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    half: FloatArray = field(default_factory=lambda: np.zeros(0))
    sprite: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    pulsing: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    moved: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))


def place_incidents(
    x: FloatArray, y: FloatArray, level: ByteArray, pulse: BoolArray, view: Viewport, style: float
) -> Placed:
    """Place the incidents at world points (x, y) for the zoom of ``view``; the most urgent come last (on top)."""
    ppu, size = view.ppu, INCIDENT_SIZE_PX * style
    finite = np.isfinite(x) & np.isfinite(y)
    grave = np.flatnonzero(finite & (level <= 2))
    grave = grave[np.argsort(-level[grave], kind="stable")]
    third, minor = np.flatnonzero(finite & (level == 3)), np.flatnonzero(finite & (level == 4))
    crowds, loose = _crowds(x[third], y[third], CLUSTER_REACH_PX * style / ppu)
    minors = cluster_marks(x[minor], y[minor], CLUSTER_REACH_PX * style / ppu)
    first = len(minors)
    member = np.concatenate((minor[minors.member], third[crowds.member], third[loose], grave)).astype(np.int64)
    count = np.concatenate((minors.count, crowds.count, np.ones(len(loose) + len(grave), np.int64)))
    true_x = np.concatenate((minors.x, crowds.x, x[third[loose]], x[grave])) * ppu
    true_y = np.concatenate((minors.y, crowds.y, y[third[loose]], y[grave])) * ppu
    px, py = true_x - view.left, true_y - view.top
    px[first:], py[first:] = spread(px[first:], py[first:], size)
    px[:first], py[:first] = step_aside(px[:first], py[:first], px[first:], py[first:], size * 1.08)
    px, py = px + view.left, py + view.top
    lone = np.where(level[member] == 4, *SINGLE_HALF_PX)
    half = np.where(count > 1, CLUSTER_HALF_PX, lone) * style
    moved = np.flatnonzero((np.hypot(px - true_x, py - true_y) > 4.0 * style) & (count == 1))
    pulsing = np.flatnonzero(np.asarray(pulse)[member] & (level[member] <= 2))
    return Placed(view.zoom, px, py, true_x, true_y, member, count, half, np.zeros(0, np.int64), pulsing, moved)


def _crowds(x: FloatArray, y: FloatArray, reach: float) -> tuple[Bins, IntArray]:
    """Clusters of the marks that do not fit beside each other, and the indices of those that stay single."""
    bins = cluster_marks(x, y, reach)
    joined = bins.count > MOST_SPREAD
    if not joined.any():
        return bins.chosen(joined), np.arange(len(x))
    return bins.chosen(joined), np.flatnonzero(~joined[bins.group])
