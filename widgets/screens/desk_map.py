"""The map of the desk: the view with its feed, cards, results, and the click that answers "where?"."""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ports import Clock
from app.services.book import Book
from app.services.drone_watch import DroneLimits, is_low, limits_of
from app.services.lamp import time_left_text
from app.services.seat import Seat
from app.services.views import AreaCount, AreaRow, CameraRow, DroneState, Hit, QueueRow, Status, UnitRow
from app.text import language, plain, render
from widgets.bridge import Bridge
from widgets.map.layers import AreaSelection
from widgets.map.mercator import to_lonlat
from widgets.map.view import MapView
from widgets.screens.desk_results import MOST, ResultList
from widgets.screens.desk_words import age_text, tr
from widgets.screens.map_feed import MapFeed
from widgets.theme.labels import Label

NEAR_ZOOM = 16.0
NEAREST = 8
STAFF_NAMED = 4
"""So many of the others of a grid are named on its card."""
_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
_EARTH_M = 6_371_000.0
Rows = list[tuple[str, str]]


def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Distance within one district (equirectangular)."""
    x = math.radians(lon2 - lon1) * math.cos(math.radians((lat1 + lat2) / 2))
    return _EARTH_M * math.hypot(x, math.radians(lat2 - lat1))


class DeskMap(QWidget):
    """Signals: `incident_picked(id)` · `camera_picked(id)` · `report_wanted(lon, lat)` · `trouble(Fault)`."""

    incident_picked = Signal(str)
    camera_picked = Signal(str)
    report_wanted = Signal(float, float)
    trouble = Signal(object)

    def __init__(self, bridge: Bridge, clock: Clock, book: Book, lang: str, row_of: Callable[[str], QueueRow | None],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._clock, self._book, self._lang, self._row_of = bridge, clock, book, lang, row_of
        self._areas: dict[str, AreaCount] = {}
        self._wanted: Callable[[float, float], object] | None = None
        self.view = MapView(self)
        self.view.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.view.card_provider = self.card
        self.feed = MapFeed(bridge, self.view, lang=lang, on_fault=self.trouble.emit)
        self.results = ResultList(self)
        self.results.chosen.connect(self._on_chosen)
        self.results.closed.connect(self.view.setFocus)
        self.ask_line = Label("", "strong", self)
        self.ask_line.setObjectName("noticeBar")
        self.ask_line.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.picked.connect(self._on_picked)
        self.view.report_here.connect(self.report_wanted)
        self.view.nearest_cameras.connect(self._on_nearest_cameras)
        self.view.nearest_units.connect(self.show_nearest_units)
        self.view.goto_requested.connect(self.find)
        self.view.area_selected.connect(self._on_area)
        self.view.installEventFilter(self)

    def start(self) -> None:
        """Begin to feed the map."""
        self.feed.start()

    def set_book(self, book: Book, lang: str) -> None:
        """Another language or version of the code lists."""
        self._book, self._lang = book, lang
        self.feed.set_language(lang)

    def show_status(self, status: Status) -> None:
        """Numbers of the areas for colours and cards."""
        self._areas = {a.area_id: a for a in status.areas}
        self.feed.show_counts(status)

    # ---- going somewhere -------------------------------------------------------------------------------------------

    def select_incident(self, row: QueueRow | None, *, centre: bool = False) -> None:
        """Ring an incident; look at it when it is out of sight, or when asked to."""
        self.view.select("incident" if row else "", row.id if row else "")
        if row is None or row.lon is None or row.lat is None:
            return
        if centre or not self.in_sight(row.lon, row.lat):
            self.look_at(row.lon, row.lat, None if not centre else NEAR_ZOOM)

    def in_sight(self, lon: float, lat: float) -> bool:
        """Whether a point lies well within the part of the map on screen."""
        west, south, east, north = self._bounds()
        edge_x, edge_y = (east - west) * 0.06, (north - south) * 0.06
        return west + edge_x < lon < east - edge_x and south + edge_y < lat < north - edge_y

    def _bounds(self) -> tuple[float, float, float, float]:
        wide, high = self.view.to_device(self.view.width(), self.view.height())
        west, north = to_lonlat(*self.view.viewport.to_world(0.0, 0.0))
        east, south = to_lonlat(*self.view.viewport.to_world(wide, high))
        return west, south, east, north

    def look_at(self, lon: float, lat: float, zoom: float | None = NEAR_ZOOM) -> None:
        """Centre the map; a zoom only brings nearer, never further off."""
        here = self.view.centre()[2]
        self.view.centre_on(lon, lat, None if zoom is None else max(zoom, here))

    @Slot(str)
    def show_unit(self, unit_id: str) -> None:
        """Ring a force and look at it."""
        unit = self.feed.units.get(unit_id)
        self.view.select("unit" if unit else "", unit_id if unit else "")
        if unit is not None and unit.lon is not None and unit.lat is not None:
            self.look_at(unit.lon, unit.lat)

    @Slot(str)
    def hover_unit(self, unit_id: str) -> None:
        """Ring a force without moving; "" goes back."""
        self.view.select("unit" if unit_id else "", unit_id)

    @Slot(str)
    def find(self, text: str) -> None:
        """Look for a number, name, grid or place; one hit is gone to at once, several are listed."""
        self._bridge.ask(lambda seat: seat.find(text, 50), lambda hits: self._on_found(text, hits), self.trouble.emit,
                         owner=self, key="find")

    def _on_found(self, text: str, hits: list[Hit]) -> None:
        if len(hits) == 1:
            self._on_chosen(hits[0])
            return
        self.results.show_hits(tr("{n} found for “{text}”", n=len(hits), text=plain(text)), hits, kind_words())
        self.results.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.results.list.setCurrentRow(0)

    @Slot(object)
    def _on_chosen(self, hit: Hit) -> None:
        if hit.kind == "incident":
            self.incident_picked.emit(hit.id)
        self.view.select(hit.kind, hit.id)
        if hit.lon is not None and hit.lat is not None:
            self.look_at(hit.lon, hit.lat)
        elif hit.kind == "area":
            middle = self.feed.middles.get(hit.id)
            if middle is not None:
                self.look_at(*middle, 14.0)

    def distances(self, lon: float, lat: float) -> dict[str, tuple[float | None, float | None]]:
        """Metres of each placed force from a point; times are the seat's to say."""
        return {u.id: (metres(lon, lat, u.lon, u.lat), None) for u in self.feed.units.values()
                if u.lon is not None and u.lat is not None}

    # ---- what lies there -------------------------------------------------------------------------------------------

    @Slot(str, str)
    def _on_picked(self, kind: str, ident: str) -> None:
        if kind == "incident":
            self.incident_picked.emit(ident)
        elif kind == "camera":
            self.camera_picked.emit(ident)
        elif kind == "drone":
            carried = next((c.id for c in self.feed.cameras.values() if c.unit_id == ident), None)
            if carried is not None:
                self.camera_picked.emit(carried)

    @Slot(float, float)
    def _on_nearest_cameras(self, lon: float, lat: float) -> None:
        def near(seat: Seat) -> list[CameraRow]:
            return seat.nearest_cameras(lon, lat, NEAREST)

        def show(rows: list[CameraRow]) -> None:
            hits = [Hit("camera", c.id, c.name, distance_words(c.distance_m), c.lon, c.lat) for c in rows]
            self.results.show_hits(tr("Nearest cameras"), hits, kind_words())

        self._bridge.ask(near, show, self.trouble.emit, owner=self, key="near")

    @Slot(float, float)
    def show_nearest_units(self, lon: float, lat: float) -> None:
        """List the forces nearest to a point, with the age of their positions."""
        now = self._clock.now().timestamp()
        placed = [(metres(lon, lat, u.lon, u.lat), u) for u in self.feed.units.values()
                  if u.lon is not None and u.lat is not None and u.status != "off"]
        placed.sort(key=lambda pair: pair[0])
        hits = [Hit("unit", u.id, u.name,
                    " · ".join((distance_words(d), status_word(u.status), position_words(u, now))), u.lon, u.lat)
                for d, u in placed[:NEAREST]]
        self.results.show_hits(tr("Nearest forces"), hits, kind_words())

    @Slot(object)
    def _on_area(self, chosen: AreaSelection) -> None:
        hits: list[Hit] = []
        for ident in chosen.inside.get("incident", ()):
            row = self._row_of(ident)
            if row is not None:
                kind = self._book.label("kind", row.kind, self._lang)
                hits.append(Hit("incident", ident, row.number, f"{kind} {row.place}", row.lon, row.lat))
        for ident in chosen.inside.get("unit", ()):
            unit = self.feed.units.get(ident)
            if unit is not None:
                hits.append(Hit("unit", ident, unit.name, status_word(unit.status), unit.lon, unit.lat))
        for ident in chosen.inside.get("camera", ()):
            camera = self.feed.cameras.get(ident)
            if camera is not None:
                hits.append(Hit("camera", ident, camera.name, "", camera.lon, camera.lat))
        for ident in chosen.inside.get("area", ()):
            area = self._book.areas.get(ident)
            if area is not None:
                hits.append(Hit("area", ident, area.name, area.code, None, None))
        hits += self._components(chosen.inside.get("component", ()), MOST - len(hits))
        counts = " · ".join(f"{word} {len(chosen.inside.get(kind, ()))}" for kind, word in kind_words().items()
                            if chosen.inside.get(kind))
        if sum(map(len, chosen.inside.values())) > MOST:
            counts += " · " + tr("the first {n} are listed", n=MOST)
        self.results.show_hits(counts or tr("Nothing lies in it"), hits, kind_words())

    def _components(self, ids: Sequence[str], limit: int) -> list[Hit]:
        """The first `limit` of these components, by kind; the count says how many there are."""
        columns = self.feed.components
        if columns is None or limit <= 0 or not ids:
            return []
        wanted = set(ids[:limit])
        kinds, lon, lat = np.asarray(columns.kind_index), np.asarray(columns.lon), np.asarray(columns.lat)
        names = [self._book.label("component_kind", kind, self._lang) for kind in columns.kinds]
        return [Hit("component", ident, names[int(kinds[i])], ident, float(lon[i]), float(lat[i]))
                for i, ident in enumerate(columns.ids) if ident in wanted]

    # ---- cards -----------------------------------------------------------------------------------------------------

    def card(self, kind: str, ident: str) -> Sequence[tuple[str, str]]:
        """What the card of a thing says: plain text, the first row is its title."""
        now = self._clock.now().timestamp()
        if kind == "incident" and (row := self._row_of(ident)) is not None:
            return self._incident_card(row, now)
        if kind in ("unit", "drone") and (unit := self.feed.units.get(ident)) is not None:
            told = [("", plain(unit.name)), (tr("Kind"), self._book.label("unit_kind", unit.kind, self._lang)),
                    (tr("Status"), status_word(unit.status)), (tr("Position"), position_age(unit, now)),
                    (tr("In hand"), str(unit.load))]
            limits = limits_of(self._book)
            return [told[0], *drone_rows(unit.drone, now, limits), *told[1:]] if unit.drone is not None else told
        if kind == "camera" and (camera := self.feed.cameras.get(ident)) is not None:
            states = {"online": tr("on-line"), "offline": tr("off-line")}
            since, picture = (age_text(now - at) if at is not None else tr("never heard of")
                              for at in (camera.since, camera.picture_at))
            return [("", plain(camera.name)), (tr("Kind"), self._book.label("camera_kind", camera.kind, self._lang)),
                    (tr("State"), f"{states.get(camera.state, tr('unknown'))} · {since}"),
                    (tr("Last picture"), picture)]
        if kind == "area" and (area := self._book.areas.get(ident)) is not None:
            return self._area_card(area)
        return []

    def _incident_card(self, row: QueueRow, now: float) -> Rows:
        title = f"{_ROMAN.get(row.level, '?')} {self._book.label('kind', row.kind, self._lang)}"
        return [("", title), (tr("Number"), row.number), (tr("Place"), plain(row.place)),
                (tr("Phase"), self._book.phase_label(row.phase, row.kind, self._lang)),
                (tr("Time left"), render(time_left_text(row, now))), (tr("Handled by"), plain(row.handler) or "—")]

    def _area_card(self, area: AreaRow) -> Rows:
        rows: Rows = [("", plain(area.name))]
        count = self._areas.get(area.id)
        if count is not None:
            rows += [(tr("Open incidents"), str(count.open)), (tr("Overdue"), str(count.overdue))]
        if area.households is not None:
            rows.append((tr("Households"), str(area.households)))
        if area.merchants is not None:
            rows.append((tr("Merchants"), str(area.merchants)))
        head, worker, *others = (*area.staff, "", "")[:max(2, len(area.staff))]
        more = f" +{len(others) - STAFF_NAMED}" if len(others) > STAFF_NAMED else ""
        told = language().join(others[:STAFF_NAMED]) + more
        rows += [(word, plain(who)) for word, who in
                 ((tr("Grid head"), head), (tr("Full-time worker"), worker), (tr("Others of it"), told)) if who]
        return rows

    # ---- the click that answers "where?" ---------------------------------------------------------------------------

    def ask_point(self, answer: Callable[[float, float], object]) -> None:
        """The next click on the map goes to `answer(lon, lat)`; Esc takes the question back."""
        self._wanted = answer
        self.view.setCursor(Qt.CursorShape.CrossCursor)
        self.ask_line.setText(tr("Click the place on the map. Esc leaves it."))
        self.ask_line.adjustSize()
        self._place()
        self.ask_line.show()
        self.ask_line.raise_()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_point(self, answer: Callable[[float, float], object] | None = None) -> bool:
        """Nobody asks for a point any more; False when nobody did. With `answer` only the question that it answers."""
        if answer is not None and self._wanted != answer:
            return False
        asked, self._wanted = self._wanted is not None, None
        self.ask_line.hide()
        self.view.unsetCursor()
        return asked

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and self._wanted is not None and isinstance(event, QMouseEvent) \
                and event.button() == Qt.MouseButton.LeftButton:
            if event.type() == QEvent.Type.MouseButtonPress:
                at = self.view.to_device(event.position().x(), event.position().y())
                lon, lat = to_lonlat(*self.view.viewport.to_world(*at))
                answer = self._wanted
                self.forget_point()
                answer(lon, lat)
                return True
            return event.type() == QEvent.Type.MouseButtonRelease
        return bool(super().eventFilter(watched, event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.results.place()
        self._place()

    def _place(self) -> None:
        self.ask_line.move((self.width() - self.ask_line.width()) // 2, self.height() // 6)


def kind_words() -> dict[str, str]:
    """Kinds of things on the map."""
    return {"incident": tr("incident"), "unit": tr("force"), "drone": tr("drone"), "camera": tr("camera"),
            "component": tr("component"), "area": tr("area")}


def status_word(status: str) -> str:
    """Status of a force."""
    return {"free": tr("free"), "going": tr("going"), "on_scene": tr("on scene"), "off": tr("off duty")}.get(
        status, tr("unknown"))


def drone_rows(drone: DroneState, now: float, limits: DroneLimits) -> list[tuple[str, str]]:
    """Link, battery, height and speed of a drone; what is not known is not there."""
    lost = tr("lost, heard last {age}", age=age_text(now - drone.heard_at))
    rows = [(tr("Link"), lost if drone.lost else tr("stands"))]
    if drone.battery is not None:
        rows.append((tr("Battery"), f"{drone.battery} %" + (f" · {tr('low')}" if is_low(drone, limits) else "")))
    if drone.altitude_m is not None:
        speed = "" if drone.speed_mps is None else f" · {drone.speed_mps:.0f} m/s"
        rows.append((tr("Height"), f"{drone.altitude_m:.0f} m{speed}"))
    return rows


def position_words(unit: UnitRow, now: float) -> str:
    """Age of a position; never silently fresh."""
    return tr("position {age}", age=age_text(now - unit.position_at)) if unit.position_at is not None else \
        tr("position never heard")


def position_age(unit: UnitRow, now: float) -> str:
    """Age of a position beside its label."""
    return age_text(now - unit.position_at) if unit.position_at is not None else tr("never heard of")


def distance_words(value: float | None) -> str:
    """Metres below a kilometre, else kilometres."""
    if value is None:
        return ""
    return tr("{n} m", n=f"{value:.0f}") if value < 995 else tr("{n} km", n=f"{value / 1000:.1f}")
