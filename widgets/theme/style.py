"""The application's look from the tokens: palette, font, and one style sheet made from resources/qss/liandong.qss.

    style.apply(app, theme="dark", lang="zh_CN")     # again after another theme or scale
"""
from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from widgets.theme import fonts, tokens
from widgets.theme.tokens import Step, Tokens

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
TEMPLATE = RESOURCES / "qss" / "liandong.qss"
_HOLE = re.compile(r"@\{([a-z_]+)(?:\.(\d))?\}|@\{(\d+(?:\.\d+)?)px\}|@\{icon:([a-z]+)\}")


@lru_cache(maxsize=1)
def _template() -> str:
    return TEMPLATE.read_text(encoding="utf-8")


def sheet(theme: Tokens, at_scale: float) -> str:
    """The style sheet of one set of colours at one scale. KeyError: the template names a token that does not exist."""
    def fill(hole: re.Match[str]) -> str:
        name, index, length, icon = hole.groups()
        if icon is not None:
            return (RESOURCES / "icons" / f"{icon}-{theme.name}.svg").as_posix()
        if length is not None:
            return f"{tokens.px(float(length), at_scale)}px"
        value = getattr(theme, name, None)
        if value is None or (index is None) != isinstance(value, str):
            raise KeyError(hole.group(0))
        return str(value if index is None else value[int(index)])
    return _HOLE.sub(fill, _template())


def palette(theme: Tokens) -> QPalette:
    """Colours for what no rule of the style sheet covers."""
    result = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, theme.ground), (role.WindowText, theme.text), (role.Base, theme.surface),
        (role.AlternateBase, theme.raised), (role.Text, theme.text), (role.Button, theme.raised),
        (role.ButtonText, theme.text), (role.BrightText, theme.danger), (role.Highlight, theme.selection),
        (role.HighlightedText, theme.text), (role.Link, theme.accent), (role.LinkVisited, theme.accent),
        (role.PlaceholderText, theme.faint), (role.ToolTipBase, theme.raised), (role.ToolTipText, theme.text),
        (role.Light, theme.raised), (role.Midlight, theme.raised), (role.Mid, theme.line), (role.Dark, theme.line),
        (role.Shadow, theme.ground),
    ):
        result.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.faint))
    return result


def apply(app: QApplication, theme: str | None = None, lang: str | None = None) -> None:
    """Give the whole application its look. `theme`: "dark" or "light", None: the one in use; `lang`: of dates, figures.

    Call again after `tokens.set_scale`. Custom-painted widgets hear of it by `tokens.changed()`.
    """
    chosen = tokens.use(theme) if theme is not None else tokens.current()
    fonts.register()
    if lang is not None:
        QLocale.setDefault(QLocale(lang))
    if app.style().objectName() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(chosen))
    app.setFont(fonts.font(Step.BODY))
    app.setStyleSheet(sheet(chosen, tokens.scale()))
