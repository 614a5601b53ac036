"""Borders and settling: a city without streets is divided from its fit zoom on; a picture waits for the marks."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.map_city import CITY, make
from tests.widgets.room_stage import stage, until
from tests.widgets.test_map_tiles import pixels, scene_of
from widgets.map.frame import Frame
from widgets.map.layers import AreaLayer
from widgets.map.staticpaint import paint_static
from widgets.screens import map_feed
from widgets.screens.desk import DeskWindow


def without_streets() -> AreaLayer:
    kept = np.flatnonzero(np.asarray(CITY.areas.levels) != 1)
    pick = lambda items: [items[i] for i in kept]  # noqa: E731 - said once for four columns
    return AreaLayer(pick(CITY.areas.ids), pick(CITY.areas.labels), np.asarray(CITY.areas.levels)[kept],
                     pick(CITY.areas.polygons))


@pytest.mark.parametrize("size", [(900, 600), (480, 400)])
def test_a_city_without_streets_shows_its_borders_at_its_fit_zoom(qtbot: QtBot, size: tuple[int, int]) -> None:
    view = make(qtbot, size=size)
    view.set_areas(without_streets())
    view.fit()
    scene = scene_of(view)
    assert scene.area_level[scene.area_level > 0].min() == 2
    v = replace(view.viewport, zoom=min(view.viewport.zoom, 11.0))

    def drawn(levels: np.ndarray) -> np.ndarray:
        scene.area_level = levels
        image = QImage(v.width, v.height, QImage.Format.Format_RGB32)
        painter = QPainter(image)

        paint_static(scene, painter, Frame(v.zoom, v.dpr, v.left, v.top, v.width, v.height))
        painter.end()
        return pixels(image)

    levels = scene.area_level.copy()
    whole = drawn(levels)
    outline_only = drawn(np.where(levels == 0, levels, 9).astype(levels.dtype))
    assert (whole != outline_only).any(axis=2).sum() > 200


def test_a_screen_is_not_settled_before_its_marks_are_those_of_a_flood(qtbot: QtBot,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_feed, "PAUSE_MS", 3_600_000)  # the test says when the map is drawn
    monkeypatch.setattr(map_feed, "FLOOD_ROWS", 50)
    monkeypatch.setattr(map_feed, "FLOOD_PAUSE_MS", 1)
    seat = FakeSeat(operator=SUPERVISOR, open_=80, ended=5, units=10, cameras=5, components=10)
    with stage(seat, "en") as bridge:
        window = DeskWindow(bridge, lang="en", settings={"window": False})
        try:
            window.resize(1280, 720)
            window.show()
            assert until(lambda: window.body is not None)
            assert window.body is not None
            feed, view = window.body.map.feed, window.body.map.view
            assert until(lambda: len(feed.incidents) > 50)
            assert not len(view.live.incidents.ids)
            assert not feed.is_settled()
            assert not window.is_settled()
            feed._timers["draw"].start(1)
            assert until(window.is_settled, 30_000)
            assert len(view.live.incidents.ids) == len(feed.incidents)
        finally:
            window.close()
