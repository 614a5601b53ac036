"""The live map of the desk and the wall.

    view = MapView()                       # or MapView(mode="wall")
    view.set_areas(AreaLayer(...)); view.set_incidents(IncidentMarks(...))
    view.picked.connect(...); view.card_provider = lambda kind, ident: [("", title), (label, value), ...]

It knows no store: it shows plain data (``widgets.map.layers``) and says what the operator does by signals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from widgets.map.cards import MapCard
from widgets.map.dressing import DressedMap
from widgets.map.layers import KIND_AREA, KIND_CLUSTER, Hit
from widgets.map.mercator import world_x, world_y
from widgets.map.overlays import EDGE_PX
from widgets.map.panels import GoToField, LayerPanel, ToolBar, icon_path
from widgets.theme import tokens

CardRows = Sequence[tuple[str, str]]
HOVER_CARD_MS = 300
PINNED_CARD_MS = 1_000
"""A card that stays is told anew so often: ages and distances go on."""
ROMAN = ("", "I", "II", "III", "IV")
COORDINATES = re.compile(r"^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$")
_TOOL_KEYS = {Qt.Key.Key_M: "measure", Qt.Key.Key_R: "rectangle", Qt.Key.Key_P: "polygon", Qt.Key.Key_O: "radius"}


class MapView(DressedMap):
    """``mode`` "desk" has controls; "wall" has none and fits itself to the urgent incidents when their set changes,
    until a manual move holds it; ★ (key * or the button) lets it go again."""

    report_here = Signal(float, float)
    nearest_cameras = Signal(float, float)
    nearest_units = Signal(float, float)
    goto_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None, mode: str = "desk") -> None:
        super().__init__(parent, mode)
        self.own_menu = mode == "desk"
        self.card_provider: Callable[[str, str], CardRows] | None = None
        self._hover_card = MapCard(self, hover=True)
        self._card = MapCard(self, hover=False)
        self._card_timer = QTimer(self, singleShot=True, interval=HOVER_CARD_MS)
        self._card_timer.timeout.connect(self._on_card_time)
        self._pinned: tuple[str, str, QPoint, CardRows] | None = None
        self._pinned_timer = QTimer(self, interval=PINNED_CARD_MS)
        self._pinned_timer.timeout.connect(self._on_pinned_time)
        self._panel: LayerPanel | None = None
        self._layers_button: QToolButton | None = None
        self._bar: ToolBar | None = None
        self._goto: GoToField | None = None
        if mode == "desk":
            self._build_controls()
        self.setAccessibleName(self.tr("Map"))
        self.context_requested.connect(self._on_context)
        self.layers_changed.connect(self._show_layers)
        self.tool_changed.connect(self._on_tool)
        self.view_changed.connect(self._on_view_moved)
        self._show_layers()

    def control_boxes(self) -> list[QRect]:
        controls = (self._layers_button, self._bar, self._panel)
        return [child.geometry() for child in controls if child is not None and child.isVisible()]

    def notice_room(self) -> QRectF:
        """Below the button of the layers, beside the tool bar."""
        room = super().notice_room()
        if self._layers_button is not None and self._bar is not None:
            gap, dpr = tokens.px(6), self._view.dpr
            beside = (self._bar.width() + gap) * dpr
            room.adjust(beside, (self._layers_button.height() + gap) * dpr, -beside, 0.0)
        return room

    def margins_px(self) -> tuple[float, float, float, float]:
        """As asked for, and clear of the tool bar where there is room beside it."""
        left, top, right, bottom = super().margins_px()
        bar = self._bar.width() * self._view.dpr if self._bar is not None else 0.0
        return left, top, right + (bar if self._view.width > 6.0 * bar else 0.0), bottom

    # ---- controls ---------------------------------------------------------------------------------------------

    def _build_controls(self) -> None:
        self._layers_button = QToolButton(self)
        self._layers_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._layers_button.clicked.connect(self.toggle_panel)
        self._panel = LayerPanel(self, self.layer_names(), self.metric_names())
        self._panel.layer_toggled.connect(self.set_layer_visible)
        self._panel.metric_chosen.connect(self.set_metric)
        self._goto = GoToField(self)
        self._goto.asked.connect(self.go_to)
        bar = self._bar = ToolBar(self)
        bar.add("in", icon_path("in"), self.tr("Zoom in (+)"), lambda: self.zoom_by(1))
        bar.add("out", icon_path("out"), self.tr("Zoom out (−)"), lambda: self.zoom_by(-1))
        bar.add("fit", icon_path("fit"), self.tr("Whole district (Home)"), lambda: self.fit())
        bar.add("work", icon_path("work"), self.tr("Where the work is (*)"), self.fit_to_work)
        bar.add("goto", icon_path("goto"), self.tr("Go to (G)"), self.open_goto)
        for name, tip in (
            ("measure", self.tr("Measure (M)")),
            ("rectangle", self.tr("Select by rectangle (R)")),
            ("polygon", self.tr("Select by polygon (P)")),
            ("radius", self.tr("Select by radius (O)")),
        ):
            bar.add(name, icon_path(name), tip, partial(self._toggle_tool, name), checkable=True)
        bar.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Another language: every control is made anew with its texts."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_goto"):
            self.setAccessibleName(self.tr("Map"))
            if self._bar is not None:
                shown = self._panel is not None and self._panel.isVisible()
                for child in (self._bar, self._panel, self._goto, self._layers_button):
                    if child is not None:
                        child.hide()
                        child.deleteLater()
                self._build_controls()
                self._show_layers()
                for made in (self._bar, self._layers_button):
                    if made is not None:
                        made.show()
                if shown:
                    self.toggle_panel()
            self.update()
        super().changeEvent(event)

    def _toggle_tool(self, name: str, _checked: bool = False) -> None:
        self.use_tool("" if self.tool is not None and self.tool.name == name else name)

    @Slot(str)
    def _on_tool(self, name: str) -> None:
        if self._bar is not None:
            self._bar.check(name)

    def _show_layers(self) -> None:
        if self._panel is None or self._layers_button is None:
            return
        metric = dict(self.metric_names())[self.active_metric]
        self._layers_button.setText(self.tr("Layers L · {0}").format(metric))
        self._layers_button.adjustSize()
        absent = () if self.has_raster else ("raster",)
        self._panel.show_state(self.shown, self.active_metric, self.legend_texts(), absent)
        self._arrange()

    def toggle_panel(self) -> None:
        """Open or close the layer panel (key L)."""
        if self._panel is not None:
            self._panel.setVisible(self._panel.isHidden())
            self._panel.raise_()
            self.labels.forget()
            self.update()

    def open_goto(self) -> None:
        if self._goto is not None:
            self._goto.show()
            self._goto.raise_()
            self._goto.setFocus()
            self._goto.selectAll()

    def go_to(self, text: str) -> None:
        """Coordinates (longitude, latitude; also the other way round where only that is possible) are gone to at once,
        everything else, and what is no place on Earth, is asked by ``goto_requested``."""
        match = COORDINATES.match(text)
        lon, lat = (float(match[1]), float(match[2])) if match is not None else (math.nan, math.nan)
        if abs(lat) > 90:
            lon, lat = lat, lon
        if abs(lat) <= 85 and abs(lon) <= 180:
            self._hold(self.mode == "wall")
            self.centre_on(lon, lat, max(16.0, self._view.zoom))
        else:
            self.goto_requested.emit(text)
        if self._goto is not None:
            self._goto.hide()
            self.setFocus()

    def _arrange(self) -> None:
        edge = tokens.px(EDGE_PX)
        if self._bar is None or self._panel is None or self._layers_button is None or self._goto is None:
            return
        self._layers_button.move(edge, edge)
        self._panel.move(edge, edge + self._layers_button.height() + tokens.px(6))
        self._bar.adjustSize()
        self._bar.move(self.width() - edge - self._bar.width(), edge)
        self._goto.setFixedWidth(max(80, min(tokens.px(360), self.width() - 4 * edge - 2 * self._bar.width())))
        middle = (self.width() - self._goto.width()) // 2
        button = self._layers_button.geometry()
        beside = middle > button.right() and middle + self._goto.width() < self._bar.x()
        self._goto.move(middle, edge if beside else button.bottom() + tokens.px(6))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _on_theme(self) -> None:
        super()._on_theme()
        if hasattr(self, "_bar"):
            self._show_layers()

    def key(self, key: Qt.Key) -> bool:
        if super().key(key):
            return True
        if key == Qt.Key.Key_Asterisk:
            self.release()
        elif self.mode == "desk" and key == Qt.Key.Key_L:
            self.toggle_panel()
        elif self.mode == "desk" and key == Qt.Key.Key_G:
            self.open_goto()
        elif self.mode == "desk" and key in _TOOL_KEYS:
            self._toggle_tool(_TOOL_KEYS[key])
        elif key == Qt.Key.Key_Escape and self._card.isVisible():
            self.hide_cards()
        else:
            return False
        return True

    # ---- cards and menu ---------------------------------------------------------------------------------------

    def _rows(self, kind: str, ident: str) -> CardRows:
        if self.card_provider is not None and kind not in ("", KIND_CLUSTER):
            return self.card_provider(kind, ident)
        if kind == KIND_CLUSTER:
            level, count, *mixed = ident.split(":")
            line = (self.tr("{0} incidents, the gravest of level {1}: click to zoom in") if mixed
                    else self.tr("{0} incidents of level {1}: click to zoom in"))
            return [("", line.format(count, ROMAN[int(level)]))]
        if kind == KIND_AREA and self.index is not None:
            return [("", self.index.layer.labels[self.index.number[ident]])]
        return []

    def _set_hover(self, hit: Hit, at: QPoint) -> None:
        changed = (hit.kind, hit.id) != self._hover
        super()._set_hover(hit, at)
        if changed:
            self._hover_card.hide()
        if hit.kind and self.mode == "desk":
            self._card_timer.start()
        else:
            self._card_timer.stop()

    @Slot()
    def _on_card_time(self) -> None:
        kind, ident = self._hover
        if self._pointer is None or (self._card.isVisible() and self.selected == (kind, ident)):
            return
        rows = self._rows(kind, ident)
        if rows:
            self._hover_card.show_rows(rows, self._pointer.toPoint(), self)

    def show_card(self, hit: Hit, at: QPoint) -> None:
        self.hide_cards()
        rows = self._rows(hit.kind, hit.id) if hit.kind and self.mode == "desk" else []
        if rows:
            self._pinned = (hit.kind, hit.id, at, rows)
            self._card.show_rows(rows, at, self)
            self._pinned_timer.start()

    @Slot()
    def _on_pinned_time(self) -> None:
        """The card of a click goes on; what is no longer there keeps what was known of it."""
        if self._pinned is None or not self._card.isVisible():
            self._pinned_timer.stop()
            return
        kind, ident, at, before = self._pinned
        rows = self._rows(kind, ident)
        if rows and list(rows) != list(before):
            self._pinned = (kind, ident, at, rows)
            self._card.show_rows(rows, at, self)

    @Slot()
    def _on_view_moved(self) -> None:
        """A card points at nothing once the map has moved under it."""
        if self._card.isVisible() or self._hover_card.isVisible():
            self.hide_cards()

    def hide_cards(self) -> None:
        self._card_timer.stop()
        self._pinned_timer.stop()
        self._hover_card.hide()
        self._card.hide()

    @Slot(float, float, QPoint, object)
    def _on_context(self, lon: float, lat: float, at: QPoint, hits: object) -> None:
        if self.own_menu:
            menu = self.verbs(lon, lat)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(at)

    def verbs(self, lon: float, lat: float) -> QMenu:
        """The menu of a place."""
        menu = QMenu(self)
        menu.addAction(self.tr("Report an incident here"), lambda: self.report_here.emit(lon, lat))
        menu.addAction(self.tr("Nearest cameras"), lambda: self.nearest_cameras.emit(lon, lat))
        menu.addAction(self.tr("Nearest forces"), lambda: self.nearest_units.emit(lon, lat))
        menu.addSeparator()
        menu.addAction(self.tr("Measure from here"), lambda: self._measure_from(lon, lat))
        menu.addAction(
            self.tr("Copy coordinates"), lambda: QGuiApplication.clipboard().setText(f"{lon:.6f}, {lat:.6f}")
        )
        return menu

    def _measure_from(self, lon: float, lat: float) -> None:
        self.use_tool("measure")
        if self.tool is not None:
            self.tool.press((float(world_x(np.float64(lon))), float(world_y(np.float64(lat)))))  # type: ignore[arg-type]
