"""Words of the unit board."""
from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.text import fill
from widgets.forms.words import age_text, lang, plain, say

__all__ = ["age_text", "lang", "plain", "say", "status_label", "tr"]


def tr(source: str, **params: object) -> str:
    """The room's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("units", source)
    return fill(text, params) if params else text


def status_label(status: str) -> str:
    """Label of a unit's status."""
    labels = {"free": tr("free"), "going": tr("going"), "on_scene": tr("on scene"), "off": tr("off"),
              "unknown": tr("unknown")}
    return labels.get(status) or plain(status)
