"""Where each panel of the wall lies: proportions and a scale factor, never fixed pixels. Qt-free and pure.

The same engine serves 1920x1080, 3840x2160, 3840x1080, portrait columns and odd LED sizes: the shape of the screen
picks
an arrangement, the scale sets the size of a line, each panel says how many lines it needs and how many it can use.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PEACE, WAR = "peace", "war"

PX_PER_SCALE_H = 900
"""a screen this high has scale 1: 1080 lines give 1.2, 2160 give 2.4"""
PX_PER_SCALE_W = 900
"""narrow (portrait) screens take their scale from the width"""
BODY_PX = 16
"""body text at scale 1 (the type scale of widgets/theme)"""
SMALLEST_PX = 14
"""no text on the wall is smaller than this token"""
DISTANCE_PER_TEXT = 215
"""text height = viewing distance / 215 (ISO 11064, NUREG-0700)"""
CARD_WIDE, CARD_TALL, CARD_SPLIT_EM = 5.9, 10.2, 32.0
"""lines of the large card side by side and stacked; it is side by side from so many ems of width on"""
LARGEST_GROWTH = 1.35
"""a viewing distance may enlarge the default scale this far; beyond it, the wall is too small for its distance"""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in real pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column beyond it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First row beyond it."""
        return self.y + self.h

    def meets(self, other: Rect) -> bool:
        """Whether they share a pixel."""
        return (self.x < other.right and other.x < self.right and self.y < other.bottom
                and other.y < self.bottom)


@dataclass(frozen=True, slots=True)
class Extent:
    """Lines a panel needs at least, and at most makes use of; `weight` shares out what is left over."""

    least: float
    most: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class WallPlan:
    """Rectangles by panel name. `left_out`: panels this screen has no room for, by name (none at the usual sizes)."""

    width: int
    height: int
    scale: float
    mode: str
    gap: int
    rects: Mapping[str, Rect]
    left_out: tuple[str, ...] = ()
    camera_tiles: int = 4

    @property
    def line(self) -> int:
        """Height of one line of body text in pixels."""
        return line_px(self.scale)


EXTENTS: Mapping[str, Extent] = {
    "today": Extent(4.6, 10.0, 1.2),
    "phases": Extent(3.3, 5.0, 0.5),
    "rates": Extent(4.1, 5.0, 0.5),
    "hourly": Extent(3.8, 9.0, 1.0),
    "areas": Extent(4.2, 17.0, 1.6),
    "urgent": Extent(7.0, 30.0, 2.2),
    "supervised": Extent(2.6, 7.0, 0.6),
    "cameras": Extent(6.0, 30.0, 1.4),
    "centres": Extent(2.6, 8.0, 0.7),
    "checklist": Extent(3.2, 24.0, 1.6),
    "forces": Extent(3.0, 5.0, 0.5),
    "card": Extent(CARD_TALL, CARD_TALL + 2.5, 0.4),
}
"""What each panel needs when its rows are few; `plan` takes others from what the snapshot holds."""

TILE_LINES = 8.0
"""a tile is at least so many lines wide before a grid takes more of them"""
_ROW, _TWO_ROWS, _HEAD = 0.86, 1.85, 1.85
"""lines of a list's row, of a row of two lines, of a panel's title with its frame"""


