"""What is dragged between map, lists and tiles: a camera by its id."""
from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

CAMERA_MIME = "application/x-liandong-camera"


def camera_mime(camera_id: str) -> QMimeData:
    """A camera on its way."""
    data = QMimeData()
    data.setData(CAMERA_MIME, camera_id.encode())
    return data


def camera_of(data: QMimeData) -> str:
    """The id of the camera that is dragged; "" when it is something else."""
    return bytes(data.data(CAMERA_MIME).data()).decode(errors="replace") if data.hasFormat(CAMERA_MIME) else ""


def drag_camera(source: QWidget, camera_id: str) -> None:
    """Drag a camera until it is dropped somewhere or nowhere."""
    drag = QDrag(source)
    drag.setMimeData(camera_mime(camera_id))
    drag.exec(Qt.DropAction.CopyAction)
