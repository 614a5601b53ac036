"""The rectangle being painted."""

from __future__ import annotations

from widgets.map.layers import IntArray
from widgets.map.mercator import detail_zoom, pixels_per_unit
from widgets.map.scene import ScaledShapes


class Frame:
    """One rectangle to paint: zoom, world pixel of its corner, size; ``detail`` decides how much is shown."""

    def __init__(
        self, zoom: float, dpr: float, left: float, top: float, width: int, height: int, scale: float = 1.0
    ) -> None:
        self.zoom, self.left, self.top, self.width, self.height = zoom, left, top, width, height
        self.ppu = pixels_per_unit(zoom, dpr)
        self.detail = detail_zoom(zoom, scale)

    def shift(self, layer: ScaledShapes) -> tuple[float, float]:
        """The rectangle's corner in the layer's own pixels."""
        return self.left - layer.origin[0] * self.ppu, self.top - layer.origin[1] * self.ppu

    def pick(self, layer: ScaledShapes, margin: float) -> tuple[IntArray, float, float]:
        """Features in the rectangle and the shift from the layer's pixels to the rectangle's."""
        dx, dy = self.shift(layer)
        box = (dx - margin, dy - margin, dx + self.width + margin, dy + self.height + margin)
        return layer.at(self.ppu).inside(box), dx, dy

    def box(self, margin: float) -> tuple[float, float, float, float]:
        """The rectangle in world units, widened by ``margin`` px."""
        return (
            (self.left - margin) / self.ppu,
            (self.top - margin) / self.ppu,
            (self.left + self.width + margin) / self.ppu,
            (self.top + self.height + margin) / self.ppu,
        )
