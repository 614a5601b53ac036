"""What hands do with tiles: wheel zooms under the pointer, double click resets or enlarges, drag swaps, drop shows."""
from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from widgets.cameras.tile import Tile
from widgets.cameras.zoom import WHOLE
from widgets.models.dragging import camera_of, drag_camera

WHEEL_STEP = 120


class TileHands(QObject):
    """Signals: `dropped(tile, camera id, tile it came from or None)` · `double_clicked(tile)` on one that shows all ·
    `menu_asked(tile, global QPoint)` · `pressed(tile)`."""

    dropped = Signal(object, str, object)
    double_clicked = Signal(object)
    menu_asked = Signal(object, QPoint)
    pressed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._press: QPointF | None = None
        self._moved = False

    def take(self, tile: Tile) -> None:
        """Serve a tile from now on."""
        tile.setAcceptDrops(True)
        tile.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, Tile):
            return False
        match event:
            case QWheelEvent():
                return self._wheel(watched, event)
            case QDropEvent() if event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
                return self._drop(watched, event)
            case QMouseEvent():
                return self._mouse(watched, event)
            case QContextMenuEvent():
                self.menu_asked.emit(watched, event.globalPos())
                return True
        return False

    @staticmethod
    def _wheel(tile: Tile, event: QWheelEvent) -> bool:
        if not tile.has_picture:
            return False
        at = event.position()
        tile.set_zoom(tile.zoom.by(event.angleDelta().y() / WHEEL_STEP, at.x() / max(1, tile.width()),
                                   at.y() / max(1, tile.height())))
        event.accept()
        return True

    def _mouse(self, tile: Tile, event: QMouseEvent) -> bool:
        if event.button() == Qt.MouseButton.LeftButton and event.type() == QEvent.Type.MouseButtonPress:
            self._press, self._moved = event.position(), False
            self.pressed.emit(tile)
            return True
        if event.type() == QEvent.Type.MouseMove and self._press is not None \
                and event.buttons() & Qt.MouseButton.LeftButton:
            self._move(tile, event.position())
            return True
        if event.type() == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            moved, self._press, self._moved = self._moved, None, False
            return moved
        if event.type() == QEvent.Type.MouseButtonDblClick and event.button() == Qt.MouseButton.LeftButton:
            if tile.zoom.on:
                tile.set_zoom(WHOLE)
            else:
                self.double_clicked.emit(tile)
            return True
        return False

    def _move(self, tile: Tile, at: QPointF) -> None:
        """A zoomed picture is drawn along; from any other tile the camera is dragged away."""
        assert self._press is not None
        delta = at - self._press
        if not self._moved and delta.manhattanLength() < QApplication.startDragDistance():
            return
        self._moved = True
        if tile.zoom.on:
            tile.set_zoom(tile.zoom.moved(delta.x() / max(1, tile.width()), delta.y() / max(1, tile.height())))
            self._press = at
        elif tile.camera is not None:
            self._press = None
            drag_camera(tile, tile.camera.id)

    def _drop(self, tile: Tile, event: QDropEvent) -> bool:
        camera_id = camera_of(event.mimeData())
        source = event.source()
        if not camera_id or source is tile:
            event.ignore()
            return True
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(tile, camera_id, source if isinstance(source, Tile) else None)
        elif isinstance(event, QDragEnterEvent):
            event.accept()
        return True
