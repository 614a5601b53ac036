"""A demo's time stands while it is closed, and never goes back."""
from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.bootstrap import demo, seats
from app.clock import DrillClock, SystemClock
from app.domain.process import Role
from app.services.commands import ReportIncident
from data.store.store import Founding

A_NIGHT = timedelta(hours=12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    seats.found(folder, Founding("340803", "D", "c", "Centre", "demo"))
    return folder


def now_in(folder: Path) -> datetime:
    with seats.opened(folder) as store:
        return store.clock.now()


def speed_in(folder: Path) -> float:
    with seats.opened(folder) as store:
        assert isinstance(store.clock, DrillClock)
        return 0.0 if store.clock.stands else store.clock.speed


def sleep_a_night(folder: Path) -> None:
    """The machine's time goes on by a night: the anchor lies that much further back."""
    with seats.opened(folder) as store:
        raw = json.loads(store.meta["clock"])
        raw["real"] = (datetime.fromisoformat(raw["real"]) - A_NIGHT).isoformat()
        store.set_meta("clock", json.dumps(raw))


def test_a_closed_demo_shows_the_moment_of_its_closing_until_it_is_opened(folder: Path) -> None:
    demo._resume(folder, 60.0)
    demo._stop(folder)
    closed = now_in(folder)
    sleep_a_night(folder)
    assert now_in(folder) == closed
    demo._resume(folder, 10.0)
    assert timedelta(0) <= now_in(folder) - closed < timedelta(hours=1)
    assert speed_in(folder) == 10.0


def test_a_demo_that_was_killed_goes_on_from_its_last_event(folder: Path) -> None:
    demo._resume(folder, 60.0)
    seat = seats.open_seat(folder, screen="desk", role=Role.SUPERVISOR)
    seat.do(ReportIncident("0102", "patrol", place="Gate", level=2))
    seat.close()
    with seats.opened(folder) as store:
        last = store.last_received()
    sleep_a_night(folder)
    assert now_in(folder) - last > A_NIGHT
    demo._resume(folder, 60.0)
    assert timedelta(0) <= now_in(folder) - last < timedelta(hours=1)


def test_a_screen_on_a_closed_demo_lets_its_time_run(folder: Path) -> None:
    demo._stop(folder)
    seat = seats.open_seat(folder, screen="desk", role=Role.SUPERVISOR)
    stood = seat.clock.now()
    assert seat.clock.now() == stood
    seats.wake(folder)
    seat.poll_changes()
    assert seat.clock.now() > stood
    assert speed_in(folder) == 1.0
    seat.close()
    seats.wake(folder)
    assert speed_in(folder) == 1.0


def test_a_live_store_is_left_with_the_time_of_the_machine(tmp_path: Path) -> None:
    seats.found(tmp_path / "live", Founding("340803", "D", "c", "Centre", "live"))
    seats.wake(tmp_path / "live")
    with seats.opened(tmp_path / "live") as store:
        assert isinstance(store.clock, SystemClock)
        assert "clock" not in store.meta
