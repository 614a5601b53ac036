"""Words of the log-in."""
from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.text import fill
from widgets.forms.words import plain, say

__all__ = ["plain", "say", "tr"]


def tr(source: str, **params: object) -> str:
    """The room's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("login", source)
    return fill(text, params) if params else text
