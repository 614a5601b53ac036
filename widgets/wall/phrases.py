"""The wall's words: what a row, an age or a rate reads like. Sensitive kinds only by class and grid, nowhere else."""
from __future__ import annotations

import re
from datetime import datetime, tzinfo

from PySide6.QtCore import QCoreApplication

from app import text
from app.domain.faults import Message
from app.services.book import Book
from app.services.lamp import time_left_text
from app.services.views import Flag, QueueRow, Ratio
from widgets.wall.privacy import public_place, public_text

CONTEXT = "wall"
STREET = 1
"""level of streets and townships below the district"""


def say(source: str, /, **params: object) -> str:
    """`source` (English) in the present language, its ``{names}`` filled."""
    return text.fill(QCoreApplication.translate(CONTEXT, source), params)


def is_hidden(row: QueueRow, book: Book) -> bool:
    """Whether the wall shows this incident only by grid and class (DISTRICT.md, lines that we draw)."""
    if row.flags & Flag.SENSITIVE or book.is_sensitive(row.kind):
        return True
    kind = book.code("kind", row.kind)
    parent = book.code("kind_class", kind.parent) if kind and kind.parent else None
    return bool(parent and parent.extra.get("sensitive"))


def kind_text(row: QueueRow, book: Book, lang: str) -> str:
    """What it is: the kind, or for a sensitive one just its class."""
    if not is_hidden(row, book):
        return public_text(book.label("kind", row.kind, lang))
    kind = book.code("kind", row.kind)
    label = book.label("kind_class", kind.parent, lang) if kind and kind.parent else ""
    return label or say("Sensitive matter")


def area_text(row: QueueRow, book: Book) -> str:
    """Street and grid of a row, "" when it lies in none."""
    street = book.ancestor(row.area_id, 1)
    finest = book.area_label(row.area_id)
    return " ".join(dict.fromkeys(t for t in (book.area_label(street), finest) if t))


def ranked_level(book: Book) -> int | None:
    """The coarsest level below this centre's own area that has areas (streets, where there are any); None: none has."""
    here = book.centres.own_path
    return min((a.level for a in book.areas.values() if a.level > 0 and a.path.startswith(here) and a.path != here),
               default=None)


def grid_text(row: QueueRow, book: Book) -> str:
    """The finest area of a row; says so when it lies in no grid."""
    return book.area_label(row.area_id) or say("outside every grid")


def place_text(row: QueueRow, book: Book) -> str:
    """The place, or "" for a sensitive matter."""
    return "" if is_hidden(row, book) else public_place(row.place)


def phase_text(row: QueueRow, book: Book, lang: str) -> str:
    """The phase in the words of the kind's family."""
    return book.phase_label(row.phase, row.kind, lang)


def age_text(seconds: float) -> str:
    """"9 s ago", "2 min ago", "3 h ago", "4 d ago"; a time to come reads as now."""
    s = max(0, int(seconds))
    if s < 1:
        return say("just now")
    if s < 60:
        return say("{n} s ago", n=s)
    if s < 3600:
        return say("{n} min ago", n=s // 60)
    if s < 48 * 3600:
        return say("{n} h ago", n=s // 3600)
    return say("{n} d ago", n=s // 86400)


def short_age_text(seconds: float) -> str:
    """"9 s", "2 min", "3 h", "4 d"."""
    s = max(0, int(seconds))
    if s < 60:
        return say("{n} s", n=s)
    if s < 3600:
        return say("{n} min", n=s // 60)
    if s < 48 * 3600:
        return say("{n} h", n=s // 3600)
    return say("{n} d", n=s // 86400)


def percent_text(ratio: Ratio) -> str:
    """"96.4%", or "—" when there is nothing to divide by."""
    value = ratio.value
    if value is None:
        return "—"
    return "100%" if ratio.numerator == ratio.denominator else f"{min(value * 100, 99.9):.1f}%"


def local(at: float, zone: tzinfo) -> datetime:
    """District time of an epoch second."""
    return datetime.fromtimestamp(at, zone)


def clock_text(at: float, zone: tzinfo) -> str:
    """HH:MM:SS, 24 h."""
    return local(at, zone).strftime("%H:%M:%S")


def event_time(at: float, now: float, zone: tzinfo) -> str:
    """HH:MM:SS of today; of another day with its date, so that nothing old looks like today's."""
    if local(at, zone).date() == local(now, zone).date():
        return clock_text(at, zone)
    return f"{date_text(at, zone)} {minute_text(at, zone)}"


def name_variants(name: str) -> list[str]:
    """A name, then without what stands in brackets, then without the words that all centres share."""
    bare = re.sub(r"\s*[（(][^）)]*[）)]\s*", " ", name).strip()
    short = bare
    for word in ("联动中心", "街道中心", "社区中心", "中心"):  # not a text: parts of names
        if short != word and word in short:
            rest = {"街道中心": "街道", "社区中心": "社区"}.get(word, "")  # not a text: parts of names
            short = short.replace(word, rest, 1).strip()
            break
    return list(dict.fromkeys(v for v in (name, bare, short) if v))


def minute_text(at: float, zone: tzinfo) -> str:
    """HH:MM, 24 h."""
    return local(at, zone).strftime("%H:%M")


def date_text(at: float, zone: tzinfo) -> str:
    """The day in the present language: 2026年11月23日, 23 Nov 2026."""
    d = local(at, zone)
    return say("{day} {month} {year}", day=d.day, month=_month(d.month), year=d.year)


def weekday_text(at: float, zone: tzinfo) -> str:
    """周一, Mon."""
    names = (say("Mon"), say("Tue"), say("Wed"), say("Thu"), say("Fri"), say("Sat"), say("Sun"))
    return names[local(at, zone).weekday()]


def _month(number: int) -> str:
    names = (say("Jan"), say("Feb"), say("Mar"), say("Apr"), say("May"), say("Jun"), say("Jul"), say("Aug"),
             say("Sep"), say("Oct"), say("Nov"), say("Dec"))
    return names[number - 1]


def left_text(row: QueueRow, now: float) -> str:
    """What stands in the lamp, by the one rule of `app.services.lamp`."""
    return text.render(time_left_text(row, now))


def message_text(message: Message) -> str:
    """A message of the core, without what looks like personal data."""
    return public_text(text.render(message))
