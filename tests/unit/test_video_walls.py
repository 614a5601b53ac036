"""Named video walls and patrols: names, what was kept is read without trust, rounds pass over what shows nothing."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.faults import Refused
from app.services import video_orders, video_walls
from app.services.video_walls import BY_AREA, BY_LIST, BY_TAG, Patrol, VideoWall
from tests.fakes.fake_seat import FakeSeat

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                    lambda x: st.lists(x, max_size=4) | st.dictionaries(st.sampled_from(
                        ["name", "count", "cameras", "by", "what", "dwell_s", "show", "at"]), x, max_size=4),
                    max_leaves=12)


@given(JSON)
def test_whatever_a_setting_holds_is_read_as_something_that_can_be_shown(raw):
    for wall in video_walls.read_walls(raw):
        assert wall.name
        assert wall.count in video_walls.COUNTS
        assert len(wall.cameras) == wall.count
    for patrol in video_walls.read_patrols(raw):
        assert patrol.name
        assert patrol.what
        assert 5 <= patrol.dwell_s <= 3600
    assert video_walls.read_on_wall(raw).show in ("auto", "wall", "patrol")


def test_a_wall_is_kept_by_its_name_renamed_and_deleted():
    seat = FakeSeat(cameras=9)
    video_orders.save_wall(seat, VideoWall("  城南\n四路 ", 4, ("cam1", "", "cam2", "cam3")))
    assert [w.name for w in video_orders.walls(seat)] == ["城南 四路"]
    video_orders.save_wall(seat, VideoWall("城南 四路", 1, ("cam5",)))
    assert video_orders.walls(seat) == (VideoWall("城南 四路", 1, ("cam5",)),), "the same name is replaced"
    video_orders.save_wall(seat, VideoWall("Schools", 9, ()))
    with pytest.raises(Refused):
        video_orders.rename_wall(seat, "Schools", "城南 四路")
    video_orders.put_on_wall(seat, "cn", 4)
    video_orders.rename_wall(seat, "城南 四路", "城南")
    told = video_walls.read_on_wall(seat.setting(video_walls.ON_WALL))
    assert (told.show, told.name, told.count) == ("wall", "城南", 4), "the wall goes on showing it"
    video_orders.delete_wall(seat, "城南")
    assert [w.name for w in video_orders.walls(seat)] == ["Schools"]
    with pytest.raises(Refused):
        video_orders.save_wall(seat, VideoWall("\u202e\n", 1, ()))


def test_a_name_is_meant_by_its_beginning_or_its_initials_and_never_guessed():
    walls = (VideoWall("城南四路", 4, ()), VideoWall("城南学校", 4, ()), VideoWall("River", 1, ()))
    assert video_walls.named(walls, "riv").name == "River"
    assert video_walls.named(walls, "cnxx").name == "城南学校"
    assert video_walls.named(walls, "城南四路").name == "城南四路"
    for words in ("城南", "cn", "nothing", ""):
        with pytest.raises(Refused):
            video_walls.named(walls, words)


def test_the_wall_steps_through_itself_walls_and_patrols():
    seat = FakeSeat(cameras=9)
    video_orders.save_wall(seat, VideoWall("A", 1, ("x",)))
    video_orders.save_patrol(seat, Patrol("B", BY_TAG, ("school",)))
    shown = [video_orders.step_on_wall(seat, 1) for _ in range(3)]
    assert [(s.show, s.name) for s in shown] == [("wall", "A"), ("patrol", "B"), ("auto", "")]
    told = video_orders.set_count(seat, 16)
    assert (told.show, told.name, told.count) == ("auto", "", 16)
    with pytest.raises(Refused):
        video_orders.set_count(seat, 5)


def test_a_round_is_by_list_area_or_tag_and_counts_what_it_passes_over():
    seat = FakeSeat(cameras=60)
    grid = next(a for a in seat.areas() if a.level == 3)
    street = next(a for a in seat.areas() if a.level == 1 and grid.path.startswith(a.path))
    rows = list(seat.camera_rows.values())[:5]
    cameras = [replace(c, area_id=grid.id, tags=("school",) if i < 3 else (), source="rtsp://x/1", state="online")
               for i, c in enumerate(rows)]
    cameras[1] = replace(cameras[1], state="offline")
    cameras[2] = replace(cameras[2], source="")
    areas = seat.book.areas
    by_list = video_walls.round_of(Patrol("l", BY_LIST, (cameras[4].id, "gone", cameras[0].id)), cameras, areas)
    assert [c.id for c in by_list.cameras] == [cameras[4].id, cameras[0].id], "in the order of the list"
    by_tag = video_walls.round_of(Patrol("t", BY_TAG, ("school",)), cameras, areas)
    assert ([c.id for c in by_tag.cameras], by_tag.offline, by_tag.unconnected) == ([cameras[0].id], 1, 1)
    by_area = video_walls.round_of(Patrol("a", BY_AREA, (street.id,)), cameras, areas)
    assert {c.id for c in by_area.cameras} == {cameras[i].id for i in (0, 3, 4)}
    assert video_walls.round_of(Patrol("n", BY_AREA, ("gone",)), cameras, areas).cameras == ()


def test_the_wall_is_told_only_cameras_that_are_marked_for_it():
    seat = FakeSeat(cameras=9)
    a, b = list(seat.camera_rows.values())[:2]
    walls = video_walls.walls_json([VideoWall("W", 4, (a.id, b.id, "", ""))])
    chosen = video_walls.chosen_of({"show": "wall", "name": "W"}, walls, [], [replace(b, on_wall=True)], {})
    assert [c and c.id for c in chosen.cameras] == [None, b.id, None, None]
    assert chosen.count == 4
    gone = video_walls.chosen_of({"show": "wall", "name": "deleted"}, walls, [], [], {})
    assert gone.on_wall.show == "auto"
    assert gone.wall is None
