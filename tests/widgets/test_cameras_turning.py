"""Tiles that turn: the next picture is there before a tile turns; what gives no picture is passed over and counted."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from app.services.commands import ViewCamera
from app.services.video_walls import Chosen, OnWall, VideoWall
from tests.fakes import video_clips
from tests.fakes.fake_seat import FakeSeat
from tests.fakes.rtsp_server import RtspServer
from tests.video_stage import VideoStage
from tests.widgets.wall_stage import until
from widgets.cameras.grid import TileGrid
from widgets.cameras.looking import Looking
from widgets.cameras.turner import Show, Turner
from widgets.cameras.wall_tiles import WallTiles
from widgets.cameras.zoom import WHOLE, Zoom
from widgets.theme import language


class Stage(VideoStage):
    """A grid of tiles over a fake seat."""

    def __init__(self) -> None:
        self.seat = FakeSeat(open_=10, cameras=20)
        super().__init__(lambda: self.seat)  # type: ignore[arg-type,return-value]
        self.grid = TileGrid(1, self.host)
        self.grid.resize(480, 270)
        self.grid.show()

    def camera(self, source: str, number: int):
        return replace(list(self.seat.camera_rows.values())[number], source=source, state="online")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    with RtspServer(video_clips.clip_file(tmp_path_factory.mktemp("clips"), "h264", 640, 360, 15, 4.0),
                    mounts=3) as running:
        yield running


@pytest.fixture
def stage(qapp) -> Iterator[Stage]:
    language.use(qapp, "zh_CN")
    made = Stage()
    yield made
    made.close()


def test_a_patrol_shows_no_black_between_two_cameras(stage: Stage, server: RtspServer):
    cameras = [stage.camera(server.url(i), i) for i in range(3)]
    tiles = WallTiles(stage.bridge, stage.hub, stage.grid, stage.host, dwell_s=2.0)
    tiles.update(None, (), cameras)
    assert until(lambda: stage.grid.tiles[0].has_picture)
    seen: list[str] = []
    black: list[str] = []

    def look() -> bool:
        tiles.update(None, (), cameras)
        tile = stage.grid.tiles[0]
        if tile.camera is not None and (not seen or seen[-1] != tile.camera.id):
            seen.append(tile.camera.id)
        if not tile.has_picture or not tile.isVisible():
            black.append(str(tile.camera))
        return len(seen) >= 4

    assert until(look, 12.0), seen
    assert not black
    assert seen[0] == seen[3]
    assert len(set(seen)) == 3
    tiles.close()


@pytest.mark.expects_log("no picture of")
def test_a_camera_that_gives_no_picture_is_passed_over_and_counted(stage: Stage, server: RtspServer, monkeypatch):
    monkeypatch.setattr("widgets.cameras.turner.GRACE_S", 0.8)
    cameras = [stage.camera(server.url(0), 0), stage.camera("rtsp://127.0.0.1:1/none", 1)]
    tiles = WallTiles(stage.bridge, stage.hub, stage.grid, stage.host, dwell_s=1.5)
    tiles.update(None, (), cameras)
    assert until(lambda: stage.grid.tiles[0].has_picture)
    assert until(lambda: tiles.update(None, (), cameras).passed_over == 1, 6.0)
    assert stage.grid.tiles[0].camera is not None
    assert stage.grid.tiles[0].camera.id == cameras[0].id
    assert stage.grid.tiles[0].has_picture
    offline = [*cameras[:1], replace(cameras[1], state="offline")]
    assert tiles.update(None, (), offline).passed_over == 1, "what is known to be off line is not even asked"
    tiles.close()


@pytest.mark.expects_log("no picture of")
def test_a_named_wall_shows_why_there_is_no_picture_after_a_moment(stage: Stage, server: RtspServer):
    good, bad = stage.camera(server.url(0), 0), stage.camera("rtsp://127.0.0.1:1/none", 1)
    looking = Looking(stage.bridge, stage.hub, stage.host)
    turner = Turner(stage.grid, looking, stage.host)

    def shows(camera) -> bool:
        turner.put([Show(camera, "a reason")])
        return stage.grid.tiles[0].camera.id == camera.id

    assert until(lambda: shows(good) and stage.grid.tiles[0].has_picture)
    asked = time.perf_counter()
    assert until(lambda: shows(bad), 5.0)
    assert time.perf_counter() - asked > 1.0
    assert until(lambda: "被拒绝" in stage.grid.tiles[0].words()[0])
    turner.clear()
    looking.clear()
    views = [c for c in stage.seat.done if isinstance(c, ViewCamera)]
    assert {v.camera_id for v in views} == {good.id, bad.id}, "each view is recorded with its reason"


def test_a_choice_holds_until_a_newer_grave_incident_comes(stage: Stage, server: RtspServer):
    one, two = stage.camera(server.url(0), 0), stage.camera(server.url(1), 1)
    row = next(r for r in stage.seat.queue() if r.lon is not None)
    wall = VideoWall("A", 1, (one.id,))
    chosen = Chosen(OnWall("wall", "A", 1, at=row.reported_at + 1), wall, None, (one,))
    tiles = WallTiles(stage.bridge, stage.hub, stage.grid, stage.host)
    assert tiles.update(row, [two], [one, two], chosen).places == (one,)
    newer = row._replace(reported_at=chosen.on_wall.at + 5)
    turn = tiles.update(newer, [two], [one, two], chosen)
    assert turn.incident is newer
    assert turn.cameras == (two,)
    tiles.close()


def test_zoom_keeps_what_lies_under_the_pointer_and_never_leaves_the_picture():
    whole = QRectF(0, 0, 640, 360)
    zoom = WHOLE.by(4, 0.25, 0.75)
    part = zoom.part(whole)
    assert part.left() + 0.25 * part.width() == pytest.approx(160)
    assert part.top() + 0.75 * part.height() == pytest.approx(270)
    for steps, x, y in ((9, 0.0, 0.0), (-3, 1.0, 1.0), (99, 0.5, 0.1), (-1, 0.0, 1.0)):
        zoom = zoom.by(steps, x, y).moved(0.4, -0.7)
        assert whole.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(zoom.part(whole))
        assert 1.0 <= zoom.factor <= 8.0
    assert zoom.by(-99, 0.3, 0.3) == Zoom()


def test_an_enlarged_tile_has_the_grid_for_itself(qapp):
    host = QWidget()
    grid = TileGrid(6, host)
    grid.resize(900, 600)
    host.show()
    large, small = grid.tiles[0], grid.tiles[5]
    assert large.width() > 1.9 * small.width()
    grid.enlarge(small)
    assert small.geometry() == grid.rect()
    assert [t.isVisible() for t in grid.tiles] == [False] * 5 + [True]
    grid.enlarge(None)
    assert all(t.isVisible() for t in grid.tiles)
    host.close()
    host.deleteLater()
