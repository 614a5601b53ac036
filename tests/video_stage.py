"""Streams, hub and bridge over a seat, with tiles on a host: for the tests of live video."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.services.seat import Seat
from app.video.supervisor import Supervisor
from tests.fakes import video_clips
from tests.widgets.wall_stage import until
from widgets.bridge import Bridge, Runner
from widgets.cameras.feeds import FeedHub
from widgets.cameras.looking import Looking
from widgets.cameras.tile import Tile


def number_on(tile: QWidget) -> int | None:
    """The bar code as it is painted on the widget."""
    image = tile.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return video_clips.read(grey[:, :image.width()])


class VideoStage:
    """Closed at the end by `close`, which leaves no thread, timer or window."""

    def __init__(self, open_seat: Callable[[], Seat]) -> None:
        self.streams = Supervisor(cores=2)
        self.host = QWidget()
        self.host.resize(660, 380)
        self.runner = Runner()
        self.hub = FeedHub(self.runner, streams=self.streams)
        self.bridge = Bridge(open_seat, drain_ms=20, poll_ms=20)
        self.bridge.start()
        assert until(lambda: self.bridge.facts is not None)
        self.looking = Looking(self.bridge, self.hub, self.host)
        self.host.show()

    def tile(self, width: int = 480, height: int = 270, nature: str = "live") -> Tile:
        """A tile on show."""
        tile = Tile(self.host, nature=nature)
        tile.resize(width, height)
        tile.show()
        return tile

    def close(self) -> None:
        """End all views, then everything."""
        self.looking.clear()
        until(lambda: self.bridge.idle)
        self.hub.close()
        self.streams.close()
        self.runner.close()
        self.bridge.close()
        self.host.close()
        for thing in (self.host, self.runner, self.hub, self.bridge):
            thing.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
