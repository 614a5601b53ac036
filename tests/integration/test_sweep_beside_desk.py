"""The health sweep beside a running desk: both on one live store; the desk goes on working and shows what was found."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.bootstrap import health, seats
from app.domain.process import Role
from app.intake.records import AreaRecord, CameraRecord
from app.intake.sink import PackCounts
from app.services.commands import Act, ReportIncident
from app.video.sweep import Budget
from data.store.store import Founding
from tests.integration.test_camera_health import Town, closed_port
from tests.widgets.room_stage import stage, until
from widgets.screens.desk import DeskWindow

GOOD, DEAD = 60, 12
BUDGET = Budget(per_s=60.0, at_host=32, cpu_share=1.0)
"""a hundred questions take some seconds, in which the desk is used"""


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path, town: Town) -> Path:
    """A live store with cameras that answer, and some that do not, in streets of their own each."""
    place = tmp_path / "seat"
    seats.found(place, Founding("340803", "D", "c", "Centre", "live"))
    dead = closed_port()
    areas = [AreaRecord("t:d", "1", "D", 0, "district", digest="1"),
             *(AreaRecord(f"t:s{i}", f"2{i:02}", f"S{i}", 1, "street", "t:d", digest="1") for i in range(DEAD))]
    cameras = [CameraRecord(f"t:c{i:03}", "", f"Camera {i}", 117.0 + i / 1000, 30.5,
                            url=f"rtsp://127.0.0.1:{town.port if i < GOOD else dead}/{i}",
                            area_key=f"t:s{i % DEAD}", digest="1") for i in range(GOOD + DEAD)]
    with seats.opened(place) as store:
        sink = seats.pack_sink(store, actor="test")
        for kind, rows in (("areas", areas), ("cameras", cameras)):
            pack = sink.begin_pack(kind, "t", "1", "")
            sink.write_rows(pack, rows)
            sink.activate(pack, PackCounts(len(rows), len(rows)))
    return place


def test_the_desk_works_on_and_shows_what_the_sweep_finds(qtbot: QtBot, folder: Path, town: Town, figure):
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    seat.operator = replace(seat.operator, roles=frozenset({Role.DISPATCHER, Role.SUPERVISOR}))
    incident = next(iter(seat.do(ReportIncident(channel="patrol", kind="0102", level=3, place="Main Street", lon=117.0,
                                                lat=30.5, accept=True)).incidents))
    other = seats.open_seat(folder, None, screen="check", role=Role.SUPERVISOR)  # the desk's is the bridge's thread's
    with stage(seat, "en") as bridge:  # type: ignore[arg-type]
        window = DeskWindow(bridge, lang="en", settings={"window": False})
        window.resize(1280, 720)
        window.show()
        runner = health.SweepRunner(folder, BUDGET)
        try:
            assert until(lambda: window.body is not None and window.body.queue.model.rowCount() == 1)
            body = window.body
            assert body is not None
            body.video.open_board()
            board = body.board_
            assert until(lambda: len(board.rows) == GOOD + DEAD)
            assert {c.state for c in board.rows.values()} == {"unknown"}
            lags: list[float] = []
            last = time.perf_counter()

            def probe() -> None:
                nonlocal last
                now = time.perf_counter()
                lags.append(now - last)
                last = now

            timer = QTimer()
            timer.timeout.connect(probe)
            timer.start(10)
            runner.start()
            notes = 0
            asked_before = town.asked

            def swept() -> object:
                return other.setting(health.camera_health.SWEPT)

            answers: list[object] = []
            end = time.monotonic() + 40
            while swept() is None and time.monotonic() < end:
                notes += 1
                bridge.act(Act(incident, "note", {"note": f"while sweeping {notes}"}), answers.append,
                           lambda fault: answers.append(fault), owner=window)
                assert until(lambda n=notes: len(answers) == n), "an act waits for no sweep"
                until(lambda: False, 60)
            timer.stop()
            assert swept() is not None
            assert town.asked - asked_before >= GOOD
            assert notes > 10
            assert not [a for a in answers if hasattr(a, "message")]
            found = {c: "online" if n < GOOD else "offline" for n, c in enumerate(sorted(board.rows))}
            assert until(lambda: {c: row.state for c, row in board.rows.items()} == found), "without asking again"
            assert until(lambda: len(other.incident(incident).timeline) >= notes)
        finally:
            runner.stop()
            window.close()
    told = swept()
    assert isinstance(told, dict)
    figure(f"sweep beside a desk: {told['asked']} cameras in {told['seconds']} s, {told['offline']} off line, "
           f"{notes} acts answered meanwhile, the desk's longest pause {max(lags) * 1000:.0f} ms")
    other.close()
