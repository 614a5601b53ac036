"""ONVIF cameras: stream, picture, turning, discovery; each failure with its own reason."""
from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from app.domain.faults import KnownFault
from app.services import streams as st
from app.services.ptz import Preset
from app.services.streams import Want
from app.video.address import parse_address
from app.video.discovery import Found, discover, read_matches
from app.video.faults import VideoFault
from app.video.logins import nobody
from app.video.onvif import Onvif, parse
from app.video.opening import Opener
from app.video.probe import probe
from app.video.supervisor import Supervisor
from tests.fakes import video_clips
from tests.fakes.http_cameras import HttpCameras
from tests.fakes.onvif_camera import OnvifCamera
from tests.fakes.rtsp_server import RtspServer
from tests.integration.test_video_streams import Tile, until


@pytest.fixture(scope="module")
def rtsp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    folder = tmp_path_factory.mktemp("clips")
    with RtspServer(video_clips.clip_file(folder, "h264", 320, 180, 10, 2.0), mounts=2) as running:
        yield running


@pytest.fixture
def camera(rtsp: RtspServer) -> Iterator[OnvifCamera]:
    with OnvifCamera(rtsp.url(0), rtsp.url(1)) as one:
        yield one


def asked(camera: OnvifCamera, query: str = "", login=None) -> Onvif:
    return Onvif(parse_address(camera.url(query)), login or camera.known)


def test_a_camera_plays_from_where_it_says_and_its_host_is_asked_only_once(camera: OnvifCamera):
    streams = Supervisor(camera.known, cores=2)
    tile = Tile()
    watch = streams.watch(camera.url(), Want(320, 180), tile)
    assert until(lambda: [n for _, n in tile.numbers if n is not None])
    assert tile.phase == st.PLAYING
    assert camera.calls.count("GetStreamUri") == 1
    watch.close()
    streams.close()


def test_main_and_sub_stream_and_a_named_profile(camera: OnvifCamera):
    assert [(p.name, p.width, p.ptz) for p in asked(camera).profiles()] == [("main", 1920, True), ("sub", 640, True)]
    assert asked(camera).stream_uri() == camera.streams["main"]
    assert asked(camera, "stream=sub").stream_uri() == camera.streams["sub"]
    assert asked(camera, "profile=tok_sub").stream_uri() == camera.streams["sub"]
    with pytest.raises(VideoFault):
        asked(camera, "profile=none").stream_uri()


def test_a_snapshot_by_onvif(camera: OnvifCamera):
    with HttpCameras() as pictures:
        camera.snapshot = pictures.url("snapshot")
        found = probe(camera.url("stream=snapshot"), camera.known, seconds=0.3)
        assert found.why is None
        assert (found.codec, found.width) == ("jpeg", 320)


@pytest.mark.parametrize("ahead_s", [0.0, 7200.0, -86_400.0])
def test_the_digest_goes_by_the_cameras_own_clock(camera: OnvifCamera, ahead_s: float):
    camera.ahead_s = ahead_s
    assert asked(camera).stream_uri() == camera.streams["main"]


def test_a_camera_that_wants_http_digest_gets_it(camera: OnvifCamera):
    camera.scheme = "http"
    assert asked(camera).stream_uri() == camera.streams["main"]
    camera.login = ("admin", "other")
    with pytest.raises(VideoFault) as caught:
        asked(camera, login=lambda _: ("admin", "word")).stream_uri()
    assert caught.value.phase == st.NO_RIGHT


def test_commands_go_to_the_address_whatever_host_the_camera_names(camera: OnvifCamera):
    """Its capabilities name 10.9.9.9; asking there would time out."""
    asked(camera).move(0.5, 0.0, 0.0)
    assert camera.told == [("ContinuousMove", "tok_main", "0.50", "0.00")]


@pytest.mark.parametrize(("trouble", "phase", "words"), [
    ("wrong password", st.NO_RIGHT, "log-in"), ("no password", st.NO_RIGHT, "log-in"), ("fault", st.REFUSED, "busy"),
    ("garbage", st.REFUSED, "cannot be read"), ("gone", st.REFUSED, "connection refused"),
    ("hang", st.TIMED_OUT, "no answer in time"), ("file", st.UNSUPPORTED, "cannot be played"),
])
def test_each_trouble_has_its_own_reason(camera: OnvifCamera, monkeypatch, trouble: str, phase: str, words: str):
    monkeypatch.setattr("app.video.onvif.READ_S", 0.4)
    login = {"wrong password": lambda _: ("admin", "no"), "no password": nobody}.get(trouble, camera.known)
    camera.fault = "device busy" if trouble == "fault" else ""
    camera.garbage, camera.hang = trouble == "garbage", trouble == "hang"
    if trouble == "gone":
        camera.__exit__()
    if trouble == "file":
        camera.streams["main"] = "file:///etc/passwd"
    opener = Opener(login)
    with pytest.raises(VideoFault) as caught:
        opener(parse_address(camera.url()), lambda _: False)
    camera.hang = False
    assert caught.value.phase == phase
    assert words in str(caught.value)


