"""Painting of queue rows: each row once into a pixmap, lamps apart, so that scrolling and ticking only copy pixels."""
from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap

from app.services.views import Flag, QueueRow
from widgets.models.queue_model import Column, QueueModel
from widgets.theme import fonts, shapes, tokens
from widgets.theme.tokens import Step, px

_KEPT_ROWS, _KEPT_LAMPS = 240, 600
_SINGLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextSingleLine)
_UNSENT, _CONFLICT, _SUPERVISED = int(Flag.UNSENT), int(Flag.CONFLICT), int(Flag.SUPERVISED)
_PASSED = int(Flag.PASSED)
_UNSENT_SIGN, _CONFLICT_SIGN = "↑", "✗"
_DIM = 0.45


@dataclass(frozen=True, slots=True)
class Slice:
    """Where a column lies in a row, in logical pixels."""

    column: Column
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class RowState:
    """What of a row's look is not in the incident itself."""

    unread: bool
    left: bool
    """ended or gone from this tab: only shown because the rows stand still"""
    selected: bool
    hovered: bool
    focused: bool


class RowPainter:
    """Paints rows of one view. `layout` sets where columns lie; anything that changes the look calls `forget`."""

    def __init__(self, model: QueueModel) -> None:
        self._model = model
        self._rows: OrderedDict[tuple[object, ...], tuple[QueueRow, QPixmap]] = OrderedDict()
        self._lamps: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._elided: dict[tuple[str, int, bool], str] = {}
        self._slices: tuple[Slice, ...] = ()
        self._width, self._height, self._ratio = 0, 1, 1.0
        self._supervised, self._unsent, self._conflict, self._passed = "", "", "", ""
        self.forget()

    def forget(self) -> None:
        """Drop everything painted: another theme, scale, language or layout."""
        self._rows.clear()
        self._lamps.clear()
        self._elided.clear()
        self._font, self._bold = fonts.font(Step.BODY), fonts.font(Step.BODY, bold=True)
        self._note = fonts.font(Step.NOTE, bold=True)
        self._metrics, self._bold_metrics = QFontMetrics(self._font), QFontMetrics(self._bold)

    def set_marks(self, supervised: str, unsent: str, conflict: str, passed: str = "") -> None:
        """Short words of the tags beside number and phase, in the reader's language."""
        self._supervised, self._unsent, self._conflict, self._passed = supervised, unsent, conflict, passed
        self.forget()

    def layout(self, slices: tuple[Slice, ...], width: int, height: int, ratio: float) -> None:
        """Where columns lie; `ratio` is the device's pixel ratio."""
        if (slices, width, height, ratio) != (self._slices, self._width, self._height, self._ratio):
            self._slices, self._width, self._height, self._ratio = slices, width, height, ratio
            self.forget()

    def lamp_slice(self) -> Slice | None:
        """Where the lamps are: the only part a tick repaints."""
        return next((s for s in self._slices if s.column == Column.LEFT), None)

    def paint(self, painter: QPainter, y: int, row: QueueRow, state: RowState) -> None:
        """One row with its lamp at `y` of the viewport."""
        key = (row.id, state)
        kept = self._rows.get(key)
        if kept is None or kept[0] is not row:
            pixmap = self._render(row, state)
            self._rows[key] = (row, pixmap)
            if len(self._rows) > _KEPT_ROWS:
                self._rows.popitem(last=False)
        else:
            pixmap = kept[1]
            self._rows.move_to_end(key)
        painter.drawPixmap(0, y, pixmap)
        at = self.lamp_slice()
        if at is not None:
            lamp, text = self._model.lamp(row), self._model.lamp_text(row)
            painter.drawPixmap(at.left + px(8), y, self._lamp(lamp, text, at.width - px(8), dim=state.left))

    # ---- pixmaps ---------------------------------------------------------------------------------------------------

    def _blank(self, width: int, height: int, *, clear: bool) -> QPixmap:
        pixmap = QPixmap(max(1, round(width * self._ratio)), max(1, round(height * self._ratio)))
        pixmap.setDevicePixelRatio(self._ratio)
        if clear:
            pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _render(self, row: QueueRow, state: RowState) -> QPixmap:
        theme = tokens.current()
        pixmap = self._blank(self._width, self._height, clear=False)
        ground = theme.selection if state.selected else theme.hover if state.hovered else theme.surface
        pixmap.fill(QColor(ground))
        painter = QPainter(pixmap)
        line = px(tokens.HAIRLINE_PX)
        painter.fillRect(0, self._height - line, self._width, line, QColor(theme.line))
        if state.selected:
            painter.fillRect(0, 0, px(3 if state.focused else 2), self._height, QColor(theme.accent))
        if state.left:
            painter.setOpacity(_DIM)
        for at in self._slices:
            self._cell(painter, at, row, state)
        painter.end()
        return pixmap

    def _cell(self, painter: QPainter, at: Slice, row: QueueRow, state: RowState) -> None:
        theme = tokens.current()
        if at.column == Column.LEFT:
            return
        if at.column == Column.LEVEL:
            side = min(self._height - px(10), px(22))
            mark = shapes.level_pixmap(row.level, side, self._ratio)
            painter.drawPixmap(at.left + (at.width - side) // 2, (self._height - side) // 2, mark)
            return
        bold = state.unread and at.column in (Column.NUMBER, Column.KIND)
        muted = at.column in (Column.GRID, Column.SOURCE, Column.PHASE, Column.HANDLER) or \
            (at.column == Column.NUMBER and not state.unread)
        rect = QRect(at.left + px(8), 0, at.width - px(10), self._height)
        if at.column == Column.NUMBER:
            rect = self._dot(painter, rect.adjusted(-px(8), 0, 0, 0), unread=state.unread)
        if at.column in (Column.PHASE, Column.NUMBER):
            rect = self._tag(painter, rect, row, at.column)
        text = self._model.text(row, at.column)
        if at.column == Column.HANDLER and not text:
            text = "—"
        if at.column == Column.NUMBER and self._bold_metrics.horizontalAdvance(text) > rect.width():
            text = text.rpartition("-")[2]
        painter.setFont(self._bold if bold else self._font)
        painter.setPen(QColor(theme.muted if muted else theme.text))
        painter.drawText(rect, _SINGLE, self._fit(text, rect.width(), bold=bold))

    def _dot(self, painter: QPainter, rect: QRect, *, unread: bool) -> QRect:
        """The unread mark; read rows keep its room so that numbers stay in line."""
        size = px(8)
        if unread:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.current().text))
            painter.drawEllipse(QRectF(rect.left(), (self._height - size) / 2, size, size))
            painter.restore()
        return rect.adjusted(size + px(5), 0, 0, 0)

    def _tag(self, painter: QPainter, rect: QRect, row: QueueRow, column: Column) -> QRect:
        """A short word at the right end of a cell: supervised by the phase, unsent or overtaken by the number."""
        theme = tokens.current()
        if column == Column.PHASE:
            word, colour = (self._supervised, theme.danger) if row.flags & _SUPERVISED else \
                (self._passed, theme.notice) if row.flags & _PASSED else ("", "")
        elif row.flags & _CONFLICT:
            word, colour = self._conflict, theme.danger
        else:
            word, colour = (self._unsent, theme.notice) if row.flags & _UNSENT else ("", "")
        if not word:
            return rect
        painter.setFont(self._note)
        painter.setPen(QColor(colour))
        metrics = QFontMetrics(self._note)
        wide = metrics.horizontalAdvance(word)
        if column == Column.NUMBER:
            number = self._model.text(row, column).rpartition("-")[2]
            if wide + px(4) + self._bold_metrics.horizontalAdvance(number) > rect.width():
                # the number is what the row is called by: where both have no room, the tag is a sign
                word = _CONFLICT_SIGN if row.flags & _CONFLICT else _UNSENT_SIGN
                wide = metrics.horizontalAdvance(word)
        painter.drawText(rect, _SINGLE | int(Qt.AlignmentFlag.AlignRight), word)
        return rect.adjusted(0, 0, -wide - px(4), 0)

    def _fit(self, text: str, width: int, *, bold: bool) -> str:
        key = (text, width, bold)
        fitted = self._elided.get(key)
        if fitted is None:
            if len(self._elided) > 20_000:
                self._elided.clear()
            metrics = self._bold_metrics if bold else self._metrics
            fitted = self._elided[key] = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return fitted

    def _lamp(self, lamp: str, text: str, width: int, *, dim: bool) -> QPixmap:
        key = (lamp, text, width, dim)
        pixmap = self._lamps.get(key)
        if pixmap is None:
            pixmap = self._lamps[key] = self._blank(width, self._height, clear=True)
            painter = QPainter(pixmap)
            painter.setOpacity(_DIM if dim else 1.0)
            need = shapes.lamp_size(text, self._bold)
            wide, high = min(need.width(), width - px(2)), min(need.height(), self._height - px(6))
            shapes.paint_lamp(painter, QRectF(0, (self._height - high) / 2, wide, high), lamp,
                              self._fit(text, round(wide), bold=True), self._bold)
            painter.end()
            if len(self._lamps) > _KEPT_LAMPS:
                self._lamps.popitem(last=False)
        return pixmap
