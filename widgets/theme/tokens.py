"""All colours and sizes of the product: a dark set (the default) and its light twin. Nowhere else is such a literal.

    from widgets.theme import tokens
    t = tokens.current()
    painter.setPen(QColor(t.muted))
    tokens.changed().connect(self._on_theme_changed)

Promises (kept by tests/widgets/test_theme_tokens.py): on ground, surface and raised, `text` has a contrast of at least
13:1, `muted` 7:1, `faint` 5:1, in both sets; lamp texts on their fills at least 4.5:1; levels, load steps, unit states
stay apart for people with protanopia, deuteranopia and tritanopia, and never differ by colour alone.
"""
from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QColor

Four = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One set of colours as "#RRGGBB". Tuples of four are in the order of their steps (levels: I, II, III, IV)."""

    name: str
    dark: bool
    # three depths and one hairline
    ground: str
    surface: str
    raised: str
    line: str
    # texts
    text: str
    muted: str
    faint: str
    # selection, focus ring, links: nothing else
    accent: str
    accent_text: str
    selection: str
    hover: str
    pressed: str
    # priority and warning level: fill of the mark, ink of its numeral, its edge; and as a text
    level: Four
    level_ink: Four
    level_edge: Four
    level_text: Four
    # share of the time limit used
    lamp_green_outline: str
    lamp_green_text: str
    lamp_yellow_fill: str
    lamp_yellow_text: str
    lamp_red_fill: str
    lamp_red_text: str
    # units: shape and colour
    unit_free: str
    unit_going: str
    unit_on_scene: str
    unit_off: str
    # hatch, "?" and age
    unknown: str
    unknown_ground: str
    # short words about a state
    good: str
    notice: str
    danger: str
    # banners: (fill, line, text); a warning's banner takes its level's line
    warning_fill: Four
    warning_line: Four
    warning_text: str
    notice_fill: str
    # number of open incidents of a grid, in four steps
    load_steps: Four
    load_ink: Four
    # bars and curves
    bar: str
    bar_now: str
    bar_track: str
    series: tuple[str, str, str, str, str, str]
    # the map's base
    drone: str
    camera: str
    camera_off: str
    component: str
    map_ground: str
    map_inside: str
    map_outline: str
    map_grid: str
    map_water: str
    map_water_edge: str
    map_green: str
    map_building: str
    map_roads: Four
    map_road_casing: str
    map_label: str
    map_halo: str
    # over pictures (camera tiles): the same in both sets
    scrim: str = "#05080F"
    on_scrim: str = "#E6EDF7"
    on_scrim_good: str = "#69DB7C"
    on_scrim_notice: str = "#FFD43B"
    on_scrim_danger: str = "#FF8787"


DARK = Tokens(
    name="dark", dark=True,
    ground="#0B1220", surface="#111A2B", raised="#18243A", line="#24344F",
    text="#E6EDF7", muted="#9FB0C8", faint="#8295B5",
    accent="#38BDF8", accent_text="#0B1220", selection="#132B47", hover="#1D2C46", pressed="#243753",
    level=("#FF4D4F", "#FF9F1A", "#FFD43B", "#4DABF7"),
    level_ink=("#0B1220", "#0B1220", "#0B1220", "#0B1220"),
    level_edge=("#0B1220", "#0B1220", "#0B1220", "#0B1220"),
    level_text=("#FF7B7D", "#FF9F1A", "#FFD43B", "#4DABF7"),
    lamp_green_outline="#40C057", lamp_green_text="#40C057",
    lamp_yellow_fill="#FFD43B", lamp_yellow_text="#0B1220",
    lamp_red_fill="#C92A2A", lamp_red_text="#FFFFFF",
    unit_free="#40C057", unit_going="#FFD43B", unit_on_scene="#F06595", unit_off="#8295B5",
    unknown="#8295B5", unknown_ground="#18243A",
    good="#40C057", notice="#FFD43B", danger="#FF7B7D",
    warning_fill=("#3A1418", "#372108", "#33290A", "#0F2942"),
    warning_line=("#FF4D4F", "#FF9F1A", "#FFD43B", "#4DABF7"),
    warning_text="#E6EDF7", notice_fill="#143453",
    load_steps=("#13233C", "#1D4877", "#2D77B7", "#86C3EE"),
    load_ink=("#E6EDF7", "#E6EDF7", "#FFFFFF", "#0B1220"),
    bar="#2D77B7", bar_now="#38BDF8", bar_track="#24344F",
    series=("#4DABF7", "#FF9F1A", "#40C057", "#F06595", "#FFD43B", "#C084FC"),
    drone="#C084FC", camera="#8FB4DB", camera_off="#60708C", component="#8FA3C2",
    map_ground="#0A111E", map_inside="#0F1929", map_outline="#6BA3DC", map_grid="#22375A",
    map_water="#102F50", map_water_edge="#1E4A78", map_green="#12281F", map_building="#1B2940",
    map_roads=("#4A6186", "#3A4F70", "#2D3F5C", "#233149"), map_road_casing="#0D1626",
    map_label="#E6EDF7", map_halo="#0B1220",
)

LIGHT = Tokens(
    name="light", dark=False,
    ground="#E9EEF6", surface="#F6F8FC", raised="#FFFFFF", line="#BFCADB",
    text="#0B1220", muted="#3D4B63", faint="#52617A",
    accent="#0369A1", accent_text="#FFFFFF", selection="#CFE3F7", hover="#DDE6F2", pressed="#CBD7E8",
    level=("#D6242B", "#F08317", "#FFC90A", "#1C6FC4"),
    level_ink=("#FFFFFF", "#0B1220", "#0B1220", "#FFFFFF"),
    level_edge=("#8E1218", "#8F4700", "#7A5C00", "#114B87"),
    level_text=("#B71C22", "#964300", "#735600", "#155A9E"),
    lamp_green_outline="#1E7B34", lamp_green_text="#1A6E2E",
    lamp_yellow_fill="#FFC90A", lamp_yellow_text="#0B1220",
    lamp_red_fill="#C92A2A", lamp_red_text="#FFFFFF",
    unit_free="#1E7B34", unit_going="#9A6700", unit_on_scene="#C2255C", unit_off="#52617A",
    unknown="#52617A", unknown_ground="#DDE4EE",
    good="#1A6E2E", notice="#735600", danger="#B71C22",
    warning_fill=("#FBE3E4", "#FDECD8", "#FFF6D1", "#DFEDFB"),
    warning_line=("#D6242B", "#C25F00", "#9A7400", "#1C6FC4"),
    warning_text="#0B1220", notice_fill="#D5E8FA",
    load_steps=("#DFE8F4", "#A6C6E8", "#5A94CE", "#1D5795"),
    load_ink=("#0B1220", "#0B1220", "#0B1220", "#FFFFFF"),
    bar="#3F82C4", bar_now="#0369A1", bar_track="#CED8E6",
    series=("#1C6FC4", "#B75A00", "#1E7B34", "#C2255C", "#8A6A00", "#7E22CE"),
    drone="#7E22CE", camera="#3E5F86", camera_off="#8592A8", component="#5A6B86",
    map_ground="#DFE6F0", map_inside="#F3F6FB", map_outline="#2B6FB0", map_grid="#B3C4DA",
    map_water="#B9D6F0", map_water_edge="#86B3DD", map_green="#D5E8D6", map_building="#D8DFEA",
    map_roads=("#93A5BF", "#A9B8CD", "#BDC9DA", "#CFD8E5"), map_road_casing="#F6F8FC",
    map_label="#0B1220", map_halo="#FFFFFF",
)

THEMES = {"dark": DARK, "light": LIGHT}


class Step(IntEnum):
    """Steps of the one type scale."""

    NOTE = 0
    BODY = 1
    LEAD = 2
    TITLE = 3
    FIGURE = 4
    HERO = 5


SIZES_PX = (12, 14, 16, 20, 28, 40)
GRID_PX = 8
RADIUS_PX = 6
HAIRLINE_PX = 1
DISTANCE_PER_TEXT_HEIGHT = 215
"""Viewing distance over text height (ISO 11064, NUREG-0700; FIELD.md 2)."""
HAN_HEIGHT_PER_SIZE = 0.92
"""Height of a Chinese character's body over the font size, Noto Sans CJK SC."""


