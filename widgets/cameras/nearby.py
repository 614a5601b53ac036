"""The desk's two tiles beside the selected incident. Every look is recorded, with the incident as its reason."""
from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.seat import Seat
from app.services.view_reasons import BESIDE_INCIDENT
from app.services.views import CameraRow, QueueRow
from widgets.bridge.bridge import Bridge
from widgets.cameras.feeds import FeedHub
from widgets.cameras.looking import Looking
from widgets.cameras.tile import Tile, say
from widgets.theme import tokens
from widgets.theme.labels import Label, set_role
from widgets.theme.tokens import Step

TILES = 2
MOST_M = 1_000.0
"""a camera further off shows nothing of the incident"""


class NearbyCameras(QWidget):
    """`show_incident(row)` finds the nearest cameras and shows them; None ends all views. `chosen(camera id)` on a
    click.

    States: nothing selected, looking for cameras, none within a kilometre, tiles (each with its own state).
    """

    chosen = Signal(str)

    def __init__(self, bridge: Bridge, hub: FeedHub, parent: QWidget | None = None, *, nature: str = "live",
                 tiles: int = TILES) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.looking = Looking(bridge, hub, self)
        self._row: QueueRow | None = None
        self._cameras: tuple[CameraRow, ...] = ()
        self._state = "nothing"
        self._note = Label("", "muted", self)
        self._note.setWordWrap(True)
        self.tiles = [Tile(self, nature=nature) for _ in range(tiles)]
        row = QHBoxLayout()
        row.setSpacing(tokens.space(0.5))
        for tile in self.tiles:
            tile.chosen.connect(self.chosen)
            row.addWidget(tile, 1)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.space(0.5))
        layout.addLayout(row, 1)
        layout.addWidget(self._note)
        layout.addStretch(0)
        self._say()

    @property
    def note(self) -> str:
        """The sentence below the tiles."""
        return self._note.text()

    def show_incident(self, row: QueueRow | None) -> None:
        """Show the cameras nearest to an incident. The same incident in the same place changes nothing."""
        old, self._row = self._row, row
        if row is None or row.lon is None or row.lat is None:
            self._cameras = ()
            self._state = "nothing" if row is None else "no_point"
            self._put()
            return
        if old is not None and (old.id, old.lon, old.lat) == (row.id, row.lon, row.lat):
            return
        self._cameras, self._state = (), "searching"
        self._put()
        lon, lat, count, incident_id = row.lon, row.lat, len(self.tiles), row.id

        def near(seat: Seat) -> tuple[str, list[CameraRow]]:
            return incident_id, seat.nearest_cameras(lon, lat, count)

        self._bridge.ask(near, self._on_near, owner=self, key="near")

    def _on_near(self, answer: tuple[str, list[CameraRow]]) -> None:
        incident_id, cameras = answer
        if self._row is None or self._row.id != incident_id:
            return
        self._cameras = tuple(c for c in cameras if c.distance_m is None or c.distance_m <= MOST_M)
        self._state = "found" if self._cameras else "none"
        self._put()

    def _put(self) -> None:
        """Only what is on screen is looked at."""
        incident_id = self._row.id if self._row else None
        for i, tile in enumerate(self.tiles):
            camera = self._cameras[i] if i < len(self._cameras) and self.isVisible() else None
            self.looking.show(tile, camera, BESIDE_INCIDENT, incident_id)
            tile.setVisible(bool(self._cameras) and i < max(1, len(self._cameras)))
        self._column.setStretch(0, 1 if self._cameras else 0)  # without tiles the note stands where they would begin
        self._column.setStretch(2, 0 if self._cameras else 1)
        self._say()

    def _say(self) -> None:
        self._note.setText({"nothing": say("Select an incident to see the cameras beside it."),
                            "no_point": say("The incident has no point on the map yet."),
                            "searching": say("Looking for cameras nearby"),
                            "none": say("No camera within {n} m.", n=f"{MOST_M:.0f}"),
                            "found": say("Viewing is recorded with your name and this incident.")}[self._state])
        set_role(self._note, "note" if self._state == "found" else "muted")

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to look."""
        super().showEvent(event)
        self._put()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the views end."""
        super().hideEvent(event)
        self._put()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            for tile in self.tiles:
                tile.update()

    def heightForWidth(self, width: int) -> int:
        """Tiles of 16:9 side by side and a line below."""
        return round(width / len(self.tiles) * 9 / 16) + round(tokens.size(Step.NOTE) * 2.2)

    def hasHeightForWidth(self) -> bool:
        """The tiles keep their shape."""
        return True
