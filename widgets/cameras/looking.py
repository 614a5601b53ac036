"""Looking at a camera is a recorded act with a user and a reason: first the record, then the picture (PROMISES 22)."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Slot

from app.domain.masks import Mask
from app.services.changes import Changes
from app.services.commands import CameraPictures, ViewCamera
from app.services.seat import Seat
from app.services.video_walls import VISITORS
from app.services.views import CameraRow
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.cameras import state as st
from widgets.cameras.feeds import FeedHub
from widgets.cameras.state import TileState
from widgets.cameras.tile import Tile

SEEN_EVERY_MS, TELL_AGAIN_S = 5_000, 600.0
"""how often it is looked which cameras give a picture, and after how long one is told of again"""
Guard = tuple[tuple[Mask, ...], bool]
"""what is to be known before a picture is shown: its camera's privacy masks, and whether visitors are in the room"""


def _guard(camera_id: str) -> Callable[[Seat], Guard]:
    return lambda seat: (seat.masks(camera_id), seat.setting(VISITORS) is True)


class Looking(QObject):
    """Puts cameras into tiles. A view is recorded when it begins and, where `ends` is set, when it ends.

    Without the right no feed is opened: the tile says why. `once`: a view with the same reason and incident is recorded
    once a day (the wall's patrol comes by every few minutes); beside an incident its end is recorded even so.
    """

    def __init__(self, bridge: Bridge, hub: FeedHub, parent: QObject | None = None, *, ends: bool = True,
                 once: bool = False) -> None:
        super().__init__(parent)
        self._bridge, self._hub, self._ends, self._once = bridge, hub, ends, once
        self._now: dict[Tile, tuple[CameraRow, str, str | None]] = {}
        self._known: set[tuple[str, str, str | None]] = set()
        self._day: date | None = None
        self._recorded: set[Tile] = set()
        self._told: dict[str, float] = {}
        self._seen = QTimer(self)
        self._seen.setInterval(SEEN_EVERY_MS)
        self._seen.timeout.connect(self._on_seen)
        self._seen.start()
        bridge.changed.connect(self._on_changed)

    def show(self, tile: Tile, camera: CameraRow | None, reason: str, incident_id: str | None = None) -> None:
        """Show a camera in a tile (None: nothing), for a reason. The same view again changes nothing.

        Without a reason ("") the tile asks for one and no feed is opened.
        """
        old = self._now.get(tile)
        if camera is not None and old is not None and (old[0].id, old[0].source) == (camera.id, camera.source) \
                and old[1:] == (reason, incident_id):
            tile.set_camera(camera)
            self._now[tile] = (camera, reason, incident_id)
            return
        self._end(tile)
        self._hub.detach(tile)
        tile.set_camera(camera)
        if camera is None:
            return
        self._now[tile] = (camera, reason, incident_id)
        if self._bridge.facts is not None:
            tile.clock, tile.zone = self._bridge.facts.clock, ZoneInfo(self._bridge.facts.timezone)
        if not camera.source:
            tile.set_state(TileState(st.NOT_CONNECTED))
            return
        if not reason.strip():
            tile.set_state(TileState(st.NEEDS_REASON))
            return
        key = (camera.id, reason, incident_id)
        tile.set_state(TileState(st.CONNECTING))
        if self._once and key in self._known:
            self._attach(tile, key)
            return
        self._bridge.act(ViewCamera(camera.id, reason, incident_id), self._allowed(tile, key), self._refused(tile, key),
                         owner=self)

    def shown(self, tile: Tile) -> tuple[CameraRow, str, str | None] | None:
        """What a tile shows: camera, reason, incident; None when nothing."""
        return self._now.get(tile)

    def clear(self) -> None:
        """End all views."""
        for tile in list(self._now):
            self._end(tile)
            self._hub.detach(tile)
            tile.set_camera(None)

    def _allowed(self, tile: Tile, key: tuple[str, str, str | None]) -> Callable[[object], None]:
        def done(_changes: object) -> None:
            self._known.add(key)
            shown = self._now.get(tile)
            if shown is not None and (shown[0].id, shown[1], shown[2]) == key:
                self._recorded.add(tile)
                self._attach(tile, key)
            elif self._ends:
                self._bridge.act(ViewCamera(key[0], key[1], key[2], ended=True), owner=self)
        return done

    def _attach(self, tile: Tile, key: tuple[str, str, str | None]) -> None:
        """Open the feed once privacy masks and visitors' mode are known: no picture is shown without them."""
        def guarded(guard: Guard) -> None:
            masks, visitors = guard
            shown = self._now.get(tile)
            if shown is not None and (shown[0].id, shown[1], shown[2]) == key:
                tile.visitors, tile.masked = visitors, bool(masks)
                self._hub.attach(tile, shown[0], masks)
                tile.update()

        def unread(fault: Fault) -> None:
            shown = self._now.get(tile)
            if shown is not None and shown[0].id == key[0]:
                self._hub.detach(tile)
                tile.set_camera(None)
                tile.set_camera(shown[0])
                tile.set_state(TileState(st.REFUSED, why=fault.message))

        self._bridge.ask(_guard(key[0]), guarded, unread, owner=self)

    def _turn_day(self, today: date) -> None:
        """Another day: every view is recorded anew, also one that goes on."""
        if self._once and self._day is not None and today != self._day:
            self._known.clear()
            for tile, (camera, reason, incident_id) in self._now.items():
                if tile in self._recorded or self._hub.shows(tile):
                    self._known.add((camera.id, reason, incident_id))
            for key in sorted(self._known, key=str):
                self._bridge.act(ViewCamera(*key), owner=self)
        self._day = today

    @Slot()
    def _on_seen(self) -> None:
        """Tell the seat which cameras give a picture now: seldom, and for each camera once in a while."""
        facts = self._bridge.facts
        if facts is None:
            return
        now = facts.clock.now().timestamp()
        self._turn_day(datetime.fromtimestamp(now, ZoneInfo(facts.timezone)).date())
        seen = {c.id for tile, (c, _, _) in self._now.items()
                if tile.state.mode in (st.LIVE, st.KEYFRAME, st.SNAPSHOT) and st.good(tile.shown_state)
                and now - self._told.get(c.id, -TELL_AGAIN_S) >= TELL_AGAIN_S}
        if seen:
            self._told.update(dict.fromkeys(seen, now))
            self._bridge.act(CameraPictures(tuple((c, now) for c in sorted(seen))), owner=self)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        for tile, (camera, reason, incident_id) in list(self._now.items()):
            if (changes.settings or changes.masks & {camera.id, "*"}) and self._hub.shows(tile):
                self._attach(tile, (camera.id, reason, incident_id))

    def _refused(self, tile: Tile, key: tuple[str, str, str | None]) -> Callable[[Fault], None]:
        def failed(fault: Fault) -> None:
            shown = self._now.get(tile)
            if shown is not None and (shown[0].id, shown[1], shown[2]) == key:
                tile.set_state(TileState(st.NO_RIGHT if fault.refused else st.REFUSED, why=fault.message))
        return failed

    def _end(self, tile: Tile) -> None:
        shown = self._now.pop(tile, None)
        if shown is not None and tile in self._recorded and (self._ends or shown[2] is not None):
            camera, reason, incident_id = shown
            self._known.discard((camera.id, reason, incident_id))
            self._bridge.act(ViewCamera(camera.id, reason, incident_id, ended=True), owner=self)
        self._recorded.discard(tile)
