"""Privacy masks as they are drawn: whatever hands do, they stay polygons within the picture."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from app.domain.masks import Mask, as_json, parse
from app.services import mask_drawing as draw

BOX = draw.rectangle(0.2, 0.2, 0.6, 0.4) or ()
shares = some.floats(-3, 3)


def good(mask: Mask) -> bool:
    return len(mask) >= 3 and all(0 <= x <= 1 and 0 <= y <= 1 for x, y in mask)


def test_a_rectangle_is_within_the_picture_and_a_slip_of_the_hand_is_none():
    assert draw.rectangle(0.9, 1.4, -0.2, 0.5) == ((0.0, 0.5), (0.9, 0.5), (0.9, 1.0), (0.0, 1.0))
    assert draw.rectangle(0.5, 0.5, 0.505, 0.9) is None
    assert draw.polygon([(0, 0), (1, 1)]) is None
    assert draw.polygon([(0.1, 0.1)] * 3) is None
    assert draw.polygon([(0.1, 0.1)] * 100) is None


@given(some.lists(some.tuples(some.sampled_from(["move", "stretch", "bend"]), shares, shares), max_size=12))
def test_whatever_hands_do_it_can_be_kept_and_read_again(acts: list[tuple[str, float, float]]):
    mask = BOX
    for what, x, y in acts:
        mask = draw.moved(mask, x, y) if what == "move" else draw.stretched(mask, x, y) if what == "stretch" \
            else draw.bent(mask, 2, x, y)
        assert good(mask)
    assert len(parse(as_json([mask]))) == 1


def test_moving_keeps_the_shape_at_the_edges():
    left, top, right, bottom = draw.bounds(draw.moved(BOX, 5, -5))
    assert (round(right - left, 6), round(bottom - top, 6)) == (0.4, 0.2)
    assert (right, top) == (1.0, 0.0)


def test_points_and_corners_are_found():
    assert draw.holds(BOX, 0.4, 0.3)
    assert not draw.holds(BOX, 0.7, 0.3)
    assert draw.corner_at(BOX, 0.61, 0.41, 0.02, 0.02) == 2
    assert draw.corner_at(BOX, 0.5, 0.3, 0.02, 0.02) is None
