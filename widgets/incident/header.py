"""Head of the incident panel: level mark, kind, lamp with what is left of the limit, number and phase."""
from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.book import Book
from app.services.lamp import duration_text, lamp, left_s, time_left_text
from app.services.views import IncidentView, Lamp, QueueRow
from widgets.incident.words import plain, say, tr
from widgets.theme import Step, color, px
from widgets.theme.fonts import font
from widgets.theme.shapes import lamp_size, paint_lamp, paint_level

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def lamp_texts(row: QueueRow, now: float) -> tuple[str, str]:
    """(long, short) text of the lamp: "left 14:37 / 15:00" and "14:37"; overdue, held, no limit: the same twice."""
    short = plain(say(time_left_text(row, now)))
    left = left_s(row, now)
    if left is None or row.due_at is None or row.limit_from is None or lamp(row, now) == Lamp.RED:
        return short, short
    total = say(duration_text(row.due_at - row.limit_from))
    return tr("left {left} / {total}", left=short, total=total), short


class IncidentHeader(QWidget):
    """Painted whole; takes no focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: QueueRow | None = None
        self._kind = self._phase = self._long = self._short = ""
        self._lamp = Lamp.NONE
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_view(self, view: IncidentView, book: Book, now: float, lang: str) -> None:
        """Show an incident."""
        self._row = view.row
        self._kind = plain(book.label("kind", view.row.kind, lang))
        self._phase = plain(book.phase_label(view.row.phase, view.row.kind, lang))
        self.setAccessibleName(f"{self._kind} {plain(view.row.number)} {self._phase}")
        self.tick(now)
        self.update()

    def tick(self, now: float) -> None:
        """The clock went on."""
        if self._row is None:
            return
        state, (long, short) = lamp(self._row, now), lamp_texts(self._row, now)
        if (state, long) != (self._lamp, self._long):
            self._lamp, self._long, self._short = state, long, short
            self.update()

    def texts(self) -> tuple[str, str, str, str]:
        """What is shown: kind, number, phase, lamp."""
        return self._kind, plain(self._row.number) if self._row else "", self._phase, self._long

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(52))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._row is None:
            return
        painter = QPainter(self)
        big, body = font(Step.LEAD, bold=True), font(Step.BODY)
        mark = px(28)
        paint_level(painter, QRectF(px(12), px(4), mark, mark), self._row.level)
        left, right = px(12) + mark + px(10), self.width() - px(12)
        top = QRect(left, px(2), right - left, px(30))
        lamp_font = font(Step.BODY, bold=True)
        text = self._long
        wanted = lamp_size(text, lamp_font)
        if left + QFontMetrics(big).horizontalAdvance(self._kind) + px(8) + wanted.width() > right:
            text = self._short
            wanted = lamp_size(text, lamp_font)
        pill = QRectF(right - wanted.width(), top.center().y() - wanted.height() / 2, wanted.width(), wanted.height())
        paint_lamp(painter, pill, self._lamp, text, lamp_font)
        painter.setFont(big)
        painter.setPen(color("text"))
        room = max(px(24), int(pill.left()) - left - px(8))
        painter.drawText(top, _LEFT, QFontMetrics(big).elidedText(self._kind, Qt.TextElideMode.ElideRight, room))
        painter.setFont(body)
        painter.setPen(color("muted"))
        low = QRect(left, px(32), right - left, px(20))
        line = f"{plain(self._row.number)} · {self._phase}" if self._phase else plain(self._row.number)
        painter.drawText(low, _LEFT, QFontMetrics(body).elidedText(line, Qt.TextElideMode.ElideRight, low.width()))
        painter.end()

