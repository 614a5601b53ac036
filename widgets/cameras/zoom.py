"""Digital zoom of a tile: which part of the picture fills it. Pure but for Qt's rectangles."""
from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

MOST, STEP = 8.0, 1.25
"""how far it enlarges, and by how much at a step of the wheel"""


@dataclass(frozen=True, slots=True)
class Zoom:
    """`factor` 1 shows all; `x`, `y`: the middle of what is shown, in shares of what the tile shows at factor 1."""

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def on(self) -> bool:
        """Whether only a part is shown."""
        return self.factor > 1.001

    def by(self, steps: float, at_x: float, at_y: float) -> Zoom:
        """Enlarged by wheel steps; what lies under the pointer (shares of the tile) stays there."""
        factor = min(MOST, max(1.0, self.factor * STEP ** steps))
        under_x, under_y = self.x + (at_x - 0.5) / self.factor, self.y + (at_y - 0.5) / self.factor
        return Zoom(factor, under_x - (at_x - 0.5) / factor, under_y - (at_y - 0.5) / factor)._inside()

    def moved(self, dx: float, dy: float) -> Zoom:
        """Drawn along with the pointer by shares of the tile."""
        return Zoom(self.factor, self.x - dx / self.factor, self.y - dy / self.factor)._inside()

    def _inside(self) -> Zoom:
        half = 0.5 / self.factor
        return Zoom(self.factor, min(1 - half, max(half, self.x)), min(1 - half, max(half, self.y)))

    def part(self, source: QRectF) -> QRectF:
        """The part of `source` that is shown."""
        wide, high = source.width() / self.factor, source.height() / self.factor
        return QRectF(source.left() + (self.x * source.width()) - wide / 2,
                      source.top() + (self.y * source.height()) - high / 2, wide, high)


WHOLE = Zoom()
