"""Words of the calls room."""
from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.text import fill
from widgets.forms.words import age_text, distance_text, lang, plain, say

__all__ = ["age_text", "distance_text", "lang", "plain", "say", "tr"]


def tr(source: str, **params: object) -> str:
    """The room's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("calls", source)
    return fill(text, params) if params else text
