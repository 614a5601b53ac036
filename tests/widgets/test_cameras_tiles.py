"""Camera tiles on screen: what they show, share, record, and never pretend."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from app.domain.faults import KnownFault, Message, Refused
from app.services.commands import ViewCamera
from app.services.view_reasons import WALL_INCIDENT
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.wall_stage import all_texts, until, wall
from widgets.bridge import Bridge, Runner
from widgets.cameras import state as cs
from widgets.cameras.feeds import FeedHub
from widgets.cameras.grid import TileGrid
from widgets.cameras.looking import Looking
from widgets.cameras.nearby import NearbyCameras
from widgets.cameras.pictures import Picture
from widgets.cameras.state import TileState
from widgets.cameras.tile import Tile
from widgets.theme import language


@pytest.fixture(autouse=True)
def chinese(qapp):
    language.use(qapp, "zh_CN")


class Stage:
    """Runner, hub and bridge, closed at the end."""

    def __init__(self, seat: FakeSeat, opener=None) -> None:
        self.seat = seat
        self.host = QWidget()
        self.host.resize(640, 360)
        self.runner = Runner()
        self.hub = FeedHub(self.runner, **({"opener": opener} if opener else {}))
        self.bridge = Bridge(lambda: seat, drain_ms=20, poll_ms=10)  # type: ignore[arg-type,return-value]
        self.bridge.start()
        self.host.show()

    def tile(self, **over) -> Tile:
        tile = Tile(self.host, **over)
        tile.resize(320, 180)
        tile.show()
        return tile

    def close(self) -> None:
        self.hub.close()
        self.runner.close()
        self.bridge.close()
        self.host.close()
        self.host.deleteLater()
        self.runner.deleteLater()
        self.hub.deleteLater()
        self.bridge.deleteLater()


@pytest.fixture
def stage(qapp) -> Iterator[Stage]:
    made = Stage(FakeSeat(open_=40, cameras=200))
    yield made
    made.close()


@pytest.fixture
def still(tmp_path: Path) -> str:
    path = tmp_path / "still.png"
    Image.new("RGB", (640, 360), (0, 180, 0)).save(path)
    return str(path)


def row(seat: FakeSeat, source: str, number: int = 0):
    return replace(list(seat.camera_rows.values())[number], source=source)


class Moving:
    """A source that moves until it is told to hang or fail."""

    mode = cs.LIVE
    interval_s = 0.05

    def __init__(self) -> None:
        self.frames = self.opened = self.closed = 0
        self.fail = threading.Event()
        self.hang = threading.Event()
        self.release = threading.Event()

    def open(self, _address: str) -> Moving:
        self.opened += 1
        return self

    def next(self, width: int, height: int) -> Picture:
        if self.hang.is_set():
            self.release.wait(10)
        if self.fail.is_set():
            raise KnownFault(Message("the line is down"))
        self.frames += 1
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(QColor(200, 30, 30))
        return Picture(image, self.mode)

    def close(self) -> None:
        self.closed += 1


def test_a_still_says_that_it_is_one(stage: Stage, still: str):
    tile = stage.tile()
    stage.hub.attach(tile, row(stage.seat, still))
    assert until(lambda: tile.has_picture)
    image = tile.grab().toImage()
    assert image.pixelColor(160, 60).green() > 120
    assert "静态" in tile.texts()
    assert "实时" not in " ".join(tile.texts())


def test_demonstration_footage_is_marked(stage: Stage, still: str):
    tile = stage.tile(nature="demo")
    stage.hub.attach(tile, row(stage.seat, still))
    assert until(lambda: tile.has_picture)
    tile.grab()
    assert "演示画面" in tile.texts()


def test_one_source_serves_all_tiles_of_an_address_and_ends_with_the_last(qapp):
    source = Moving()
    stage = Stage(FakeSeat(open_=5, cameras=20), source.open)
    try:
        tiles = [stage.tile() for _ in range(3)]
        for i, tile in enumerate(tiles):
            stage.hub.attach(tile, row(stage.seat, "cam://1", i))
        assert until(lambda: all(t.has_picture for t in tiles))
        assert source.opened == 1
        stage.hub.detach(tiles[0])
        stage.hub.detach(tiles[1])
        assert stage.hub.open_addresses == {"cam://1"}
        stage.hub.detach(tiles[2])
        assert stage.hub.open_addresses == frozenset()
        assert until(lambda: source.closed == 1)
        seen = source.frames
        time.sleep(0.15)
        QCoreApplication.processEvents()
        assert source.frames == seen
    finally:
        stage.close()


def test_a_dead_camera_is_never_shown_as_live(qapp):
    source = Moving()
    stage = Stage(FakeSeat(open_=5, cameras=20), source.open)
    try:
        tile = stage.tile()
        stage.hub.attach(tile, row(stage.seat, "cam://1"))
        assert until(lambda: tile.has_picture)
        tile.grab()
        assert "实时" in tile.texts()
        bright = tile.grab().toImage().pixelColor(160, 40).red()
        source.hang.set()
        stopped = time.perf_counter()
        assert until(lambda: tile.shown_state.state == cs.STALE, 6.0)
        assert time.perf_counter() - stopped <= cs.STALE_S + 1.0
        image = tile.grab().toImage()
        assert image.pixelColor(160, 40).red() < bright * 0.6, "greyed"
        assert any("秒前" in t for t in tile.texts())
        assert "实时" not in tile.texts()
        source.hang.clear()
        source.release.set()
        assert until(lambda: tile.shown_state.state == cs.PLAYING, 3.0)
    finally:
        source.release.set()
        stage.close()


def test_a_source_that_fails_is_tried_again_with_its_count(qapp):
    source = Moving()
    stage = Stage(FakeSeat(open_=5, cameras=20), source.open)
    try:
        tile = stage.tile()
        stage.hub.attach(tile, row(stage.seat, "cam://1"))
        assert until(lambda: tile.has_picture)
        source.fail.set()
        assert until(lambda: tile.shown_state.state == cs.RECONNECTING)
        tile.grab()
        assert "断流 · 正在重连 1" in tile.texts()
        assert tile.has_picture, "the last good frame stays, greyed"
        source.fail.clear()
        assert until(lambda: tile.shown_state.state == cs.PLAYING, 5.0)
    finally:
        stage.close()


@pytest.mark.parametrize(("source", "word"), [("", "未接入"), ("rtsp://user:secret@10.0.0.1/1", "格式不支持")])
def test_what_has_no_picture_says_so(stage: Stage, source: str, word: str):
    tile = stage.tile()
    stage.hub.attach(tile, row(stage.seat, source))
    assert until(lambda: tile.state.state not in (cs.CONNECTING, cs.EMPTY))
    tile.grab()
    assert word in tile.texts()
    assert not any("secret" in t for t in tile.texts())


@pytest.mark.parametrize("state", [cs.EMPTY, cs.CONNECTING, cs.RECONNECTING, cs.REFUSED, cs.NO_RIGHT, cs.NOT_CONNECTED,
                                   cs.UNSUPPORTED])
def test_every_state_has_its_word(stage: Stage, state: str):
    tile = stage.tile()
    tile.set_camera(row(stage.seat, "x"))
    tile.set_state(TileState(state, tries=2, why=Message("no right to look")))
    tile.grab()
    assert not tile.cut_texts()
    assert len(tile.texts()) >= 2


class NoRight(FakeSeat):
    """An operator who may not look at cameras."""

    def do(self, command):
        if isinstance(command, ViewCamera):
            raise Refused(Message("your role may not do that"))
        return super().do(command)


def test_without_the_right_no_source_is_opened(qapp):
    source = Moving()
    seat = NoRight(open_=5, cameras=20)
    stage = Stage(seat, source.open)
    try:
        looking = Looking(stage.bridge, stage.hub, stage.host)
        tile = stage.tile()
        looking.show(tile, row(seat, "cam://1"), "beside an incident", "i1")
        assert until(lambda: tile.state.state == cs.NO_RIGHT)
        tile.grab()
        assert "无权查看" in tile.texts()
        assert source.opened == 0
        assert stage.hub.open_addresses == frozenset()
    finally:
        stage.close()


def views(seat: FakeSeat) -> list[ViewCamera]:
    return [c for c in seat.done if isinstance(c, ViewCamera)]


def test_the_desk_s_looks_are_recorded_from_beginning_to_end(stage: Stage, still: str):
    seat = stage.seat
    seat.camera_rows = {k: replace(c, source=still) for k, c in seat.camera_rows.items()}
    panel = NearbyCameras(stage.bridge, stage.hub, stage.host)
    panel.resize(480, 160)
    panel.show()
    camera = next(c for c in seat.camera_rows.values())
    first, second = [r._replace(lon=camera.lon, lat=camera.lat) for r in seat.queue()[:2]]
    panel.show_incident(first)
    assert until(lambda: panel.tiles[0].has_picture)
    begun = [v for v in views(seat) if not v.ended]
    assert {v.incident_id for v in begun} == {first.id}
    assert all(v.reason.strip() for v in begun)
    assert "已记录" in panel.note
    panel.show_incident(second)
    assert until(lambda: sum(v.ended and v.incident_id == first.id for v in views(seat)) == len(begun))
    panel.hide()
    assert until(lambda: sum(v.ended for v in views(seat)) == sum(not v.ended for v in views(seat)))
    assert stage.hub.open_addresses == frozenset()


def test_nearby_cameras_say_what_is_missing(stage: Stage):
    seat = stage.seat
    panel = NearbyCameras(stage.bridge, stage.hub, stage.host)
    panel.show()
    assert "选中事件" in panel.note
    panel.show_incident(seat.queue()[0]._replace(lon=None, lat=None))
    assert "坐标" in panel.note
    panel.show_incident(seat.queue()[1]._replace(lon=100.0, lat=20.0))
    assert until(lambda: "无摄像机" in panel.note)


def test_a_grid_grows_and_shrinks_without_leaving_tiles_behind(qapp):
    grid = TileGrid(9)
    grid.resize(600, 400)
    grid.show()
    try:
        for count in (4, 25, 1, 6, 16, 9):
            grid.set_count(count)
            QCoreApplication.processEvents()
            assert len([t for t in grid.findChildren(Tile) if t.isVisible()]) == count
        with pytest.raises(ValueError, match="7"):
            grid.set_count(7)
    finally:
        grid.close()
        grid.deleteLater()


def test_the_wall_turns_to_the_newest_grave_incident_and_records_each_view_once(qapp, still: str):
    seat = FakeSeat(cameras=400)
    grave = max((r for r in seat.queue() if r.level <= 2 and r.lon is not None and not seat.book.is_sensitive(r.kind)),
                key=lambda r: r.reported_at)
    places = (0.002, 0.001, 0.004, 0.003, 0.005, 0.3)
    for place, (key, c) in zip(places, list(seat.camera_rows.items()), strict=False):
        seat.camera_rows[key] = replace(c, source=still, on_wall=True, state="online", lon=grave.lon + place,
                                        lat=grave.lat)
    with wall(seat) as window:
        snapshot = window.scene.snapshot
        shown = [t.camera.id for t in window.tiles.tiles if t.camera]
        assert snapshot.grave.id == grave.id
        assert shown == list(seat.camera_rows)[1::-1] + list(seat.camera_rows)[3:1:-1], "the nearest first"
        assert until(lambda: all(t.has_picture for t in window.tiles.tiles))
        recorded = [(v.camera_id, v.incident_id) for v in views(seat)]
        assert sorted(recorded) == sorted((i, snapshot.grave.id) for i in shown)
        assert {v.reason for v in views(seat)} == {WALL_INCIDENT}, "in no reader's language"
        window.link.refresh()
        until(lambda: False, 0.4)
        assert len(views(seat)) == len(recorded)
        assert not any("still.png" in t for t in all_texts(window))


def test_the_wall_records_its_views_anew_each_day(stage: Stage, still: str):
    looking = Looking(stage.bridge, stage.hub, stage.host, ends=False, once=True)
    first, second = (replace(c, source=still) for c in list(stage.seat.camera_rows.values())[:2])
    tile, other = stage.tile(), stage.tile()
    for _ in range(2):
        for camera in (first, second):
            looking.show(tile, camera, "patrol")
            assert until(lambda: tile.has_picture)
    looking.show(other, first, "patrol")
    looking._on_seen()
    assert until(lambda: stage.bridge.idle)
    assert [v.camera_id for v in views(stage.seat)] == [first.id, second.id]
    stage.seat.clock.advance(86_400)
    looking._on_seen()
    looking._on_seen()
    assert until(lambda: len(views(stage.seat)) == 4 and stage.bridge.idle)
    assert sorted(v.camera_id for v in views(stage.seat)[2:]) == sorted([first.id, second.id]), "both are on show now"
    looking.show(tile, first, "patrol")
    assert until(lambda: stage.bridge.idle and tile.has_picture)
    assert len(views(stage.seat)) == 4
    looking.clear()


def test_without_a_grave_incident_the_wall_patrols_what_it_may_show(qapp, still: str):
    seat = FakeSeat(cameras=400)
    seat.camera_rows = {k: replace(c, source=still) for k, c in seat.camera_rows.items()}
    for r in seat.queue():
        seat.rows[r.id] = r._replace(level=4)
    with wall(seat, settings={"wall.dwell_s": 1.0}) as window:
        first = [t.camera.id for t in window.tiles.tiles]
        assert all(seat.camera_rows[i].on_wall for i in first)
        window.grab()
        assert any("轮巡" in t for t in window.panels["cameras"].texts())
        assert until(lambda: [t.camera.id for t in window.tiles.tiles if t.camera] != first, 4.0)


def test_staged_pictures_are_marked_in_the_demo_and_in_every_drill(qapp):
    language.use(qapp, "zh_CN")
    for nature, mode, word in (("demo", cs.STILL_MODE, "演示画面"), ("demo", cs.LIVE, "演示画面"),
                               ("drill", cs.FILE, "演示画面"), ("drill", cs.STILL_MODE, "演示画面"),
                               ("drill", cs.LIVE, "演练画面"), ("live", cs.FILE, "")):
        tile = Tile(nature=nature)
        tile.resize(480, 270)
        tile.set_camera(row(FakeSeat(open_=1, cameras=2), "x"))
        image = QImage(480, 270, QImage.Format.Format_RGB32)
        image.fill(0)
        tile.set_frame(image, TileState().with_frame(1.0, mode))
        tile.grab()
        marked = [t for t in tile.texts() if t.endswith("画面")]
        assert marked == ([word] if word else []), (nature, mode)
        tile.deleteLater()
