"""Channels of a WVP platform: played, given back, turned; each failure with its own reason."""
from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.faults import KnownFault
from app.services import streams as st
from app.services.streams import Want
from app.video.address import parse_address
from app.video.faults import VideoFault
from app.video.logins import nobody
from app.video.probe import probe
from app.video.supervisor import LINGER_S, Supervisor
from app.video.wvp import Wvp
from app.video.wvp_source import WvpChannels
from tests.fakes import video_clips
from tests.fakes.live_http import LiveHttp
from tests.fakes.rtsp_server import RtspServer
from tests.fakes.wvp_server import WvpServer
from tests.integration.test_video_streams import DOWN, Tile, until

NVR, GATE, YARD = "34080300001180000001", "34080300001320000001", "34080300001320000002"
WANT = Want(320, 180)


@pytest.fixture(scope="module")
def rtsp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    folder = tmp_path_factory.mktemp("clips")
    with RtspServer(video_clips.clip_file(folder, "h264", 320, 180, 10, 2.0), mounts=2) as running:
        yield running


@pytest.fixture(scope="module")
def live() -> Iterator[LiveHttp]:
    with LiveHttp() as running:
        yield running


@pytest.fixture
def wvp(rtsp: RtspServer) -> Iterator[WvpServer]:
    with WvpServer() as platform:
        platform.add(NVR, GATE, "Gate", stream=rtsp.url(0))
        platform.add(NVR, YARD, "Yard", stream=rtsp.url(1))
        yield platform


@pytest.fixture
def streams(wvp: WvpServer) -> Iterator[Supervisor]:
    made = Supervisor(wvp.known, cores=2)
    made._open.channels._linger_s = 0.3
    yield made
    made.close()


def client(wvp: WvpServer, login=None) -> Wvp:
    return Wvp(parse_address(wvp.url(NVR, GATE)), login or wvp.known)


def test_a_channel_is_started_shared_and_stopped_when_the_last_tile_leaves(wvp: WvpServer, streams: Supervisor):
    tiles = [Tile(), Tile()]
    watches = [streams.watch(wvp.url(NVR, GATE), WANT, tile) for tile in tiles]
    assert until(lambda: all(n for t in tiles for _, n in t.numbers[-1:]) and all(t.numbers for t in tiles))
    assert tiles[0].phase == st.PLAYING
    assert wvp.told == [("start", NVR, GATE)]
    watches[0].close()
    time.sleep(0.3)
    assert wvp.told == [("start", NVR, GATE)], "somebody still looks"
    watches[1].close()
    assert until(lambda: ("stop", NVR, GATE) in wvp.told, LINGER_S + 3)
    assert wvp.told.count(("start", NVR, GATE)) == 1


def test_a_channel_that_others_watch_is_left_to_the_platform(wvp: WvpServer, streams: Supervisor):
    wvp.readers = 2
    tile = Tile()
    watch = streams.watch(wvp.url(NVR, GATE), WANT, tile)
    assert until(lambda: tile.numbers)
    watch.close()
    assert until(lambda: any("stream_info" in path for path in wvp.asked), LINGER_S + 3)
    time.sleep(0.2)
    assert ("stop", NVR, GATE) not in wvp.told


def test_closing_the_program_gives_every_channel_back(wvp: WvpServer):
    channels = Supervisor(wvp.known, cores=2)
    tiles = [Tile(), Tile()]
    for tile, channel in zip(tiles, (GATE, YARD), strict=True):
        channels.watch(wvp.url(NVR, channel), WANT, tile)
    assert until(lambda: all(t.numbers for t in tiles))
    channels.close()
    assert sorted(t for t in wvp.told if t[0] == "stop") == [("stop", NVR, GATE), ("stop", NVR, YARD)]


def test_flv_and_hls_stand_in_where_rtsp_cannot_be_reached(wvp: WvpServer, live: LiveHttp):
    for name, channel in (("flv", "34080300001320000003"), ("hls", "34080300001320000004")):
        wvp.add(NVR, channel, name, stream="rtsp://127.0.0.1:9/closed", **{name: live.url(
            {"flv": "live.flv", "hls": "live.m3u8"}[name])})
        found = probe(wvp.url(NVR, channel), wvp.known, seconds=1.5)
        assert found.why is None, found.why
        assert (found.kind, found.codec, found.width) == ("wvp", "h264", 320)
        assert ("stop", NVR, channel) in wvp.told


def test_nothing_but_a_stream_is_opened_because_a_platform_names_it(wvp: WvpServer, tmp_path: Path):
    secret = tmp_path / "film.mp4"
    video_clips.write_mp4(video_clips.encode("h264", 64, 64, 5, 1.0), secret)
    wvp.add(NVR, "34080300001320000005", "bad", stream=secret.as_uri())
    found = probe(wvp.url(NVR, "34080300001320000005"), wvp.known)
    assert found.why is not None
    assert not found.codec


def test_an_expired_token_is_renewed_once_and_all_goes_on(wvp: WvpServer):
    platform = client(wvp)
    assert len(list(platform.channels(NVR))) == 2
    wvp.expire()
    assert len(list(platform.channels(NVR))) == 2
    assert wvp.logins == 2
    wvp.expire()
    wvp.login = ("admin", "another")
    with pytest.raises(VideoFault) as caught:
        Wvp(parse_address(wvp.url(NVR, GATE)), lambda _: ("admin", "word")).start(NVR, GATE)
    assert caught.value.phase == st.NO_RIGHT


