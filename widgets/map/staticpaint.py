"""The painter of the static layers: the one code behind tiles and behind direct drawing.

All measures are device pixels: style sizes are multiplied by ``scene.style`` (device pixel ratio × the screen's scale).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen

from widgets.map.frame import Frame
from widgets.map.geometry import draw_segments
from widgets.map.layers import DISTRICT, STREET, IntArray
from widgets.map.palette import Palette, with_alpha
from widgets.map.points import paint_cameras, paint_components
from widgets.map.scene import ScaledShapes, Scene
from widgets.map.slots import TILE_PX

TileKey = tuple[int, int, int]
"""(level, x, y); level is twice the zoom."""

ROAD_STOPS = (10.0, 12.0, 14.0, 16.0, 18.0, 20.0)
ROAD_WIDTH = (
    (0.9, 1.5, 2.4, 4.5, 9.0, 18.0),
    (0.7, 1.1, 1.9, 3.8, 8.0, 16.0),
    (0.5, 0.8, 1.4, 3.2, 7.0, 14.0),
    (0.4, 0.6, 1.0, 2.6, 6.0, 12.0),
    (0.3, 0.4, 0.7, 1.8, 5.0, 10.0),
    (0.3, 0.3, 0.5, 1.0, 2.0, 4.0),
)
ROAD_FROM_ZOOM = (0.0, 10.5, 11.5, 13.0, 14.5, 16.0)
CASING_FROM_ZOOM = 15.0
BUILDING_FROM_ZOOM = 15.0
FILL_STOPS = (12.0, 14.0, 16.0, 18.0)
FILL_ALPHA = (0.85, 0.7, 0.5, 0.34)
BORDER_FROM_ZOOM = (0.0, 0.0, 12.5, 11.5)
BORDER_WIDTH = (2.0, 1.6, 1.1, 1.0)


def paint_tile(scene: Scene, key: TileKey, image: QImage) -> None:
    """Paint one tile into ``image`` (512 × 512 RGB32)."""
    level, x, y = key
    painter = QPainter(image)
    try:
        paint_static(
            scene,
            painter,
            Frame(level / 2.0, scene.dpr, x * TILE_PX, y * TILE_PX, TILE_PX, TILE_PX, scene.style / scene.dpr),
        )
    finally:
        painter.end()


def paint_static(scene: Scene, painter: QPainter, frame: Frame) -> None:
    """Paint all static layers of the rectangle, its corner at the painter's origin."""
    palette = scene.palette
    if palette is None:
        raise ValueError("a scene without a look")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRect(0, 0, frame.width, frame.height), QColor(palette.ground))
    raster = scene.raster is not None and scene.shown.get("raster", True)
    if raster:
        _paint_raster(scene, painter, frame, palette)
    if scene.shown.get("areas", True):
        _paint_fills(scene, painter, frame, palette, 0.5 if raster else 1.0)
    if scene.shown.get("base", True) and not raster:
        _paint_base(scene, painter, frame, palette)
    if scene.shown.get("areas", True):
        _paint_borders(scene, painter, frame, palette)
    paint_components(scene, painter, frame, palette)
    paint_cameras(scene, painter, frame, palette)


def _paint_raster(scene: Scene, painter: QPainter, frame: Frame, palette: Palette) -> None:
    feed = scene.raster
    assert feed is not None
    wanted = math.log2(frame.ppu / 256.0)
    z = min(feed.max_zoom, max(feed.min_zoom, round(wanted)))
    size = frame.ppu / 2.0**z
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(feed.opacity * (0.55 if palette.dark else 0.8))
    for x in range(math.floor(frame.left / size), math.floor((frame.left + frame.width - 1) / size) + 1):
        for y in range(math.floor(frame.top / size), math.floor((frame.top + frame.height - 1) / size) + 1):
            if not (0 <= x < 2**z and 0 <= y < 2**z):
                continue
            image, part = feed.best((z, x, y))
            if image is None:
                continue
            left, top = round(x * size - frame.left), round(y * size - frame.top)
            right, bottom = round((x + 1) * size - frame.left), round((y + 1) * size - frame.top)
            seen = QRectF(left, top, right - left, bottom - top).intersected(QRectF(0, 0, frame.width, frame.height))
            across, down = part.width() / (right - left), part.height() / (bottom - top)
            source = QRectF(
                part.x() + (seen.x() - left) * across,
                part.y() + (seen.y() - top) * down,
                seen.width() * across,
                seen.height() * down,
            )
            painter.drawImage(seen, image, source)
    painter.setOpacity(1.0)


