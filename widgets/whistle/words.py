"""Words of the whistles' room."""
from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.faults import Message
from app.services.views import CallView, WhistleView
from app.text import fill, render
from widgets.forms.words import age_text, clock_text, lang, plain, say

__all__ = ["age_text", "call_state", "clock_text", "lang", "phase_label", "plain", "say", "tr"]


def tr(source: str, **params: object) -> str:
    """The room's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("whistle", source)
    return fill(text, params) if params else text


def phase_label(one: WhistleView) -> str:
    """Label of a whistle's phase."""
    return render(Message(f"whistle.{one.phase}"))


def call_state(call: CallView) -> str:
    """Label of a department's state."""
    return render(Message(f"whistle_call.{call.state}"))
