"""Turning cameras from the desk: below the camera over the map, below the enlarged tile of the board, and a drone's own
picture from its mark."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.services.commands import CameraStates, MoveCamera
from app.services.ptz import Ptz
from app.services.streams import LIVE, PLAYING, Sink, StreamState, VideoFrame, Want
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.desk_stage import opened
from tests.widgets.room_stage import settle, stage, until
from tests.widgets.test_cameras_ptz import FakePtz
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow

URL = "wvp://h/1/2"


class Watching:
    def change(self, want: Want) -> None:
        """Nothing changes."""

    def heard_at(self) -> float | None:
        return time.perf_counter()

    def close(self) -> None:
        """Nothing is open."""


class OnePicture:
    """Streams of which each gives one grey picture."""

    def __init__(self) -> None:
        self.drive = FakePtz()

    @property
    def ptz(self) -> Ptz:
        return self.drive

    def plays(self, address: str) -> bool:
        return address.startswith("wvp://")

    def watch(self, address: str, want: Want, sink: Sink) -> Watching:
        sink.state(StreamState(PLAYING))
        sink.frame(VideoFrame(bytearray(b"\x60" * (64 * 36 * 4)), 64, 36, 256, LIVE, time.perf_counter(), 0.0))
        return Watching()

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def seat() -> FakeSeat:
    made = FakeSeat(operator=SUPERVISOR, open_=10, ended=2, units=4, cameras=6, components=20)
    kinds = ("ptz", "fixed", "drone")
    unit = next(iter(made.unit_rows))
    made.camera_rows = {k: replace(c, source=URL, state="online", kind=kinds[i % 3], unit_id=unit if i == 2 else "")
                        for i, (k, c) in enumerate(made.camera_rows.items())}
    return made


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


@pytest.fixture
def streams() -> OnePicture:
    return OnePicture()


@pytest.fixture
def desk(bridge: Bridge, streams: OnePicture) -> Iterator[DeskWindow]:
    window = opened(bridge, size=(1600, 900), streams=streams)
    assert until(lambda: len(window.body.map.feed.cameras) > 5)
    yield window
    window.close()


def test_the_camera_over_the_map_is_turned_below_its_picture(desk: DeskWindow, seat: FakeSeat, streams: OnePicture):
    popup = desk.body.video.popup
    ids = list(seat.camera_rows)
    desk.body.map.camera_picked.emit(ids[0])
    assert until(lambda: popup.isVisible())
    assert not popup.ptz.isVisible(), "without a reason nothing is looked at, nor turned"
    popup.reason.say_reason("smoke reported")
    assert until(lambda: popup.ptz.isVisible() and popup.tile.has_picture)
    popup.ptz.press("left")
    assert until(lambda: streams.drive.told == [(URL, "left")])
    popup.leave()
    assert until(lambda: streams.drive.told[-1] == (URL, "stop")), "closing it stops the camera"
    moves = [c for c in seat.done if isinstance(c, MoveCamera)]
    assert [(m.camera_id, m.what, m.reason) for m in moves] == [(ids[0], "left", "smoke reported")]
    desk.body.map.camera_picked.emit(ids[1])
    assert until(lambda: popup.isVisible() and popup.tile.has_picture)
    assert not popup.ptz.isVisible(), "a fixed camera has no arrows"


def test_the_camera_over_the_map_tells_its_state_as_it_changes(desk: DeskWindow, seat: FakeSeat):
    popup = desk.body.video.popup
    ids = list(seat.camera_rows)
    desk.body.map.camera_picked.emit(ids[0])
    assert until(lambda: popup.isVisible() and "在线" in popup._health.text())
    now = seat.clock.now().timestamp()
    desk.body.bridge.act(CameraStates(((ids[0], "offline", now),)), owner=popup)
    assert until(lambda: "离线" in popup._health.text())
    popup.leave()
    desk.body.bridge.act(CameraStates(((ids[0], "online", now),)), owner=popup)
    settle(desk.body.bridge)
    assert not popup.isVisible(), "a camera that was closed stays closed"


def test_the_enlarged_tile_of_the_board_is_turned(desk: DeskWindow, seat: FakeSeat, streams: OnePicture):
    desk.body.video.open_board()
    board = desk.body.board_
    ids = list(seat.camera_rows)
    assert until(lambda: len(board.rows) > 5)
    board.reason.say_reason("smoke reported")
    board.add_camera(ids[0], 0)
    board.add_camera(ids[1], 1)
    assert until(lambda: board.grid.tiles[0].has_picture and board.grid.tiles[1].has_picture)
    assert not board.ptz.isVisible()
    board.toggle_enlarged(board.grid.tiles[0])
    assert until(lambda: board.ptz.isVisible())
    board.ptz.buttons["zoomin"].pressed.emit()
    assert until(lambda: streams.drive.told == [(URL, "zoomin")])
    board.toggle_enlarged(board.grid.tiles[0])
    assert until(lambda: streams.drive.told[-1] == (URL, "stop") and not board.ptz.isVisible())
    board.toggle_enlarged(board.grid.tiles[1])
    assert not until(lambda: board.ptz.isVisible(), 600), "a fixed one"


def test_a_drones_mark_opens_the_picture_that_it_carries(desk: DeskWindow, seat: FakeSeat):
    unit = next(iter(seat.unit_rows))
    desk.body.map._on_picked("drone", unit)
    popup = desk.body.video.popup
    assert until(lambda: popup.isVisible())
    assert popup._camera is not None
    assert popup._camera.unit_id == unit
