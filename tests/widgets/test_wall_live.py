"""The wall with live streams: what a picture of it shows, and layouts that were told to it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from app.services import video_orders, video_walls
from app.video.supervisor import Supervisor
from tests.fakes import video_clips
from tests.fakes.fake_seat import FakeSeat
from tests.fakes.rtsp_server import RtspServer
from tests.widgets.wall_stage import until, wall
from widgets.bridge import Bridge
from widgets.screens import launch
from widgets.screens.wall import WallWindow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    with RtspServer(video_clips.clip_file(tmp_path_factory.mktemp("clips"), "h264", 640, 360, 10, 4.0),
                    mounts=4) as running:
        yield running


def quiet_seat(sources: list[str]) -> FakeSeat:
    """A seat without grave incidents, whose wall cameras have these sources."""
    seat = FakeSeat(open_=10, ended=0, units=10, cameras=12, components=20)
    for r in seat.queue():
        seat.rows[r.id] = r._replace(level=4)
    seat.camera_rows = {k: replace(c, source=sources[i] if i < len(sources) else "", on_wall=i < len(sources),
                                   state="online") for i, (k, c) in enumerate(seat.camera_rows.items())}
    return seat


def test_a_picture_of_the_wall_shows_live_tiles(qapp, server: RtspServer, tmp_path: Path, monkeypatch):
    seat = quiet_seat([server.url(i) for i in range(4)])
    streams, rects = Supervisor(cores=2), list[QRect]()

    def make(bridge: Bridge) -> WallWindow:
        made = WallWindow(bridge, lang="zh_CN", theme="dark", streams=streams, show_map=False)
        keep.append(made)
        return made

    keep: list[WallWindow] = []
    words: list[list[str]] = []
    save = launch._save

    def saved(window, out) -> bool:
        rects.extend(QRect(t.mapTo(window, QPoint(0, 0)), t.size()) for t in keep[0].tiles.tiles)
        words.extend([w for w in t.texts() if w == "实时"] for t in keep[0].tiles.tiles)
        return save(window, out)

    monkeypatch.setattr(launch, "_save", saved)
    launch.paint(lambda: seat, make, (1920, 1080), "dark", "zh_CN", tmp_path / "wall.png")  # type: ignore[arg-type,return-value]
    streams.close()
    keep.clear()
    picture = np.asarray(Image.open(tmp_path / "wall.png").convert("L"))
    assert len(rects) == 4
    for r in rects:  # the bar code's band: dark with light bars
        band = picture[r.center().y() - 2:r.center().y() + 3, r.left() + 4:r.right() - 3]
        assert band.min() < 40
        assert band.max() > 200
    assert words == [["实时"]] * 4


@pytest.mark.expects_log("no picture of")
def test_a_picture_waits_for_dead_streams_only_within_a_bound(qapp, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("widgets.screens.wall.PICTURES_S", 1.0)
    seat, streams = quiet_seat(["rtsp://127.0.0.1:1/x"]), Supervisor(cores=2)
    took = launch.paint(lambda: seat, lambda bridge: WallWindow(bridge, lang="en", theme="light", streams=streams,  # type: ignore[arg-type,return-value]
                                                                show_map=False), (1280, 720), "light", "en",
                        tmp_path / "wall.png")
    streams.close()
    assert took < 10
    assert (tmp_path / "wall.png").exists()


def test_the_wall_shows_the_layout_and_the_named_wall_that_it_is_told(qapp):
    seat = quiet_seat(["x.png"] * 10)
    ids = list(seat.camera_rows)
    with wall(seat) as window:
        small = window.panels["cameras"].geometry()
        QTest.keyClick(window, Qt.Key.Key_4)
        assert until(lambda: len(window.tiles.tiles) == 16)
        large = window.panels["cameras"].geometry()
        assert large.width() * large.height() > 2 * small.width() * small.height(), "the tiles take the map's place"
        video_orders.save_wall(seat, video_walls.VideoWall("城南", 6, (ids[2], "", ids[1], ids[11], "", "")))
        QTest.keyClick(window, Qt.Key.Key_0)
        QTest.keyClick(window, Qt.Key.Key_V)
        assert until(lambda: [t.camera.id if t.camera else "" for t in window.tiles.tiles] ==
                     [ids[2], "", ids[1], "", "", ""]), "what is not marked for the wall is left out"
        assert until(lambda: any("城南" in t for t in (window.grab(), window.panels["cameras"].texts())[1]))
        QTest.keyClick(window, Qt.Key.Key_V)
        assert until(lambda: video_walls.read_on_wall(seat.setting(video_walls.ON_WALL)).show == "auto")
        QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert until(lambda: seat.setting(video_walls.VISITORS) is True)
