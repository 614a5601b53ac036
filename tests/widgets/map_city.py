"""A small made-up city and a map that shows it, for the tests of the map."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from widgets.bench.mapcity import City, make_city
from widgets.map.layers import METRIC_OPEN, IncidentMarks
from widgets.map.mercator import to_lonlat
from widgets.map.view import MapView

CITY: City = make_city(grids=60, components=3_000, cameras=150, incidents=120, units=60)


def fill(view: MapView, city: City = CITY) -> None:
    view.set_areas(city.areas)
    view.set_base(city.base)
    view.set_components(city.components)
    view.set_cameras(city.cameras)
    view.set_area_values(METRIC_OPEN, city.values)
    view.set_incidents(city.incidents)
    view.set_units(city.units)


def make(qtbot: Any, mode: str = "desk", size: tuple[int, int] = (900, 600)) -> MapView:
    """A map without a tile process: nothing here looks at tiles."""
    made = MapView(mode=mode)
    qtbot.addWidget(made)
    made.tiles.start = lambda: None  # type: ignore[method-assign]
    made.resize(*size)
    return made


def marks(*places: tuple[float, float], level: tuple[int, ...] | None = None) -> IncidentMarks:
    xy = np.array(places, np.float64).reshape(-1, 2)
    return IncidentMarks(
        [f"I{n}" for n in range(len(xy))], xy[:, 0], xy[:, 1], None if level is None else np.array(level, np.int8)
    )


def view_lonlat(view: MapView, px: float, py: float) -> tuple[float, float]:
    """Longitude and latitude under a pixel of the view."""
    return to_lonlat(*view.viewport.to_world(px, py))


def wait_until(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Let Qt work until the condition holds; False when the time is over."""
    end = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > end:
            return False
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        time.sleep(0.002)
    return True
