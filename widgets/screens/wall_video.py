"""Keys of the wall for its camera tiles: what they show, how many, and whether visitors are in the room."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from app.services import video_orders
from app.services.seat import Seat
from widgets.bridge.bridge import Bridge

LAYOUT_KEYS = {Qt.Key.Key_0: 0, Qt.Key.Key_1: 1, Qt.Key.Key_2: 4, Qt.Key.Key_3: 9, Qt.Key.Key_4: 16, Qt.Key.Key_5: 25,
               Qt.Key.Key_6: 6}
"""1 to 5: so many tiles across and down; 6: one large and five small; 0: as many as there is room for"""


class WallVideo(QObject):
    """`key(event)` does what a key means and says whether it meant anything."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge

    def key(self, event: QKeyEvent) -> bool:
        """V, Shift+V: next and previous wall or patrol; 0 to 6: layout; Ctrl+Shift+V: visitors' mode on or off."""
        key = Qt.Key(event.key())
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_V and ctrl and shift:
            self._do(video_orders.set_visitors)
        elif key == Qt.Key.Key_V and not ctrl:
            self._do(lambda seat: video_orders.step_on_wall(seat, -1 if shift else 1))
        elif key in LAYOUT_KEYS and not ctrl and not shift:
            self._do(lambda seat: video_orders.set_count(seat, LAYOUT_KEYS[key]))
        else:
            return False
        return True

    def _do(self, order: Callable[[Seat], object]) -> None:
        self._bridge.ask(order, lambda _done: None, lambda _fault: None, owner=self)
