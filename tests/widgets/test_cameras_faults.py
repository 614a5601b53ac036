"""What breaks, as the tile tells it: each fault of a stream with its own words, and back when it is mended."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.services.streams import KEYFRAME, LIVE, SNAPSHOT
from app.video import budget, supervisor
from app.video import stream as stream_module
from tests.fakes import video_clips
from tests.fakes.fake_seat import FakeSeat
from tests.fakes.rtsp_server import RtspServer
from tests.fakes.video_clips import Clip
from tests.video_stage import VideoStage, number_on
from tests.widgets.wall_stage import until
from widgets.cameras import state as cs
from widgets.cameras.tile import Tile
from widgets.theme import language

DOWN = pytest.mark.expects_log(r"no picture of rtsp://")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def clip(folder: Path) -> Path:
    return video_clips.clip_file(folder, "h264", 320, 180, 10, 8.0)


@pytest.fixture
def stage(qapp) -> Iterator[VideoStage]:
    language.use(qapp, "zh_CN")
    made = VideoStage(lambda: FakeSeat(open_=5, cameras=30))  # type: ignore[arg-type,return-value]
    yield made
    made.close()


def show(stage: VideoStage, source: str, number: int = 0, size: tuple[int, int] = (480, 270)) -> Tile:
    camera = replace(list(FakeSeat(open_=1, cameras=30).camera_rows.values())[number], source=source)
    tile = stage.tile(*size)
    stage.looking.show(tile, camera, "proof")
    return tile


def says(tile: Tile, *words: str) -> bool:
    tile.grab()
    told = " ".join(tile.texts())
    return all(word in told for word in words)


def plays(tile: Tile) -> bool:
    return says(tile, "实时") and number_on(tile) is not None


@DOWN
def test_each_fault_of_a_stream_has_its_words_on_the_tile_and_ends_with_the_fault(stage: VideoStage, clip: Path):
    with RtspServer(clip, mounts=4) as server:
        tiles = [show(stage, server.url(n), n) for n in range(4)]
        assert until(lambda: all(plays(t) for t in tiles))
        hung, noisy, late, cut = tiles
        server.tell("hang 0")
        server.tell("garbage 1")
        server.tell("slow 2 0.8")
        server.tell("drop 3")
        began = time.monotonic()
        assert until(lambda: says(cut, "断流") or says(cut, "码流中断"), 2.0), "the end of a connection is told at once"
        assert until(lambda: says(hung, "秒前"), 4.0), "a stream that hangs stands greyed with its age"
        assert time.monotonic() - began < 4.0
        assert not says(noisy, "实时"), "noise is no picture"
        assert until(lambda: says(late, "实时", "延时 0.8 秒") or says(late, "实时", "延时 0.9 秒"), 4.0), late.texts()
        assert until(lambda: plays(cut), 5.0)
        assert until(lambda: says(hung, "连接超时"), 6.0), hung.texts()
        assert until(lambda: says(noisy, "数据无法解码"), 8.0), noisy.texts()
        for n in range(4):
            server.tell(f"resume {n}")
        assert until(lambda: all(plays(t) for t in tiles), 8.0), [t.texts() for t in tiles]
        assert all(not t.cut_texts() for t in tiles)
        stage.streams.close()


@DOWN
def test_a_refused_log_in_an_unknown_codec_and_a_dead_port_say_so(stage: VideoStage, clip: Path, folder: Path):
    foreign = folder / "svac.clip"
    known = video_clips.load(clip)
    video_clips.save(Clip("svac", 320, 180, 10, known.units), foreign)
    with RtspServer(clip) as locked, RtspServer(foreign) as unknown, RtspServer(clip) as dead:
        locked.tell("password op geheim")
        tiles = [show(stage, s.url(), n) for n, s in enumerate((locked, unknown, dead))]
        assert until(lambda: plays(tiles[2]))
        dead.kill()
        assert until(lambda: says(tiles[0], "摄像机拒绝登录"), 6.0), tiles[0].texts()
        assert until(lambda: says(tiles[1], "不支持此码流的编码格式"), 6.0), tiles[1].texts()
        assert until(lambda: says(tiles[2], "连接被拒绝"), 6.0), tiles[2].texts()
        assert tiles[1].shown_state.state == cs.UNSUPPORTED
        tries = locked.tell("")["tries"]
        until(lambda: False, 1.5)
        assert locked.tell("")["tries"] == tries, "a wrong password is not tried over and over"
        stage.streams.close()


def test_h265_and_the_real_films_are_painted(stage: VideoStage, folder: Path, shared_data: Path):
    with RtspServer(video_clips.clip_file(folder, "hevc", 320, 192, 10, 2.0)) as server:
        tile = show(stage, server.url())
        assert until(lambda: plays(tile))
        films = sorted((shared_data / "video").glob("*.mp4"))
        assert films
        shown = [show(stage, str(film), n + 1) for n, film in enumerate(films)]
        for film in shown:
            assert until(lambda film=film: film.has_picture and says(film, "录像"))
            first = film.grab().toImage()
            assert until(lambda film=film, first=first: film.grab().toImage() != first), "it moves"
        stage.looking.clear()
        stage.streams.close()


class Clock:
    """The time module as the streams see it: each picture costs so much of its thread's CPU."""

    perf_counter = staticmethod(time.perf_counter)

    def __init__(self) -> None:
        self.picture_s = 0.0
        self._mine = threading.local()

    def thread_time(self) -> float:
        """A picture's cost more with each call: streams ask once a picture."""
        self._mine.spent = getattr(self._mine, "spent", 0.0) + self.picture_s
        return float(self._mine.spent)


