"""What the map says of a city that is not like the district: its names and the steps of its colours."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.widgets.map_city import CITY, fill, make
from widgets.map.dressing import open_texts
from widgets.map.layers import COMMUNITY, GRID, METRIC_OPEN, METRIC_STEPS, STREET, IncidentMarks, open_steps


@pytest.mark.parametrize(("values", "bounds"), [([], (1, 3, 6)), ([0, 4, 12], (1, 3, 6)),
                                                ([0, 5, 82, 97, 99, 148, 219, 495], (1, 100, 150)),
                                                ([13, 13, 13], (1, 15, 16)), ([1, 1, 1, 900], (1, 2, 3))])
def test_steps_follow_the_data_beyond_ordinary_counts(values, bounds):
    assert open_steps(values) == bounds
    assert bounds[0] < bounds[1] < bounds[2]


def test_the_legend_says_the_steps_without_a_gap():
    assert open_texts(METRIC_STEPS[METRIC_OPEN]) == ["0", "1–2", "3–5", "6+"]
    assert open_texts((1, 100, 150)) == ["0", "1–99", "100–149", "150+"]
    assert open_texts((1, 2, 3)) == ["0", "1", "2", "3+"]


def test_a_busy_city_uses_every_step_and_the_legend_follows(qtbot):
    view = make(qtbot, "wall")
    fill(view)
    assert view.legend_texts() == ["0", "1–2", "3–5", "6+"]
    grids = [i for i, level in zip(CITY.areas.ids, CITY.areas.levels, strict=True) if level == GRID]
    values = {ident: float(10 * n) for n, ident in enumerate(grids)}
    view.set_area_values(METRIC_OPEN, {**values, CITY.areas.ids[0]: 99_999.0})
    assert view.legend_texts() == open_texts(view.step_bounds)
    assert view.legend_texts() != ["0", "1–2", "3–5", "6+"]
    steps = view.index.steps(METRIC_OPEN, values)
    counts = np.bincount(steps[steps >= 0], minlength=4)
    assert (counts[1:] >= len(grids) // 6).all(), "no step takes all areas"
    view.set_area_values(METRIC_OPEN, CITY.values)
    assert view.legend_texts() == ["0", "1–2", "3–5", "6+"]


def test_without_streets_the_coarsest_areas_are_named_at_district_zoom(qtbot):
    levels = np.asarray(CITY.areas.levels)
    kept = np.flatnonzero(levels == COMMUNITY)
    areas = CITY.areas
    layer = replace(areas, ids=[areas.ids[i] for i in kept], labels=[areas.labels[i] for i in kept],
                    levels=levels[kept], polygons=[areas.polygons[i] for i in kept], dedicated=None, parents=None)
    view = make(qtbot)
    view.set_areas(layer)
    view.set_incidents(IncidentMarks.empty())
    view.show()
    view.centre_on(117.02, 30.52, 11.0)
    view.grab()
    shown = [label for label, _, _ in view.labels.shown(view.viewport, view.fixed_boxes())]
    assert shown
    assert {label.level for label in shown} == {STREET}, "they take the streets' look"
    for label, x, y in view.labels.shown(view.viewport, view.fixed_boxes()):
        box = view.index.shapes.box[label.number] * view.viewport.ppu
        middle = (x + view.viewport.left, y + view.viewport.top)
        assert box[0] <= middle[0] <= box[2], "a name stands on its own area"
        assert box[1] <= middle[1] <= box[3]
