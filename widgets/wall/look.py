"""The tokens at one wall's scale: colours by the names that its panels use, fonts with their metrics, both cached."""
from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from widgets.theme import fonts, tokens
from widgets.theme.tokens import Step

STEPS: Mapping[str, Step] = {"small": Step.BODY, "body": Step.LEAD, "large": Step.TITLE, "huge": Step.FIGURE,
                             "giant": Step.HERO}
"""The wall's names of the type scale; its smallest step is not used: too small to read from across a room."""
_PLAIN: Mapping[str, str] = {
    "unit_free": "unit_free", "lamp_green": "lamp_green_text", "lamp_yellow": "lamp_yellow_fill",
    "on_lamp_yellow": "lamp_yellow_text", "lamp_red": "lamp_red_fill", "on_lamp_red": "lamp_red_text",
    "on_danger": "ground", "on_notice": "ground", "on_good": "ground", "on_accent": "accent_text"}
WIDTHS_KEPT = 4_000


class Look:
    """Fonts and colours of one screen. Immutable: a change of theme or scale makes a new one."""

    def __init__(self, scale: float, theme: tokens.Tokens | None = None) -> None:
        self.scale = scale
        self.tokens = theme or tokens.current()
        self.radius = float(tokens.radius(scale))
        self._fonts: dict[tuple[str, bool], tuple[QFont, QFontMetricsF]] = {}
        self._widths: dict[tuple[str, str, bool], float] = {}
        self._colours: dict[str, QColor] = {}

    def px(self, size: str) -> int:
        """Pixels of a type size."""
        return tokens.size(STEPS[size], self.scale)

    def space(self, units: float = 1.0) -> float:
        """Pixels of a multiple of the 8 px grid."""
        return float(tokens.space(units, self.scale))

    def font(self, size: str, bold: bool = False) -> QFont:
        """The font of a type size, with tabular figures."""
        return self._font(size, bold)[0]

    def metrics(self, size: str, bold: bool = False) -> QFontMetricsF:
        """Its metrics."""
        return self._font(size, bold)[1]

    def width(self, text: str, size: str, bold: bool = False) -> float:
        """Advance of a text in pixels; kept, since a wall says the same words all day."""
        key = (text, size, bold)
        found = self._widths.get(key)
        if found is None:
            if len(self._widths) >= WIDTHS_KEPT:
                self._widths.clear()
            found = self._widths[key] = self.metrics(size, bold).horizontalAdvance(text)
        return found

    def _font(self, size: str, bold: bool) -> tuple[QFont, QFontMetricsF]:
        found = self._fonts.get((size, bold))
        if found is None:
            font = fonts.font(STEPS[size], bold=bold, at_scale=self.scale)
            found = self._fonts[size, bold] = (font, QFontMetricsF(font))
        return found

    def colour(self, name: str) -> QColor:
        """A token by its name; "level2", "on_level2", "level_text2", "warning_fill2", "load3" count from 1."""
        found = self._colours.get(name)
        if found is None:
            found = self._colours[name] = QColor(self._value(name))
        return found

    def _value(self, name: str) -> str:
        if name[-1].isdigit():
            base, step = name[:-1], int(name[-1]) - 1
            base = {"on_level": "level_ink", "load": "load_steps"}.get(base, base)
            return str(getattr(self.tokens, base)[step])
        return str(getattr(self.tokens, _PLAIN.get(name, name)))
