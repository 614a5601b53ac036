"""Words of the duty panel."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from PySide6.QtCore import QCoreApplication

from app.text import fill, plain

CONTEXT = "duty"


def say(source: str, /, **params: object) -> str:
    """`source` (English) in the present language, its ``{names}`` filled."""
    return fill(QCoreApplication.translate(CONTEXT, source), params)


def role_word(role: str) -> str:
    """A role of the roster in the reader's language; others as the roster has them."""
    return {"duty_leader": say("Duty leader"), "supervisor": say("Shift supervisor"),
            "shift_supervisor": say("Shift supervisor"), "dispatcher": say("Dispatcher"),
            "verifier": say("Verifier"), "liaison": say("Liaison")}.get(role, plain(role))


def shift_word(shift: str) -> str:
    """Name of a shift: the usual codes in the reader's language, others as the roster has them."""
    return {"day": say("day shift"), "night": say("night shift"), "early": say("early shift"),
            "late": say("late shift")}.get(shift, plain(shift))


def day_time(at: float, now: float, zone: tzinfo) -> str:
    """Clock time, with the day where it is another one than today."""
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    return then.strftime("%H:%M" if then.date() == today.date() else "%m-%d %H:%M")


def matters_words(matters: Mapping[str, int]) -> str:
    """What is open, tab by tab; tabs with nothing in them are left out."""
    names = {"all": say("{n} open"), "to_accept": say("{n} to accept"), "to_assign": say("{n} to assign"),
             "to_sign": say("{n} to be signed for"), "in_hand": say("{n} in hand"), "returned": say("{n} returned"),
             "to_verify": say("{n} to verify"), "overdue": say("{n} overdue"), "supervised": say("{n} supervised"),
             "held": say("{n} on hold")}
    said = [fill(text, {"n": f"{matters[name]:,}"}) for name, text in names.items() if matters.get(name)]
    return " · ".join(said) or say("nothing")
