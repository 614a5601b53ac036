"""Live HLS and HTTP-FLV, and log-ins of every kind of HTTP source: each plays, each failure has its reason."""
from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from app.services import streams as st
from app.video.probe import probe
from app.video.supervisor import Supervisor
from tests.fakes.http_cameras import HttpCameras
from tests.fakes.live_http import LiveHttp
from tests.integration.test_video_streams import DOWN, WANT, Tile, until


@pytest.fixture(scope="module")
def live() -> Iterator[LiveHttp]:
    with LiveHttp() as running:
        yield running


@pytest.fixture(scope="module")
def cameras() -> Iterator[HttpCameras]:
    with HttpCameras() as running:
        yield running


@pytest.fixture
def streams() -> Iterator[Supervisor]:
    made = Supervisor(cores=2)
    yield made
    made.close()


@pytest.mark.parametrize("name", ["live.m3u8", "live.flv"])
def test_it_plays_on_and_on_in_order(live: LiveHttp, streams: Supervisor, name: str):
    tile = Tile()
    watch = streams.watch(live.url(name), WANT, tile)
    assert until(lambda: len(tile.numbers) >= 45, 12), len(tile.numbers)
    numbers = [n for _, n in tile.numbers]
    steps = [(b - a) % live.cycle for a, b in itertools.pairwise(numbers)
             if a is not None and b is not None]
    assert len(steps) > 40
    assert steps.count(1) >= len(steps) * 0.9, "pictures in their order, over the end of a piece too"
    took = tile.numbers[44][0] - tile.numbers[4][0]
    assert 3.0 < took < 6.0, "at its own pace, ten a second"
    assert tile.phase == st.PLAYING
    watch.close()
    streams.close()


@DOWN
@pytest.mark.parametrize("name", ["live.m3u8", "live.flv"])
def test_silence_is_noticed_and_it_comes_back(live: LiveHttp, streams: Supervisor, name: str):
    tile = Tile()
    watch = streams.watch(live.url(name), WANT, tile)
    assert until(lambda: len(tile.numbers) >= 5, 8)
    live.hang = True
    try:
        assert until(lambda: tile.phase != st.PLAYING, 9)
    finally:
        live.hang = False
    seen = len(tile.numbers)
    assert until(lambda: len(tile.numbers) > seen + 5, 12)
    watch.close()
    streams.close()


def test_a_list_that_names_a_file_opens_none(live: LiveHttp):
    found = probe(live.url("stolen.m3u8"), seconds=0.5)
    assert found.why is not None
    assert not found.codec


def test_what_is_gone_says_so(live: LiveHttp):
    live.gone = True
    try:
        for name in ("live.m3u8", "live.flv"):
            found = probe(live.url(name), seconds=0.5)
            assert "does not know" in str(found.why), name
    finally:
        live.gone = False


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_every_http_source_takes_a_log_in_and_a_wrong_one_is_told(live: LiveHttp, cameras: HttpCameras, scheme: str):
    live.password = cameras.password = ("op", "gehe im")
    live.scheme = cameras.scheme = scheme
    try:
        for url in (live.url("live.m3u8"), live.url("live.flv"), cameras.url("mjpeg"), cameras.url("snapshot")):
            good = probe(url, lambda _: ("op", "gehe im"), seconds=0.3)
            assert good.why is None, (url, str(good.why))
            assert good.width == 320
            for login in (lambda _: ("op", "wrong"), lambda _: None):
                bad = probe(url, login, seconds=0.3)
                assert "log-in" in str(bad.why), url
    finally:
        live.password = cameras.password = None


def test_probe_tells_codec_size_and_pace_of_each_kind(live: LiveHttp):
    began = time.monotonic()
    for name, kind in (("live.m3u8", "hls"), ("live.flv", "flv")):
        found = probe(live.url(name), seconds=1.5)
        assert found.why is None
        assert (found.kind, found.codec, found.width, found.height) == (kind, "h264", 320, 180)
        assert 7 < found.fps < 13
    assert time.monotonic() - began < 15
