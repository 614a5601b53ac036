"""Addresses, log-ins, pauses, masks and the budget of pictures: no network."""
from __future__ import annotations

import contextlib
import random
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.faults import KnownFault, Rejected
from app.domain.masks import WHOLE, parse, readable
from app.services.streams import KEYFRAME, LIVE, SNAPSHOT
from app.video import backoff, budget, masks
from app.video.address import FILM, HLS, HTTP, RTSP, is_film, parse_address
from app.video.easing import Easing
from app.video.gate import Door, Gate
from app.video.logins import Logins
from app.video.pictures import cover_size


@pytest.mark.parametrize(("text", "kind", "host", "port"), [
    ("rtsp://10.0.0.1/Streaming/Channels/101", RTSP, "10.0.0.1", 554),
    ("rtsp://op@cam.example:8554/live", RTSP, "cam.example", 8554),
    ("rtsps://[2001:db8::1]:322/a", RTSP, "2001:db8::1", 322),
    ("https://cam/snap.jpg?ch=1", HTTP, "cam", 443),
    ("http://cam/live/index.m3u8", HLS, "cam", 80),
    ("hls://cam/live", HLS, "cam", 80),
    ("/films/录像 1.mp4", FILM, "", 0),
    ("file:///films/a.mp4", FILM, "", 0),
])
def test_an_address_is_read(text: str, kind: str, host: str, port: int):
    found = parse_address(text)
    assert (found.kind, found.host, found.port) == (kind, host, port)
    assert parse_address(found.url).url == found.url


@pytest.mark.parametrize("text", ["rtsp://op:geheim@10.0.0.1/1", "http://op:@cam/x", "http://cam/x?user=op&password=geheim",
                                  "http://cam/x?pwd=geheim"])
def test_a_password_in_an_address_is_refused_and_not_repeated(text: str):
    with pytest.raises(KnownFault) as caught:
        parse_address(text)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "  ", "gopher://cam/1", "rtsp://", "rtsp:///path", "http://cam:99999/x",
                                  "rtsp://cam/a b", "rtsp://cam/\nx", "http://[::1/x", "file://", "udp://239.0.0.1:1"])
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(KnownFault):
        parse_address(text)


@given(some.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str):
    for prefix in ("", "rtsp://", "http://h"):
        with contextlib.suppress(KnownFault):
            parse_address(prefix + text)
        is_film(prefix + text)


def test_udp_is_asked_for_in_the_address():
    found = parse_address("rtsp://cam/1?channel=2&transport=udp")
    assert found.udp
    assert found.url == "rtsp://cam/1?channel=2"


def test_a_log_in_is_put_into_the_address_for_ffmpeg_only():
    found = parse_address("rtsp://op@cam:8554/1")
    assert found.with_login(("op", "p@ss/w:rd")) == "rtsp://op:p%40ss%2Fw%3Ard@cam:8554/1"
    assert "op" not in found.url


def test_log_ins_come_from_a_file_that_only_its_owner_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "camera-logins"
    path.write_text("# cameras\n10.0.0.1:8554 op eins zwei\n10.0.0.1 op drei\n* other vier\n", "utf-8")
    path.chmod(0o600)
    logins = Logins(tmp_path)
    assert logins(parse_address("rtsp://10.0.0.1:8554/1")) == ("op", "eins zwei")
    assert logins(parse_address("rtsp://10.0.0.1/1")) == ("op", "drei")
    assert logins(parse_address("rtsp://10.0.0.2/1")) == ("other", "vier")
    assert logins(parse_address("rtsp://someone@10.0.0.1/1")) is None, "another user's password is not tried"
    assert logins(parse_address("/film.mp4")) is None
    path.chmod(0o644)
    with pytest.raises(KnownFault, match="600"):
        logins(parse_address("rtsp://10.0.0.1/1"))
    path.unlink()
    monkeypatch.setenv("LIANDONG_CAMERA_USER", "env")
    monkeypatch.setenv("LIANDONG_CAMERA_PASSWORD", "fuenf")
    assert Logins(tmp_path)(parse_address("rtsp://10.0.0.9/1")) == ("env", "fuenf")


def test_pauses_grow_to_four_seconds_on_show_and_thirty_unseen():
    dice = random.Random(1)
    shown = [backoff.pause_s(n, shown=True, lasting=False, dice=dice) for n in range(1, 40)]
    unseen = [backoff.pause_s(n, shown=False, lasting=False, dice=dice) for n in range(1, 40)]
    assert shown[0] <= 0.5
    assert max(shown) <= 4.0
    assert 20.0 < max(unseen) <= 30.0
    assert len({round(p, 3) for p in shown[10:]}) > 10, "jitter: cameras of one site do not come back in one instant"
    assert backoff.pause_s(1, shown=True, lasting=True, dice=dice) > 20, "a wrong password is not tried over and over"


def test_a_mask_covers_its_polygon_and_nothing_else():
    pixels = np.full((90, 160, 4), 200, np.uint8)
    masks.paint(pixels, parse([[[0.25, 0.25], [0.5, 0.25], [0.5, 0.5], [0.25, 0.5]]]))
    assert (pixels[24:44, 42:78] == masks.GREY).all()
    assert (pixels[:20] == 200).all()
    assert (pixels[50:] == 200).all()
    assert (pixels[:, 90:] == 200).all()


@pytest.mark.parametrize("raw", [None, 1, {}, [[[0, 0], [1, 1]]], [[[0, 0], [1, 1], [2, 0]]],
                                 [[[0, 0], [1, 1], ["a", 0]]], [[[0, 0], [1, 1], [float("nan"), 0]]]])
