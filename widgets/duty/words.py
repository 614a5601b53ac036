"""Words of the duty panel."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from PySide6.QtCore import QCoreApplication

from app.domain.faults import Message
from app.domain.handover import Item
from app.domain.handover_process import RETURNED, SIGNED, WAITING, WITHDRAWN
from app.domain.process import Transition
from app.services.book import Book
from app.services.duty_views import Handover, HandoverStep
from app.text import fill, plain, render
from widgets.models.queue_model import short_number
from widgets.theme.shapes import NUMERALS

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
    return {"day": say("day shift"), "evening": say("evening shift"), "night": say("night shift"),
            "early": say("early shift"), "late": say("late shift"),
            "day24": say("duty of the day")}.get(shift, plain(shift))


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


def act_word(row: Transition) -> str:
    """An act upon a hand-over."""
    return render(Message(row.label))


def help_word(row: Transition) -> str:
    """What an act upon a hand-over does."""
    return render(Message(row.help))


def phase_words(one: Handover, now: float, zone: tzinfo) -> str:
    """Where a hand-over stands, and who is responsible; "" for one that was told by one side."""
    if one.phase == WAITING:
        return say("Waits for the signature of the next shift: {name} stays responsible", name=plain(one.name))
    if one.phase == RETURNED:
        return say("Given back: {name} stays responsible and answers it", name=plain(one.name))
    if one.phase == WITHDRAWN:
        return say("Withdrawn")
    if one.phase == SIGNED and one.signed_at is not None:
        return say("Signed for by {name}, {time}", name=plain(one.incoming), time=day_time(one.signed_at, now, zone))
    return ""


def step_words(step: HandoverStep, now: float, zone: tzinfo) -> str:
    """One step of a hand-over; the words that came with it unless they stand as its text."""
    names = {"write": say("{time} written by {name}"), "rewrite": say("{time} changed by {name}"),
             "sign": say("{time} signed by {name}"), "object": say("{time} given back by {name}"),
             "withdraw": say("{time} withdrawn by {name}")}
    head = fill(names.get(step.verb, step.verb), {"time": day_time(step.at, now, zone), "name": plain(step.name)})
    text = plain(step.text, lines=True) if step.verb not in ("write", "rewrite") else ""
    return f"{head}: {text}" if text else head


def item_words(item: Item, book: Book, lang: str) -> str:
    """An open incident that a hand-over names, as it stood then."""
    return open_words(item.level, item.number, item.kind, item.phase, item.place, item.overdue, book, lang)


def open_words(level: int, number: str, kind: str, phase: str, place: str, overdue: bool, book: Book,
               lang: str) -> str:
    """An open incident in one line: level, number, kind, place, phase."""
    parts = (f"{NUMERALS[min(max(level, 1), 4) - 1]} {short_number(number)}", book.label("kind", kind, lang), place,
             book.phase_label(phase, kind, lang), say("overdue") if overdue else "")
    return plain(" · ".join(p for p in parts if p))
