"""A small made-up city and a map that shows it, for the tests of the map."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from widgets.bench.mapcity import City, make_city
from widgets.map.layers import METRIC_OPEN
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


def wait_until(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Let Qt work until the condition holds; False when the time is over."""
    end = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > end:
            return False
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        time.sleep(0.002)
    return True
