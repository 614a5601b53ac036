"""What is read and not chosen from is moved by the keys."""
from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QListView

from widgets.theme import px

_ACTION = QAbstractSlider.SliderAction
_KEYS = {Qt.Key.Key_Up: _ACTION.SliderSingleStepSub, Qt.Key.Key_Down: _ACTION.SliderSingleStepAdd,
         Qt.Key.Key_PageUp: _ACTION.SliderPageStepSub, Qt.Key.Key_PageDown: _ACTION.SliderPageStepAdd,
         Qt.Key.Key_Home: _ACTION.SliderToMinimum, Qt.Key.Key_End: _ACTION.SliderToMaximum}
STEP = 40


def scrolls(area: QAbstractScrollArea, event: QKeyEvent) -> bool:
    """Move what an area shows, when the key is one of those; they do nothing else there, also at its end."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    action = next((a for k, a in _KEYS.items() if k == event.key()), None)
    if action is None:
        return False
    bar = area.verticalScrollBar()
    bar.setSingleStep(px(STEP))
    bar.triggerAction(action)
    return True


class ReadList(QListView):
    """A list that is read: nothing in it is current."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not scrolls(self, event):
            super().keyPressEvent(event)
