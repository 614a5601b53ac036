"""A map of a store without areas: what it says, and what of the work is in sight."""

from __future__ import annotations

import pytest

from tests.widgets.map_city import make, marks
from widgets.map.layers import AreaLayer


def test_an_empty_map_says_what_to_do_next_and_paints(qtbot):
    empty = make(qtbot)
    empty.show()

    def says_something() -> bool:
        image = empty.grab().toImage()
        ground = image.pixelColor(5, 300)
        return any(image.pixelColor(x, y) != ground for x in range(250, 650, 3) for y in range(150, 400, 3))

    assert not says_something(), "nothing is claimed before anything was read"
    empty.set_areas(AreaLayer.empty())
    assert says_something()


@pytest.mark.parametrize("mode", ["desk", "wall"])
def test_incidents_without_a_district_are_in_sight_with_nothing_written_over_them(qtbot, mode):
    bare = make(qtbot, mode)
    bare.set_areas(AreaLayer.empty())
    bare.set_incidents(marks((12.0, 40.0), (12.1, 40.05), level=(3, 4)))
    seen = bare.live.placed(bare.viewport)
    assert ((seen.x > bare.viewport.left) & (seen.x < bare.viewport.left + bare.viewport.width)).all()
    bare.centre_on(0.0, 0.0, 12)
    bare.fit()
    assert abs(bare.centre()[0] - 12.05) < 0.1
    assert abs(bare.centre()[1] - 40.025) < 0.1
    bare.show()
    image = bare.grab().toImage()
    middle = {image.pixelColor(x, y).rgb() for x in range(350, 550, 3) for y in range(230, 330, 3)}
    assert len(middle) == 1, "between the two marks there is ground alone"
