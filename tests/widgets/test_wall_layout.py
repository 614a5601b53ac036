"""The wall's layout engine: any screen, real pixels, nothing on top of anything."""
from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.wall_stage import SIZES
from widgets.wall.layout import (
    LARGEST_GROWTH,
    PEACE,
    SMALLEST_PX,
    WAR,
    WallPlan,
    columns_per_side,
    default_scale,
    extents_of,
    legible,
    plan,
    wall_scale,
)

FULL = extents_of(channels=7, streets=14, urgent=32, supervised=8, centres=49, steps=12)
PEACE_PANELS = {"title", "ticker", "map", "card", "today", "phases", "rates", "hourly", "areas", "urgent", "supervised",
                "cameras", "centres"}
WAR_PANELS = {"title", "ticker", "map", "card", "checklist", "phases", "forces", "centres", "urgent", "supervised",
              "cameras"}


def check(made: WallPlan) -> None:
    for name, rect in made.rects.items():
        assert rect.w > 0, name
        assert rect.h > 0, name
        assert rect.x >= 0, name
        assert rect.y >= 0, name
        assert rect.right <= made.width, name
        assert rect.bottom <= made.height, name
    for (a, one), (b, two) in itertools.combinations(made.rects.items(), 2):
        assert not one.meets(two), f"{a} lies on {b} at {made.width}x{made.height}"


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("mode", [PEACE, WAR])
def test_every_panel_has_its_place_at_the_usual_sizes(size, mode):
    for warning, card in itertools.product((False, True), repeat=2):
        made = plan(*size, default_scale(*size), mode=mode, warning=warning, card=card, extents=FULL)
        check(made)
        want = (PEACE_PANELS if mode == PEACE else WAR_PANELS) | ({"warning"} if warning else set())
        assert set(made.rects) == want - (set() if card else {"card"})
        assert made.left_out == ()


@given(st.integers(640, 8000), st.integers(480, 4400), st.floats(0.5, 4.0), st.sampled_from([PEACE, WAR]),
       st.booleans(),
       st.booleans())
def test_no_panel_overlaps_or_leaves_the_screen_at_any_size(width, height, growth, mode, warning, card):
    scale = min(default_scale(width, height) * growth, default_scale(width, height) * LARGEST_GROWTH)
    made = plan(width, height, scale, mode=mode, warning=warning, card=card, extents=FULL)
    check(made)
    assert "urgent" in made.rects
    assert "map" in made.rects


def test_4k_is_1080p_with_four_pixels_for_each_one():
    small = plan(1920, 1080, default_scale(1920, 1080), extents=FULL)
    large = plan(3840, 2160, default_scale(3840, 2160), extents=FULL)
    for name, rect in small.rects.items():
        big = large.rects[name]
        assert abs(big.w - 2 * rect.w) <= 6, name
        assert abs(big.h - 2 * rect.h) <= 10, name


def test_wartime_gives_map_and_urgent_list_more_room():
    peace, war = (plan(1920, 1080, default_scale(1920, 1080), mode=m, extents=FULL) for m in (PEACE, WAR))
    assert war.rects["urgent"].w * war.rects["urgent"].h > peace.rects["urgent"].w * peace.rects["urgent"].h
    assert war.rects["map"].w * war.rects["map"].h > peace.rects["map"].w * peace.rects["map"].h


def test_wide_walls_take_more_columns():
    assert [columns_per_side(*s) for s in ((1920, 1080), (3840, 1080), (5760, 1080), (1080, 1920))] == [1, 2, 3, 1]


def test_text_is_as_high_as_the_viewing_distance_asks():
    # 10 m from a wall 3 m high with 1080 lines: 10000 mm / 215 = 46.5 mm are 16.7 px
    scale = wall_scale(1920, 1080, 10.0, 3.0)
    assert SMALLEST_PX * scale >= 16.7
    assert legible(scale, 1080, 10.0, 3.0)
    near = wall_scale(1920, 1080, 3.0, 3.0)
    assert near == default_scale(1920, 1080)
    far = wall_scale(1920, 1080, 40.0, 2.0)
    assert far == default_scale(1920, 1080) * LARGEST_GROWTH
    assert not legible(far, 1080, 40.0, 2.0)


def test_few_rows_leave_their_room_to_those_with_many():
    quiet = extents_of(channels=7, streets=14, urgent=0, supervised=0, centres=0, steps=0)
    busy = plan(1920, 1080, 1.2, extents=FULL)
    calm = plan(1920, 1080, 1.2, extents=quiet)
    assert calm.rects["supervised"].h < busy.rects["supervised"].h
    assert calm.rects["cameras"].h > busy.rects["cameras"].h
