"""Controls on the desk's map: the layer panel (key L), the tool bar, the go-to field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from widgets.theme import fonts, tokens

LayerRow = tuple[str, str]


class Swatches(QWidget):
    """The four steps of the metric with their ranges."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts: Sequence[str] = ()

    def set_texts(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)
        self.setAccessibleName(" · ".join(texts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tokens.px(220), tokens.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(tokens.Step.NOTE))
        theme = tokens.current()
        width = self.width() / 4.0
        for number, text in enumerate(self._texts):
            box = QRectF(number * width + 1, 2, width - 3, tokens.px(12))
            painter.setPen(QPen(QColor(theme.faint), 1))
            painter.setBrush(QColor(theme.load_steps[number]))
            painter.drawRect(box)
            painter.setPen(QColor(theme.muted))
            painter.drawText(
                QRectF(number * width, tokens.px(16), width, tokens.px(22)), Qt.AlignmentFlag.AlignHCenter, text
            )


class LayerPanel(QFrame):
    """Check boxes per layer, the metric of the areas, its legend. It holds no truth: ``show_state`` sets it."""

    layer_toggled = Signal(str, bool)
    metric_chosen = Signal(str)

    def __init__(self, parent: QWidget, layers: Sequence[LayerRow], metrics: Sequence[LayerRow]) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.addWidget(self._heading(self.tr("Layers")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.space(2))
        self._boxes: dict[str, QCheckBox] = {}
        for number, (name, text) in enumerate(layers):
            box = QCheckBox(text, self)
            box.toggled.connect(lambda on, n=name: self.layer_toggled.emit(n, on))
            self._boxes[name] = box
            grid.addWidget(box, number // 2, number % 2)
        layout.addLayout(grid)
        self._names = dict(layers)
        note = self._heading(
            self.tr("Seen from afar, free forces are drawn near urgent work only, those off line not.")
        )
        note.setWordWrap(True)
        layout.addWidget(note)
        layout.addWidget(self._heading(self.tr("Areas coloured by")))
        self._group = QButtonGroup(self)
        self._choices: dict[str, QRadioButton] = {}
        for name, text in metrics:
            choice = QRadioButton(text, self)
            choice.clicked.connect(lambda _=False, n=name: self.metric_chosen.emit(n))
            self._choices[name] = choice
            self._group.addButton(choice)
            layout.addWidget(choice)
        self._swatches = Swatches(self)
        layout.addWidget(self._swatches)
        self.hide()

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", "note")
        return label

    def show_state(
        self, shown: Mapping[str, bool], metric: str, legend: Sequence[str], absent: Sequence[str] = ()
    ) -> None:
        """``absent`` layers have no data: their boxes cannot be ticked."""
        for name, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(shown.get(name, False) and name not in absent)
            box.setEnabled(name not in absent)
            box.setText(self.tr("{0} (none)").format(self._names[name]) if name in absent else self._names[name])
            box.blockSignals(False)
        if metric in self._choices:
            self._choices[metric].setChecked(True)
        self._swatches.set_texts(legend)
        self.adjustSize()


class GoToField(QLineEdit):
    """One line: coordinates, grid, number, camera, unit. Enter asks, Escape closes."""

    asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("Go to: coordinates, grid, number, camera, unit"))
        self.setAccessibleName(self.tr("Go to"))
        self.returnPressed.connect(self._on_return)
        self.hide()

    def _on_return(self) -> None:
        text = self.text().strip()
        if text:
            self.asked.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            parent = self.parentWidget()
            if parent is not None:
                parent.setFocus()
            return
        super().keyPressEvent(event)


class ToolBar(QFrame):
    """A column of small buttons; each has its key in its tool tip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(4, 4, 4, 4)
        self._layout.setSpacing(2)
        self._buttons: dict[str, tuple[QToolButton, QPainterPath]] = {}
        tokens.changed().connect(self.refresh)

    def add(
        self, name: str, path: QPainterPath, tip: str, clicked: Callable[[], None], checkable: bool = False
    ) -> None:
        button = QToolButton(self)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(clicked)
        self._buttons[name] = (button, path)
        self._layout.addWidget(button)

    def check(self, name: str) -> None:
        """Show which tool is in use ("" for none)."""
        for key, (button, _) in self._buttons.items():
            if button.isCheckable():
                button.setChecked(key == name)

    def refresh(self) -> None:
        """Paint the icons in the theme's ink at the screen's scale."""
        side = tokens.px(18)
        for button, path in self._buttons.values():
            button.setIcon(_icon(path, side, self.devicePixelRatioF()))
            button.setIconSize(QSize(side, side))
            button.setFixedSize(tokens.px(32), tokens.px(32))
        self.adjustSize()


def _icon(path: QPainterPath, side: int, ratio: float) -> QIcon:
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixmap.width() / 16.0, pixmap.height() / 16.0)
    painter.setPen(
        QPen(
            QColor(tokens.current().text),
            1.4,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    painter.drawPath(path)
    painter.end()
    return QIcon(pixmap)


def icon_path(name: str) -> QPainterPath:
    """Line drawings on a 16 × 16 field."""
    path = QPainterPath()
    if name in ("in", "out"):
        path.moveTo(3, 8)
        path.lineTo(13, 8)
        if name == "in":
            path.moveTo(8, 3)
            path.lineTo(8, 13)
    elif name == "fit":
        for x, y, dx, dy in ((2, 2, 1, 1), (14, 2, -1, 1), (14, 14, -1, -1), (2, 14, 1, -1)):
            path.moveTo(x + 4 * dx, y)
            path.lineTo(x, y)
            path.lineTo(x, y + 4 * dy)
    elif name == "work":
        path.addEllipse(QPointF(8, 8), 4.5, 4.5)
        for x0, y0, x1, y1 in ((8, 1, 8, 5), (8, 11, 8, 15), (1, 8, 5, 8), (11, 8, 15, 8)):
            path.moveTo(x0, y0)
            path.lineTo(x1, y1)
    elif name == "measure":
        path.moveTo(2, 12)
        path.lineTo(14, 4)
        for x, y in ((2, 12), (14, 4)):
            path.addEllipse(QPointF(x, y), 1.4, 1.4)
    elif name == "rectangle":
        path.addRect(QRectF(2.5, 4, 11, 8))
    elif name == "polygon":
        path.moveTo(3, 6)
        for x, y in ((9, 2), (14, 7), (11, 14), (4, 12), (3, 6)):
            path.lineTo(x, y)
    elif name == "radius":
        path.addEllipse(QPointF(8, 8), 6, 6)
        path.moveTo(8, 8)
        path.lineTo(14, 8)
    elif name == "goto":
        path.addEllipse(QPointF(7, 7), 4.5, 4.5)
        path.moveTo(10.5, 10.5)
        path.lineTo(14, 14)
    return path
