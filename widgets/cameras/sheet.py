"""A sheet of all faces that a tile can have, side by side: what to know them by."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.faults import Message
from app.ports import Clock
from app.services import streams as sv
from app.services.views import CameraRow
from widgets.cameras import state as st
from widgets.cameras.state import TileState
from widgets.cameras.tile import Tile, say
from widgets.cameras.zoom import Zoom
from widgets.theme import tokens
from widgets.theme.tokens import Step

ACROSS = 5


@dataclass(frozen=True, slots=True)
class Face:
    """One state as a tile shows it. `picture`: whether a frame lies below; `age_s`: of that frame."""

    state: TileState
    picture: bool = False
    age_s: float = 0.1
    pinned: str | None = None
    visitors: bool = False
    masked: bool = False
    zoom: float = 1.0
    camera: bool = True
    nature: str = "live"


def all_faces() -> Iterator[Face]:
    """Every face, the good ones first."""
    play = TileState(st.PLAYING, mode=st.LIVE, delay_s=0.2)
    yield Face(play, True)
    yield Face(replace(play, mode=st.KEYFRAME), True, 1.5)
    yield Face(replace(play, mode=st.SNAPSHOT), True, 4.0)
    yield Face(replace(play, mode=st.KEYFRAME), True, 0.5, pinned=st.KEYFRAME)
    yield Face(TileState(st.PLAYING, mode=st.FILE), True, nature="demo")
    yield Face(TileState(st.STILL, mode=st.STILL_MODE), True)
    yield Face(play, True, masked=True)
    yield Face(play, True, visitors=True)
    yield Face(play, True, zoom=2.4)
    yield Face(play, True, 7.0)
    yield Face(TileState(st.RECONNECTING, mode=st.LIVE, tries=2, cause=sv.ENDED, why=Message("the stream ended")), True,
               21.0)
    yield Face(TileState(st.CONNECTING))
    for cause, why in ((sv.REFUSED, Message("connection refused")),
                       (sv.NO_HOST, Message("no such host: {host}", {"host": "camera-17.example"})),
                       (sv.TIMED_OUT, Message("no answer in time")), (sv.ENDED, Message("the stream ended"))):
        yield Face(TileState(st.RECONNECTING, tries=3, cause=cause, why=why))
    yield Face(TileState(st.REFUSED, why=Message("the camera refuses the log-in")))
    yield Face(TileState(st.NO_RIGHT, why=Message("Your role may not look at cameras.")))
    yield Face(TileState(st.UNSUPPORTED, why=Message("{what} cannot be played", {"what": "vp9"})))
    yield Face(TileState(st.NEEDS_REASON))
    yield Face(TileState(st.NOT_CONNECTED))
    yield Face(TileState(), camera=False)


class FaceSheet(QWidget):
    """All faces in rows. Pictures are drawn, not taken: this is a legend."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[Tile] = []
        grid = QGridLayout(self)
        gap = tokens.space(1)
        grid.setContentsMargins(gap, gap, gap, gap)
        grid.setSpacing(gap)
        now = time.perf_counter()
        for at, face in enumerate(all_faces()):
            tile = Tile(self, nature=face.nature, step=Step.BODY)
            tile.clock = clock
            grid.addWidget(tile, at // ACROSS, at % ACROSS)
            self._dress(tile, face, at, now)
            self.tiles.append(tile)

    @staticmethod
    def _dress(tile: Tile, face: Face, at: int, now: float) -> None:
        if not face.camera:
            tile.empty_word = say("drop a camera here")
            return
        tile.set_camera(CameraRow(f"face{at}", say("Camera {n}", n=at + 1), "fixed", None, None, None, None, None,
                                  "online", None, None, (), True, "rtsp://x"))
        tile.pinned, tile.visitors, tile.masked = face.pinned, face.visitors, face.masked
        if face.picture:
            frame_at = now - face.age_s
            tile.set_frame(scenery(face.masked), replace(face.state, frame_at=frame_at, heard_at=frame_at))
            tile.set_zoom(Zoom(face.zoom, 0.55, 0.6))
        else:
            tile.set_state(face.state)
        tile.tick(now)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground between the tiles."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(tokens.current().ground))
        painter.end()


def scenery(masked: bool) -> QImage:
    """A drawn street: sky, houses, road; with a mask where one is shown."""
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sky = QLinearGradient(QPointF(0, 0), QPointF(0, 200))
    theme = tokens.current()
    sky.setColorAt(0, QColor(theme.camera))
    sky.setColorAt(1, QColor(theme.on_scrim))
    painter.fillRect(0, 0, 640, 200, QBrush(sky))
    for i, (high, colour) in enumerate(((120, theme.component), (90, theme.drone), (150, theme.camera_off),
                                        (70, theme.component), (130, theme.camera))):
        painter.fillRect(20 + i * 125, 210 - high, 105, high, QColor(colour))
    painter.fillRect(0, 210, 640, 150, QColor(theme.camera_off))
    for x in range(10, 640, 120):
        painter.fillRect(x, 280, 60, 8, QColor(theme.on_scrim))
    if masked:
        painter.fillRect(265, 60, 110, 150, QColor(theme.scrim))
    painter.end()
    return image