def test_turning_and_presets_through_the_port(camera: OnvifCamera):
    streams = Supervisor(camera.known, cores=2)
    ptz = streams.ptz
    assert ptz.reaches(camera.url())
    assert not ptz.reaches("rtsp://127.0.0.1/1")
    ptz.move(camera.url(), "upleft", 1.0)
    ptz.move(camera.url(), "zoomin", 0.5)
    ptz.stop(camera.url())
    assert ptz.presets(camera.url()) == [Preset("1", "大门"), Preset("2", "")]
    ptz.goto(camera.url(), "2")
    assert camera.told == [("ContinuousMove", "tok_main", "-1.00", "1.00"), ("ContinuousMove", "tok_main", "0.50"),
                           ("Stop", "tok_main"), ("GotoPreset", "tok_main", "2")]
    with pytest.raises(KnownFault):
        ptz.move(camera.url(), "sideways")
    with pytest.raises(KnownFault):
        ptz.move("rtsp://127.0.0.1/1", "left")
    streams.close()


def test_presets_are_taught_overwritten_by_name_and_removed(camera: OnvifCamera):
    streams = Supervisor(camera.known, cores=2)
    ptz = streams.ptz
    assert ptz.teaching(camera.url()) is None
    assert ptz.teach(camera.url(), "  河 岸 <东> ") == "3"
    assert ptz.presets(camera.url())[-1] == Preset("3", "河 岸 <东>")
    assert ptz.teach(camera.url(), "大门") == "1", "the same name is the same preset"
    ptz.forget(camera.url(), "2")
    assert [p.token for p in ptz.presets(camera.url())] == ["1", "3"]
    with pytest.raises(KnownFault):
        ptz.teach(camera.url(), "  ")
    camera.most_presets = 0
    assert str(ptz.teaching(camera.url())) == "the camera keeps no presets"
    camera.most_presets = None
    assert ptz.teaching(camera.url()) is None, "one that does not say may be asked"
    streams.close()


def test_a_fixed_camera_says_that_it_cannot_be_turned(rtsp: RtspServer):
    with OnvifCamera(rtsp.url(0), ptz=False) as fixed, pytest.raises(VideoFault, match="cannot be turned"):
        asked(fixed).move(1, 0, 0)


def test_discovery_finds_the_camera_once_and_ends_in_time(camera: OnvifCamera):
    found = discover("127.0.0.1", 0.5, group=("127.0.0.1", camera.probe_port))
    assert found == [Found(camera.url(), "Gate North", "X1")]
    with pytest.raises(KnownFault):
        discover("eth0")


def test_no_answer_breaks_the_reader():
    seed = (b'<e:Envelope xmlns:e="s" xmlns:d="d"><e:Body><d:ProbeMatches><d:ProbeMatch>'
            b"<d:Scopes>onvif://x/name/a</d:Scopes><d:XAddrs>http://10.0.0.1/onvif/device_service http://[::1]:x/</d:XAddrs></d:ProbeMatch></d:ProbeMatches>"
            b"</e:Body></e:Envelope>")
    tokens = (b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<a>" * 2000, b"\xff\xfe", b"\x00", b"]]>", b"http://[",
              b"<?x?>", b"encoding='utf-7'", b"javascript:1")
    read = 0
    for number in range(2000):
        dice = random.Random(number)
        data = bytearray(seed)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data))
            if dice.random() < 0.5:
                data[at:at] = dice.choice(tokens)
            else:
                del data[at:at + dice.randint(1, 9)]
        for found in read_matches(bytes(data)):
            read += 1
            assert found.address.startswith(("onvif://", "onvifs://"))
            assert "\x00" not in found.address + found.name
    assert read > 50


@pytest.mark.parametrize("body", [b"<a/>" + b"x", b"<!DOCTYPE a><a/>", b"<a>" * 5000, b"", b"\xff\xfe\x00"])
def test_what_is_no_plain_xml_is_a_known_fault(body: bytes):
    with pytest.raises(VideoFault):
        parse(body)