def extents_of(*, channels: int, streets: int, urgent: int, supervised: int, centres: int, steps: int,
               side: float = 14.0) -> dict[str, Extent]:
    """What the panels need for so many rows. `side`: width of a column in lines; the camera tiles keep their shape."""
    def rows(least: int, n: int, each: float, weight: float) -> Extent:
        few = _HEAD + max(1, min(least, n)) * each
        return Extent(few, _HEAD + max(1, n) * each * 1.3, weight)
    tiles = _HEAD + side * 9 / 16
    return {**EXTENTS, "today": rows(5, channels, _ROW, 2.4), "areas": rows(4, streets, _ROW, 2.0),
            "urgent": rows(3, urgent, _TWO_ROWS, 3.0), "supervised": rows(2, supervised, 1.05, 0.9),
            "centres": rows(3, -(-centres // 3) + (centres > 9), 0.95, 0.5),
            "checklist": rows(6, steps, 1.0, 1.5), "cameras": Extent(tiles * 0.68, tiles * 1.1, 2.0)}


_PEACE_LEFT = ("today", "phases", "rates", "hourly", "areas")
_PEACE_RIGHT = ("urgent", "supervised", "cameras", "centres")
_WAR_LEFT = ("checklist", "phases", "forces", "centres")
_WAR_RIGHT = ("urgent", "supervised", "cameras")

_COLUMNS: Mapping[tuple[str, int], tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]] = {
    (PEACE, 1): ((_PEACE_LEFT,), (_PEACE_RIGHT,)),
    (PEACE, 2): ((("today", "phases", "rates"), ("hourly", "areas")),
                 (("card", "urgent"), ("supervised", "cameras", "centres"))),
    (PEACE, 3): ((("today", "phases"), ("rates", "hourly"), ("areas",)),
                 (("card", "supervised"), ("urgent",), ("cameras", "centres"))),
    (WAR, 1): ((_WAR_LEFT,), (_WAR_RIGHT,)),
    (WAR, 2): ((("checklist",), ("phases", "forces", "centres")), (("card", "urgent"), ("supervised", "cameras"))),
    (WAR, 3): ((("checklist",), ("phases", "forces", "centres")), (("card", "supervised"), ("urgent",), ("cameras",))),
}
"""Columns left and right of the map, by mode and how many a side has room for."""


def line_px(scale: float) -> int:
    """One line of body text with its leading, in pixels."""
    return max(1, round(BODY_PX * scale * 1.5))


def default_scale(width: int, height: int) -> float:
    """The scale by the screen's size alone: the height, or the width where that is the narrow side."""
    return max(0.5, min(height / PX_PER_SCALE_H, width / PX_PER_SCALE_W))


def wall_scale(width: int, height: int, distance_m: float | None = None, wall_height_m: float | None = None) -> float:
    """The scale for a screen of `height` pixels and `wall_height_m` metres seen from `distance_m`.

    The smallest text is then at least distance / 215 high. Without both measures: by the size in pixels. Never less
    than
    that default, never more than `LARGEST_GROWTH` times it (see `legible`).
    """
    base = default_scale(width, height)
    if not distance_m or not wall_height_m or distance_m <= 0 or wall_height_m <= 0:
        return base
    text_px = distance_m / DISTANCE_PER_TEXT / wall_height_m * height
    return min(max(base, text_px / SMALLEST_PX), base * LARGEST_GROWTH)


def legible(scale: float, height: int, distance_m: float, wall_height_m: float) -> bool:
    """Whether the smallest text of this scale is high enough for the distance."""
    return SMALLEST_PX * scale / height * wall_height_m >= distance_m / DISTANCE_PER_TEXT - 1e-9


def plan(width: int, height: int, scale: float, *, mode: str = PEACE, warning: bool = False, card: bool = True,
         extents: Mapping[str, Extent] = EXTENTS, tiles: int = 0) -> WallPlan:
    """Lay out a wall of `width` x `height` real pixels. Panels never overlap and never leave the screen.

    `tiles`: so many camera tiles were asked for. Where the cameras' panel has no room for them, it changes places with
    the map.
    """
    line = line_px(scale)
    gap = max(4, round(8 * scale))
    frame = _Frame(width, height, scale, mode, line, gap, card, dict(extents))
    top = gap
    title_lines = 2.0 if width >= 58 * BODY_PX * scale else 3.4
    title = Rect(gap, top, width - 2 * gap, round(line * title_lines))
    frame.rects["title"] = title
    top = title.bottom + gap
    if warning:
        frame.rects["warning"] = Rect(gap, top, width - 2 * gap, round(line * (1.5 if title_lines < 3 else 2.6)))
        top = frame.rects["warning"].bottom + gap
    foot = round(line * 1.4)
    frame.rects["ticker"] = Rect(gap, height - gap - foot, width - 2 * gap, foot)
    body = Rect(gap, top, width - 2 * gap, max(1, height - 2 * gap - foot - top))
    if width < height * 1.1:
        _portrait(frame, body)
    else:
        _landscape(frame, body)
    room = _camera_tiles(frame.rects.get("cameras"), line)
    if tiles > room and room and "map" in frame.rects:
        frame.rects["cameras"], frame.rects["map"] = frame.rects["map"], frame.rects["cameras"]
    return WallPlan(width, height, scale, mode, gap, frame.rects, tuple(frame.left_out), tiles if room and tiles
                    else room)


@dataclass(slots=True)
class _Frame:
    width: int
    height: int
    scale: float
    mode: str
    line: int
    gap: int
    card: bool
    extents: dict[str, Extent]
    rects: dict[str, Rect] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def _landscape(frame: _Frame, body: Rect) -> None:
    per_side = columns_per_side(frame.width, frame.height)
    left, right = _COLUMNS[frame.mode, per_side]
    em = BODY_PX * frame.scale
    side = _column_width(frame, body, len(left) + len(right))
    narrow = round(side * (0.85 if frame.mode == WAR else 1.0))
    wide = round(side * (1.08 if frame.mode == WAR else 1.0))
    x = body.x
    for names in left:
        _stack(frame, Rect(x, body.y, narrow, body.h), names)
        x += narrow + frame.gap
    end = body.right
    for names in reversed(right):
        _stack(frame, Rect(end - wide, body.y, wide, body.h), names)
        end -= wide + frame.gap
    _middle(frame, Rect(x, body.y, max(1, end - x), body.h), em)


def columns_per_side(width: int, height: int) -> int:
    """One column a side on a usual screen, more on the very wide ones."""
    return max(1, min(3, int((width - 1.3 * height) / (0.8 * height))))


def _column_width(frame: _Frame, body: Rect, columns: int) -> int:
    em = BODY_PX * frame.scale
    share = (0.235 if columns == 2 else 0.25) * min(frame.width, 1.78 * frame.height)
    room = (body.w - 0.32 * body.w) / columns - frame.gap
    return round(min(max(share, 19.5 * em), max(room, 1)))


def _middle(frame: _Frame, area: Rect, em: float) -> None:
    """The map, under the card of the most urgent incident where there is one: the card never hides the map."""
    if not frame.card or "card" in frame.rects:
        frame.rects["map"] = area
        return
    high = min(round(frame.line * (CARD_WIDE if area.w >= CARD_SPLIT_EM * em else CARD_TALL)), round(area.h * 0.5))
    frame.rects["card"] = Rect(area.x, area.y, area.w, high)
    top = area.y + high + frame.gap
    frame.rects["map"] = Rect(area.x, top, area.w, max(1, area.bottom - top))


def _portrait(frame: _Frame, body: Rect) -> None:
    """Map on top, the panels in two columns below it."""
    left, right = _COLUMNS[frame.mode, 1]
    upper = round(body.h * (0.46 if frame.mode == WAR else 0.4))
    _middle(frame, Rect(body.x, body.y, body.w, upper), BODY_PX * frame.scale)
    top = body.y + upper + frame.gap
    half = (body.w - frame.gap) // 2
    _stack(frame, Rect(body.x, top, half, body.bottom - top), left[0])
    _stack(frame, Rect(body.x + half + frame.gap, top, half, body.bottom - top), right[0])


LEAST_NEEDED = ("supervised", "hourly", "forces", "centres", "rates", "areas", "today", "cameras", "phases",
                "checklist")
"""Which panel goes first where a screen has no room for all; the urgent list never goes."""


def _stack(frame: _Frame, column: Rect, names: Sequence[str]) -> None:
    """Panels of one column from top to bottom, by need first and weight after."""
    shown = [n for n in names if n != "card" or frame.card]
    while len(shown) > 1 and _need(frame, shown) > column.h:
        drop = next((n for n in LEAST_NEEDED if n in shown), shown[-1])
        shown.remove(drop)
        frame.left_out.append(drop)
    heights = _share(frame, column.h - frame.gap * (len(shown) - 1), shown)
    y = column.y
    for name, high in zip(shown, heights, strict=True):
        frame.rects[name] = Rect(column.x, y, column.w, high)
        y += high + frame.gap


def _need(frame: _Frame, names: Sequence[str]) -> float:
    return sum(frame.extents[n].least * frame.line for n in names) + frame.gap * (len(names) - 1)


def _share(frame: _Frame, room: int, names: Sequence[str]) -> list[int]:
    """Heights that fill `room` exactly: least first, then by weight up to the most, then by weight without end."""
    heights = [frame.extents[n].least * frame.line for n in names]
    for capped in (True, False):
        for _ in range(len(names)):
            left = room - sum(heights)
            open_ = [i for i, n in enumerate(names)
                     if not capped or heights[i] < frame.extents[n].most * frame.line - 0.5]
            total = sum(frame.extents[names[i]].weight for i in open_)
            if left <= 0.5 or not open_:
                break
            for i in open_:
                extent = frame.extents[names[i]]
                grown = heights[i] + left * extent.weight / total
                heights[i] = min(grown, extent.most * frame.line) if capped else grown
    whole = [int(h) for h in heights]
    whole[-1] += room - sum(whole)
    return whole


def _camera_tiles(rect: Rect | None, line: int) -> int:
    """2x2; 3x3, or one large and five small in it, where each tile stays large enough to see something on it."""
    if rect is None:
        return 0
    high = rect.h - 2 * line
    for count, across, down in ((9, 3, 3), (6, 2.4, 2.4)):
        if min(rect.w / across, high / down * 16 / 9) >= TILE_LINES * line:
            return count
    return 4
