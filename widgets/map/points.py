"""Static points: components (single from street zoom, density before), cameras and lookouts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from widgets.map.atlas import TURNS, Atlas, Draw, polygon, turn_of, turned
from widgets.map.fragments import Fragments
from widgets.map.frame import Frame
from widgets.map.layers import CAMERA_OFFLINE, CAMERA_OK, CAMERA_UNKNOWN
from widgets.map.palette import Palette, with_alpha
from widgets.map.scene import Scene
from widgets.theme import fonts

COMPONENTS_FROM_ZOOM = 17.0
CLUSTER_CELL_PX = 104.0
CLUSTER_NUMBER_FROM_ZOOM = 12.5
CAMERA_DOT_FROM_ZOOM = 14.0
CAMERA_FROM_ZOOM = 15.5
WEDGE_FROM_ZOOM = 16.0
LOOKOUT_FROM_ZOOM = 11.5
GLYPHS = 6
CELL_PX = 26


def paint_components(scene: Scene, painter: QPainter, frame: Frame, palette: Palette) -> None:
    if scene.components is None or not len(scene.components.x):
        return
    if frame.detail >= COMPONENTS_FROM_ZOOM:
        if scene.shown.get("components", True):
            _single_components(scene, painter, frame, palette)
    elif scene.shown.get("density", False):
        _component_density(scene, painter, frame, palette)


def _single_components(scene: Scene, painter: QPainter, frame: Frame, palette: Palette) -> None:
    points = scene.components
    assert points is not None
    picked = points.inside(frame.box(CELL_PX * scene.style))
    if len(picked):
        size = 1.0 if frame.detail < 18.0 else 1.3
        atlas = _atlas(scene, palette, scene.style * size)
        fragments = Fragments()
        fragments.add(
            np.floor(points.x[picked] * frame.ppu + 0.5) - frame.left,
            np.floor(points.y[picked] * frame.ppu + 0.5) - frame.top,
            atlas.sources,
            scene.component_kind[picked] % GLYPHS,
            opacity=0.7,
        )
        fragments.draw(painter, atlas.pixmap)


def _component_density(scene: Scene, painter: QPainter, frame: Frame, palette: Palette) -> None:
    """Rounded tags, nothing like the rings of incidents: size and tone by number, written out where there is room."""
    bins, index = scene.component_bins(CLUSTER_CELL_PX * scene.style / frame.ppu)
    picked = index.inside(frame.box(CLUSTER_CELL_PX * scene.style))
    if not len(picked):
        return
    painter.setFont(fonts.sized(11 * scene.style))
    top = math.log10(max(10.0, float(bins.count.max())))
    for number in picked:
        member = int(index.order[number])
        count = int(bins.count[member])
        share = math.log10(count) / top if count > 1 else 0.0
        x = float(np.floor(index.x[number] * frame.ppu + 0.5) - frame.left)
        y = float(np.floor(index.y[number] * frame.ppu + 0.5) - frame.top)
        text = str(count) if count < 10_000 else f"{count / 1000:.0f}k"
        half_w = (4.0 + 3.4 * len(text)) * scene.style
        half_h = 8.0 * scene.style
        painter.setPen(QPen(with_alpha(palette.component, 0.35 + 0.4 * share), 1.0 * scene.style))
        painter.setBrush(with_alpha(palette.raised, 0.55 + 0.35 * share))
        painter.drawRoundedRect(
            QRectF(x - half_w, y - half_h, half_w * 2, half_h * 2), 3 * scene.style, 3 * scene.style
        )
        painter.setPen(with_alpha(palette.muted, 0.75 + 0.25 * share))
        painter.drawText(QRectF(x - half_w, y - half_h, half_w * 2, half_h * 2), Qt.AlignmentFlag.AlignCenter, text)


def paint_cameras(scene: Scene, painter: QPainter, frame: Frame, palette: Palette) -> None:
    points = scene.cameras
    if points is None or not scene.shown.get("cameras", True) or frame.detail < LOOKOUT_FROM_ZOOM:
        return
    reach = float(np.max(scene.camera["reach"], initial=0.0)) * frame.ppu if frame.detail >= WEDGE_FROM_ZOOM else 0.0
    picked = points.inside(frame.box(CELL_PX * scene.style + min(reach, 2000.0)))
    lookout = scene.camera["lookout"][picked]
    if frame.detail < CAMERA_DOT_FROM_ZOOM:
        picked, lookout = picked[lookout], lookout[lookout]
    if not len(picked):
        return
    x = np.floor(points.x[picked] * frame.ppu + 0.5) - frame.left
    y = np.floor(points.y[picked] * frame.ppu + 0.5) - frame.top
    heading = scene.camera["heading"][picked]
    state = scene.camera["state"][picked].astype(np.int64)
    if frame.detail >= WEDGE_FROM_ZOOM and scene.shown.get("fov", True):
        _wedges(scene, painter, frame, palette, (x, y, heading, picked))
    atlas = _atlas(scene, palette, scene.style)
    small = (frame.detail < CAMERA_FROM_ZOOM) & ~lookout
    sprite = np.where(
        small,
        _FIRST_DOT + state,
        np.where(lookout, _FIRST_LOOKOUT + state, _FIRST_CAMERA + TURNS * state + turn_of(heading)),
    )
    order = np.argsort(lookout, kind="stable")
    fragments = Fragments()
    fragments.add(
        x[order], y[order], atlas.sources, sprite[order], opacity=0.6 if frame.detail < CAMERA_FROM_ZOOM else 1.0
    )
    fragments.draw(painter, atlas.pixmap)


def _wedges(scene: Scene, painter: QPainter, frame: Frame, palette: Palette, picked: tuple[Any, Any, Any, Any]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(with_alpha(palette.camera, 0.10 if frame.detail < 17.0 else 0.16))
    for x, y, heading, number in zip(*(a.tolist() for a in picked), strict=True):
        if not math.isfinite(heading) or int(scene.camera["state"][number]) != CAMERA_OK:
            continue
        fov = min(360.0, float(scene.camera["fov"][number]))
        r = min(float(scene.camera["reach"][number]) * frame.ppu, 2000.0)
        painter.drawPie(QRectF(x - r, y - r, 2 * r, 2 * r), round(16 * (90.0 - heading - fov / 2)), round(16 * fov))


_FIRST_LOOKOUT = GLYPHS
_FIRST_DOT = GLYPHS + 3
_FIRST_CAMERA = GLYPHS + 6


def _atlas(scene: Scene, palette: Palette, style: float) -> Atlas:
    found = scene.sprites.get((palette, style))
    if isinstance(found, Atlas):
        return found
    atlas = Atlas(math.ceil(CELL_PX * style))
    scene.sprites[palette, style] = atlas
    atlas.add([_component(palette, glyph, style) for glyph in range(GLYPHS)], 10.0 * style)
    states = (CAMERA_OK, CAMERA_OFFLINE, CAMERA_UNKNOWN)
    atlas.add([_lookout(palette, state, style) for state in states], 22.0 * style)
    atlas.add([_dot(palette, state, style) for state in states], 8.0 * style)
    for state in states:
        atlas.add(turned(_camera(palette, state, style)), 20.0 * style)
    return atlas


def _component(palette: Palette, glyph: int, style: float) -> Draw:
    r = 2.6 * style

    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(QColor(palette.ground), 1.0 * style))
        painter.setBrush(QColor(palette.component))
        if glyph == 0:
            painter.drawRect(QRectF(-r, -r, 2 * r, 2 * r))
        elif glyph == 1:
            painter.drawEllipse(QPointF(0, 0), r, r)
        elif glyph == 2:
            painter.drawPolygon(polygon([(0, -r * 1.3), (r * 1.3, 0), (0, r * 1.3), (-r * 1.3, 0)]))
        elif glyph == 3:
            painter.drawPolygon(polygon([(0, -r * 1.2), (r * 1.2, r), (-r * 1.2, r)]))
        elif glyph == 4:
            painter.setPen(QPen(QColor(palette.component), 1.6 * style))
            painter.drawLine(QPointF(-r, 0), QPointF(r, 0))
            painter.drawLine(QPointF(0, -r), QPointF(0, r))
        else:
            painter.setPen(QPen(QColor(palette.component), 1.2 * style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(0, 0), r, r)

    return draw


def _body(palette: Palette, state: int, style: float, painter: QPainter) -> None:
    """Pen and brush by state: filled, hollow, hatched."""
    colour = QColor(palette.camera if state == CAMERA_OK else palette.camera_off)
    painter.setPen(QPen(QColor(palette.ground) if state == CAMERA_OK else colour, 1.2 * style))
    if state == CAMERA_OK:
        painter.setBrush(colour)
    elif state == CAMERA_OFFLINE:
        painter.setBrush(QColor(palette.ground))
    else:
        painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))


def _camera(palette: Palette, state: int, style: float) -> Draw:
    """A box with a lens to the north, turned by the heading."""

    def draw(painter: QPainter) -> None:
        _body(palette, state, style, painter)
        painter.drawRoundedRect(QRectF(-3.2 * style, -2.6 * style, 6.4 * style, 8.0 * style), 1.4 * style, 1.4 * style)
        painter.drawPolygon(
            polygon(
                [
                    (-2.0 * style, -2.6 * style),
                    (2.0 * style, -2.6 * style),
                    (3.4 * style, -6.6 * style),
                    (-3.4 * style, -6.6 * style),
                ]
            )
        )
        _cross(painter, palette, state, style)

    return draw


def _lookout(palette: Palette, state: int, style: float) -> Draw:
    """A tower: a wide head on a mast."""

    def draw(painter: QPainter) -> None:
        _body(palette, state, style, painter)
        s = style
        painter.drawPolygon(
            polygon(
                [
                    (-7 * s, -7 * s),
                    (7 * s, -7 * s),
                    (4.5 * s, -0.5 * s),
                    (2 * s, -0.5 * s),
                    (4 * s, 8 * s),
                    (-4 * s, 8 * s),
                    (-2 * s, -0.5 * s),
                    (-4.5 * s, -0.5 * s),
                ]
            )
        )
        _cross(painter, palette, state, style)

    return draw


def _cross(painter: QPainter, palette: Palette, state: int, style: float) -> None:
    if state == CAMERA_OFFLINE:
        painter.setPen(QPen(QColor(palette.muted), 1.4 * style))
        painter.drawLine(QPointF(-5 * style, 5 * style), QPointF(5 * style, -5 * style))


def _dot(palette: Palette, state: int, style: float) -> Draw:
    def draw(painter: QPainter) -> None:
        _body(palette, state, style, painter)
        if state == CAMERA_OK:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRect(QRectF(-1.6 * style, -1.6 * style, 3.2 * style, 3.2 * style))

    return draw
