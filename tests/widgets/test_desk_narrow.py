"""At 1280 × 720 nothing that matters is cut, in either language: the camera over the map, the video board, the lowest
line of the desk."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.services.changes import Changes
from app.services.views import ChannelCount
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.desk_stage import body_of, made_seat, opened, with_stills
from tests.widgets.room_stage import stage, until
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow
from widgets.theme.fonts import font
from widgets.theme.labels import ElidedLabel, FittingLabel
from widgets.theme.tokens import Step, px
from widgets.units.model import INCIDENT

LONG = "大观区玉琳路与集贤北路交叉口东北角全景枪机"


@pytest.fixture
def seat(tmp_path: Path) -> FakeSeat:
    made = with_stills(made_seat(open_=40, ended=5, units=20, cameras=12), Image.new("RGB", (64, 36)),
                       tmp_path / "still.png")
    made.camera_rows = {k: replace(c, name=LONG) for k, c in made.camera_rows.items()}
    return made


@pytest.fixture(params=["zh_CN", "en"])
def bridge(qapp: object, seat: FakeSeat, request: pytest.FixtureRequest) -> Iterator[tuple[Bridge, str]]:
    with stage(seat, request.param) as made:
        yield made, request.param


@pytest.fixture
def desk(bridge: tuple[Bridge, str]) -> Iterator[DeskWindow]:
    window = opened(bridge[0], lang=bridge[1])
    yield window
    window.close()


def cut(whole: QWidget) -> list[str]:
    """Texts below a widget that have less room than they need."""
    found = [w.text() for w in whole.findChildren(ElidedLabel) if w.isVisible() and w.is_elided()]
    found += [w.text() for w in whole.findChildren(QAbstractButton)
              if w.isVisible() and w.text() and w.width() < w.fontMetrics().horizontalAdvance(w.text()) + px(8)]
    return found + [w.text() for w in whole.findChildren(QLabel) if w.isVisible() and w.wordWrap()
                    and w.height() < w.heightForWidth(w.width())]


def test_the_forces_name_their_incident_and_the_bar_names_who_is_on_duty_whole(desk: DeskWindow,
                                                                                seat: FakeSeat) -> None:
    body = body_of(desk)
    body.orders.focus("units")
    table, model = body.units.table, body.units.model
    assert until(lambda: model.total > 0 and bool(table.columnWidth(INCIDENT)))
    room = table.columnWidth(INCIDENT) - 2 * px(6)
    unit = replace(next(iter(seat.unit_rows.values())), incidents=tuple(list(seat.rows)[:3]))
    model.update([unit], {i: seat.rows[i].number for i in unit.incidents})
    said = model.wordings(unit, INCIDENT)
    assert all(words.endswith(f"{seat.rows[unit.incidents[0]].number[-4:]} +2") for words in said)
    assert QFontMetrics(font(Step.BODY)).horizontalAdvance(said[-1]) <= room
    assert seat.duty_view is not None
    seat.duty_view = replace(seat.duty_view, leader_in=False, supervisor_in=False)
    seat._changes = Changes(duty=True)
    state = {"zh_CN": "（未签到）", "en": " (not in)"}[desk.lang]
    assert until(lambda: all(f"{name}{state}" in body.top.duty.text() for name in ("带班领导 01", "值班长 01")))
    assert not body.top.duty.is_elided()
    assert "带班领导 01" in body.top.duty.accessibleName()


def test_the_camera_over_the_map_says_its_name_and_its_reasons_whole(desk: DeskWindow, seat: FakeSeat) -> None:
    body = body_of(desk)
    popup = body.video.popup
    popup.show_camera(next(iter(seat.camera_rows.values())))
    assert until(lambda: popup.isVisible() and popup.reason.asking)
    assert until(lambda: cut(popup) == []), cut(popup)
    assert popup._title.text() == LONG
    assert popup.tile.height() >= 80, "there is a picture yet"
    row = next(r for r in body.queue.model.index_.rows if r.phase not in ("closed", "void"))
    body.select(row.id)
    assert until(lambda: popup.reason.reason[1] == row.id and popup.tile.has_picture)
    assert until(lambda: cut(popup) == []), cut(popup)


def test_the_board_says_whole_what_hands_can_do(desk: DeskWindow) -> None:
    board = body_of(desk).board_
    body_of(desk).video.open_board()
    assert until(lambda: board.isVisible() and bool(board.rows))
    board.add_camera(next(iter(board.rows)))
    assert until(lambda: board.reason.asking and cut(board) == []), cut(board)
    board.reason.say_reason("x")
    assert until(lambda: board.grid.tiles[0].has_picture and cut(board) == []), cut(board)


def test_the_lowest_line_tells_those_sources_that_are_silent_longest(desk: DeskWindow) -> None:
    body = body_of(desk)
    assert until(lambda: body.status.sources.text() != "")
    assert not body.status.sources.is_elided()
    status = body.status._status
    assert status is not None
    now = body.clock.now().timestamp()
    many = tuple(ChannelCount(f"a channel with a long name {n}", 1, now - 60 * (n + 1)) for n in range(12))
    body.status.show_status(replace(status, channels=many), now)
    line = body.status.sources
    assert not line.is_elided()
    assert "long name 11" in line.text(), "the one that is silent longest"
    assert "long name 0 " not in line.text()
    assert "long name 0 " in line.toolTip()


def test_of_several_wordings_the_fullest_that_has_room_is_shown(qapp: object) -> None:
    label = FittingLabel()
    label.set_wordings("a long wording of it all", "a short one", "s")
    label.resize(label.fontMetrics().horizontalAdvance("a short one") + 4, 20)
    label.show()
    try:
        assert (label.text(), label.toolTip()) == ("a short one", "a long wording of it all")
        label.resize(600, 20)
        assert (label.text(), label.toolTip()) == ("a long wording of it all", "")
        label.resize(2, 20)
        assert label.text() == "s"
    finally:
        label.close()
        label.deleteLater()
