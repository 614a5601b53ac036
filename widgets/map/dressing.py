"""What the map says about itself: legend, inset, footer, notices, empty state; and the wall's own moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from widgets.map.forces import WALL_STREET_ZOOM
from widgets.map.interaction import InteractiveMap
from widgets.map.layers import (
    KIND_AREA,
    METRIC_HOUSEHOLDS,
    METRIC_OPEN,
    METRIC_OVERDUE,
    UNIT_FREE,
    UNIT_UNKNOWN,
    BoolArray,
    FloatArray,
    IncidentMarks,
    RasterLayer,
)
from widgets.map.mercator import world_x, world_y
from widgets.map.overlays import (
    EDGE_PX,
    FOOTER_PX,
    GRAVE,
    Footer,
    Inset,
    Legend,
    LegendEntry,
    draw_empty,
    draw_notice,
    panel,
)
from widgets.theme import fonts, tokens

WORK_TOP_ZOOM = 15.5
STALE_AFTER_S = 10.0
DOWN_SHOWN_MS = 1_000


def open_texts(bounds: tuple[float, float, float]) -> list[str]:
    """Ranges of the four steps of a count, by the lower bounds of the last three."""
    second, third, last = (round(b) for b in bounds)
    between = [str(a) if b - a == 1 else f"{a}–{b - 1}" for a, b in ((second, third), (third, last))]
    return ["0", *between, f"{last}+"]


class DressedMap(InteractiveMap):
    """``mode`` "wall" fits itself to the urgent incidents when their set changes, until a manual move holds it."""

    held_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, mode: str = "desk") -> None:
        super().__init__(parent)
        if mode not in ("desk", "wall"):
            raise ValueError(f"no such mode: {mode}")
        self.mode = mode
        self.held = False
        self.stale_after_s = STALE_AFTER_S
        if mode == "wall":
            self.live.street_zoom = WALL_STREET_ZOOM
        self._data_age_s: float | None = None
        self._loading: tuple[str, float] | None = None
        self._raster_fault = self._raster_trouble = ""
        self._margins = (0.0, 0.0, 0.0, 0.0)
        self._obstructions: list[QRect] = []
        self._urgent: frozenset[str] = frozenset()
        self._inset = Inset()
        self._footer = Footer()
        self._legend = Legend()
        self._down_timer = QTimer(self, singleShot=True, interval=DOWN_SHOWN_MS + 100)
        self._down_timer.timeout.connect(self.update)
        self.moved_by_hand.connect(self._on_moved)
        self.tiles.state_changed.connect(self._down_timer.start)
        self.tiles.process.fault.connect(self._on_fault)
        self.tiles.process.trouble.connect(self._on_trouble)
        self.tiles.process.started.connect(self._on_painter_started)

    # ---- texts ------------------------------------------------------------------------------------------------

    def layer_names(self) -> list[tuple[str, str]]:
        return [
            ("incidents", self.tr("Incidents")),
            ("units", self.tr("Forces")),
            ("cameras", self.tr("Cameras")),
            ("fov", self.tr("Fields of view")),
            ("components", self.tr("Components")),
            ("density", self.tr("Component density")),
            ("areas", self.tr("Areas")),
            ("labels", self.tr("Names")),
            ("drones", self.tr("Drones")),
            ("tracks", self.tr("Tracks")),
            ("base", self.tr("Vector base")),
            ("raster", self.tr("Raster base")),
        ]

    def metric_names(self) -> list[tuple[str, str]]:
        return [
            (METRIC_OPEN, self.tr("Open incidents")),
            (METRIC_OVERDUE, self.tr("Overdue share")),
            (METRIC_HOUSEHOLDS, self.tr("Households")),
        ]

    def legend_texts(self) -> list[str]:
        """Ranges of the four steps of the metric on show."""
        return {
            METRIC_OPEN: open_texts(self.step_bounds),
            METRIC_OVERDUE: ["0", "< 10%", "< 25%", "≥ 25%"],
            METRIC_HOUSEHOLDS: ["≤ 100", "≤ 150", "≤ 200", "> 200"],
        }[self.active_metric]

    # ---- the wall's own moves ---------------------------------------------------------------------------------

    def set_incidents(self, marks: IncidentMarks) -> None:
        super().set_incidents(marks)
        level = np.asarray(marks.level)
        urgent = frozenset(marks.ids[i] for i in np.flatnonzero(level <= 2).tolist())
        changed = urgent != self._urgent
        self._urgent = urgent
        if changed and self.mode == "wall" and not self.held:
            self.fit_to_work()
        elif self._fit_pending and self._no_district():
            self._show_incidents((level <= 4,))

    def _no_district(self) -> bool:
        """What was read holds no area; before anything was read nothing is said."""
        return self.index is not None and not len(self.index)

    def fit_to_work(self) -> None:
        """Show where the work is: levels I and II, else III, else all incidents, else the district."""
        level = np.asarray(self.live.incidents.level)
        if self._show_incidents((level <= 2, level == 3, level <= 4)):
            self._fit_pending = False
        else:
            self.fit()

    def fit(self, bounds: tuple[float, float, float, float] | None = None) -> None:
        """As the map's own; where there is no district yet: all incidents."""
        if bounds is None and self._no_district():
            self._animation.stop()
            self._show_incidents((np.asarray(self.live.incidents.level) <= 4,))
        else:
            super().fit(bounds)

    def _show_incidents(self, choices: Sequence[BoolArray]) -> bool:
        """Fit the first of these choices (booleans, one an incident) that has a place; False when none has."""
        marks = self.live.incidents
        x, y = world_x(marks.lon), world_y(marks.lat)
        finite = np.isfinite(x) & np.isfinite(y)
        for choice in choices:
            chosen = finite & choice
            if chosen.any():
                self.fit_world(
                    (float(x[chosen].min()), float(y[chosen].min()), float(x[chosen].max()), float(y[chosen].max())),
                    WORK_TOP_ZOOM,
                )
                return True
        return False

    def release(self) -> None:
        """★: let the wall follow the work again."""
        self._hold(False)
        self.fit_to_work()

    def _hold(self, held: bool) -> None:
        if held != self.held:
            self.held = held
            self.held_changed.emit(held)
            self.update()

    @Slot()
    def _on_moved(self) -> None:
        self.hide_cards()
        self._hold(self.mode == "wall")

    def set_margins(self, left: int, top: int, right: int, bottom: int) -> None:
        """Logical pixels that cards of the screen cover; fitting keeps clear of them."""
        self._margins = (float(left), float(top), float(right), float(bottom))

    def set_obstructions(self, boxes: Sequence[QRect]) -> None:
        """Where cards of the screen lie on the map (logical pixels): names keep off them."""
        self._obstructions = list(boxes)
        self.labels.forget()
        self.update()

    def margins_px(self) -> tuple[float, float, float, float]:
        """Clear of the cards and of the footer, with half a mark to spare."""
        pad = 46.0 * self.look_scale
        left, top, right, bottom = (m * self._view.dpr for m in self._margins)
        return left + pad, top + pad, right + pad, bottom + pad + FOOTER_PX * self.look_scale

    # ---- states -----------------------------------------------------------------------------------------------

    def set_data_age(self, seconds: float | None) -> None:
        """Age of the shown data; None: not known. Beyond ``stale_after_s`` the map says so."""
        self._data_age_s = seconds
        self.update()

    def set_loading(self, what: str, share: float | None) -> None:
        """Say what is being loaded and how far (0 to 1); ``share`` None: done."""
        self._loading = None if share is None else (what, share)
        self.update()

    def notices(self) -> list[str]:
        """What is wrong with the picture, in words."""
        found = []
        process = self.tiles.process
        if process.restarts >= 0 and not process.alive and process.down_ms() > DOWN_SHOWN_MS:
            found.append(
                self.tr("Map painter is being restarted; the last picture stays")
                if self.tiles.cache.entries
                else self.tr("Map is being prepared …")
            )
        if self._raster_fault:
            found.append(self.tr("Raster base cannot be opened: {0}").format(self._raster_fault))
        elif self._raster_trouble and self.has_raster and self.shown["raster"]:
            found.append(
                self.tr(
                    "{0}. Kept tiles, areas and marks still work; the vector base shows without the raster layer"
                ).format(self._raster_trouble)
            )
        if self._data_age_s is not None and self._data_age_s > self.stale_after_s:
            found.append(
                self.tr("Data is {0} s old: positions and numbers may have changed").format(round(self._data_age_s))
            )
        if self._loading is not None:
            found.append(self.tr("Loading {0} … {1}%").format(self._loading[0], round(100 * self._loading[1])))
        return found

    @Slot(str, str)
    def _on_fault(self, what: str, why: str) -> None:
        if what == "raster":
            self._raster_fault = why
            self.update()

    @Slot(str, str)
    def _on_trouble(self, what: str, why: str) -> None:
        if what == "raster" and why != self._raster_trouble:
            self._raster_trouble = why
            self.update()

    @Slot()
    def _on_painter_started(self) -> None:
        self._raster_trouble = ""  # a new painter asks the source anew

    def set_raster(self, layer: RasterLayer | None) -> None:
        self._raster_fault = self._raster_trouble = ""
        super().set_raster(layer)

    # ---- pointer ----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        px, py = self.to_device(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton:
            if self._inset_shown() and self._inset.box(self._view, self.look_scale).contains(QPointF(px, py)):
                x, y = self._inset.world_at(self._view, self.look_scale, px, py)
                self._hand_moved()
                view = self._view
                self.pan_by((x - view.cx) * view.ppu, (y - view.cy) * view.ppu)
                return
            if self.held and self._star_box().contains(QPointF(px, py)):
                self.release()
                return
        super().mousePressEvent(event)

    # ---- painting ---------------------------------------------------------------------------------------------

    def _inset_shown(self) -> bool:
        return self.index is not None and self._inset.wanted(self._view, self.district_bounds(), self.look_scale)

    def control_boxes(self) -> list[QRect]:
        """Where controls lie on the map (logical pixels)."""
        return []

    def notice_room(self) -> QRectF:
        """Where notices may lie (device pixels)."""
        edge = EDGE_PX * self.look_scale
        return QRectF(0.0, 0.0, self._view.width, self._view.height).adjusted(edge, edge, -edge, -edge)

    def _panels(self) -> list[QRectF]:
        """Device pixels of all panels on the map but the inset."""
        dpr = self._view.dpr
        boxes = [
            QRectF(r.left() * dpr, r.top() * dpr, r.width() * dpr, r.height() * dpr)
            for r in (*self._obstructions, *self.control_boxes())
        ]
        painted = [self._footer.box, self._legend.box if self.mode == "wall" else QRectF()]
        return boxes + [box for box in painted if not box.isEmpty()]

    def fixed_boxes(self) -> FloatArray:
        boxes = self._panels()
        if self._inset_shown():
            boxes.append(self._inset.box(self._view, self.look_scale))
        return np.array([(b.left(), b.top(), b.right(), b.bottom()) for b in boxes], np.float64).reshape(-1, 4)

    def _settle_inset(self) -> None:
        """Off the urgent incidents and off the selection."""
        marks = self.live.weights(self._view)
        at = self.position_of(*self.selected) if self.selected is not None else None
        if at is not None:
            marks = np.vstack((marks, (*at, GRAVE)))
        self._inset.settle(self._view, self.look_scale, self._panels(), marks)

    def paint_under(self, painter: QPainter) -> None:
        if self.mode == "wall" and self.index is not None:
            self._legend.prepare(self.palette_now(), self.look_scale, self._legend_rows())
        if self._inset_shown():
            self._settle_inset()
        if self.selected is not None and self.selected[0] == KIND_AREA and self.index is not None:
            number = self.index.number.get(self.selected[1])
            if number is not None:
                view = self._view
                shapes = self.index.shapes
                path = shapes.scaled(view.ppu, (view.left / view.ppu, view.top / view.ppu)).path(
                    np.array([number]), 0.0, 0.0
                )
                painter.strokePath(path, QPen(QColor(tokens.current().accent), 2.4 * self.look_scale))

    def paint_over(self, painter: QPainter) -> None:
        style, palette, view = self.look_scale, self.palette_now(), self._view
        self._paint_focus(painter)
        self.paint_tool(painter)
        if self._no_district() and not len(self.live.incidents.ids):
            draw_empty(
                painter,
                view,
                palette,
                style,
                self.tr("No district yet"),
                self.tr("Import areas and grids (main.py import areas FILE) or start the demo (main.py demo)."),
            )
        if self._inset_shown():
            bounds = self.district_bounds()
            assert self.index is not None
            assert bounds is not None
            self._inset.draw(painter, view, self.index, bounds, palette, style, self._urgent_dots())
        if self.mode == "wall" and self.index is not None:
            self._legend.draw(painter)
        room = self.notice_room()
        for text in self.notices():
            room.setTop(draw_notice(painter, room, palette, style, text))
        if self.held:
            self._paint_star(painter)
        self._footer.draw(painter, view, palette, style, self._footer_texts())

    def _footer_texts(self) -> list[str]:
        raster = self.has_raster and self.shown["raster"]
        shown = "raster" if raster else "base"
        texts = [
            self.tr("No district yet") if self._no_district() and len(self.live.incidents.ids) else "",
            self.tr("Forces thinned") if self.mode == "desk" and self.forces_note() else "",
            self._generated_note(base=not raster),
        ]
        if self._data_age_s is not None:
            texts.append(self.tr("data {0} s ago").format(round(self._data_age_s)))
        return [*texts, self.attributions.get(shown, "") if self.shown[shown] else ""]

    def _generated_note(self, base: bool) -> str:
        of_base, of_areas = base and self.generated.get("base", False), self.generated.get("areas", False)
        if of_base:
            return self.tr("Base and borders are generated") if of_areas else self.tr("Base is generated")
        return self.tr("Borders are generated") if of_areas else ""

    def _legend_rows(self) -> list[list[LegendEntry]]:
        palette = self.palette_now()
        metric = dict(self.metric_names())[self.active_metric]
        steps = [LegendEntry(text, colour) for text, colour in zip(self.legend_texts(), palette.load, strict=True)]
        status = np.bincount(np.asarray(self.live.units.status), minlength=5)
        names = (self.tr("free"), self.tr("going"), self.tr("on scene"), self.tr("off line"), self.tr("unknown"))
        units = [
            LegendEntry(f"{name} {status[i]}", unit=i)
            for i, name in enumerate(names)
            if status[i] or i != UNIT_UNKNOWN
        ]
        rows = [[*steps, LegendEntry(metric)], units]
        note = self.forces_note()
        return [*rows, [LegendEntry(note, quiet=True)]] if note else rows

    def forces_note(self) -> str:
        """What the map leaves out of the forces at this zoom, or "" where it shows them all."""
        live = self.live
        status = np.asarray(live.units.status)
        drawn = live.forces(self._view)
        if not live.shown["units"] or not live.thinned(self._view) or len(drawn) == len(status):
            return ""
        return self.tr("Free ones: {0} near urgent work drawn; off line: from street level").format(
            int((status[drawn] == UNIT_FREE).sum())
        )

    def _urgent_dots(self) -> list[tuple[float, float, str]]:
        marks, palette = self.live.incidents, self.palette_now()
        level = np.asarray(marks.level)
        chosen = np.flatnonzero((level <= 2) & np.isfinite(marks.lon) & np.isfinite(marks.lat))
        x, y = world_x(marks.lon[chosen]), world_y(marks.lat[chosen])
        return [
            (a, b, palette.level[n - 1]) for a, b, n in zip(x.tolist(), y.tolist(), level[chosen].tolist(), strict=True)
        ]

    def _paint_focus(self, painter: QPainter) -> None:
        """The selection's ring, and the keyboard's focus around the map."""
        style = self.look_scale
        pen = QPen(QColor(tokens.current().accent), 2.4 * style)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.selected is not None and self.selected[0] != KIND_AREA:
            at = self.position_of(*self.selected)
            if at is not None:
                painter.setPen(pen)
                painter.drawEllipse(QPointF(*at), 21.0 * style, 21.0 * style)
        if self.hasFocus() and self.mode == "desk":
            thick, colour = max(1, round(style * 1.5)), QColor(tokens.current().accent)
            width, height = self._view.width, self._view.height
            for box in (
                QRect(0, 0, width, thick),
                QRect(0, height - thick, width, thick),
                QRect(0, 0, thick, height),
                QRect(width - thick, 0, thick, height),
            ):
                painter.fillRect(box, colour)

    def _star_box(self) -> QRectF:
        style = self.look_scale
        return QRectF(self._view.width / 2 - 130 * style, self._view.height - 60 * style, 260 * style, 32 * style)

    def _paint_star(self, painter: QPainter) -> None:
        box, palette = self._star_box(), self.palette_now()
        panel(painter, box, palette, self.look_scale)
        painter.setFont(fonts.sized(13 * self.look_scale))
        painter.setPen(QColor(palette.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.tr("★ Moved by hand: press * to follow the work"))
