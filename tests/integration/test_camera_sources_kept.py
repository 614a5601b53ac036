"""What a store keeps of cameras' streams and of drones, and what an import takes of them."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.bootstrap.city import import_list
from app.domain.faults import Refused
from app.domain.process import Role
from app.geo.codes import wrong_in_gb_camera
from app.services.commands import DroneStates, MoveCamera, Position, ReportPositions
from app.services.drone_watch import is_low, limits_of
from app.services.views import DroneState
from data.store.seat_store import StoreReads
from data.store.store import Founding

FOUNDING = Founding("340803", "D", "c", "Centre", "drill")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seats.found(tmp_path / "seat", FOUNDING)
    return tmp_path / "seat"


def bring(folder: Path, kind: str, text: str, profile: str | None = None):
    file = folder / f"{kind}.csv"
    file.write_text(text, encoding="utf-8")
    return import_list(folder, kind, file, profile, crs="wgs84", dry_run=False)


def test_main_and_sub_stream_come_in_and_passwords_do_not(folder: Path):
    result = bring(folder, "cameras", "编号,名称,经度,纬度,类型,取流地址,子码流地址\n"
                                      "1,北门,117.0,30.5,球机,rtsp://op:word@10.0.0.1/main,rtsp://op:word@10.0.0.1/sub\n"
                                      "2,南门,117.0,30.5,枪机,rtsp://10.0.0.2/main,\n")
    assert (result.accepted, result.rejected) == (2, 0)
    again = bring(folder, "cameras", "编号,名称,经度,纬度,类型,取流地址,子码流地址\n"
                                     "1,北门,117.0,30.5,球机,rtsp://10.0.0.1/main,rtsp://10.0.0.1/sub2\n"
                                     "2,南门,117.0,30.5,枪机,rtsp://10.0.0.2/main,\n")
    assert (again.updated, again.duplicates) == (1, 1), "another sub-stream is another content"
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    first, second = sorted(seat.cameras(), key=lambda c: c.id)
    assert (first.kind, first.source, first.sub_source) == ("ptz", "rtsp://10.0.0.1/main", "rtsp://10.0.0.1/sub2")
    assert (second.source, second.sub_source) == ("rtsp://10.0.0.2/main", "")
    seat.close()


@pytest.mark.parametrize(("text", "part"), [
    ("3408030000132000000", "19"), ("340803000013200000011", "21"), ("34080300001320O00001", "'O'"),
    ("99080300001320000001", "digits 1 to 2"), ("34080300002000000001", "digits 11 to 13"),
    ("34080300001340000001", "Alarm input device"),
])
def test_a_wrong_gb_id_says_which_part_is_wrong(text: str, part: str):
    wrong = wrong_in_gb_camera(text)
    assert wrong is not None
    assert part in str(wrong)


def test_a_camera_and_a_recorder_have_right_ids():
    assert wrong_in_gb_camera("34080300001320000001") is None
    assert wrong_in_gb_camera("34080300001180000001") is None


def test_a_drone_has_its_link_height_and_battery_beside_its_position_and_a_fine_track(folder: Path):
    bring(folder, "units", "编号,名称,类型\nuav1,无人机一号,drone\n")
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    unit = seat.units()[0]
    assert (unit.kind, unit.drone) == ("drone", None)
    now = seat.clock.now().timestamp()
    for i in range(5):
        seat.do(ReportPositions((Position(unit.id, 117.0 + i / 1000, 30.5, now + i * 3, 90.0),), fine=True))
    seat.do(DroneStates((DroneState(unit.id, "ok", now, 80.0, 12.5, 61, "AUTO"),)))
    seat.do(DroneStates((DroneState(unit.id, "lost", now, 80.0, 12.5, 20, "AUTO"),)))
    unit = seat.units()[0]
    assert unit.drone is not None
    assert unit.drone.lost
    assert is_low(unit.drone, limits_of(seat.book))
    assert (unit.drone.altitude_m, unit.drone.mode) == (80.0, "AUTO")
    assert unit.status == "unknown", "nobody hears it: it is not shown as free"
    assert len(seat.tracks(0)[unit.id]) == 5
    seat.close()


def test_turning_a_camera_is_recorded_with_its_reason_and_only_the_desk_may(folder: Path):
    bring(folder, "cameras", "编号,名称,经度,纬度,类型,取流地址\n1,北门,117.0,30.5,球机,rtsp://10.0.0.1/main\n")
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    camera = seat.cameras()[0].id
    with pytest.raises(Refused):
        seat.do(MoveCamera(camera, "left", " "))
    seat.do(MoveCamera(camera, "preset", "smoke reported", preset="3"))
    wall = seat.as_operator(replace(seat.operator, roles=frozenset({Role.WALL})))
    with pytest.raises(Refused):
        wall.do(MoveCamera(camera, "left", "patrol"))
    seat.close()
    with seats.opened(folder) as store:
        kept = StoreReads(store.read).events(f"camera/{camera}")
    assert [(e.kind, e.body["what"], e.body["preset"], e.body["reason"]) for e, *_ in kept] == [
        ("camera.moved", "preset", "3", "smoke reported")]


def test_a_carried_camera_is_where_its_drone_is(folder: Path):
    bring(folder, "units", "编号,名称,类型\nuav1,无人机一号,drone\n")
    bring(folder, "cameras", "编号,名称,经度,纬度,类型,取流地址,所属无人机\n"
                             "d1,无人机画面,117.0,30.5,无人机,rtsp://10.0.0.9/1,units:uav1\n"
                             "1,北门,117.2,30.5,枪机,rtsp://10.0.0.1/1,\n")
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    unit = seat.units()[0]
    carried = next(c for c in seat.cameras() if c.kind == "drone")
    assert carried.unit_id == unit.id
    assert carried.lon == 117.0, "where the list says, as long as nothing was heard of the drone"
    assert seat.nearest_cameras(117.2, 30.5)[0].name == "北门"
    seat.do(ReportPositions((Position(unit.id, 117.1999, 30.5, seat.clock.now().timestamp()),)))
    near = seat.nearest_cameras(117.1998, 30.5)
    assert near[0].id == carried.id
    assert near[0].distance_m is not None
    assert near[0].distance_m < 20
    seat.close()
