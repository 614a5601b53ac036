"""Sub-stream for small tiles, main stream when enlarged: no picture is lost on the way."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.services.views import CameraRow
from tests.fakes import video_clips
from tests.fakes.fake_seat import FakeSeat
from tests.fakes.rtsp_server import RtspServer
from tests.video_stage import VideoStage, number_on
from tests.widgets.wall_stage import until
from widgets.cameras.feeds import MAIN_FROM_PX, SUB_BELOW_PX, address_for
from widgets.theme import language


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def main_stream(clips: Path) -> Iterator[RtspServer]:
    with RtspServer(video_clips.clip_file(clips, "h264", 1280, 720, 10, 2.0)) as running:
        yield running


@pytest.fixture(scope="module")
def sub_stream(clips: Path) -> Iterator[RtspServer]:
    with RtspServer(video_clips.clip_file(clips, "h264", 320, 180, 10, 2.0)) as running:
        yield running


@pytest.fixture
def stage(qapp) -> Iterator[VideoStage]:
    language.use(qapp, "zh_CN")
    seat = FakeSeat(open_=3, cameras=3)
    made = VideoStage(lambda: seat)  # type: ignore[arg-type,return-value]
    made.host.resize(1000, 600)
    made.seat = seat  # type: ignore[attr-defined]
    yield made
    made.close()


def camera(stage: VideoStage, main: str, sub: str) -> CameraRow:
    first = next(iter(stage.seat.camera_rows.values()))  # type: ignore[attr-defined]
    return replace(first, source=main, sub_source=sub)


def test_the_width_of_a_tile_decides_and_does_not_flutter():
    row = CameraRow("c", "c", "fixed", None, None, None, None, None, "online", None, None, (), False, "main",
                    sub_source="sub")
    assert address_for(row, MAIN_FROM_PX) == "main"
    assert address_for(row, 300) == "sub"
    assert address_for(row, SUB_BELOW_PX, "main") == "main"
    assert address_for(row, MAIN_FROM_PX - 1, "sub") == "sub"
    assert address_for(row, SUB_BELOW_PX - 1, "main") == "sub"
    assert address_for(replace(row, sub_source=""), 10) == "main"


def test_enlarging_takes_the_main_stream_without_a_gap_and_shrinking_lets_go_of_it(
        stage: VideoStage, main_stream: RtspServer, sub_stream: RtspServer):
    tile = stage.tile(320, 180)
    stage.looking.show(tile, camera(stage, main_stream.url(), sub_stream.url()), "beside an incident")
    assert until(lambda: number_on(tile) is not None)
    assert stage.hub.open_addresses == {sub_stream.url()}
    assert main_stream.tell("clients 0")["clients"] == 0, "a small tile never asks for the main stream"

    tile.resize(960, 540)
    gaps: list[str] = []

    def large() -> bool:
        if not tile.has_picture or tile.shown_state.state != "playing":
            gaps.append(tile.shown_state.state)
        return stage.hub.open_addresses == {main_stream.url()}

    assert until(large, 8)
    assert not gaps, "the sub-stream stays until the main stream's first picture"
    assert until(lambda: number_on(tile) is not None)
    assert until(lambda: sub_stream.tell("clients 0")["clients"] == 0, 5)

    tile.resize(320, 180)
    assert until(lambda: large() or stage.hub.open_addresses == {sub_stream.url()}, 8)
    assert until(lambda: stage.hub.open_addresses == {sub_stream.url()}, 8)
    assert not gaps


@pytest.mark.expects_log(r"no picture of rtsp://")
def test_a_main_stream_that_does_not_come_leaves_the_sub_stream_on_show(stage: VideoStage, sub_stream: RtspServer):
    tile = stage.tile(320, 180)
    stage.looking.show(tile, camera(stage, "rtsp://127.0.0.1:9/none", sub_stream.url()), "beside an incident")
    assert until(lambda: number_on(tile) is not None)
    tile.resize(960, 540)
    until(lambda: False, 1.5)
    assert tile.shown_state.state == "playing"
    assert until(lambda: number_on(tile) is not None)
    tile.resize(320, 180)
    assert until(lambda: stage.hub.open_addresses == {sub_stream.url()}), "nobody waits for the main stream any more"
