"""A panel with a title line that holds a widget of another room: the hourly chart, the camera tiles."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.wall.ink import Ink
from widgets.wall.slate import HEADER_LINES, Scene, Slate

Titles = Callable[[Scene], tuple[str, tuple[str, ...]]]
Absent = Callable[[Scene], tuple[str, ...]]


class Holder(Slate):
    """`titles(scene)` gives the title and the words on the right, longest first. The widget fills the rest.

    `absent(scene)`: what to say in the widget's place when nothing feeds it; () shows the widget.
    """

    def __init__(self, name: str, scene: Scene, titles: Titles, absent: Absent, child: QWidget,
                 parent: QWidget | None = None) -> None:
        self.NAME = name
        super().__init__(scene, parent)
        self._titles, self._absent = titles, absent
        self.child = child
        child.setParent(self)
        child.show()

    def draw(self, ink: Ink) -> None:
        """Just the title line."""
        title, right = self._titles(self.scene)
        area = self.header(ink, title, *right)
        self.say_empty(ink, area, *self._absent(self.scene))

    def take(self, scene: Scene) -> None:
        """Hide the widget while nothing feeds it."""
        super().take(scene)
        self.child.setVisible(not self._absent(scene))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The widget below the title."""
        super().resizeEvent(event)
        self.place()

    def place(self) -> None:
        """Give the widget its room (again after a change of scale)."""
        area = self.inner()
        high = round(self.line() * HEADER_LINES)
        pad = round(self.pad() * 0.5)
        self.child.setGeometry(round(area.left()), round(area.top()) + high, round(area.width()),
                               max(1, round(area.height()) - high - pad // 2))
