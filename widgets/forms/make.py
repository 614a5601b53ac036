"""The field that fits a datum of the transition table."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.domain.faults import Message
from app.ports import Clock
from app.services.book import Book
from app.services.views import FieldOption
from widgets.bridge import Bridge
from widgets.forms.field import ChoiceField, Field, FlagField, LineField, LinesField, NumberField, TimeField
from widgets.forms.matching import Choice
from widgets.forms.pickers import BlobsField, PointField, SearchField
from widgets.forms.typeahead import TypeAhead
from widgets.forms.words import DISTRICT_ZONE, plain, say, tr

FEW = 4
"""Up to so many choices stand side by side; more are found by typing."""
LONGEST_BUTTONS = 26
"""Characters (a Chinese one counts twice) that fit side by side in the narrowest column."""
USUAL_MINUTES = (15, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class FormPlace:
    """What fields need from where they stand."""

    bridge: Bridge
    clock: Clock
    book: Book
    lang: str
    incident_id: str = ""
    zone: str = DISTRICT_ZONE
    units: Callable[[], Sequence[Choice]] = lambda: ()
    """units worth picking, best first"""


def code_choices(book: Book, list_: str, lang: str, *, leaves: bool = False) -> list[Choice]:
    """A code list as choices: found by both languages' labels; `leaves` drops codes that others stand below."""
    codes = book.codes(list_)
    parents = {c.parent for c in codes} if leaves else set()
    out = []
    for code in codes:
        if code.code in parents:
            continue
        parent = book.code(list_, code.parent) if code.parent else None
        parent = parent or (book.code(f"{list_}_class", code.parent) if code.parent else None)
        label = code.label(lang)
        also = tuple(w for w in (code.label_zh, code.label_en) if w and w != label)
        out.append(Choice(code.code, label, also, parent.label(lang) if parent else code.code))
    return out


def area_choices(book: Book) -> list[Choice]:
    """Areas, finest first, each with where it lies."""
    rows = sorted(book.areas.values(), key=lambda a: (-a.level, a.code))
    return [Choice(a.id, a.name, (a.code,), book.area_label(a.parent_id, 2)) for a in rows]


def make_field(option: FieldOption, place: FormPlace, parent: QWidget | None = None) -> Field:
    """The field of one need, its default filled in."""
    field = _bare(option, place, parent)
    if option.default is not None:
        field.restore(option.default)
    return field


def _bare(option: FieldOption, place: FormPlace, parent: QWidget | None) -> Field:
    kind, _, detail = option.need.type.partition(":")
    given = [Choice(code, plain(say(label, place.book))) for code, label in option.choices]
    if kind == "choice":
        return _choice(given or [Choice(c, c) for c in detail.split("|")], option.need.required, parent)
    if kind == "code":
        return TypeAhead(given or code_choices(place.book, detail, place.lang, leaves=detail == "kind"), parent)
    if kind in ("unit", "units"):
        return TypeAhead(_merged(place.units(), given), parent, placeholder=tr("Force: name or pinyin initials"))
    if kind == "area":
        return TypeAhead(given or area_choices(place.book), parent, placeholder=tr("Grid: name or code"))
    if kind == "centre":
        return TypeAhead(given, parent, placeholder=tr("Centre: name or pinyin initials"))
    if kind == "incident":
        return SearchField(place.bridge, ("incident",), parent, exclude=place.incident_id)
    if kind == "point":
        return PointField(parent)
    if kind == "blobs":
        return BlobsField(place.bridge, parent)
    if kind == "time":
        return TimeField(place.clock.now, place.zone, parent)
    return _simple(kind, option, parent)


def _simple(kind: str, option: FieldOption, parent: QWidget | None) -> Field:
    if kind == "lines":
        return LinesField(parent)
    if kind == "minutes":
        return NumberField(1, 525_600, USUAL_MINUTES, parent)
    if kind == "score":
        return NumberField(0, 100, (60, 80, 90, 100), parent)
    if kind == "flag":
        return FlagField(say(Message(option.need.label)), parent)
    return LineField(parent)


def _choice(choices: Sequence[Choice], required: bool, parent: QWidget | None) -> Field:
    width = sum(2 if ord(ch) > 0x2E7F else 1 for c in choices for ch in c.label)
    if len(choices) <= FEW and width <= LONGEST_BUTTONS:
        return ChoiceField(choices, parent, required=required)
    return TypeAhead(choices, parent, placeholder=tr("Choose"))


def _merged(best: Sequence[Choice], given: Sequence[Choice]) -> list[Choice]:
    """The given ones in the order of the recommended; with nothing given, the recommended."""
    if not given:
        return list(best)
    allowed = {c.code: c for c in given}
    first = [c for c in best if c.code in allowed]
    taken = {c.code for c in first}
    return first + [c for c in given if c.code not in taken]
