"""Words of the room: translation, code labels and times as the district reads them."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from app import text as text_door
from app.domain.faults import Message
from app.services.book import Book
from app.text import CONTEXT, fill, language, render
from widgets.bridge import Fault

LONGEST_LINE, LONGEST_TEXT = 1_000, 30_000
"""More than any seat accepts; a text that got in another way costs no screen its breath."""
DISTRICT_ZONE = "Asia/Shanghai"
"""Used where nothing says by which clock the district lives."""


def tr(source: str, **params: object) -> str:
    """The room's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("forms", source)
    return fill(text, params) if params else text


def lang() -> str:
    """The language in use: "zh_CN" or "en"."""
    return language().lang


def plain(text: object) -> str:
    """People's text for one line: what could deceive a reader is gone; no line holds more than `LONGEST_LINE`."""
    return text_door.plain(str(text)[:LONGEST_LINE])


def plain_lines(text: object) -> str:
    """People's text for several lines, at most `LONGEST_TEXT`."""
    return text_door.plain(str(text)[:LONGEST_TEXT], lines=True)


def say(what: Message | Fault | str, book: Book | None = None) -> str:
    """A message in the reader's language. A part like "skill.fire" is a code of a list of `book`: its label."""
    if isinstance(what, Fault):
        what = what.message
    return plain(what if isinstance(what, str) else render(_labelled(what, book)))


def _labelled(message: Message, book: Book | None) -> Message:
    """Codes replaced by their labels, at any depth."""
    list_, dot, code = message.id.partition(".")
    if book is not None and dot and language().lookup(CONTEXT, message.id) is None:
        entry = book.code(list_, code)
        if entry is not None:
            return Message("{label}", {"label": entry.label(lang())})
    if not any(isinstance(v, Message) for v in message.params.values()):
        return message
    params = {k: _labelled(v, book) if isinstance(v, Message) else v for k, v in message.params.items()}
    return Message(message.id, params)


def local(epoch_s: float, zone: str = DISTRICT_ZONE) -> datetime:
    """UTC epoch seconds as the district's wall-clock time; out of range gives the nearest representable day."""
    try:
        return datetime.fromtimestamp(epoch_s, UTC).astimezone(ZoneInfo(zone))
    except (OverflowError, ValueError, OSError):
        edge = datetime(9000, 1, 1, tzinfo=UTC) if epoch_s > 0 else datetime(1, 1, 3, tzinfo=UTC)
        return edge + timedelta()


def clock_text(epoch_s: float, now_s: float | None = None, zone: str = DISTRICT_ZONE) -> str:
    """"18:42:07", with "11-23 " before it on another day than `now_s`, with the year too in another year."""
    at = local(epoch_s, zone)
    if now_s is None:
        return f"{at:%H:%M:%S}"
    today = local(now_s, zone)
    if at.date() == today.date():
        return f"{at:%H:%M:%S}"
    return f"{at:%m-%d %H:%M}" if at.year == today.year else f"{at:%Y-%m-%d %H:%M}"


def age_text(seconds: float) -> str:
    """How long ago, in one unit that reads at a glance: "6 s", "9 min", "3 h", "2 d"."""
    whole = max(0, int(seconds))
    if whole < 60:
        return tr("{n} s", n=whole)
    if whole < 3_600:
        return tr("{n} min", n=whole // 60)
    if whole < 86_400:
        return tr("{n} h", n=whole // 3_600)
    return tr("{n} d", n=whole // 86_400)


def distance_text(metres: float) -> str:
    """"640 m", "2.4 km"."""
    return tr("{n} m", n=round(metres / 10) * 10 if metres >= 100 else round(metres)) if metres < 995 \
        else tr("{n} km", n=f"{metres / 1000:.1f}")
