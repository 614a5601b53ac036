"""Where incident marks lie at one zoom level: I and II single and apart unless a flood of them overlaps, III apart
where they fit and else joined, IV joined."""

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
GRAVE_REACH_PX = 54.0
GRAVE_HALF_PX = 19.0
MOST_SPREAD = 5
"""So many marks of level III find room beside each other where one cluster would lie; more are joined."""
MANY_GRAVE, MANY_THIRD = 40, 120
"""Where more marks of I and II (of III) than these overlap, they would cover the map: all that overlap are joined."""


@dataclass(eq=False)
class Placed:
    """Marks at one zoom level: world pixels at that level, index into the incidents (of a member, for clusters), number
    of incidents each stands for. ``moved`` are the single ones that lie aside of their place; ``mixed`` says of a
    cluster that it holds more levels than its member's, which is its gravest."""

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
    mixed: BoolArray = field(default_factory=lambda: np.zeros(0, np.bool_))


def place_incidents(
    x: FloatArray, y: FloatArray, level: ByteArray, pulse: BoolArray, view: Viewport, style: float
) -> Placed:
    """Place the incidents at world points (x, y) for the zoom of ``view``; the most urgent come last (on top)."""
    ppu, size = view.ppu, INCIDENT_SIZE_PX * style
    finite = np.isfinite(x) & np.isfinite(y)
    grave = np.flatnonzero(finite & (level <= 2))
    grave = grave[np.argsort(-level[grave], kind="stable")]
    third, minor = np.flatnonzero(finite & (level == 3)), np.flatnonzero(finite & (level == 4))
    wide = GRAVE_REACH_PX * style / ppu
    floods, lone_grave = _crowds(x[grave], y[grave], wide, len(grave), MANY_GRAVE)
    reach = wide if len(floods) else CLUSTER_REACH_PX * style / ppu
    crowds, loose = _crowds(x[third], y[third], reach, MOST_SPREAD, MANY_THIRD)
    minors = cluster_marks(x[minor], y[minor], reach)
    gravest, mixed, fresh = _gravest(floods, level[grave], np.asarray(pulse)[grave])
    first, flooded = len(minors), len(minors) + len(crowds) + len(loose)
    member = np.concatenate((minor[minors.member], third[crowds.member], third[loose], grave[gravest],
                             grave[lone_grave])).astype(np.int64)
    count = np.concatenate((minors.count, crowds.count, np.ones(len(loose), np.int64), floods.count,
                            np.ones(len(lone_grave), np.int64)))
    true_x = np.concatenate((minors.x, crowds.x, x[third[loose]], floods.x, x[grave[lone_grave]])) * ppu
    true_y = np.concatenate((minors.y, crowds.y, y[third[loose]], floods.y, y[grave[lone_grave]])) * ppu
    px, py = true_x - view.left, true_y - view.top
    px[first:], py[first:] = spread(px[first:], py[first:], size)
    px[:first], py[:first] = step_aside(px[:first], py[:first], px[first:], py[first:], size * 1.08)
    px, py = px + view.left, py + view.top
    lone = np.where(level[member] == 4, *SINGLE_HALF_PX)
    half = np.where(count > 1, np.where(level[member] <= 2, GRAVE_HALF_PX, CLUSTER_HALF_PX), lone) * style
    moved = np.flatnonzero((np.hypot(px - true_x, py - true_y) > 4.0 * style) & (count == 1))
    pulses = np.asarray(pulse)[member] & (level[member] <= 2)
    pulses[flooded : flooded + len(floods)] = fresh
    of_more = np.zeros(len(member), np.bool_)
    of_more[flooded : flooded + len(floods)] = mixed
    return Placed(view.zoom, px, py, true_x, true_y, member, count, half, np.zeros(0, np.int64),
                  np.flatnonzero(pulses), moved, of_more)


def _crowds(x: FloatArray, y: FloatArray, reach: float, most: int, many: int) -> tuple[Bins, IntArray]:
    """Clusters of the marks that do not fit beside each other, and the indices of those that stay single: up to
    ``most`` on one spot, and only those that touch no other where more than ``many`` overlap."""
    bins = cluster_marks(x, y, reach)
    overlapping = int(bins.count[bins.count > 1].sum())
    joined = bins.count > (1 if overlapping > many else most)
    if not joined.any():
        return bins.chosen(joined), np.arange(len(x))
    alone = np.flatnonzero(~joined[bins.group])
    number = np.cumsum(joined) - 1
    group = np.where(joined[bins.group], number[bins.group], -1)
    kept = bins.chosen(joined)
    return Bins(kept.x, kept.y, kept.count, kept.member, group), alone


def _gravest(clusters: Bins, level: ByteArray, pulse: BoolArray) -> tuple[IntArray, BoolArray, BoolArray]:
    """Of each cluster: a mark of its highest level, whether it holds other levels too, whether any of it pulses."""
    inside = np.flatnonzero(clusters.group >= 0) if len(clusters) else np.zeros(0, np.int64)
    if not len(inside):
        return np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0, np.bool_)
    order = inside[np.lexsort((level[inside], clusters.group[inside]))]
    starts = np.unique(clusters.group[order], return_index=True)[1]
    last = np.concatenate((starts[1:], [len(order)])) - 1
    fresh = np.bincount(clusters.group[inside], pulse[inside], len(clusters)) > 0
    return order[starts], level[order[starts]] != level[order[last]], fresh
