"""Today's intake by hour as bars: small, sharp, nothing on it can be clicked or dragged."""
from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from widgets.theme import fonts, tokens
from widgets.theme.tokens import Step

HOURS = 24
LABEL_EVERY = 6
HEADROOM = 1.16
"""so that the axis' top figure is not cut by the edge"""


def nice_top(most: int) -> int:
    """The axis' end for a highest value: one of 1, 2, 4, 5, 8, 10 times a power of ten, not below it and at least 4."""
    if most <= 4:
        return 4
    power = 10 ** (len(str(most)) - 1)
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(int(f * power) for f in steps if f * power >= most and f * power == int(f * power))


class BarItem(pg.GraphicsObject):
    """Bars on whole device pixels: edges stay sharp at any size, which anti-aliased rectangles are not."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: tuple[int, ...] = (0,) * HOURS
        self._now = -1
        self._top = 4

    def set_values(self, counts: Sequence[int], now_hour: int, top: int) -> None:
        """24 counts; the hour that still runs is drawn brighter, later ones are not drawn."""
        self.prepareGeometryChange()
        self._counts, self._now, self._top = tuple(int(c) for c in counts), now_hour, top
        self.update()

    def boundingRect(self) -> QRectF:
        """In axis units: hours across, incidents up."""
        return QRectF(-0.5, 0, HOURS, self._top)

    def paint(self, painter: QPainter, *_: object) -> None:
        """Snap each bar to device pixels and fill it."""
        device = painter.combinedTransform()
        theme = tokens.current()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for hour, count in enumerate(self._counts):
            if count <= 0:
                continue
            box = device.mapRect(QRectF(hour - 0.36, 0, 0.72, count))
            left, right, base = round(box.left()), round(box.right()), round(box.bottom())
            top = min(round(box.top()), base - 1)
            painter.fillRect(left, top, max(1, right - left), base - top,
                             QColor(theme.bar_now if hour == self._now else theme.bar))
        painter.restore()


class HourAxis(pg.AxisItem):
    """The hours below the bars."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """"0", "6", "12", "18"."""
        return [str(int(v)) for v in values]


class HourlyBars(pg.PlotWidget):
    """24 bars with the highest value and four hours named. `set_values(counts, now_hour)`; None: not connected."""

    def __init__(self, parent: QWidget | None = None, *, scale: float = 1.0) -> None:
        super().__init__(parent, axisItems={"bottom": HourAxis("bottom"), "left": pg.AxisItem("left")},
                         enableMenu=False)
        self.scale_ = scale
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setMinimumSize(1, 1)
        self.plotItem.setContentsMargins(0, 0, 0, 0)
        self.plotItem.getViewBox().setDefaultPadding(0)
        self.plotItem.getViewBox().setMenuEnabled(False)
        self.bars = BarItem()
        self.addItem(self.bars, ignoreBounds=True)
        self.setXRange(-0.5, HOURS - 0.5, padding=0)
        self.counts: tuple[int, ...] = ()
        self._dim = False
        tokens.changed().connect(self._on_look_changed)
        self.set_look(scale)
        self.set_values((0,) * HOURS, -1)

    def sizeHint(self) -> QSize:
        """Small; the layout gives it what is there."""
        return QSize(tokens.px(200, self.scale_), tokens.px(80, self.scale_))

    def set_look(self, scale: float) -> None:
        """Fonts and strokes for a scale."""
        self.scale_ = scale
        font: QFont = fonts.font(Step.BODY, at_scale=scale)
        theme = tokens.current()
        self.setBackground(QColor(theme.surface))
        ink = QColor(theme.faint if self._dim else theme.muted)
        for name in ("bottom", "left"):
            axis = self.getAxis(name)
            axis.setStyle(tickFont=font, tickLength=0, tickTextOffset=tokens.px(4, scale), autoExpandTextSpace=True,
                          hideOverlappingLabels=False, maxTickLevel=0)
            axis.setPen(QPen(QColor(theme.line), max(1.0, float(tokens.px(tokens.HAIRLINE_PX, scale)))))
            axis.setTextPen(ink)
        self.getAxis("bottom").setHeight(round(tokens.size(Step.BODY, scale) * 1.5))
        self.bars.update()

    def set_values(self, counts: Sequence[int], now_hour: int, *, dim: bool = False) -> None:
        """24 counts by local hour. `now_hour` (0..23) is the one that still runs, -1: none. `dim`: old data."""
        if len(counts) != HOURS:
            raise ValueError(f"{HOURS} counts are needed, got {len(counts)}")
        if dim != self._dim:
            self._dim = dim
            self.set_look(self.scale_)
        self.counts = tuple(int(c) for c in counts)
        top = nice_top(int(np.max(self.counts)))
        self.bars.set_values(self.counts, now_hour, top)
        self.setYRange(0, top * HEADROOM, padding=0)
        self.getAxis("left").setTicks([[(top, f"{top:,}")]])
        metrics = QFontMetricsF(fonts.font(Step.BODY, at_scale=self.scale_))
        self.getAxis("left").setWidth(math.ceil(metrics.horizontalAdvance(f"{top:,}")) + 2 * tokens.px(4, self.scale_))
        self.getAxis("bottom").setTicks([[(h, str(h)) for h in range(0, HOURS, LABEL_EVERY)]])
        self.setAccessibleDescription(QCoreApplication.translate("charts", "Intake by hour") + ": "
                                      + " ".join(map(str, self.counts)))

    def changeEvent(self, event: QEvent) -> None:
        """Language may change the description; nothing else is text."""
        super().changeEvent(event)

    def _on_look_changed(self) -> None:
        self.set_look(self.scale_)