def test_a_mask_that_cannot_be_read_is_not_passed_over(raw: object):
    with pytest.raises(Rejected):
        parse(raw)
    assert readable(raw) == (WHOLE,)


def loads(count: int, **over: object) -> list[budget.Load]:
    return [replace(budget.Load(i, 480 * 270, 0, LIVE, 0.03), **over) for i in range(count)]  # type: ignore[arg-type]


def test_within_the_budget_all_are_live():
    assert set(budget.choose(loads(16), 2).values()) == {LIVE}


def test_beyond_the_budget_the_most_important_stay_live():
    crowd = [replace(load, costs=0.1, priority=int(load.key == 60)) for load in loads(61)]
    chosen = budget.choose(crowd, 2)
    assert chosen[60] == LIVE
    modes = list(chosen.values())
    assert modes.count(LIVE) >= 1
    assert modes.count(KEYFRAME) > 10
    price = {LIVE: 0.1, KEYFRAME: 0.016, SNAPSHOT: 0.003}
    assert sum(price[m] for m in modes) <= 2 * budget.SHARE * budget.SLACK


def test_a_mode_is_kept_until_the_load_has_clearly_changed():
    at_limit = loads(12, costs=2 * budget.SHARE / 12 * 1.05)
    kept = budget.choose(at_limit, 2)
    assert set(kept.values()) == {LIVE}
    low = budget.choose([replace(x, mode=KEYFRAME) for x in at_limit], 2)
    assert list(low.values()).count(KEYFRAME) >= 1


@given(some.lists(some.sampled_from([LIVE, KEYFRAME, SNAPSHOT]), min_size=2, max_size=12), some.floats(0.005, 2.0),
       some.integers(1, 8))
def test_of_streams_that_cost_the_same_a_larger_one_never_has_less_once_the_modes_have_settled(
        modes: list[str], costs: float, cores: int):
    rank = [LIVE, KEYFRAME, SNAPSHOT]
    crowd = [budget.Load(n, 480 * 270 - n, 0, mode, costs) for n, mode in enumerate(modes)]
    for _ in range(4):
        chosen = budget.choose(crowd, cores)
        crowd = [replace(load, mode=chosen[load.key]) for load in crowd]
    settled = budget.choose(crowd, cores)
    assert settled == chosen, "they do not swing"
    ranks = [rank.index(settled[n]) for n in range(len(modes))]
    assert ranks == sorted(ranks)


def test_pinned_and_unseen_tiles_get_what_they_are_due():
    mixed = [budget.Load(0, 1, 0, LIVE, 0.03, SNAPSHOT), budget.Load(1, 999_999, 9, LIVE, 0.03, None, shown=False),
             budget.Load(2, 100, 0, LIVE, 0.03)]
    assert budget.choose(mixed, 2) == {0: SNAPSHOT, 1: KEYFRAME, 2: KEYFRAME}


def test_as_few_streams_decode_at_once_as_carry_the_load():
    assert [budget.places(used, 4, 1) for used in (0.0, 0.5, 0.7, 1.3, 9.0)] == [1, 1, 2, 3, 4]
    assert budget.places(0.55, 4, 2) == 2, "not back at once"
    assert budget.places(0.4, 4, 2) == 1
    assert budget.places(9.0, 1, 1) == 1


def test_a_gate_lets_through_as_many_as_it_has_places():
    gate = Gate(3)
    inside, most = [0], [0]

    def work(door: Door) -> None:
        for _ in range(50):
            with door:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0005)
                inside[0] -= 1

    for places in (1, 2, 3):
        gate.places, most[0] = places, 0
        threads = [threading.Thread(target=work, args=(gate.door(),)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most[0] == places


@given(some.integers(2, 8000), some.integers(2, 8000), some.integers(1, 4000), some.integers(1, 4000))
def test_a_picture_covers_its_tile_and_never_grows(width: int, height: int, want_width: int, want_height: int):
    wide, high = cover_size(width, height, want_width, want_height)
    assert 2 <= wide <= width
    assert 2 <= high <= height
    if (wide, high) != (width, height):
        assert wide >= min(want_width, width) - 2 or high >= min(want_height, height) - 2


def keys(easing: Easing, *at_s: float | None) -> list[bool]:
    return [easing.at_key(pts, 640, 360) for pts in at_s]


def test_the_smoothing_is_left_out_for_small_tiles_of_steady_streams_alone():
    easing = Easing("h264")
    assert keys(easing, 0.0, 1.0) == [False, False], "nobody looks"
    easing.size = (480, 270)
    assert keys(easing, 2.0, 4.0) == [True, True]
    easing.size = (640, 360)
    assert keys(easing, 5.0) == [False], "enlarged, or a still is taken"
    easing.size = (320, 271)
    assert keys(easing, 6.0) == [False], "one side is too large"
    easing.size = (160, 90)
    assert keys(easing, 7.0) == [True]


@pytest.mark.parametrize("at_s", [(0.0, 3.0, 4.0, 5.0), (0.0, 1.0, 0.5, 1.5), (None, None, None)])
def test_a_stream_whose_key_frames_are_far_apart_or_unknown_is_decoded_in_full(at_s: tuple[float | None, ...]):
    easing = Easing("hevc")
    easing.size = (160, 90)
    assert keys(easing, *at_s)[-1] is False


def test_other_codecs_are_decoded_in_full():
    easing = Easing("mjpeg")
    easing.size = (160, 90)
    assert keys(easing, 0.0, 1.0, 2.0) == [False] * 3
