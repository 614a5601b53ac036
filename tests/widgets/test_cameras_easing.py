"""Small tiles are decoded without the smoothing of block borders: no eye sees it, and no still is made of it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from app.services.streams import LIVE
from app.video import easing
from tests.fakes import video_clips
from tests.fakes.fake_seat import FakeSeat
from tests.fakes.rtsp_server import RtspServer
from tests.video_stage import VideoStage, number_on
from tests.widgets.wall_stage import until
from widgets.cameras.still import StillTaker
from widgets.cameras.tile import Tile
from widgets.theme import language


@pytest.fixture
def stage(qapp) -> Iterator[VideoStage]:
    language.use(qapp, "zh_CN")
    made = VideoStage(lambda: FakeSeat(open_=5, cameras=30))  # type: ignore[arg-type,return-value]
    yield made
    made.close()


def show(stage: VideoStage, server: RtspServer) -> Tile:
    camera = replace(next(iter(FakeSeat(open_=1, cameras=30).camera_rows.values())), source=server.url())
    tile = stage.tile()
    tile.pinned = LIVE
    stage.looking.show(tile, camera, "proof")
    assert until(lambda: tile.has_picture, 8.0)
    return tile


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_small_tile_is_eased_and_a_still_of_it_is_the_whole_picture(stage: VideoStage, tmp_path: Path, codec: str):
    with RtspServer(video_clips.clip_file(tmp_path, codec, 640, 360, 15, 6.0)) as server:
        tile = show(stage, server)
        assert until(lambda: tile.state.eased, 8.0), "after two key frames"
        assert until(lambda: number_on(tile) is not None)
        seen: list[tuple[int, int, bool]] = []
        taker = StillTaker(stage.host)
        taker.take(tile, lambda image, _age: seen.append((image.width(), image.height(), tile.state.eased)),
                   lambda: seen.append((0, 0, True)))
        assert until(lambda: bool(seen), 8.0)
        assert seen == [(640, 360, False)], "as large as the stream, decoded in full"
        assert until(lambda: tile.state.eased, 8.0), "and small again"
        tile.resize(640, 360)
        assert until(lambda: not tile.state.eased and tile.picture is not None and tile.picture.width() == 640, 8.0)
        stage.streams.close()


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_what_is_left_out_is_not_seen_on_a_tile(codec: str, figure):
    """Against full decoding, at the end of each group of pictures, where it has added up."""
    clip = video_clips.encode(codec, 640, 360, 15, 4.0, rich=True)

    def tiles(options: dict[str, str]) -> list[np.ndarray]:
        decoder = av.CodecContext.create(codec, "r")
        decoder.thread_type, decoder.options = "NONE", options
        units = [b"".join(video_clips.START + nal for nal in unit.nals) for unit in clip.units]
        frames = [f for unit in units for f in decoder.decode(av.Packet(unit))] + decoder.decode(None)  # type: ignore[attr-defined]
        return [f.reformat(480, 270, "gray").to_ndarray().astype(float) for f in frames]

    whole, eased = tiles({}), tiles(dict(easing.OPTIONS))
    assert len(whole) == len(eased) == 60
    errors = [float(((a - b) ** 2).mean()) for a, b in zip(whole, eased, strict=True)]
    assert max(errors) > 0, "the option reaches the decoder"
    worst = 10 * np.log10(255 ** 2 / max(errors))
    figure(f"{codec}: a tile without smoothing is {worst:.1f} dB from full decoding, at worst (40)")
    assert worst >= 40
    assert [video_clips.read(t.astype(np.uint8)) for t in eased] == list(range(60))
