"""A bridge over a real seat: a founded store on disk, its own transactions and change notes."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.bootstrap import seats
from app.domain.process import Role
from app.services.commands import Command, ReportIncident
from app.services.local_seat import LocalSeat
from data.store.store import Founding
from tests.widgets.room_stage import until
from widgets.bridge import Bridge
from widgets.theme import language, style


def found(folder: Path) -> Path:
    """A drill's seat in `folder`, with the lists that ship with the program."""
    seats.found(folder, Founding("340803", "District", "c", "Centre", "drill"))
    return folder


def opened(folder: Path) -> LocalSeat:
    """The seat as another program of it opens it; close it."""
    return seats.open_seat(folder, screen="desk", role=Role.SUPERVISOR)


def give(folder: Path, *commands: Command) -> None:
    """Another program of the seat does these."""
    seat = opened(folder)
    try:
        for command in commands:
            seat.do(command)
    finally:
        seat.close()


def report(n: int, *, accept: bool = True, **over: object) -> ReportIncident:
    """An incident at gate n; its id is "i<n>"."""
    fields: dict[str, object] = {"place": f"Gate {n}", "level": 2, "lon": 117.04 + n * 1e-4, "lat": 30.51,
                                 "description": "leak", "incident_id": f"i{n}", **over}
    return ReportIncident("0102", "patrol", accept=accept, **fields)  # type: ignore[arg-type]


@contextmanager
def real_stage(folder: Path, lang: str = "en", theme: str = "dark") -> Iterator[Bridge]:
    """A running bridge over the seat; everything shown is gone afterwards."""
    app = cast(QApplication, QApplication.instance())
    language.use(app, lang)
    style.apply(app, theme, lang)
    bridge = Bridge(lambda: opened(folder), drain_ms=20, poll_ms=20)
    bridge.start()
    try:
        assert until(lambda: bridge.facts is not None)
        yield bridge
    finally:
        bridge.close()
        for widget in app.topLevelWidgets():
            widget.hide()
            widget.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        app.processEvents()
