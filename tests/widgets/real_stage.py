"""A bridge over a real seat: a founded store on disk, its own transactions and change notes."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap import seats
from app.domain.process import Role
from app.services.commands import Command, ReportIncident
from app.services.local_seat import LocalSeat
from data.store.store import Founding
from tests.widgets.room_stage import bridge_to
from widgets.bridge import Bridge


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
    """A running bridge to the seat."""
    with bridge_to(lambda: opened(folder), lang, theme) as bridge:
        yield bridge
