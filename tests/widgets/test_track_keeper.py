"""Tracks on the map: only new points are read, and the whole is what reading everything would have given."""
from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np

from widgets.screens.track_keeper import BACK_S, OVERLAP_S, WHOLE_EVERY, TrackKeeper

Point = tuple[float, float, float]


def read(points: Mapping[str, Sequence[Point]], since: float) -> dict[str, list[Point]]:
    return {unit: late for unit, all_ in points.items() if (late := [p for p in sorted(all_) if p[0] >= since])}


def test_what_is_kept_is_what_reading_everything_gives() -> None:
    dice, keeper, points, now = random.Random(3), TrackKeeper(), dict[str, list[Point]](), 10_000.0
    asked = []
    for turn in range(400):
        now += dice.choice((1.0, 5.0, 30.0))
        for unit in dice.sample("abcdef", 2):
            late = dice.choice((0.0, 0.0, 10.0))
            points.setdefault(unit, []).append((now - late, 117.0 + turn / 1e5, 30.5))
        if turn % 7 == 3:  # everybody moves: a point that came late is in sight again
            for unit in points:
                points[unit].append((now, 117.0, 30.5))
        since = keeper.since(now)
        asked.append(now - since)
        keeper.take(read(points, since), since, now)
        if turn % 7 == 3:
            shown = {t.id: t.points.tolist() for t in keeper.tracks(())}
            wanted = {u: [list(p[1:]) for p in all_]
                      for u, all_ in read(points, now - BACK_S).items() if len(all_) > 1}
            assert shown == wanted
    assert asked.count(BACK_S) == -(-400 // WHOLE_EVERY), "the rest are short readings"
    assert sorted(asked)[200] <= OVERLAP_S + 30


def test_a_track_that_did_not_change_is_the_same_object_and_a_drone_is_shown_as_one() -> None:
    keeper = TrackKeeper()
    first = {"u": [(1000.0, 1.0, 2.0), (1020.0, 1.1, 2.0)], "d": [(1000.0, 3.0, 4.0), (1002.0, 3.1, 4.0)]}
    assert keeper.take(first, keeper.since(1030.0), 1030.0)
    before = {t.id: t for t in keeper.tracks({"d"})}
    assert np.array_equal(before["u"].points, [(1.0, 2.0), (1.1, 2.0)])
    since = keeper.since(1031.0)
    assert not keeper.take(read(first, since), since, 1031.0), "nothing new"
    moved = {"d": [*first["d"], (1032.0, 3.2, 4.0)], "u": first["u"]}
    since = keeper.since(1033.0)
    assert keeper.take(read(moved, since), since, 1033.0)
    after = {t.id: t for t in keeper.tracks({"d"})}
    assert after["u"] is before["u"]
    assert after["d"] is not before["d"]
    assert after["d"].kind != after["u"].kind
    assert keeper.tracks(())[1].kind == after["u"].kind


def test_old_points_and_whole_tracks_go_with_time() -> None:
    keeper = TrackKeeper()
    keeper.take({"u": [(100.0, 1.0, 2.0), (110.0, 1.0, 2.0), (900.0, 1.0, 2.0)]}, keeper.since(910.0), 910.0)
    since = keeper.since(105.0 + BACK_S)
    assert keeper.take({"u": [(900.0, 1.0, 2.0)]}, since, 105.0 + BACK_S)
    assert len(keeper.tracks(())[0].points) == 2
    now = 1_000.0 + BACK_S
    assert keeper.take({}, keeper.since(now), now)
    assert keeper.tracks(()) == []


def test_a_clock_that_was_set_back_reads_everything() -> None:
    keeper = TrackKeeper()
    keeper.take({"u": [(9_000.0, 1.0, 2.0), (9_010.0, 1.0, 2.0)]}, keeper.since(9_020.0), 9_020.0)
    assert keeper.since(5_000.0) == 5_000.0 - BACK_S
