"""Tabs of the queue with their counts; they wrap into further lines where it is narrow."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from app.services.queue_order import SHOWN_TABS, TABS
from widgets.queue.words import tab_label, tr
from widgets.theme import color, fonts, tokens
from widgets.theme.tokens import Step, px


class Tab(QAbstractButton):
    """One tab: its label and, bold, its count; the count of overdue ones in red."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.count: int | None = None
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_count(self, count: int | None) -> None:
        """None: not known yet."""
        if count != self.count:
            wide = self.sizeHint().width()
            self.count = count
            self._name_it()
            if self.sizeHint().width() != wide:
                self.updateGeometry()
                parent = self.parentWidget()
                if isinstance(parent, TabStrip):
                    parent.arrange()
            self.update()

    def _name_it(self) -> None:
        shown = "…" if self.count is None else str(self.count)
        self.setAccessibleName(f"{self.text()} {shown}")

    def retranslate(self, number: int) -> None:
        """Label and tooltip in the language in use."""
        self.setText(tab_label(self.name))
        self.setToolTip(tr("{tab} (Ctrl+{number})", tab=self.text(), number=number % 10))
        self._name_it()

    def _parts(self) -> tuple[str, str]:
        return self.text(), "…" if self.count is None else str(self.count)

    def sizeHint(self) -> QSize:
        label, count = self._parts()
        metrics = self.fontMetrics()
        bold = fonts.font(Step.BODY, bold=True)
        wide = metrics.horizontalAdvance(label) + px(5) + QFontMetrics(bold).horizontalAdvance(count)
        return QSize(wide + px(16), px(30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(QPoint(0, 0), self.size()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse() or self.hasFocus():
            painter.setPen(color("accent") if self.isChecked() or self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(color("selection") if self.isChecked() else color("hover"))
            painter.drawRoundedRect(area, tokens.radius(), tokens.radius())
        label, count = self._parts()
        painter.setFont(fonts.font(Step.BODY))
        painter.setPen(color("text") if self.isChecked() or self.count else color("muted"))
        box = area.adjusted(px(7), 0, -px(7), 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label)
        painter.setFont(fonts.font(Step.BODY, bold=True))
        if self.name == "overdue" and self.count:
            painter.setPen(color("danger"))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        painter.end()


class TabStrip(QWidget):
    """All tabs; `chosen(name)` when the operator takes another one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.tabs: dict[str, Tab] = {}
        for name in SHOWN_TABS:
            tab = Tab(name, self)
            tab.setFont(fonts.font(Step.BODY))
            self._group.addButton(tab)
            self.tabs[name] = tab
        self._group.buttonClicked.connect(self._on_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, Tab):
            self.chosen.emit(button.name)

    def retranslate(self) -> None:
        """Labels in the language in use, fonts at the scale in use."""
        for number, tab in enumerate(self.tabs.values(), 1):
            tab.setFont(fonts.font(Step.BODY))
            tab.retranslate(number)
        self.arrange()

    def show_counts(self, counts: Mapping[str, int] | None) -> None:
        """Counts of all tabs; None while nothing is known."""
        for name, tab in self.tabs.items():
            tab.show_count(None if counts is None else counts.get(name, 0))
        self._show_rare()

    def choose(self, name: str) -> None:
        """Show a tab as chosen, without `chosen`."""
        self.tabs[name].setChecked(True)
        self._show_rare()

    def _show_rare(self) -> None:
        """A tab beyond the usual ones takes room only where something stands in it, or while it is chosen."""
        for name, tab in self.tabs.items():
            shown = name in TABS or bool(tab.count) or tab.isChecked()
            if shown == tab.isHidden():
                tab.setVisible(shown)
                self.arrange()

    def arrange(self) -> None:
        """Lay the tabs out in as many lines as the width needs."""
        lines = self._lines(max(1, self.width()))
        y = 0
        for line in lines:
            x = 0
            for tab, wide in line:
                tab.setGeometry(x, y, wide, px(30))
                x += wide + px(2)
            y += px(32)
        self.setFixedHeight(max(px(32), y))

    def _lines(self, room: int) -> Sequence[list[tuple[Tab, int]]]:
        lines: list[list[tuple[Tab, int]]] = [[]]
        used = 0
        for tab in self.tabs.values():
            if tab.isHidden():
                continue
            wide = tab.sizeHint().width()
            if used + wide > room and lines[-1]:
                lines.append([])
                used = 0
            lines[-1].append((tab, wide))
            used += wide + px(2)
        return lines

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(32))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()