@pytest.mark.parametrize(("trouble", "phase", "words"), [
    ("wrong password", st.NO_RIGHT, "refuses the log-in"), ("no password", st.NO_RIGHT, "no log-in"),
    ("unknown channel", st.REFUSED, "点播超时"), ("error", st.REFUSED, "500: 系统异常"),
    ("garbage", st.REFUSED, "cannot be read"),
    ("gone", st.REFUSED, "connection refused"), ("hang", st.TIMED_OUT, "no answer in time"),
])
def test_each_trouble_of_a_platform_has_its_own_reason(wvp: WvpServer, monkeypatch, trouble: str, phase: str,
                                                       words: str):
    monkeypatch.setattr("app.video.wvp.READ_S", 0.4)
    monkeypatch.setattr("app.video.wvp.START_S", 0.4)
    login = {"wrong password": lambda _: ("admin", "wrong"), "no password": nobody}.get(trouble, wvp.known)
    platform = client(wvp, login)
    channel = "34080300001320000099" if trouble == "unknown channel" else GATE
    if trouble == "error":
        list(platform.devices())
        wvp.error = (500, "系统异常")
    wvp.garbage, wvp.hang = trouble == "garbage", trouble == "hang"
    if trouble == "gone":
        wvp.__exit__()
    with pytest.raises(VideoFault) as caught:
        platform.start(NVR, channel)
    assert caught.value.phase == phase
    assert words in str(caught.value)
    wvp.hang = False


@DOWN
def test_a_wrong_password_stands_on_the_tile_and_is_not_asked_again_and_again(wvp: WvpServer):
    streams = Supervisor(lambda _: ("admin", "wrong"), cores=2)
    tile = Tile()
    streams.watch(wvp.url(NVR, GATE), WANT, tile)
    assert until(lambda: tile.states and tile.phase == st.NO_RIGHT)
    time.sleep(1.5)
    assert wvp.logins == 1, "a wrong password asked often locks the account"
    streams.close()


@DOWN
def test_a_channel_comes_back_when_the_camera_does(wvp: WvpServer, streams: Supervisor, rtsp: RtspServer):
    tile = Tile()
    streams.watch(wvp.url(NVR, GATE), WANT, tile)
    assert until(lambda: tile.numbers)
    rtsp.tell("drop 0")
    assert until(lambda: tile.phase == st.RECONNECTING)
    seen = len(tile.numbers)
    assert until(lambda: len(tile.numbers) > seen + 3)


def test_snapshot_mode_keeps_the_channel_between_its_pictures(wvp: WvpServer):
    channels = WvpChannels(wvp.known)
    from app.video.ffmpeg import AvSource

    address = parse_address(wvp.url(NVR, GATE))
    for _ in range(2):
        source = channels.open(address, lambda stream: AvSource(stream, lambda _s: False))
        source.next(st.LIVE)
        source.close()
    assert wvp.told == [("start", NVR, GATE)]
    channels.close()
    assert wvp.told == [("start", NVR, GATE), ("stop", NVR, GATE)]


def test_cameras_are_turned_and_sent_to_presets(wvp: WvpServer):
    platform = client(wvp)
    platform.turn(NVR, GATE, "upleft", 255)
    platform.turn(NVR, GATE, "stop", 0)
    assert platform.presets(NVR, GATE) == [("1", "大门"), ("7", "")]
    platform.call_preset(NVR, GATE, "7")
    assert wvp.told == [("turn", NVR, GATE, "upleft", "255", "15"), ("turn", NVR, GATE, "stop", "0", "0"),
                        ("preset", NVR, GATE, "7")]


def test_presets_of_a_platform_are_numbers_taught_and_removed(wvp: WvpServer, streams: Supervisor):
    ptz, address = streams.ptz, wvp.url(NVR, GATE)
    assert ptz.teaching(address) is None
    assert ptz.teach(address, " 012 ") == "12"
    assert [p.token for p in ptz.presets(address)] == ["1", "7", "12"]
    ptz.forget(address, "7")
    assert [p.token for p in ptz.presets(address)] == ["1", "12"]
    assert wvp.told == [("teach", NVR, GATE, "12"), ("forget", NVR, GATE, "7")]
    for wrong in ("0", "256", "大门", "", "١"):
        with pytest.raises(KnownFault, match="from 1 to 255"):
            ptz.teach(address, wrong)


def test_a_large_catalogue_comes_in_pages(wvp: WvpServer):
    for i in range(1200):
        wvp.add("34080300001180000009", f"340803000013200{i:05d}", f"c{i}")
    assert len(list(client(wvp).channels("34080300001180000009"))) == 1200


@pytest.mark.parametrize("text", ["wvp://h:1", "wvp://h:1/only", "wvp://h/a/b/c", "wvp://h/a/..%2f"])
def test_addresses_that_name_no_channel_are_refused(text: str):
    from app.domain.faults import KnownFault

    with pytest.raises(KnownFault):
        parse_address(text)
