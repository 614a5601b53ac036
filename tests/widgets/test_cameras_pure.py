"""Rota, states and picture files of the camera tiles."""
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QRect, QRectF, QSize

from app.domain.faults import KnownFault, Message
from app.services.views import CameraRow
from tests.fakes.fake_seat import FakeSeat
from widgets.cameras import state as cs
from widgets.cameras.fitting import place_of
from widgets.cameras.grid import COUNTS, cells
from widgets.cameras.pictures import (
    AnimationSource,
    FolderSource,
    NotConnected,
    StillSource,
    Unsupported,
    open_source,
    scaled_size,
)
from widgets.cameras.rota import beside, patrol
from widgets.cameras.state import STALE_S, TileState


def camera(number: int, *, source: str = "x.png", state: str = "online") -> CameraRow:
    return CameraRow(f"c{number}", f"camera {number}", "dome", 117.0, 30.5, None, None, 80.0, state, 0.0, None, (),
                     True,
                     source)


@given(st.integers(1, 60), st.sampled_from([1, 4, 6, 9]), st.floats(5, 60))
def test_a_patrol_shows_each_camera_once_a_round(count, tiles, dwell):
    cameras = [camera(i) for i in range(count)]
    pages = -(-count // tiles)
    seen: list[str] = []
    for page in range(pages):
        turn = patrol(cameras, tiles, (page + 0.5) * dwell, dwell)
        assert (turn.page, turn.pages) == (page, pages)
        seen += [c.id for c in turn.cameras]
    assert seen == [c.id for c in cameras]
    assert patrol(cameras, tiles, (pages + 0.5) * dwell, dwell).cameras == patrol(cameras, tiles, 0.5 * dwell,
                                                                                  dwell).cameras


def test_a_patrol_leaves_out_what_shows_nothing_unless_all_do():
    mixed = [camera(1), camera(2, source=""), camera(3, state="offline"), camera(4)]
    assert [c.id for c in patrol(mixed, 4, 0).cameras] == ["c1", "c4"]
    dark = [camera(1, source=""), camera(2, state="offline")]
    assert [c.id for c in patrol(dark, 4, 0).cameras] == ["c1", "c2"]
    assert patrol([], 4, 0).cameras == ()


def test_beside_an_incident_the_nearest_take_the_tiles():
    row = FakeSeat(open_=1, ended=0).queue()[0]
    turn = beside(row, [camera(i) for i in range(9)], 4)
    assert [c.id for c in turn.cameras] == ["c0", "c1", "c2", "c3"]
    assert turn.incident == row


def test_a_picture_that_should_move_and_does_not_is_stale_after_three_seconds():
    live = TileState().with_frame(100.0, cs.LIVE)
    assert live.at(100.0 + STALE_S).state == cs.PLAYING
    stale = live.at(100.1 + STALE_S)
    assert stale.state == cs.STALE
    assert not cs.good(stale)
    assert stale.age_s(107.0) == 7.0
    assert stale.with_frame(108.0, cs.LIVE).at(108.1).state == cs.PLAYING


def test_a_still_never_goes_stale_and_never_claims_to_be_live():
    still = TileState().with_frame(100.0, cs.STILL_MODE)
    assert still.at(1e6).state == cs.STILL
    assert not still.moving


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "图 stills"
    folder.mkdir()
    for i in (10, 2, 1):
        Image.new("RGB", (640, 360), (i * 20, 0, 0)).save(folder / f"frame_{i}.jpg")
    Image.new("RGB", (1920, 1080), (0, 200, 0)).save(tmp_path / "still.png")
    frames = [Image.new("RGB", (320, 180), (0, 0, 40 * i)) for i in range(1, 5)]
    frames[0].save(tmp_path / "move.gif", save_all=True, append_images=frames[1:], duration=120, loop=0)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG not a picture")
    (tmp_path / "note.txt").write_text("x")
    return tmp_path


def test_a_still_is_read_at_the_size_of_its_tile(pictures: Path):
    source = open_source(str(pictures / "still.png"))
    assert isinstance(source, StillSource)
    picture = source.next(480, 270)
    assert (picture.image.width(), picture.image.height()) == (480, 270)
    assert picture.taken_at is not None
    assert source.interval_s is None
    again = open_source("file://" + str(pictures / "still.png")).next(100, 270)
    assert again.image.height() == 270
    assert again.image.width() == 480


def test_a_folder_plays_in_the_order_of_its_numbers_and_passes_over_broken_ones(pictures: Path):
    (pictures / "图 stills" / "frame_5.jpg").write_bytes(b"broken")
    source = open_source(str(pictures / "图 stills"))
    assert isinstance(source, FolderSource)
    reds = [source.next(64, 36).image.pixelColor(3, 3).red() for _ in range(4)]
    assert [round(r / 20) for r in reds] == [1, 2, 10, 1]


def test_an_animation_plays_at_its_own_pace_round_and_round(pictures: Path):
    source = open_source(str(pictures / "move.gif"))
    assert isinstance(source, AnimationSource)
    blues = [source.next(64, 36).image.pixelColor(3, 3).blue() for _ in range(6)]
    assert len(set(blues)) >= 3
    assert source.interval_s == pytest.approx(0.12, abs=0.03)
    source.close()


@pytest.mark.parametrize(("address", "fault"), [
    ("", NotConnected), ("   ", NotConnected), ("rtsp://10.0.0.1/1", Unsupported), ("http://h/x.jpg", Unsupported),
    ("note.txt", Unsupported), ("absent.png", KnownFault), ("empty", KnownFault)])
def test_what_cannot_be_shown_says_why(pictures: Path, address: str, fault: type[KnownFault]):
    (pictures / "empty").mkdir()
    path = address if not address.strip() or "://" in address else str(pictures / address)
    with pytest.raises(fault) as caught:
        open_source(path)
    assert str(caught.value.message)
    assert "://" not in str(caught.value.message), "an address may hold a password"


def test_a_broken_picture_is_a_known_fault(pictures: Path):
    with pytest.raises(KnownFault, match=r"broken\.png"):
        open_source(str(pictures / "broken.png")).next(100, 100)


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(1, 2000), st.integers(1, 2000))
def test_scaling_fills_the_tile_and_never_enlarges(w, h, width, height):
    got = scaled_size(QSize(w, h), width, height)
    assert got.width() <= w
    assert got.height() <= h
    assert got.width() >= min(w, width)
    assert got.height() >= min(h, height)