def _fill(painter: QPainter, paths: Iterable[QPainterPath], colour: QColor | str, smooth: bool = True) -> None:
    """Fill. Not smooth where a line goes over the edges anyway: that is ten times faster."""
    brush = QBrush(QColor(colour))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    for path in paths:
        painter.fillPath(path, brush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _lines(painter: QPainter, frame: Frame, layer: ScaledShapes, chosen: IntArray, colour: str, width: float) -> None:
    """Outline or line of the chosen features, piece by piece: Qt's stroker is twenty times slower."""
    dx, dy = frame.shift(layer)
    box = (-width, -width, frame.width + width, frame.height + width)
    pieces = layer.at(frame.ppu).segments(chosen, dx, dy, box)
    if len(pieces):
        painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        draw_segments(painter, pieces)


def _paint_fills(scene: Scene, painter: QPainter, frame: Frame, palette: Palette, alpha: float) -> None:
    if scene.areas is None:
        return
    picked, dx, dy = frame.pick(scene.areas, 2.0)
    shapes = scene.areas.at(frame.ppu)
    levels = scene.area_level[picked]
    inside = picked[levels == DISTRICT]
    if len(inside) and alpha == 1.0:
        _fill(painter, [shapes.path(inside, dx, dy)], palette.inside, smooth=False)
    steps = scene.area_step
    valued = scene.area_level[steps >= 0]
    if not len(valued):
        return
    finest = int(valued.max())
    alpha *= float(np.interp(frame.detail, FILL_STOPS, FILL_ALPHA))
    smooth = frame.detail < _border_from(min(3, finest), _coarsest(scene))
    for step in range(4):
        chosen = picked[(levels == finest) & (steps[picked] == step)]
        if len(chosen):
            _fill(painter, shapes.paths(chosen, dx, dy), with_alpha(palette.load[step], alpha), smooth)


def _paint_base(scene: Scene, painter: QPainter, frame: Frame, palette: Palette) -> None:
    base = scene.base
    if not base:
        return
    for part, colour, from_zoom in (
        ("greens", palette.green, 12.0),
        ("water", palette.water, 0.0),
        ("buildings", palette.building, BUILDING_FROM_ZOOM),
    ):
        layer = base[part]
        if frame.detail < from_zoom or not len(layer.shapes):
            continue
        picked, dx, dy = frame.pick(layer, 2.0)
        if len(picked):
            _fill(
                painter,
                layer.at(frame.ppu).paths(picked, dx, dy),
                with_alpha(colour, 0.6) if part == "buildings" else colour,
                smooth=part == "greens" or frame.detail >= 16.5,
            )
            if part == "water":
                _lines(painter, frame, layer, picked, palette.water_edge, 1.0 * scene.style)
    width = float(np.interp(frame.detail, (10.0, 14.0, 18.0), (1.0, 2.0, 6.0))) * scene.style
    if len(base["water_lines"].shapes):
        _lines(
            painter, frame, base["water_lines"], frame.pick(base["water_lines"], width)[0], palette.water_edge, width
        )
    _paint_roads(scene, painter, frame, palette)


def _paint_roads(scene: Scene, painter: QPainter, frame: Frame, palette: Palette) -> None:
    layer = scene.base["roads"]
    if not len(layer.shapes):
        return
    picked = frame.pick(layer, 12.0 * scene.style)[0]
    classes = scene.road_class[picked]
    roads = []
    for kind in range(5, -1, -1):
        chosen = picked[classes == kind]
        if len(chosen) and frame.detail >= ROAD_FROM_ZOOM[kind]:
            roads.append((kind, chosen, float(np.interp(frame.detail, ROAD_STOPS, ROAD_WIDTH[kind])) * scene.style))
    if frame.detail >= CASING_FROM_ZOOM:
        for _, chosen, width in roads:
            _lines(painter, frame, layer, chosen, palette.road_casing, width + 1.6 * scene.style)
    for kind, chosen, width in roads:
        _lines(painter, frame, layer, chosen, palette.roads[min(3, kind)], width)


def _coarsest(scene: Scene) -> int:
    """The coarsest level below the district; a city without streets is divided by it from the first zoom on."""
    below = scene.area_level[scene.area_level > DISTRICT]
    return min(3, int(below.min())) if len(below) else STREET


def _border_from(level: int, coarsest: int) -> float:
    return BORDER_FROM_ZOOM[STREET if level == coarsest else level]


def _paint_borders(scene: Scene, painter: QPainter, frame: Frame, palette: Palette) -> None:
    if scene.areas is None:
        return
    picked, dx, dy = frame.pick(scene.areas, 4.0 * scene.style)
    levels = scene.area_level[picked]
    coarsest = _coarsest(scene)
    for level in (3, 2, 1, 0):
        chosen = picked[levels == level]
        if not len(chosen) or frame.detail < _border_from(level, coarsest):
            continue
        drawn_as = STREET if level == coarsest else level
        width = BORDER_WIDTH[drawn_as] * scene.style * (1.25 if frame.detail >= 15.0 else 1.0)
        _lines(painter, frame, scene.areas, chosen, palette.border[drawn_as], width)
        if level == 3 and frame.detail >= 14.0:
            pen = QPen(QColor(palette.dedicated), width * 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([5.0, 4.0])
            for path in scene.areas.at(frame.ppu).paths(chosen[scene.area_dedicated[chosen]], dx, dy, 1):
                painter.strokePath(path, pen)
