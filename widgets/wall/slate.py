"""A panel of the wall: a painted surface with a title line, its states, and a record of every text on it."""
from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import tzinfo
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.faults import Message
from widgets.wall.ink import LEFT, RIGHT, Ink, Label
from widgets.wall.look import Look
from widgets.wall.phrases import age_text, say
from widgets.wall.snapshot import WallSnapshot

log = logging.getLogger(__name__)
HEADER_LINES = 1.35


@dataclass(slots=True)
class Scene:
    """What all panels are painted from: one snapshot, the present second of the district, and how fresh the data is."""

    look: Look
    snapshot: WallSnapshot | None = None
    now: float = 0.0
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    lang: str = "zh_CN"
    stale: bool = False
    """older than its limit: greyed, with its age"""
    lost_since: float | None = None
    """district time since when the seat does not answer; None while it does"""
    fault: Message | None = None

    @property
    def age_s(self) -> float:
        """How old the data is, in seconds of the district."""
        return 0.0 if self.snapshot is None else max(0.0, self.now - self.snapshot.at)


class Slate(QWidget):
    """Base of the painted panels. Subclasses draw; a fault in drawing is logged once and leaves the panel's title."""

    NAME = ""
    FRAMED = True
    DIMS = True
    """whether its texts turn faint on old data"""

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(self.NAME)
        self.scene = scene
        self.labels: list[Label] = []
        self._faulty = False

    def take(self, scene: Scene) -> None:
        """Be painted from this scene from now on, whenever that is."""
        self.scene = scene

    def show_scene(self, scene: Scene) -> None:
        """Take the new scene and repaint."""
        self.take(scene)
        self.update()

    def line(self) -> float:
        """Height of a line of body text."""
        return self.scene.look.px("body") * 1.5

    def pad(self) -> float:
        """Space between frame and content."""
        return self.scene.look.space(1.25)

    def inner(self) -> QRectF:
        """The panel without its frame's padding."""
        pad = self.pad()
        return QRectF(self.rect()).adjusted(pad, pad * 0.5, -pad, -pad * 0.8)

    def texts(self) -> list[str]:
        """All texts on the panel as they were meant, in drawing order."""
        return [label.text for label in self.labels]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint; never raises."""
        painter = QPainter(self)
        ink = Ink(painter, self.scene.look, stale=self.scene.stale and self.DIMS)
        try:
            if self.FRAMED:
                ink.box(QRectF(self.rect()), "surface", "line")
            self.draw(ink)
            self._faulty = False
        except Exception:
            if not self._faulty:
                log.exception("wall panel %s cannot be drawn", self.NAME)
            self._faulty = True
        finally:
            painter.end()
        if [x.text for x in ink.labels] != self.texts():
            self.setAccessibleDescription("\n".join(x.text for x in ink.labels))
        self.labels = ink.labels

    def draw(self, ink: Ink) -> None:
        """Paint the content into `self.rect()`."""

    def header(self, ink: Ink, title: str, *right: str) -> QRectF:
        """Title line with a word on the right (the first variant that fits); returns the space below it."""
        area = self.inner()
        high = round(self.line() * HEADER_LINES)
        top = QRectF(area.left(), area.top(), area.width(), high)
        used = ink.text(top, title, bold=True)
        room = area.width() - used - ink.em() * 0.8
        if self.scene.stale and self.scene.snapshot is not None:
            right = (age_text(self.scene.age_s),)
        word = next((r for r in right if ink.width(r, "small") <= room), "") if right else ""
        if word:
            ink.text(top, word, "small", colour="notice" if self.scene.stale else "muted", align=RIGHT)
        return QRectF(area.left(), area.top() + high, area.width(), max(0.0, area.height() - high))

    def say_empty(self, ink: Ink, area: QRectF, *lines: str) -> None:
        """What stands where there is nothing: first line muted, further ones faint, wrapped to the width."""
        y = area.top()
        for i, text in enumerate(lines):
            size = "body" if i == 0 else "small"
            for part in ink.wrap(text, area.width(), size, lines=3):
                high = ink.height(size) * 1.15
                if y + high > area.bottom() + 1:
                    return
                ink.text(QRectF(area.left(), y, area.width(), high), part, size,
                         colour="muted" if i == 0 else "faint", align=LEFT, may_cut=True)
                y += high

    def waiting(self, ink: Ink, title: str) -> bool:
        """Paint the loading state; true while there is no snapshot yet."""
        if self.scene.snapshot is not None:
            return False
        area = self.header(ink, title)
        self.say_empty(ink, area, say("waiting for data"))
        return True


def rows_that_fit(height: float, least: float, count: int) -> tuple[int, int]:
    """How many of `count` rows of at least `least` pixels are shown in `height`, and how many "+N more" stands for.

    When not all fit, the last place is given to "+N more".
    """
    room = int(height // least) if least > 0 else 0
    if count <= room:
        return count, 0
    shown = max(0, room - 1)
    return shown, count - shown
