"""Video on the desk: the board of tiles, the camera over the map, snapshots into the incident, and their orders."""
from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Slot
from PySide6.QtGui import QImage

from app.domain.incident_process import OPEN_PHASES
from app.services import video_orders
from app.services.commands import Act, SaveSnapshot
from app.services.seat import Seat
from app.services.video_walls import COUNTS
from app.services.views import CameraRow, IncidentView, TimelineEntry
from app.text import plain, render
from widgets.bridge import Fault
from widgets.cameras.board import VideoBoard
from widgets.cameras.popup import CameraPopup
from widgets.cameras.state import CONNECTING, RECONNECTING
from widgets.cameras.still import Caption, StillTaker, compose, jpeg
from widgets.cameras.tile import Tile
from widgets.screens.desk_actions import Entry
from widgets.screens.desk_drones import DroneBar
from widgets.screens.desk_words import local, tr

if TYPE_CHECKING:
    from widgets.screens.desk_body import DeskBody

_OPEN = frozenset(OPEN_PHASES)
PICTURES_S = 15.0
"""so long after its start a picture of the desk waits for those of its tiles"""


class DeskVideo(QObject):
    """Made after the desk's panes; `board` is a pane of its own."""

    def __init__(self, body: DeskBody, board: VideoBoard) -> None:
        super().__init__(body)
        self._body, self.board = body, board
        facts = body.bridge.facts
        assert facts is not None
        self._nature = facts.nature
        self._began = body.clock.monotonic()
        self._shown_id: str | None = None
        self._full_from_left = False
        self.popup = CameraPopup(body.bridge, body.hub, body.clock, body.map, nature=facts.nature)
        self._taker = StillTaker(self)
        self.drones = DroneBar(body)
        body.alarms.add(self.drones.sounding)
        self.drones.changed.connect(body.alarms.again)
        board.snapshot_wanted.connect(self.snapshot)
        board.on_map.connect(self.show_on_map)
        board.full_wanted.connect(self.toggle_full)
        body.panes["video"].left_full.connect(self.toggle_full)
        body.panes["video"].moved.connect(self._on_moved)
        board.said.connect(self._on_said)
        board.list.export_wanted.connect(self.export)
        self.popup.snapshot_wanted.connect(self.snapshot)
        self.popup.to_board.connect(self.to_board)
        body.map.camera_picked.connect(self.popup.open)
        body.cameras.chosen.connect(self.popup.open)

    def show_view(self, view: IncidentView | None) -> None:
        """The incident that is selected: the reason of views from now on."""
        row = view.row if view is not None else None
        self.board.set_incident(row)
        self.popup.set_incident(row)
        if row is None or row.id == self._shown_id:  # read again only: the tab stays as it was left
            return
        self._shown_id = row.id
        if row.level <= 2 and row.phase in _OPEN:
            self._body.side.show_pane("cameras")

    def close_popup(self) -> bool:
        """Esc: close the camera over the map, its view ends; False when there is none."""
        if not self.popup.isVisible():
            return False
        self.popup.leave()
        return True

    def is_settled(self) -> bool:
        """Whether the tiles on show have their pictures, or have had their time."""
        body = self._body
        return body.clock.monotonic() - self._began > PICTURES_S or not any(
            t.isVisible() and t.state.state in (CONNECTING, RECONNECTING)
            for t in (*body.cameras.tiles, *self.board.grid.tiles))

    @Slot(object)
    def open_photo(self, entry: TimelineEntry) -> None:
        """An entry of the timeline: its photo is opened in the incident's panel."""
        body, view = self._body, self._body.incident.view
        if entry.photos and view is not None and entry.photos[0] in view.photos:
            body.right.setCurrentWidget(body.side)
            body.incident.show_photo(view.photos.index(entry.photos[0]))

    def stop(self) -> None:
        """The desk closes: all views end."""
        self.popup.looking.clear()
        self.board.close_views()

    # ---- orders ----------------------------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """Acts with their keys."""
        return [
            Entry("view", "video", lambda: tr("Video board"), "Shift+F6", self.toggle_board),
            Entry("view", "video_list", lambda: tr("All cameras: list and state"), "Ctrl+F6", self.show_list),
            Entry("view", "video_full", lambda: tr("Video board: full screen"), "Shift+F11", self.toggle_full),
            Entry("view", "visitors", lambda: tr("Visitors' mode on or off"), "Ctrl+Shift+V",
                  self.board.toggle_visitors),
            Entry("incident", "snapshot", lambda: tr("Snapshot of the camera into the incident"), "Ctrl+Shift+S",
                  self.snapshot_current),
        ]

    def order(self, command: str, words: str) -> None:
        """An order of the command line: video, wall, patrol, layout, snapshot, visitors."""
        board = self.board
        match command:
            case "visitors":
                board.toggle_visitors()
            case "snapshot":
                self.snapshot_current()
            case "wall":
                self._wall(words)
            case "layout":
                self.open_board()
                if words.strip().isdecimal() and int(words) in COUNTS:
                    board.set_count(int(words))
                else:
                    self._body.banner.bad(tr("Layouts are: {counts}", counts=", ".join(map(str, COUNTS))))
            case "patrol" if words.strip() in ("", "stop", "停", "停止"):  # not a text: what people type
                board.stop_patrol()
            case _:
                self.open_board()
                if words.strip():
                    board.show_named(words)

    def _wall(self, words: str) -> None:
        """"wall NAME", "wall 9", "wall auto": what the big wall shows, or in how many tiles."""
        if words.strip().isdecimal():
            count = int(words)
            told = tr("The big wall shows {n} tiles.", n=count) if count else tr("The big wall chooses its tiles.")
            self._body.bridge.ask(lambda seat: video_orders.set_count(seat, count),
                                  lambda _done: self._body.banner.good(told), self._refused, owner=self)
        else:
            self.board.put_on_wall(words)

    def toggle_board(self) -> None:
        """The video board in place of the queue, and back."""
        body = self._body
        if body.left.currentWidget() is body.panes["video"] and not body.panes["video"].torn:
            body.orders.focus("queue")
        else:
            self.open_board()

    def open_board(self) -> None:
        """Bring the board to the front, in whatever window it is."""
        self._body.orders.focus("video")

    def show_list(self) -> None:
        """The board with the list of all cameras."""
        self.open_board()
        self.board.show_list(not self.board.list.isVisible())

    @Slot()
    def toggle_full(self) -> None:
        """The board alone on the whole screen, and back into the desk."""
        body, pane = self._body, self._body.panes["video"]
        if pane.window_ is not None and pane.window_.isFullScreen():
            pane.dock()
            if self._full_from_left:
                self.open_board()
            return
        self._full_from_left = body.left.currentWidget() is pane and not pane.torn
        pane.tear()
        if pane.window_ is not None:
            pane.window_.showFullScreen()
            self.board.setFocus()
            self._on_moved()

    @Slot()
    def _on_moved(self) -> None:
        window = self._body.panes["video"].window_
        self.board.show_full(window is not None and window.isFullScreen())

    @Slot(str)
    def to_board(self, camera_id: str) -> None:
        """A camera from the map onto the board."""
        self.open_board()
        self.board.add_camera(camera_id)

    @Slot(str)
    def show_on_map(self, camera_id: str) -> None:
        """Ring a camera on the map and look there."""
        camera: CameraRow | None = self._body.map.feed.cameras.get(camera_id)
        if camera is not None and camera.lon is not None and camera.lat is not None:
            self._body.map.view.select("camera", camera_id)
            self._body.map.look_at(camera.lon, camera.lat)
        else:
            known = camera or self.board.rows.get(camera_id)
            self._body.banner.bad(tr("{name} has no place on the map.",
                                     name=plain(known.name) if known is not None else camera_id))

    @Slot(object)
    def export(self, rows: list[CameraRow]) -> None:
        """Write the cameras that the list shows into a file of the documents' folder and say where."""
        body = self._body
        facts, write = body.bridge.facts, body.desk.export_cameras
        if write is None or facts is None:
            body.banner.bad(tr("The list cannot be written in this program."))
            return
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
        path = folder / f"cameras-{local(body.clock.now().timestamp(), body.zone):%Y%m%d-%H%M%S}.xlsx"
        areas, zone = facts.book.areas, body.zone

        def run(_task: object) -> str:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(rows, areas, path, zone)
            return str(path)

        body.runner.run(run, lambda told: body.banner.good(tr("List written: {path}", path=told)), self._refused,
                        owner=self)

    # ---- snapshots -------------------------------------------------------------------------------------------------

    def snapshot_current(self) -> None:
        """Of the camera over the map, else of the board's tile, else of the first one beside the incident."""
        body = self._body
        tile = self.popup.tile if self.popup.isVisible() else None
        if tile is None and self.board.isVisible():
            tile = self.board.current_tile()
        if tile is None:
            tile = next((t for t in body.cameras.tiles if t.has_picture), None)
        if tile is None:
            body.banner.bad(tr("No camera is shown: open one first."))
        else:
            self.snapshot(tile, False)

    @Slot(object, bool)
    def snapshot(self, tile: Tile, to_file: bool) -> None:
        """Keep what a tile shows: in the open incident that is selected, or as a file where the role may."""
        body, view, camera = self._body, self._body.incident.view, tile.camera
        if camera is None:
            return
        if not to_file and (view is None or view.row.phase not in _OPEN):
            body.banner.bad(tr("No open incident is selected: a snapshot belongs to one. Select it first."))
            return
        shown = self._looking(tile)
        reason = shown[1] if shown is not None else ""
        row = view.row if view is not None and not to_file else None

        def taken(image: QImage, age_s: float) -> None:
            caption = self._caption(camera, age_s, row.number if row is not None else "")
            body.runner.run(lambda _task: jpeg(compose(image, caption)),
                            lambda data: self._keep(data, camera, caption, reason, row.id if row is not None else None),
                            self._refused, owner=self)

        self._taker.take(tile, taken, lambda: body.banner.bad(
            tr("No snapshot: there is no picture that is live now.")))

    def _looking(self, tile: Tile) -> tuple[CameraRow, str, str | None] | None:
        for looking in (self.board.looking, self.popup.looking, self._body.cameras.looking):
            shown = looking.shown(tile)
            if shown is not None:
                return shown
        return None

    def _caption(self, camera: CameraRow, age_s: float, number: str) -> Caption:
        facts = self._body.bridge.facts
        assert facts is not None
        at = local(self._body.clock.now().timestamp() - age_s, self._body.zone)
        who = f"{facts.seat_code} {facts.operator.name} {at:%Y-%m-%d %H:%M:%S}"
        second = " · ".join(w for w in (number, tr("seat {seat}", seat=facts.seat_code), facts.operator.name) if w)
        nature = {"demo": tr("Demonstration"), "drill": tr("Drill")}.get(self._nature, "")
        return Caption((f"{camera.name} · {at:%Y-%m-%d %H:%M:%S}", second), who, nature)

    def _keep(self, data: bytes, camera: CameraRow, caption: Caption, reason: str, incident_id: str | None) -> None:
        body, words = self._body, tr("Snapshot: {what}", what=caption.lines[0])

        def into_incident(seat: Seat) -> str:
            digest = seat.put_blob(data, "image/jpeg")
            _, faults = seat.do_all([Act(str(incident_id), "note", {"note": words, "photos": [digest]}),
                                     SaveSnapshot(camera.id, reason, digest, incident_id)])
            if (fault := next((f for f in faults if f is not None), None)) is not None:
                raise fault
            return words

        def into_file(seat: Seat) -> str:
            seat.do(SaveSnapshot(camera.id, reason, sha256(data).hexdigest()))
            path = snapshot_path(camera, body.clock.now().timestamp(), body.zone)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            return str(path)

        if incident_id is None:
            body.bridge.ask(into_file, lambda path: body.banner.good(tr("Snapshot written: {path}", path=path)),
                            self._refused, owner=self)
        else:
            body.bridge.ask(into_incident, lambda told: body.banner.good(
                tr("{what} is in the incident.", what=plain(told))), self._refused, owner=self)

    def _refused(self, fault: Fault) -> None:
        self._body.banner.bad(tr("Not done: {why}", why=plain(render(fault.message))))

    @Slot(str, bool)
    def _on_said(self, words: str, good: bool) -> None:
        if good:
            self._body.banner.good(words)
        else:
            self._body.banner.bad(words)


def snapshot_path(camera: CameraRow, now: float, zone: str) -> Path:
    """A new file in the pictures' folder, named by time and camera."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or Path.home())
    name = "".join(c if c.isalnum() else "-" for c in camera.name)[:40].strip("-")
    return folder / f"{local(now, zone):%Y%m%d-%H%M%S}-{name or 'camera'}.jpg"


