"""Desk and wall are programs of their own on one seat: what one does, the other shows in a fifth of a second."""
from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.bootstrap import seats
from app.domain.process import Role
from app.services.commands import ReportIncident
from app.services.seat import Seat
from data.store.store import Founding
from tests.widgets.room_stage import until
from widgets.bridge import Bridge

ROUNDS = 15
SEEN_MS = 200


def test_what_one_program_of_a_seat_does_is_shown_by_the_other_within_a_fifth_of_a_second(
        qtbot: QtBot, tmp_path: Path, figure: Callable[[str], None]) -> None:
    folder = tmp_path / "seat"
    seats.found(folder, Founding("340803", "D", "c", "Centre", "drill"))

    def opener(screen: str) -> Callable[[], Seat]:
        return lambda: seats.open_seat(folder, screen=screen, role=Role.DISPATCHER)

    desk, wall = Bridge(opener("desk")), Bridge(opener("wall"))
    shown: dict[str, float] = {}
    wall.changed.connect(lambda changes: wall.ask(
        lambda seat: seat.queue(changes.incidents), lambda rows: [shown.setdefault(r.id, time.perf_counter())
                                                                  for r in rows], owner=wall))
    try:
        desk.start()
        wall.start()
        assert until(lambda: desk.facts is not None and wall.facts is not None)
        gaps = []
        for i in range(ROUNDS):
            done: list[tuple[float, str]] = []
            desk.act(ReportIncident("0102", "patrol", f"Gate {i}"),
                     lambda changes, done=done: done.append((time.perf_counter(), next(iter(changes.incidents)))),
                     owner=desk)
            assert until(lambda done=done: bool(done) and done[0][1] in shown)
            gaps.append((shown[done[0][1]] - done[0][0]) * 1_000)
    finally:
        desk.close()
        wall.close()
    figure(f"desk to wall: {statistics.median(gaps):.0f} ms in the middle, {max(gaps):.0f} ms at most, {ROUNDS} acts")
    assert statistics.median(gaps) <= SEEN_MS
