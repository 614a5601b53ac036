"""Privacy masks in a store: changed by the right role with a reason, recorded with what was before, all or nothing."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.bootstrap.city import import_list
from app.domain.faults import KnownFault, Refused
from app.domain.process import Role
from app.services.commands import MoveCamera, SetMasks
from app.services.local_seat import LocalSeat
from app.services.masks import SETTING, parse_masks
from data.store.store import Founding

BOX = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.5), (0.1, 0.5))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seats.found(tmp_path / "seat", Founding("340803", "D", "c", "Centre", "drill"))
    file = tmp_path / "cameras.csv"
    file.write_text("编号,名称,经度,纬度,类型,取流地址\n1,北门,117.0,30.5,球机,rtsp://10.0.0.1/main\n"
                    "2,南门,117.0,30.5,枪机,rtsp://10.0.0.2/main\n", encoding="utf-8")
    import_list(tmp_path / "seat", "cameras", file, None, crs="wgs84", dry_run=False)
    return tmp_path / "seat"


def kept(seat: LocalSeat) -> dict[str, tuple]:
    return parse_masks(seat.setting(SETTING))


def test_masks_are_set_and_taken_away_and_both_are_recorded(folder: Path):
    seat = seats.open_seat(folder, None, screen="desk", role=Role.SUPERVISOR)
    first, second = sorted(c.id for c in seat.cameras())
    assert seat.do(SetMasks(first, (BOX,), "flats behind the gate", None)).settings, "every screen looks anew"
    seat.do(SetMasks(second, (BOX, BOX), "x"))
    assert kept(seat) == {first: (BOX,), second: (BOX, BOX)}
    seat.do(SetMasks(first, (), "camera was moved"))
    assert kept(seat) == {second: (BOX, BOX)}
    events = [e for e, *_ in seat._store.reads.events(f"camera/{first}")]  # type: ignore[attr-defined]
    assert [e.kind for e in events] == ["camera.masks_set"] * 2
    shape = [[list(point) for point in BOX]]
    assert [(e.body["before"], e.body["masks"], e.body["reason"]) for e in events] == [
        ([], shape, "flats behind the gate"), (shape, [], "camera was moved")]
    seat.close()


def test_masks_of_several_cameras_set_in_one_commit_are_all_kept(folder: Path):
    seat = seats.open_seat(folder, None, screen="desk", role=Role.SUPERVISOR)
    first, second = sorted(c.id for c in seat.cameras())
    seat.do_all([SetMasks(first, (BOX,), "x"), SetMasks(second, (BOX,), "x"), SetMasks(second, (BOX, BOX), "y")])
    assert kept(seat) == {first: (BOX,), second: (BOX, BOX)}
    last = seat._store.reads.events(f"camera/{second}")[-1][0]  # type: ignore[attr-defined]
    assert last.body["before"] == [[list(point) for point in BOX]]
    seat.close()


def test_only_supervisor_or_leader_may_and_not_without_a_reason(folder: Path):
    seat = seats.open_seat(folder, None, screen="desk", role=Role.SUPERVISOR)
    camera = seat.cameras()[0].id
    for role in (Role.DISPATCHER, Role.VERIFIER, Role.WALL, Role.INTAKE):
        other = seat.as_operator(replace(seat.operator, roles=frozenset({role})))
        with pytest.raises(Refused):
            other.do(SetMasks(camera, (BOX,), "why"))
        for what in ("preset_set", "preset_removed"):
            with pytest.raises(Refused):
                other.do(MoveCamera(camera, what, "why", preset="3"))
    with pytest.raises(Refused):
        seat.do(SetMasks(camera, (BOX,), " "))
    seat.do(MoveCamera(camera, "preset_set", "why", preset="3"))
    assert kept(seat) == {}
    seat.close()


@pytest.mark.parametrize("masks", [(((0.1, 0.1), (0.2, 0.2)),), (((0.1, 0.1), (2.0, 0.2), (0.3, 0.3)),),
                                   (((float("nan"), 0.1), (0.2, 0.2), (0.3, 0.3)),)])
def test_what_is_no_polygon_changes_nothing_and_records_nothing(folder: Path, masks):
    seat = seats.open_seat(folder, None, screen="desk", role=Role.SUPERVISOR)
    camera = seat.cameras()[0].id
    with pytest.raises(KnownFault):
        seat.do(SetMasks(camera, masks, "why"))
    with pytest.raises(KnownFault):
        seat.do(SetMasks("nobody", (BOX,), "why"))
    assert kept(seat) == {}
    assert not list(seat._store.reads.events(f"camera/{camera}"))  # type: ignore[attr-defined]
    seat.close()
