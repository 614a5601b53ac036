"""The bundled fonts (Noto Sans CJK SC, regular and bold) and the fonts of the type scale, with tabular figures.

    fonts.register()                       # once, after QGuiApplication exists; parts and `font` do it by themselves
    painter.setFont(fonts.font(Step.LEAD, bold=True, at_scale=2.0))
"""
from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from widgets.theme.tokens import Step, size

log = logging.getLogger(__name__)

FAMILY = "Noto Sans CJK SC"
FALLBACKS = ("Source Han Sans SC", "Microsoft YaHei UI", "PingFang SC", "Noto Sans SC", "WenQuanYi Micro Hei")
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"
FILES = ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf")


class _State:
    application: object | None = None


def register() -> bool:
    """Load the bundled fonts into this application, once. False: a file is missing, the system's fonts serve."""
    application = QGuiApplication.instance()
    if application is None:
        raise RuntimeError("fonts need a QGuiApplication")
    if _State.application is application:
        return True
    missing = [name for name in FILES if QFontDatabase.addApplicationFont(str(FOLDER / name)) < 0]
    _State.application = application
    if missing:
        log.info("bundled fonts can't be loaded: %s; the system's fonts are used", ", ".join(missing))
    return not missing


def font(step: int = Step.BODY, *, bold: bool = False, at_scale: float | None = None, italic: bool = False) -> QFont:
    """The font of a step of the type scale at a scale (None: the screen's); figures have one width."""
    return sized(size(step, at_scale), bold=bold, italic=italic)


def sized(pixels: float, *, bold: bool = False, italic: bool = False) -> QFont:
    """The font at a height in logical pixels that is not on the type scale (labels painted into a drawing)."""
    register()
    return QFont(_made(max(1, round(pixels)), bold, italic))


@lru_cache(maxsize=256)
def _made(pixels: int, bold: bool, italic: bool) -> QFont:
    result = QFont()
    result.setFamilies([FAMILY, *FALLBACKS])
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    result.setItalic(italic)
    if hasattr(QFont, "Tag") and hasattr(result, "setFeature"):  # Qt 6.7; the bundled figures are tabular anyway
        result.setFeature(QFont.Tag("tnum"), 1)
    return result
