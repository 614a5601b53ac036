"""Live streams in tiles: what is read off the painted widget, not off the decoder."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.services.commands import ViewCamera
from tests.fakes import video_clips
from tests.fakes.fake_seat import FakeSeat
from tests.fakes.http_cameras import HttpCameras
from tests.fakes.live_http import LiveHttp
from tests.fakes.rtsp_server import RtspServer
from tests.video_stage import VideoStage, number_on
from tests.widgets.wall_stage import until
from widgets.theme import language


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    folder = tmp_path_factory.mktemp("clips")
    with RtspServer(video_clips.clip_file(folder, "h264", 640, 360, 15, 4.0), mounts=2) as running:
        yield running


class Stage(VideoStage):
    """On a fake seat."""

    def __init__(self) -> None:
        self.seat = FakeSeat(open_=10, cameras=20)
        super().__init__(lambda: self.seat)  # type: ignore[arg-type,return-value]

    def camera(self, source: str, number: int = 0):
        return replace(list(self.seat.camera_rows.values())[number], source=source)


@pytest.fixture
def stage(qapp) -> Iterator[Stage]:
    language.use(qapp, "zh_CN")
    made = Stage()
    yield made
    made.close()


def test_a_tile_paints_the_stream_with_its_time_mode_and_delay(stage: Stage, server: RtspServer):
    tile = stage.tile(nature="drill")
    stage.looking.show(tile, stage.camera(server.url()), "beside an incident")
    assert until(lambda: tile.has_picture)
    seen: set[int | None] = {None}

    def look() -> bool:
        seen.add(number_on(tile))
        return len(seen) > 5

    assert until(look)
    number = number_on(tile)
    assert number is not None
    assert server.delay_s(number) < 1.5
    texts = tile.texts()
    assert "实时" in texts
    assert any("延时" in t and ":" in t for t in texts)
    assert tile.camera is not None
    assert any(tile.camera.name in t for t in texts)
    assert any("演练" in t or "演示" in t for t in texts)
    assert not tile.cut_texts()


def test_two_tiles_of_one_camera_share_its_connection_and_the_right_comes_first(stage: Stage, server: RtspServer):
    before = server.tell("clients 1")["described"]
    tiles = [stage.tile(320, 180), stage.tile(160, 90)]
    for i, tile in enumerate(tiles):
        stage.looking.show(tile, stage.camera(server.url(1), i), "beside an incident")
    assert until(lambda: all(t.has_picture for t in tiles))
    assert server.tell("clients 1")["described"] == before + 1
    assert sum(isinstance(c, ViewCamera) for c in stage.seat.done) == 2
    assert until(lambda: number_on(tiles[1]) is not None), "the bar code is read at any size"


def test_privacy_masks_cover_the_picture_before_it_is_painted(stage: Stage, server: RtspServer):
    camera = stage.camera(server.url())
    band = (0.0, 0.3), (1.0, 0.3), (1.0, 0.56), (0.0, 0.56)
    stage.seat.set_masks(camera.id, band)
    tile = stage.tile()
    stage.looking.show(tile, camera, "beside an incident")
    assert until(lambda: tile.has_picture)
    for _ in range(8):
        assert number_on(tile) is None
        until(lambda: False, 0.05)
    stage.seat.set_masks(camera.id)
    assert until(lambda: number_on(tile) is not None), "masks that are taken away are gone without a restart"


@pytest.mark.expects_log(r"no picture of rtsp://")
def test_a_stream_that_never_came_says_why(stage: Stage, server: RtspServer):
    tiles = {url: stage.tile() for url in ("rtsp://127.0.0.1:9/1", server.url(7), "rtsp://no-such-host.invalid/1",
                                           "rtsp://op:geheim@127.0.0.1/1")}
    for i, (url, tile) in enumerate(tiles.items()):
        stage.looking.show(tile, stage.camera(url, i), "beside an incident")
    assert until(lambda: all(t.state.why is not None for t in tiles.values()))
    faces = []
    for tile in tiles.values():
        tile.grab()
        faces.append(" ".join(tile.texts()))
        assert not tile.has_picture
        assert not tile.cut_texts()
    for face, word in zip(faces, ("连接被拒绝", "无此码流", "找不到主机", "不得含密码"), strict=True):
        assert word in face
    assert "geheim" not in " ".join(faces)


def test_a_hidden_tile_decodes_no_more_than_key_frames(stage: Stage, server: RtspServer):
    tile = stage.tile()
    stage.looking.show(tile, stage.camera(server.url()), "beside an incident")
    assert until(lambda: tile.has_picture)
    tile.hide()
    until(lambda: False, 0.7)
    stream = stage.streams.open_streams[0]
    seen, began = stream.frames, time.monotonic()
    until(lambda: False, 2.0)
    assert stream.frames - seen <= (time.monotonic() - began) * 1.5 + 1
    tile.show()
    seen = stream.frames
    assert until(lambda: stream.frames > seen + 10)


def test_a_film_says_that_it_is_a_recording(stage: Stage, tmp_path: Path):
    path = tmp_path / "film.mp4"
    video_clips.write_mp4(video_clips.encode("h264", 320, 180, 10, 1.0), path)
    tile = stage.tile()
    stage.looking.show(tile, stage.camera(str(path)), "beside an incident")
    assert until(lambda: number_on(tile) is not None)
    assert "实时" not in " ".join(tile.texts())
    assert "录像" in " ".join(tile.texts())


def test_where_a_source_has_no_clock_no_delay_is_made_up(stage: Stage, expected_logs):
    """MJPEG and single pictures carry no time of their own, pieces of HLS lie seconds behind: 0.0 s would be a lie."""
    expected_logs.allow("no picture of http://")  # the servers may go before the connections do
    with HttpCameras() as cameras, LiveHttp() as live:
        place = f"http://127.0.0.1:{cameras.port}"
        tiles = {address: stage.tile() for address in (f"{place}/mjpeg", f"{place}/snapshot", live.url("live.m3u8"))}
        for i, (address, tile) in enumerate(tiles.items()):
            stage.looking.show(tile, stage.camera(address, i), "beside an incident")
        assert until(lambda: all(t.has_picture for t in tiles.values()))
        for tile in tiles.values():
            tile.grab()
        told = [" ".join(tile.texts()) for tile in tiles.values()]
        stage.looking.clear()
    assert all("延时未知" in words and "秒" not in words for words in told), told