@given(st.sampled_from(COUNTS), st.integers(60, 3000), st.integers(60, 3000), st.integers(0, 12))
def test_tiles_share_no_pixel_and_fill_the_room(count, width, height, gap):
    area = QRect(0, 0, width, height)
    made = cells(area, count, gap)
    assert len(made) == count
    for i, one in enumerate(made):
        assert area.contains(one)
        assert not any(one.intersects(other) for other in made[i + 1:])
    assert max(r.right() for r in made) == area.right()
    assert max(r.bottom() for r in made) == area.bottom()


def test_the_reason_of_a_fault_is_a_message():
    state = TileState(cs.REFUSED, why=Message("no"))
    assert state.why is not None


@given(st.integers(16, 4000), st.integers(16, 4000), st.integers(20, 2000), st.integers(20, 2000))
def test_a_picture_shows_at_least_four_fifths_of_itself_within_its_tile(w, h, width, height):
    area = QRectF(0, 0, width, height)
    place = place_of(w, h, area)
    assert area.contains(place)
    shown = cover_of(w, h, place)
    assert shown >= 0.8 - 2 / min(place.width(), place.height())
    if place != area:
        assert shown <= 0.8 + 2 / min(place.width(), place.height()), "and no bar is larger than it must be"


def cover_of(w: int, h: int, place: QRectF) -> float:
    """Share of a picture that is seen where it covers a place."""
    have, want = w / h, place.width() / place.height()
    return min(have / want, want / have)


@pytest.mark.parametrize(("width", "height", "count", "across"), [
    (1920, 1080, 16, [4, 4, 4, 4]), (645, 720, 16, [3, 3, 3, 3, 2, 2]), (645, 720, 4, [2, 2]), (300, 1200, 9, [1] * 9),
    (2000, 300, 4, [4]), (645, 720, 25, [4, 4, 4, 4, 3, 3, 3])])
def test_tiles_stand_in_as_many_rows_as_show_most_of_their_pictures(width, height, count, across):
    made = cells(QRect(0, 0, width, height), count, 4)
    tops = sorted({r.top() for r in made})
    assert [sum(r.top() == top for r in made) for top in tops] == across