class _Holder(QObject):
    """Says that the set of colours or the scale was changed."""

    changed = Signal()


class _State:
    tokens = DARK
    scale = 1.0
    holder: _Holder | None = None


def current() -> Tokens:
    """The set in use. Ask at each paint; don't keep it."""
    return _State.tokens


def use(name: str) -> Tokens:
    """Switch to "dark" or "light" (ValueError for others); views hear of it by `changed()`."""
    if name not in THEMES:
        raise ValueError(f"no theme {name!r}: {', '.join(THEMES)}")
    if _State.tokens.name != name:
        _State.tokens = THEMES[name]
        holder().changed.emit()
    return _State.tokens


def holder() -> _Holder:
    """The object whose signal `changed` tells of another theme or scale; lives as long as the process."""
    if _State.holder is None:
        _State.holder = _Holder()
    return _State.holder


def changed() -> SignalInstance:
    """The signal `changed` of `holder()`: `tokens.changed().connect(self._on_theme_changed)`."""
    return holder().changed


def scale() -> float:
    """The screen's scale: 1.0 on a desk unless its user chose another one; a wall sets its own."""
    return _State.scale


def set_scale(value: float) -> None:
    """Set the screen's scale, kept within 0.5 and 8."""
    value = min(8.0, max(0.5, float(value)))
    if value != _State.scale:
        _State.scale = value
        holder().changed.emit()


def px(value: float, at_scale: float | None = None) -> int:
    """Logical pixels of a length given at scale 1; what is not nothing stays at least 1."""
    if not value:
        return 0
    return max(1, round(value * (_State.scale if at_scale is None else at_scale)))


def size(step: int, at_scale: float | None = None) -> int:
    """Font size in logical pixels of a step of the type scale (`Step`)."""
    return px(SIZES_PX[step], at_scale)


def space(units: float, at_scale: float | None = None) -> int:
    """Logical pixels of a multiple of the 8 px grid."""
    return px(units * GRID_PX, at_scale)


def radius(at_scale: float | None = None) -> int:
    """Corner radius in logical pixels."""
    return px(RADIUS_PX, at_scale)


def wall_scale(distance_m: float, mm_per_px: float, step: int = Step.BODY) -> float:
    """The scale at which text of `step` is high enough for a viewing distance: height >= distance / 215 (at least 0.5).

    `mm_per_px`: height of one pixel of the wall. Example: 5 m from a 55-inch 1080p screen (0.634 mm) gives 2.9.
    """
    if distance_m <= 0 or mm_per_px <= 0:
        raise ValueError("distance and pixel size must be above zero")
    needed_px = distance_m * 1000 / DISTANCE_PER_TEXT_HEIGHT / mm_per_px
    return max(0.5, needed_px / (SIZES_PX[step] * HAN_HEIGHT_PER_SIZE))


def color(name: str, index: int | None = None, alpha: float = 1.0) -> QColor:
    """The colour of a token by its name, e.g. color("muted"), color("level", 0); AttributeError for unknown names."""
    value = getattr(_State.tokens, name)
    result = QColor(value if index is None else value[index])
    if alpha < 1.0:
        result.setAlphaF(alpha)
    return result
