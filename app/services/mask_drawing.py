"""Privacy masks as they are drawn: polygons in shares of the picture that are made, moved and bent. Pure."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.masks import MOST_POINTS, Mask

LEAST: Final = 0.01
"""the least width and height of a mask: a smaller one is a slip of the hand"""
MOST_MASKS: Final = 32


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Mask | None:
    """The rectangle between two corners, within the picture; None where it is too small to be meant."""
    left, right = sorted((_held(x0), _held(x1)))
    top, bottom = sorted((_held(y0), _held(y1)))
    if right - left < LEAST or bottom - top < LEAST:
        return None
    return (left, top), (right, top), (right, bottom), (left, bottom)


def polygon(points: Sequence[tuple[float, float]]) -> Mask | None:
    """A polygon through these points; None for fewer than three, too many, or one too small to be meant."""
    kept = tuple((_held(x), _held(y)) for x, y in points)
    if not 3 <= len(kept) <= MOST_POINTS:
        return None
    left, top, right, bottom = bounds(kept)
    return kept if right - left >= LEAST and bottom - top >= LEAST else None


def bounds(mask: Mask) -> tuple[float, float, float, float]:
    """left, top, right, bottom."""
    xs, ys = [x for x, _ in mask], [y for _, y in mask]
    return min(xs), min(ys), max(xs), max(ys)


def moved(mask: Mask, dx: float, dy: float) -> Mask:
    """The same shape elsewhere, stopped by the picture's edges."""
    left, top, right, bottom = bounds(mask)
    dx, dy = min(1 - right, max(-left, dx)), min(1 - bottom, max(-top, dy))
    return tuple((x + dx, y + dy) for x, y in mask)


def stretched(mask: Mask, dx: float, dy: float) -> Mask:
    """The right and the lower edge elsewhere, all points in proportion; never smaller than `LEAST`."""
    left, top, right, bottom = bounds(mask)
    wide, high = right - left, bottom - top
    across = max(LEAST, min(1 - left, wide + dx)) / wide if wide else 1.0
    down = max(LEAST, min(1 - top, high + dy)) / high if high else 1.0
    return tuple((_held(left + (x - left) * across), _held(top + (y - top) * down)) for x, y in mask)


def bent(mask: Mask, corner: int, x: float, y: float) -> Mask:
    """One corner elsewhere."""
    return tuple((_held(x), _held(y)) if i == corner else point for i, point in enumerate(mask))


def corner_at(mask: Mask, x: float, y: float, near_x: float, near_y: float) -> int | None:
    """The corner that lies within (`near_x`, `near_y`) of a point, the nearest."""
    far = [(abs(px - x) / near_x, abs(py - y) / near_y) for px, py in mask]
    near = [(max(d), i) for i, d in enumerate(far) if max(d) <= 1]
    return min(near)[1] if near else None


def holds(mask: Mask, x: float, y: float) -> bool:
    """Whether a point lies within (even-odd)."""
    inside = False
    for (x0, y0), (x1, y1) in zip(mask, (*mask[1:], mask[0]), strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def _held(share: float) -> float:
    return min(1.0, max(0.0, share))