def test_tiles_step_down_as_the_load_grows_and_up_again_and_say_so(stage: VideoStage, clip: Path, figure,
                                                                     monkeypatch: pytest.MonkeyPatch):
    clock = Clock()
    monkeypatch.setattr(stream_module, "time", clock)
    monkeypatch.setattr(supervisor, "BUDGET_EVERY_S", 1.0)
    monkeypatch.setattr(budget, "KEYFRAME_COSTS", 0.1)  # one of ten pictures is a key frame, and costs as much
    seen: list[list[str]] = []
    with RtspServer(clip, mounts=4) as server:
        sizes = ((640, 360), (400, 225), (320, 180), (240, 135))
        tiles = [show(stage, server.url(n), n, size) for n, size in enumerate(sizes)]
        tiles[3].pinned = LIVE
        assert until(lambda: all(plays(t) for t in tiles))

        def become(*wanted: str) -> bool:
            by_url = {s.address.url: s.mode for s in stage.streams.open_streams}
            now = [by_url[server.url(n)] for n in range(4)]
            if not seen or seen[-1] != now:
                seen.append(now)
            return now == list(wanted)

        for picture_s, wanted in ((0.01, (LIVE, LIVE, LIVE, LIVE)), (0.042, (LIVE, LIVE, KEYFRAME, LIVE)),
                                  (0.055, (LIVE, KEYFRAME, KEYFRAME, LIVE)), (0.15, (SNAPSHOT,) * 3 + (LIVE,)),
                                  (0.01, (LIVE, LIVE, LIVE, LIVE))):
            clock.picture_s = picture_s
            assert until(lambda wanted=wanted: become(*wanted), 25.0), (picture_s, seen)
            words = [{LIVE: "实时", KEYFRAME: "关键帧", SNAPSHOT: "抓拍"}[mode] for mode in wanted]
            assert until(lambda words=words: all(map(says, tiles, words)), 9.0)
            assert says(tiles[3], "实时·已固定")
        stage.streams.close()
    figure(f"budget: {len(seen)} settings of 4 tiles while the load grew fifteenfold and fell: the smallest stepped "
           "down first, the pinned one stayed, all came back")
