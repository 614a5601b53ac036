"""Where windows were, for each set of monitors; restored sanely when one is gone. Pure but for Qt's rectangles."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect

KEY = "desk.windows"
MOST_SETS = 12
LEAST_SEEN_PX = 120
"""So much of a window's title must lie on a monitor, else nobody could fetch it."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor: its name and usable area."""

    name: str
    area: QRect


@dataclass(slots=True)
class Places:
    """Where everything was on one set of monitors."""

    main: QRect | None = None
    full: bool = False
    floats: dict[str, QRect] = field(default_factory=dict)
    sizes: dict[str, str] = field(default_factory=dict)


def signature(monitors: Sequence[Monitor]) -> str:
    """Names a set of monitors by their names, sizes and places."""
    return "|".join(sorted(f"{m.name}:{m.area.x()},{m.area.y()},{m.area.width()}x{m.area.height()}" for m in monitors))


def seen(rect: QRect, monitors: Sequence[Monitor]) -> bool:
    """Whether enough of a window's upper edge lies on a monitor."""
    bar = QRect(rect.x(), rect.y(), rect.width(), min(40, rect.height()))
    return any((cut := bar.intersected(m.area)).width() >= min(LEAST_SEEN_PX, rect.width()) and cut.height() >= 20
               for m in monitors)


def fitted(rect: QRect, area: QRect) -> QRect:
    """The window moved, and if need be shrunk, into an area."""
    wide, high = min(rect.width(), area.width()), min(rect.height(), area.height())
    x = min(max(rect.x(), area.left()), area.right() + 1 - wide)
    y = min(max(rect.y(), area.top()), area.bottom() + 1 - high)
    return QRect(x, y, wide, high)


def _rect(value: object) -> QRect | None:
    if isinstance(value, list) and len(value) == 4 and all(isinstance(v, int) for v in value):
        rect = QRect(*value)
        return rect if rect.width() >= 100 and rect.height() >= 60 else None
    return None


def _four(rect: QRect) -> list[int]:
    return [rect.x(), rect.y(), rect.width(), rect.height()]


def read_places(stored: object, monitors: Sequence[Monitor]) -> Places:
    """What is known for these monitors. Unknown monitors or broken settings: nothing, and windows begin as new."""
    known = stored.get(signature(monitors)) if isinstance(stored, Mapping) else None
    if not isinstance(known, Mapping):
        return Places()
    places = Places(main=_rect(known.get("main")), full=known.get("full") is True)
    floats, sizes = known.get("floats"), known.get("sizes")
    if isinstance(floats, Mapping):
        for name, value in floats.items():
            rect = _rect(value)
            if rect is not None and seen(rect, monitors):
                places.floats[str(name)] = rect
    if isinstance(sizes, Mapping):
        places.sizes = {str(k): v for k, v in sizes.items() if isinstance(v, str)}
    if places.main is not None and not seen(places.main, monitors):
        places.main = fitted(places.main, monitors[0].area) if monitors else None
    return places


def write_places(stored: object, monitors: Sequence[Monitor], places: Places) -> dict[str, object]:
    """The settings with these places put in; the sets used longest ago are dropped."""
    kept: dict[str, object] = dict(stored) if isinstance(stored, Mapping) else {}
    name = signature(monitors)
    kept.pop(name, None)
    kept[name] = {
        "main": _four(places.main) if places.main is not None else None, "full": places.full,
        "floats": {k: _four(r) for k, r in places.floats.items()}, "sizes": dict(places.sizes),
    }
    while len(kept) > MOST_SETS:
        kept.pop(next(iter(kept)))
    return kept
