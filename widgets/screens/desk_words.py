"""Words of the desk: its own texts, ages, and times as the district reads them."""
from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

ZONE = "Asia/Shanghai"
"""Used before a seat says by which clock its district lives."""


def tr(source: str, **params: object) -> str:
    """The desk's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("desk", source)
    return text.format(**params) if params else text


def local(at: float, zone: str = ZONE) -> datetime:
    """UTC epoch seconds as the district's wall-clock time."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))


def age_text(seconds: float) -> str:
    """How long ago, in the one unit that reads at a glance."""
    whole = max(0, int(seconds))
    if whole < 60:
        return tr("{n} s ago", n=whole)
    if whole < 3_600:
        return tr("{n} min ago", n=whole // 60)
    if whole < 86_400:
        return tr("{n} h ago", n=whole // 3_600)
    return tr("{n} d ago", n=whole // 86_400)


def short_age_text(seconds: float) -> str:
    """As `age_text`, where there is little room."""
    whole = max(0, int(seconds))
    if whole < 60:
        return tr("{n} s", n=whole)
    if whole < 3_600:
        return tr("{n} min", n=whole // 60)
    return tr("{n} h", n=whole // 3_600) if whole < 86_400 else tr("{n} d", n=whole // 86_400)


def date_text(at: float, zone: str = ZONE) -> str:
    """"11-23 Mon" in the reader's language."""
    day = local(at, zone)
    names = (tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun"))
    return f"{day:%m-%d} {names[day.weekday()]}"
