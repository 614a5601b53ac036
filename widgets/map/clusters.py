"""Grouping of points that lie too close to be told apart: clusters by grid bins, spreading of marks that must stay
single."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from widgets.map.layers import BoolArray, FloatArray, IntArray

PUSHES = 120
ASIDE_STEPS = 4


@dataclass(frozen=True, eq=False)
class Bins:
    """Clusters: mean position (world units), number of points, and a member (the index of the only one where count
    is 1). ``group``: the cluster of each given point, -1 for one without a place."""

    x: FloatArray
    y: FloatArray
    count: IntArray
    member: IntArray
    group: IntArray

    def __len__(self) -> int:
        return len(self.count)

    def chosen(self, keep: BoolArray) -> Bins:
        """Some of the clusters; ``group`` says nothing any more."""
        return Bins(self.x[keep], self.y[keep], self.count[keep], self.member[keep], np.zeros(0, np.int64))


def bin_points(x: FloatArray, y: FloatArray, cell: float) -> Bins:
    """Group points by the square cells of size ``cell`` they lie in. The counts add up to the number of finite
    points."""
    index = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if not len(index):
        nothing = np.zeros(0)
        return Bins(nothing, nothing, np.zeros(0, np.int64), np.zeros(0, np.int64), np.full(len(x), -1))
    px, py = x[index], y[index]
    key = np.floor(px / cell).astype(np.int64) * (1 << 31) + np.floor(py / cell).astype(np.int64)
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    count = np.diff(np.concatenate((starts, [len(key)])))
    group = np.full(len(x), -1)
    group[index[order]] = np.repeat(np.arange(len(starts)), count)
    return Bins(
        np.add.reduceat(px[order], starts) / count,
        np.add.reduceat(py[order], starts) / count,
        count,
        index[order[starts]],
        group,
    )


def cluster_marks(x: FloatArray, y: FloatArray, reach: float) -> Bins:
    """Bins whose centres are then at least ``reach`` apart: neighbours across a cell edge are joined. Counts are
    kept."""
    bins = bin_points(x, y, reach * 1.6)
    for _ in range(4):
        group = groups_within(bins.x, bins.y, reach)
        if len(bins) < 2 or int(group.max()) + 1 == len(bins):
            break
        count = np.bincount(group, bins.count).astype(np.int64)
        gx = np.bincount(group, bins.x * bins.count) / count
        gy = np.bincount(group, bins.y * bins.count) / count
        first = np.unique(group, return_index=True)[1]
        joined = np.where(bins.group < 0, -1, group[bins.group])
        bins = Bins(gx, gy, count, bins.member[first], joined)
    return bins


def groups_within(x: FloatArray, y: FloatArray, reach: float) -> IntArray:
    """Group number of each point; points closer than ``reach``, directly or by steps, share one. Numbers are 0..n-1."""
    count = len(x)
    left, right = near_pairs(x, y, reach)
    parent = np.arange(count)
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        _join(parent, a, b)
    for i in np.unique(np.concatenate((left, right))).tolist():
        parent[i] = _root(parent, i)
    return np.unique(parent, return_inverse=True)[1].astype(np.int64).reshape(-1)


def near_pairs(x: FloatArray, y: FloatArray, reach: float) -> tuple[IntArray, IntArray]:
    """All pairs of points closer than ``reach``, found by cells of that size and their neighbours."""
    nothing = np.zeros(0, np.int64)
    if len(x) < 2:
        return nothing, nothing
    row = np.int64(1 << 32)
    key = np.floor(x / reach).astype(np.int64) * row + np.floor(y / reach).astype(np.int64)
    order = np.argsort(key, kind="stable")
    key = key[order]
    lefts, rights = [], []
    for offset in (0, 1, row - 1, row, row + 1):
        first = np.searchsorted(key, key + offset, side="left")
        last = np.searchsorted(key, key + offset, side="right")
        if offset == 0:
            first = np.maximum(first, np.arange(1, len(key) + 1))
        number = np.maximum(last - first, 0)
        own = np.repeat(np.arange(len(key)), number)
        other = np.repeat(first - np.concatenate(([0], np.cumsum(number)[:-1])), number) + np.arange(len(own))
        a, b = order[own], order[other]
        close = (x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2 < reach * reach
        lefts.append(a[close])
        rights.append(b[close])
    return np.concatenate(lefts), np.concatenate(rights)


def _root(parent: IntArray, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = int(parent[i])
    return i


def _join(parent: IntArray, a: int, b: int) -> None:
    ra, rb = _root(parent, a), _root(parent, b)
    parent[max(ra, rb)] = min(ra, rb)


def spread(x: FloatArray, y: FloatArray, size: float) -> tuple[FloatArray, FloatArray]:
    """Positions (px) where marks of ``size`` px do not lie on each other: crowded ones move apart around their middle.

    A mark that touches no other stays exactly where it is. The order of the marks decides who sits where, so the result
    is stable as long as the marks are.
    """
    px, py = np.array(x, np.float64), np.array(y, np.float64)
    if len(px) < 2:
        return px, py
    group = groups_within(px, py, size * 0.4)
    for number in np.flatnonzero(np.bincount(group) > 1):
        members = np.flatnonzero(group == number)
        ring_x, ring_y = _seats(len(members), size)
        px[members] = px[members].mean() + ring_x
        py[members] = py[members].mean() + ring_y
    # Pairs are looked for anew only when some mark has moved so far that a pair outside the list could touch.
    slack = size * 0.5
    near = near_pairs(px, py, size * 0.98 + slack)
    at_x, at_y = px.copy(), py.copy()
    for _ in range(PUSHES):
        if np.hypot(px - at_x, py - at_y).max() > slack / 2:
            near = near_pairs(px, py, size * 0.98 + slack)
            at_x, at_y = px.copy(), py.copy()
        left, right = near
        dx, dy = px[right] - px[left], py[right] - py[left]
        gap = np.hypot(dx, dy)
        touching = np.flatnonzero(gap < size * 0.98)
        if not len(touching):
            break
        left, right, dx, dy = left[touching], right[touching], dx[touching], dy[touching]
        gap = np.maximum(gap[touching], 1e-6)
        push = (size * 1.02 - gap) / gap * 0.5
        count = len(px)
        crowd = np.maximum(1.0, (np.bincount(left, minlength=count) + np.bincount(right, minlength=count)) * 0.5)
        px += (np.bincount(right, push * dx, count) - np.bincount(left, push * dx, count)) / crowd
        py += (np.bincount(right, push * dy, count) - np.bincount(left, push * dy, count)) / crowd
    return px, py


def step_aside(
    x: FloatArray, y: FloatArray, fixed_x: FloatArray, fixed_y: FloatArray, reach: float
) -> tuple[FloatArray, FloatArray]:
    """Positions (px) where the points keep ``reach`` away from the fixed ones, as far as a few steps bring them."""
    x, y = np.array(x, np.float64), np.array(y, np.float64)
    if not len(x) or not len(fixed_x):
        return x, y
    near = np.unique(_mixed_pairs(x, y, fixed_x, fixed_y, 2.0 * reach)[0])
    px, py, count = x[near], y[near], len(near)
    for _ in range(ASIDE_STEPS):
        point, other = _mixed_pairs(px, py, fixed_x, fixed_y, reach * 0.98)
        if not len(point):
            break
        dx, dy = px[point] - fixed_x[other], py[point] - fixed_y[other]
        gap = np.hypot(dx, dy)
        dy = np.where(gap < 1e-6, 1.0, dy)
        push = np.where(gap < 1e-6, reach, (reach - gap) / np.maximum(gap, 1e-6))
        px += np.bincount(point, push * dx, count)
        py += np.bincount(point, push * dy, count)
    x[near], y[near] = px, py
    return x, y


def _mixed_pairs(
    x: FloatArray, y: FloatArray, fixed_x: FloatArray, fixed_y: FloatArray, reach: float
) -> tuple[IntArray, IntArray]:
    """Pairs of a point and a fixed one closer than ``reach``."""
    left, right = near_pairs(np.concatenate((x, fixed_x)), np.concatenate((y, fixed_y)), reach)
    point, other = np.minimum(left, right), np.maximum(left, right) - len(x)
    mixed = (point < len(x)) & (other >= 0)
    return point[mixed], other[mixed]


def _seats(count: int, size: float) -> tuple[FloatArray, FloatArray]:
    """Seats around a middle at least ``size`` apart: one circle for a few, a sunflower for many."""
    if count <= 8:
        radius = size / (2.0 * math.sin(math.pi / count)) * 1.04
        angle = np.arange(count) * (2 * math.pi / count) - math.pi / 2
        if count == 2:
            angle = angle + math.pi / 2
        return radius * np.cos(angle), radius * np.sin(angle)
    number = np.arange(count)
    radius = size * 0.62 * np.sqrt(number + 0.5) * 1.06
    angle = number * math.pi * (3.0 - math.sqrt(5.0))
    return radius * np.cos(angle), radius * np.sin(angle)
