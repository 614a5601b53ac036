"""Streams from real servers: live, shared, in their modes, and each failure with its own reason."""
from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.services import streams as st
from app.services.streams import KEYFRAME, LIVE, SNAPSHOT, StreamState, VideoFrame, Want
from app.video.logins import nobody
from app.video.supervisor import LINGER_S, Supervisor
from tests.fakes import video_clips
from tests.fakes.http_cameras import HttpCameras
from tests.fakes.rtsp_server import RtspServer

WANT = Want(320, 180)
DOWN = pytest.mark.expects_log(r"WARNING app\.video\.stream: no picture of")


def green(frame: VideoFrame) -> np.ndarray:
    pixels = np.frombuffer(memoryview(frame.data), np.uint8)[:frame.stride * frame.height]  # type: ignore[arg-type]
    return pixels.reshape(frame.height, frame.stride)[:, 1:frame.width * 4:4].copy()


class Tile:
    """A sink that keeps what it gets."""

    def __init__(self) -> None:
        self.numbers: list[tuple[float, int | None]] = []
        self.states: list[StreamState] = []
        self.last: VideoFrame | None = None

    def frame(self, frame: VideoFrame) -> None:
        self.numbers.append((time.monotonic(), video_clips.read(green(frame))))
        self.last = frame

    def state(self, state: StreamState) -> None:
        self.states.append(state)

    @property
    def phase(self) -> str:
        return self.states[-1].phase


def until(said: Callable[[], object], wait_s: float = 6.0) -> bool:
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        if said():
            return True
        time.sleep(0.02)
    return bool(said())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RtspServer]:
    with RtspServer(video_clips.clip_file(folder, "h264", 320, 180, 10, 4.0), mounts=3) as running:
        yield running


@pytest.fixture
def streams() -> Iterator[Supervisor]:
    made = Supervisor(cores=2)
    yield made
    made.close()


def test_pictures_arrive_in_order_and_soon(server: RtspServer, streams: Supervisor):
    tile = Tile()
    began = time.monotonic()
    streams.watch(server.url(), WANT, tile)
    assert until(lambda: tile.numbers)
    first_s = time.monotonic() - began
    assert until(lambda: len(tile.numbers) >= 15)
    numbers = [n for _, n in tile.numbers[:15]]
    assert numbers == [(numbers[0] + i) % server.cycle for i in range(15)]  # type: ignore[operator]
    assert max(server.delay_s(n, now=at) for at, n in tile.numbers[3:15] if n is not None) < 1.5
    assert first_s < 5.0
    assert tile.phase == st.PLAYING
    assert tile.last is not None
    assert (tile.last.width, tile.last.height, tile.last.mode) == (320, 180, LIVE)
    assert tile.last.delay_s < 1.0


def test_h265_plays_too(folder: Path, streams: Supervisor):
    with RtspServer(video_clips.clip_file(folder, "hevc", 320, 192, 10, 2.0)) as server:
        tile = Tile()
        watch = streams.watch(server.url(), WANT, tile)
        assert until(lambda: [n for _, n in tile.numbers if n is not None])
        watch.close()
        streams.close()


def test_all_tiles_of_an_address_share_one_connection_and_the_last_ends_it(server: RtspServer, streams: Supervisor):
    before = server.tell("clients 1")["described"]
    tiles = [Tile() for _ in range(3)]
    watches = [streams.watch(server.url(1), Want(100 * (i + 1), 60 * (i + 1)), t) for i, t in enumerate(tiles)]
    assert until(lambda: all(t.numbers for t in tiles))
    assert server.tell("clients 1") == {"clients": 1, "described": before + 1}
    assert tiles[0].last is not None
    assert tiles[0].last.width >= 300, "the largest tile decides the size"
    for watch in watches[:2]:
        watch.close()
    seen = len(tiles[2].numbers)
    assert until(lambda: len(tiles[2].numbers) > seen)
    watches[2].close()
    assert until(lambda: server.tell("clients 1")["clients"] == 0, LINGER_S + 3)
    assert until(lambda: not streams.open_streams)


