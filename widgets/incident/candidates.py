"""Rows of recommended forces: who could go with figures and reasons, who was passed over and why."""
from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.services.book import Book
from app.services.views import Candidate, UnitRow
from widgets.incident.words import age_text, distance_text, plain, say, status_label, tr
from widgets.theme import Step, color, px
from widgets.theme.fonts import font
from widgets.theme.shapes import paint_unit

_INDEX = QModelIndex | QPersistentModelIndex
STALE_S = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One row ready to paint. `unit` None: no more than a word."""

    unit: UnitRow
    name: str
    status: str
    figures: str
    reasons: str
    passed_over: bool
    stale: bool


def candidate_line(candidate: Candidate, book: Book | None = None) -> Line:
    """A candidate: distance and expected minutes; then the age of its position and the seat's own reasons."""
    unit = candidate.unit
    figures = []
    if candidate.distance_m is not None:
        figures.append(distance_text(candidate.distance_m))
    if candidate.eta_s is not None:
        figures.append(tr("{n} min away", n=max(1, round(candidate.eta_s / 60))))
    age = candidate.position_age_s
    stale = age is None or age > STALE_S
    said = [] if age is None else [tr("{age} ago", age=age_text(age))]
    told = [m for m in candidate.reasons if figures or m.id != "no position"]  # "distance unknown" says it already
    said += [plain(say(m, book)) for m in told] or [tr("load {n}", n=unit.load)]
    return Line(unit, plain(unit.name), status_label(unit.status), " · ".join(figures) or tr("distance unknown"),
                " · ".join(s for s in said if s), False, stale)


class CandidateModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """Replace the rows; only repainted when their number stays."""
        if len(lines) == len(self.lines):
            self.lines = lines
            if lines:
                self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """One row."""
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def rowCount(self, parent: _INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: _INDEX, role: int = 0) -> object:
        line = self.line(index.row())
        if line is None or role != 0:
            return None
        return " · ".join(p for p in (line.name, line.status, line.figures, line.reasons) if p)

    def flags(self, index: _INDEX) -> Qt.ItemFlag:
        line = self.line(index.row())
        if line is None or line.passed_over:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class CandidateDelegate(QStyledItemDelegate):
    """Candidates on two lines, those passed over on one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _INDEX) -> None:
        model = index.model()
        line = model.line(index.row()) if isinstance(model, CandidateModel) else None
        if line is None:
            return
        painter.save()
        try:
            if line.passed_over:
                self._passed(painter, option.rect, font(Step.NOTE), line)
            else:
                self._candidate(painter, option, line)
        finally:
            painter.restore()

    def _passed(self, painter: QPainter, full: QRect, small: QFont, line: Line) -> None:
        rect = full.adjusted(px(12), 0, -px(12), 0)
        painter.setFont(small)
        painter.setPen(color("faint"))
        metrics = QFontMetrics(small)
        text = tr("✕ {name}: {why}", name=line.name, why=line.reasons)
        painter.drawText(rect, _LEFT, metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width()))

    def _candidate(self, painter: QPainter, option: QStyleOptionViewItem, line: Line) -> None:
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        if marked or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, color("selection" if marked else "hover"))
        rect = option.rect.adjusted(px(12), px(5), -px(12), -px(5))
        body, small, bold = font(Step.BODY), font(Step.NOTE), font(Step.BODY, bold=True)
        metrics, note = QFontMetrics(body), QFontMetrics(small)
        top = QRect(rect.left(), rect.top(), rect.width(), metrics.height())
        paint_unit(painter, QRectF(top.left(), top.center().y() - px(6), px(12), px(12)),
                   "unknown" if line.stale else line.unit.status)
        text = top.adjusted(px(20), 0, 0, 0)
        painter.setFont(body)
        painter.setPen(color("text"))
        right = metrics.horizontalAdvance(line.figures)
        painter.drawText(text, _RIGHT, line.figures)
        room = text.width() - right - px(12)
        status = metrics.horizontalAdvance(line.status) + px(8)
        name = QFontMetrics(bold).elidedText(line.name, Qt.TextElideMode.ElideRight, max(px(48), room - status))
        painter.setFont(bold)
        painter.drawText(text, _LEFT, name)
        used = QFontMetrics(bold).horizontalAdvance(name) + px(8)
        painter.setFont(body)
        painter.setPen(color("muted"))
        if used + status <= room + px(8):
            painter.drawText(text.adjusted(used, 0, 0, 0), _LEFT, line.status)
        painter.setFont(small)
        low = QRect(text.left(), top.bottom() + px(2), text.width(), note.height())
        painter.drawText(low, _LEFT, note.elidedText(line.reasons, Qt.TextElideMode.ElideRight, low.width()))
        painter.fillRect(option.rect.left() + px(12), option.rect.bottom(), option.rect.width() - px(24), 1,
                         color("line"))

    def sizeHint(self, option: QStyleOptionViewItem, index: _INDEX) -> QSize:
        model = index.model()
        line = model.line(index.row()) if isinstance(model, CandidateModel) else None
        note = QFontMetrics(font(Step.NOTE)).height()
        if line is None or line.passed_over:
            return QSize(px(120), note + px(8))
        return QSize(px(120), QFontMetrics(font(Step.BODY)).height() + note + px(13))


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class CandidateList(QListView):
    """Tells which row the mouse is over, when Enter is pressed, and that keys or pointer are `used`."""

    hovered = Signal(object)
    entered_key = Signal(bool)
    used = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.used.emit()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.used.emit()
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self.hovered.emit(index.row() if index.isValid() else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_key.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return
        self.used.emit()
        super().keyPressEvent(event)
