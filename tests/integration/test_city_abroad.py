"""A city in another zone: numbers, limits, imports, both screens and the report live by its own clock."""
from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import seats
from app.bootstrap.city import import_list
from app.clock import FixedClock
from app.domain.process import Role
from app.reports.situation_map import write_situation_map
from app.services.commands import ReportIncident
from app.services.local_seat import LocalSeat
from app.services.operator import Operator
from data.store.seat_store import SqliteSeatStore
from data.store.store import Founding
from tests.widgets.room_stage import stage, until
from tests.widgets.wall_stage import until as wall_until
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow
from widgets.screens.wall import WallWindow

EVENING = datetime(2026, 7, 2, 2, 30, 15, tzinfo=UTC)  # 22:30:15 on the 1st in Boston, 10:30:15 on the 2nd in Shanghai
THERE, ELSEWHERE = "22:30", "10:30"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seats.found(tmp_path / "boston", Founding("250000", "Boston", "250000", "Boston centre", "drill",
                                              "America/New_York"), FixedClock(EVENING))
    return tmp_path / "boston"


def open_seat(folder: Path) -> LocalSeat:
    store = seats.open_store(folder)
    store.clock = FixedClock(EVENING)
    who = Operator("d", "d", frozenset(Role) - {Role.AUDITOR, Role.SECURITY_ADMIN}, None)
    return LocalSeat(SqliteSeatStore(store, who.id, "desk"), who, store.clock, seats.calendar(store), screen="desk")


@pytest.fixture
def seat(folder: Path) -> LocalSeat:
    made = open_seat(folder)
    made.do(ReportIncident(channel="patrol", kind="0102", level=2, place="Main Street 1", lon=-71.06, lat=42.36,
                           description="leak", accept=True))
    return made


def test_number_limit_and_map_tell_the_citys_own_time(seat: LocalSeat, tmp_path: Path) -> None:
    row = seat.queue()[0]
    assert row.number.startswith("20260701-")
    view = seat.incident(row.id)
    told = " ".join(str(m) for m in view.due_because)
    assert "07-01 22:30" in told
    assert "07-02 10:30" not in told
    write_situation_map(seat, tmp_path / "map.html")
    html = (tmp_path / "map.html").read_text("utf-8")
    assert THERE in html
    assert not re.search(r"\b10:30\b", html)
    seat.close()


def test_the_desk_shows_the_citys_own_time(qtbot: QtBot, seat: LocalSeat) -> None:
    key = seat.queue()[0].id
    with stage(seat, "en") as bridge:  # type: ignore[arg-type]
        window = DeskWindow(bridge, lang="en", settings={"window": False})
        try:
            assert until(lambda: window.body is not None and bool(window.body.queue.model.rowCount()))
            body = window.body
            assert body is not None
            window._on_tick()
            assert body.top.clock.text() == "22:30:15"
            assert body.top.date.text().startswith("07-01")
            body.select(key)
            assert until(lambda: bool(body.timeline.model.rowCount()))
            assert until(lambda: any(THERE in t for t in body.incident._facts.texts()))
            shown = [body.timeline.model.row(i).at for i in range(body.timeline.model.rowCount())]
            assert shown
            assert all(s.startswith(THERE) for s in shown)
            assert not any(ELSEWHERE in t for t in body.incident._facts.texts())
        finally:
            window.close()


def test_the_wall_shows_the_citys_own_time(qtbot: QtBot, folder: Path, seat: LocalSeat) -> None:
    bridge = Bridge(lambda: seat, drain_ms=20, poll_ms=10)
    window = WallWindow(bridge, lang="en", theme="dark", show_map=False)
    try:
        window.resize(1280, 720)
        window.show()
        bridge.start()
        assert wall_until(lambda: window.scene.snapshot is not None)
        assert getattr(window.scene.zone, "key", "") == "America/New_York"
        window._on_tick()
    finally:
        window.close()
        bridge.close()


def test_times_of_a_file_without_a_zone_are_the_citys(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("id,opened_at,kind,place,lon,lat\na1,2026-06-01 09:00,0102,Main Street,-71.06,42.36\n", "utf-8")
    result = import_list(folder, "incidents", file, None, crs="wgs84", dry_run=False)
    assert result.accepted == 1, result
    seat = open_seat(folder)
    try:
        row = seat.queue(ended=True)[0]
        assert datetime.fromtimestamp(row.reported_at, UTC) == datetime(2026, 6, 1, 13, 0, tzinfo=UTC)
    finally:
        seat.close()


def test_a_folder_with_a_calendar_of_its_own_works_by_that(folder: Path) -> None:
    (folder / "calendars").mkdir()
    (folder / "calendars" / "hours.toml").write_text(
        'timezone = "America/New_York"\nsource = "City of Boston"\nhours = [["09:00", "17:00"]]\n', "utf-8")
    (folder / "calendars" / "us_2026.toml").write_text(
        'year = 2026\nsource = "City of Boston"\n[[holiday]]\nname = "Independence Day"\ndays = [2026-07-03]\n',
        "utf-8")
    with seats.opened(folder) as store:
        calendar = seats.calendar(store)
    assert calendar.add(EVENING, 60, "working_hours") == datetime(2026, 7, 2, 14, 0, tzinfo=UTC)
    friday = datetime(2026, 7, 3, 14, 0, tzinfo=UTC)
    assert calendar.add(friday, 60, "working_hours") == datetime(2026, 7, 6, 14, 0, tzinfo=UTC)