def test_key_frame_mode_shows_key_frames_and_hears_the_rest(server: RtspServer, streams: Supervisor):
    tile = Tile()
    watch = streams.watch(server.url(), Want(320, 180, mode=KEYFRAME), tile)
    assert until(lambda: streams.open_streams[0].mode == KEYFRAME, 4)
    assert until(lambda: tile.last is not None and tile.last.mode == KEYFRAME, 4)
    tile.numbers.clear()
    assert until(lambda: len(tile.numbers) >= 2, 4)
    assert all(n % 10 == 0 for _, n in tile.numbers if n is not None), "one key frame in ten"
    heard = watch.heard_at()
    assert heard is not None
    assert time.perf_counter() - heard < 1.0
    watch.change(Want(320, 180, mode=LIVE))
    tile.numbers.clear()
    assert until(lambda: len(tile.numbers) >= 20, 7)


def test_snapshot_mode_lets_go_between_pictures(server: RtspServer, streams: Supervisor):
    tile = Tile()
    streams.watch(server.url(2), Want(320, 180, mode=SNAPSHOT), tile)
    assert until(lambda: tile.last is not None and tile.last.mode == SNAPSHOT, 6)
    assert until(lambda: server.tell("clients 2")["clients"] == 0, 4)
    assert tile.phase == st.PLAYING


def test_masks_are_painted_before_anybody_gets_the_picture(server: RtspServer, streams: Supervisor):
    tile = Tile()
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.55), (0.0, 0.55))
    streams.watch(server.url(), Want(320, 180, masks=(whole,)), tile)
    assert until(lambda: len(tile.numbers) > 5)
    assert all(n is None for _, n in tile.numbers), "no frame left without its mask"
    assert tile.last is not None
    assert (green(tile.last)[:95] == 0x30).all()


def test_mjpeg_and_snapshots_over_http(streams: Supervisor):
    with HttpCameras() as cameras:
        moving, still = Tile(), Tile()
        watches = [streams.watch(cameras.url("mjpeg"), WANT, moving),
                   streams.watch(cameras.url("snapshot"), WANT, still)]
        assert until(lambda: len(moving.numbers) >= 10 and len(still.numbers) >= 2)
        assert [m for _, m in moving.numbers[:3]] != [None] * 3
        assert moving.last is not None
        assert still.last is not None
        assert (moving.last.mode, still.last.mode) == (LIVE, SNAPSHOT)
        for watch in watches:
            watch.close()
        streams.close()


def test_a_film_is_played_at_its_pace_round_and_round(tmp_path: Path, streams: Supervisor):
    path = tmp_path / "演练 1.mp4"
    video_clips.write_mp4(video_clips.encode("h264", 320, 180, 10, 1.0), path)
    tile = Tile()
    streams.watch(str(path), WANT, tile)
    assert until(lambda: len(tile.numbers) >= 25, 8)
    took = tile.numbers[24][0] - tile.numbers[0][0]
    assert 1.5 < took < 5.0
    assert [n for _, n in tile.numbers].count(3) >= 2
    assert tile.last is not None
    assert tile.last.mode == st.FILE


@DOWN
def test_each_failure_has_its_reason(server: RtspServer, tmp_path: Path, streams: Supervisor):
    (tmp_path / "noise.mp4").write_bytes(b"noise" * 500)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with HttpCameras() as cameras:
        wanted = {f"rtsp://127.0.0.1:{port}/x": "connection refused", "rtsp://no-such-host.invalid/x": "no such host",
                  server.url(9): "does not know", str(tmp_path / "gone.mp4"): "missing",
                  str(tmp_path / "noise.mp4"): "no pictures", cameras.url("page"): "text/html",
                  cameras.url("nothing"): "does not know", f"http://127.0.0.1:{port}/x": "connection refused",
                  "http://no-such-host.invalid/x": "no such host", "gopher://x/1": "gopher",
                  "rtsp://op:word@127.0.0.1/1": "password"}
        tiles = {url: Tile() for url in wanted}
        for url, tile in tiles.items():
            streams.watch(url, WANT, tile)
        assert until(lambda: all(t.states and t.states[-1].why is not None for t in tiles.values()), 10)
        for url, word in wanted.items():
            assert word in str(tiles[url].states[-1].why), url
            assert tiles[url].phase in (st.RECONNECTING, st.UNSUPPORTED)
        assert tiles[cameras.url("page")].phase == st.UNSUPPORTED
        streams.close()


