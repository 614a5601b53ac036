"""The test cameras themselves: what they send can be read back, and they break on command."""
from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.fakes import video_clips
from tests.fakes.http_cameras import HttpCameras
from tests.fakes.rtsp_server import RtspServer

OPTIONS = {"rtsp_transport": "tcp", "analyzeduration": "0", "probesize": "32"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.mark.parametrize("size", [(640, 360), (160, 90), (1920, 1080)])
@pytest.mark.parametrize("number", [0, 1, 4711, video_clips.NUMBERS - 1])
def test_a_bar_code_is_read_back_at_any_size(size: tuple[int, int], number: int):
    grey = np.full((360, 640), 120, np.uint8)
    video_clips.burn(grey, number)
    assert video_clips.read(np.asarray(Image.fromarray(grey).resize(size))) == number


def test_a_picture_without_a_bar_code_has_no_number():
    assert video_clips.read(np.full((90, 160), 120, np.uint8)) is None
    noise = np.random.default_rng(3).integers(0, 255, (200, 90, 160), dtype=np.uint8)
    assert sum(video_clips.read(n) is not None for n in noise) <= 1


def test_a_clip_survives_its_file(tmp_path: Path):
    clip = video_clips.encode("h264", 160, 96, 5, 1.0)
    video_clips.save(clip, tmp_path / "a.clip")
    assert video_clips.load(tmp_path / "a.clip") == clip
    assert [u.key for u in clip.units] == [True, False, False, False, False]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_the_rtsp_server_plays_frames_that_tell_their_number(folder: Path, codec: str):
    with RtspServer(video_clips.clip_file(folder, codec, 320, 192, 10, 2.0)) as server:
        numbers = []
        with av.open(server.url(), options=OPTIONS, timeout=(4, 3)) as box:
            for frame in box.decode(video=0):
                numbers.append(video_clips.read(frame.to_ndarray(format="gray")))
                if len(numbers) == 15:
                    break
        assert None not in numbers
        assert numbers == [(numbers[0] + i) % server.cycle for i in range(15)]
        assert server.delay_s(numbers[-1]) < 1.5


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_the_rtsp_server_wants_its_password(folder: Path, scheme: str):
    with RtspServer(video_clips.clip_file(folder, "h264", 160, 96, 5, 1.0)) as server:
        server.tell("password op word")
        server.tell(f"scheme {scheme}")
        with pytest.raises(av.error.HTTPUnauthorizedError):
            av.open(server.url(), options=OPTIONS, timeout=(4, 3))
        av.open(server.url().replace("//", "//op:word@"), options=OPTIONS, timeout=(4, 3)).close()


def test_http_cameras_send_pictures():
    import requests

    with HttpCameras() as cameras:
        answer = requests.get(cameras.url("snapshot"), timeout=3)
        grey = np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"))
        assert video_clips.read(grey) is not None
        cameras.password = ("op", "word")
        assert requests.get(cameras.url("snapshot"), timeout=3).status_code == 401
        assert requests.get(cameras.url("snapshot"), timeout=3, auth=("op", "word")).status_code == 200
        cameras.password = None
        with requests.get(cameras.url("mjpeg"), timeout=3, stream=True) as stream:
            assert b"image/jpeg" in stream.raw.read(200)
