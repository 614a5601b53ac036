"""Drawing of the wall's panels: text in the tokens' sizes and colours, each piece recorded, so that tests can read
the wall."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.theme import shapes
from widgets.wall.look import Look

LEFT, RIGHT, CENTRE = "left", "right", "centre"


@dataclass(frozen=True, slots=True)
class Label:
    """One text as it stands on the wall. `rect` is the ink's own box (pixels of the panel). `must`: may never be
    cut."""

    text: str
    shown: str
    rect: QRectF
    size_px: int
    must: bool
    colour: str

    @property
    def cut(self) -> bool:
        """Whether a reader sees less than was meant."""
        return self.shown != self.text


class Ink:
    """A painter with the wall's look. Sizes are names of the type scale: small, body, large, huge, giant."""

    def __init__(self, painter: QPainter, look: Look, *, stale: bool = False) -> None:
        self.p = painter
        self.look = look
        self.stale = stale
        self.labels: list[Label] = []
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)

    # ---- measures --------------------------------------------------------------------------------------------------

    def em(self, size: str = "body") -> float:
        """Pixels of a type size."""
        return float(self.look.px(size))

    def font(self, size: str, bold: bool = False) -> QFont:
        """Font of a type size."""
        return self.look.font(size, bold)

    def width(self, text: str, size: str = "body", bold: bool = False) -> float:
        """Advance of a text in pixels."""
        return self.look.width(text, size, bold)

    def height(self, size: str = "body") -> float:
        """Height of one line of a size, ascent and descent."""
        return self.look.metrics(size, False).height()

    def colour(self, name: str) -> QColor:
        """A token's colour; everything but figures of the frame turns faint on stale data."""
        if self.stale and name in ("text", "muted", "accent"):
            name = "faint"
        return self.look.colour(name)

    # ---- text ------------------------------------------------------------------------------------------------------

    def text(self, rect: QRectF, text: str, size: str = "body", *, bold: bool = False, colour: str = "text",
             align: str = LEFT, may_cut: bool = False) -> float:
        """Draw one line in the middle of `rect`'s height; returns the width drawn.

        A text that is wider than `rect` is elided: allowed with `may_cut` only, for other people's free text.
        """
        if not text:
            return 0.0
        metrics = self.look.metrics(size, bold)
        wide = self.look.width(text, size, bold)
        shown = text
        if wide > rect.width() + 0.5:
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            wide = metrics.horizontalAdvance(shown)
        x = {LEFT: rect.left(), RIGHT: rect.right() - wide, CENTRE: rect.center().x() - wide / 2}[align]
        base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        self.p.setFont(self.font(size, bold))
        self.p.setPen(self.colour(colour))
        self.p.drawText(QPointF(x, round(base)), shown)
        self._record(text, shown, x, round(base), wide, metrics, size, not may_cut, colour)
        return wide

    def _record(self, text: str, shown: str, x: float, base: float, wide: float, metrics: QFontMetricsF, size: str,
                must: bool, colour: str) -> None:
        cap = metrics.capHeight()
        box = QRectF(x, base - cap, wide, cap + metrics.descent() * 0.4)
        self.labels.append(Label(text, shown, box, self.look.px(size), must, colour))

    def first_fit(self, variants: Sequence[str], width: float, size: str = "body", bold: bool = False) -> str:
        """The first of the variants that fits, longest first; the last one when none does."""
        for text in variants:
            if self.width(text, size, bold) <= width:
                return text
        return variants[-1]

    def first_size(self, text: str, width: float, sizes: Sequence[str], bold: bool = False) -> str:
        """The first of the sizes in which the text fits; the last one when none does."""
        for size in sizes:
            if self.width(text, size, bold) <= width:
                return size
        return sizes[-1]

    def wrap(self, text: str, width: float, size: str = "body", bold: bool = False, lines: int = 2) -> list[str]:
        """`text` in at most `lines` lines of `width`; the last one may still be too wide."""
        out: list[str] = []
        rest = text
        while rest and len(out) < lines - 1 and self.width(rest, size, bold) > width:
            cut = len(rest)
            while cut > 1 and self.width(rest[:cut], size, bold) > width:
                cut -= 1
            space = rest.rfind(" ", 0, cut + 1)
            if space > 0 and rest[cut - 1:cut + 1].isascii():
                cut = space
            out.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        return [*out, rest] if rest else out

    # ---- shapes ----------------------------------------------------------------------------------------------------

    def box(self, rect: QRectF, fill: str | None, line: str | None = None, radius: float | None = None,
            alpha: float = 1.0, width: float = 1.0) -> None:
        """A rounded rectangle."""
        self.p.setBrush(self._brush(fill, alpha) if fill else Qt.BrushStyle.NoBrush)
        thick = max(1.0, self.look.scale * width * 0.75)
        self.p.setPen(QPen(self.look.colour(line), thick) if line else QPen(Qt.PenStyle.NoPen))
        r = self.look.radius if radius is None else radius
        inner = rect.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2) if line else rect
        self.p.drawRoundedRect(inner, r, r)

    def _brush(self, name: str, alpha: float = 1.0) -> QBrush:
        colour = QColor(self.look.colour(name))
        colour.setAlphaF(alpha)
        return QBrush(colour)

    def rule(self, x1: float, y: float, x2: float) -> None:
        """A hairline."""
        self.p.setPen(QPen(self.look.colour("line"), max(1.0, self.look.scale * 0.6)))
        self.p.drawLine(QPointF(x1, y), QPointF(x2, y))

    def bar(self, rect: QRectF, share: float, colour: str = "accent") -> None:
        """A bar filled by `share` 0..1. A share above nothing shows at least a stroke."""
        r = rect.height() / 2
        self.box(rect, "line", radius=r)
        if share > 0:
            wide = max(rect.height(), rect.width() * min(share, 1.0))
            fill = QRectF(rect.left(), rect.top(), wide, rect.height())
            self.box(fill, "faint" if self.stale else colour, radius=r)

    def level_mark(self, rect: QRectF, level: int) -> None:
        """Priority in colour, Roman numeral and shape, in the middle of the left end of `rect`."""
        side = min(rect.width(), rect.height())
        shapes.paint_level(self.p, QRectF(rect.left(), rect.center().y() - side / 2, side, side), level,
                           self.look.tokens)

    def lamp(self, rect: QRectF, kind: str, text: str, align: str = RIGHT, size: str = "body") -> float:
        """The time left in its lamp at one end of `rect`; returns the width."""
        if self.stale and kind == "green":
            kind = "held"  # never green without fresh news
        font = self.font(size, True)
        want = shapes.lamp_size(text, font)
        high = min(rect.height(), want.height())
        x = rect.right() - want.width() if align == RIGHT else rect.left()
        box = QRectF(x, rect.center().y() - high / 2, want.width(), high)
        shapes.paint_lamp(self.p, box, kind, text, font, self.look.tokens)
        metrics = self.look.metrics(size, True)
        wide, base = metrics.horizontalAdvance(text), box.center().y() + (metrics.ascent() - metrics.descent()) / 2
        self._record(text, text, box.center().x() - wide / 2, base, wide, metrics, size, True, "lamp")
        return want.width()

    def tag(self, x: float, centre_y: float, text: str, *, size: str = "body", colour: str = "muted",
            filled: str | None = None, align: str = LEFT) -> float:
        """A word in a rounded frame; returns the width."""
        pad = self.em(size) * 0.5
        wide = self.width(text, size, True) + 2 * pad
        high = self.height(size) * 1.16
        left = x if align == LEFT else x - wide
        box = QRectF(left, centre_y - high / 2, wide, high)
        self.box(box, filled, None if filled else colour, radius=self.look.radius * 0.7, width=1.4)
        self.text(box, text, size, bold=True, colour=f"on_{filled}" if filled else colour, align=CENTRE)
        return wide

    def unit_mark(self, centre: QPointF, status: str, side: float) -> None:
        """A force by its status, in shape and colour."""
        box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
        shapes.paint_unit(self.p, box, status, self.look.tokens)

    def link_mark(self, centre: QPointF, state: str, side: float) -> None:
        """A link by its state: up a disc, stale a clock, down a cross, unknown a hatched ring."""
        if self.stale and state == "up":
            state = "unknown"
        colour = self.look.colour({"up": "lamp_green", "stale": "lamp_yellow", "down": "lamp_red"}.get(state, "faint"))
        pen = QPen(colour, max(1.5, side * 0.14))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        h = side / 2
        x, y = centre.x(), centre.y()
        if state == "up":
            self.p.setPen(QPen(Qt.PenStyle.NoPen))
            self.p.setBrush(colour)
            self.p.drawEllipse(centre, h * 0.9, h * 0.9)
            return
        self.p.setPen(pen)
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        if state == "down":
            self.p.drawLine(QPointF(x - h * 0.7, y - h * 0.7), QPointF(x + h * 0.7, y + h * 0.7))
            self.p.drawLine(QPointF(x - h * 0.7, y + h * 0.7), QPointF(x + h * 0.7, y - h * 0.7))
            return
        if state != "stale":
            self.p.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
        self.p.drawEllipse(centre, h * 0.85, h * 0.85)
        if state == "stale":
            self.p.drawLine(centre, QPointF(x, y - h * 0.5))
            self.p.drawLine(centre, QPointF(x + h * 0.4, y))