@pytest.mark.expects_log(r"no picture of rtsp://127\.0\.0\.1:\d+/cam0: the camera refuses the log-in")
@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_log_in_is_used_and_never_told(folder: Path, scheme: str, caplog: pytest.LogCaptureFixture):
    with RtspServer(video_clips.clip_file(folder, "h264", 320, 180, 10, 4.0)) as server:
        server.tell("password op ge#heim")
        server.tell(f"scheme {scheme}")
        right, wrong = Supervisor(lambda _a: ("op", "ge#heim")), Supervisor(lambda _a: ("op", "falsch"))
        good, bad = Tile(), Tile()
        try:
            right.watch(server.url(), WANT, good)
            wrong.watch(server.url(), WANT, bad)
            assert until(lambda: good.numbers and bad.phase == st.NO_RIGHT)
            tries = server.tell("")["tries"]
            time.sleep(1.5)
            assert server.tell("")["tries"] == tries, "a wrong password is not tried again at once"
        finally:
            right.close()
            wrong.close()
    assert "heim" not in caplog.text
    assert "falsch" not in caplog.text


@DOWN
def test_an_outage_is_logged_once_down_and_once_up(folder: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO")
    streams = Supervisor(nobody)
    with RtspServer(video_clips.clip_file(folder, "h264", 320, 180, 10, 4.0)) as server:
        tile = Tile()
        streams.watch(server.url(), WANT, tile)
        assert until(lambda: len(tile.numbers) > 3)
        server.kill()
        assert until(lambda: tile.states[-1].tries >= 3)
        assert tile.phase == st.RECONNECTING
        server.start()
        seen = len(tile.numbers)
        assert until(lambda: len(tile.numbers) > seen + 2, 8)
        assert tile.states[-1].tries == 0
        streams.close()
    lines = [r.message for r in caplog.records if r.name == "app.video.stream"]
    assert len([line for line in lines if line.startswith("no picture")]) == 1
    assert len([line for line in lines if "back after" in line]) == 1


@DOWN
def test_noise_is_never_shown_as_a_picture(folder: Path, streams: Supervisor):
    with RtspServer(video_clips.clip_file(folder, "h264", 320, 180, 10, 4.0)) as server:
        tile = Tile()
        streams.watch(server.url(), WANT, tile)
        assert until(lambda: len(tile.numbers) > 5)
        server.tell("garbage 0")
        time.sleep(0.5)
        tile.numbers.clear()
        assert until(lambda: tile.phase == st.RECONNECTING, 8)
        assert not tile.numbers
        server.tell("resume 0")
        assert until(lambda: tile.numbers, 8)
        assert all(n is not None for _, n in tile.numbers)
        streams.close()


def test_udp_is_used_where_it_is_told(server: RtspServer, streams: Supervisor):
    tile = Tile()
    streams.watch(server.url() + "?transport=udp", WANT, tile)
    assert until(lambda: [n for _, n in tile.numbers if n is not None])


def test_closing_ends_all_threads(server: RtspServer):
    streams = Supervisor(nobody)
    tiles = [Tile() for _ in range(3)]
    for i, tile in enumerate(tiles):
        streams.watch(server.url(i), WANT, tile)
    assert until(lambda: all(t.numbers for t in tiles))
    streams.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("video")]
