"""The record of looking at cameras can be read: who, which camera, from when to when, why; only by who may."""
from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.bootstrap.city import import_list
from app.cli import main
from app.domain.events import GENESIS, Event
from app.domain.faults import Refused
from app.domain.process import Role
from app.services.camera_record import paired
from app.services.commands import MoveCamera, ReportIncident, SaveSnapshot, SetMasks, ViewCamera
from app.services.view_reasons import BESIDE_INCIDENT, USUAL, WALL_PATROL
from data.store.store import Founding


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seats.found(tmp_path / "seat", Founding("340803", "D", "c", "Centre", "drill"))
    file = tmp_path / "cameras.csv"
    file.write_text("编号,名称,经度,纬度,类型,取流地址\n1,北门,117.0,30.5,球机,rtsp://10.0.0.1/main\n"
                    "2,=南门,117.0,30.5,枪机,rtsp://10.0.0.2/main\n", encoding="utf-8")
    import_list(tmp_path / "seat", "cameras", file, None, crs="wgs84", dry_run=False)
    return tmp_path / "seat"


def look(kind: str, at: int, *, camera: str = "c", actor: str = "me", reason: str = "why") -> Event:
    return Event(f"e{at}", f"camera/{camera}", f"camera.{kind}", "d", "c", "s", at, GENESIS, "desk", actor, at * 1000,
                 "live", {"reason": reason, "incident": None})


def test_each_look_has_its_end() -> None:
    acts = paired([look("viewed", 1), look("viewed", 2, actor="you"), look("viewed", 3), look("view_ended", 4),
                   look("view_ended", 5), look("view_ended", 6, actor="you"), look("viewed", 7), look("moved", 8)])
    assert [(a.at, a.until, a.actor, a.kind) for a in acts] == [
        (1, 5, "me", "camera.viewed"), (2, 6, "you", "camera.viewed"), (3, 4, "me", "camera.viewed"),
        (7, None, "me", "camera.viewed"), (8, None, "me", "camera.moved")]
    (rest,) = paired([look("view_ended", 5)])
    assert (rest.at, rest.until, rest.kind) == (5, 5, "camera.view_ended"), "it began before what was asked for"


def test_no_event_keeps_the_record_from_being_read() -> None:
    odd = replace(look("viewed", 1), body={"reason": ["x"], "incident": [1]})
    (act,) = paired([odd, replace(odd, kind="camera.view_ended")])
    assert (act.at, act.until, act.incident_id) == (1, 1, "")


def test_a_look_whose_end_was_never_recorded_takes_no_other_ones_end() -> None:
    """The program was killed: nobody looked until the end of the next look, and nobody looks now."""
    acts = paired([look("viewed", 1), look("viewed", 100), look("view_ended", 101), look("viewed", 200),
                   look("view_ended", 203)])
    assert [(a.at, a.until) for a in acts] == [(1, None), (100, 101), (200, 203)]


def test_the_record_is_read_and_exported_by_who_may(folder: Path, tmp_path: Path,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    seat = seats.open_seat(folder, None, screen="desk", role=Role.SUPERVISOR)
    first, second = (c.id for c in sorted(seat.cameras(), key=lambda c: c.name, reverse=True))
    key = next(iter(seat.do(ReportIncident("0102", "patrol", "Gate", 2, accept=True)).incidents))
    seat.do(ViewCamera(second, "handing over"))
    seat.do(ViewCamera(first, "incident", key))
    seat.do(MoveCamera(first, "left", "incident", key))
    seat.do(SaveSnapshot(first, "incident", "0" * 64, key))
    seat.do(ViewCamera(first, "incident", key, ended=True))
    seat.do(SetMasks(first, (((0.1, 0.1), (0.4, 0.1), (0.4, 0.5)),), "flats"))
    number = seat.incident(key).row.number
    for role in (Role.DISPATCHER, Role.WALL, Role.COMMUNITY):
        with pytest.raises(Refused):
            seat.as_operator(replace(seat.operator, roles=frozenset({role}))).camera_record(0.0)
    auditor = seat.as_operator(replace(seat.operator, roles=frozenset({Role.AUDITOR})))
    assert [(a.name, a.kind, a.reason, a.number, a.until is not None) for a in auditor.camera_record(0.0)] == [
        ("=南门", "camera.viewed", "handing over", "", False), ("北门", "camera.viewed", "incident", number, True),
        ("北门", "camera.moved", "incident", number, False),
        ("北门", "camera.snapshot_saved", "incident", number, False),
        ("北门", "camera.masks_set", "flats", "", False)]
    for role, incident in ((Role.WALL, key), (Role.DISPATCHER, None)):
        with pytest.raises(Refused):
            seat.as_operator(replace(seat.operator, roles=frozenset({role}))).do(SaveSnapshot(first, "x", "0" * 64,
                                                                                             incident))
    seat.close()
    target = tmp_path / "record.csv"
    assert main(["video", "--data", str(folder), "--lang", "en", "--json", "views", "--camera", "门", "--export",
                 str(target)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [a["what"] for a in told["acts"]] == ["Camera looked at", "Camera looked at", "Camera turned",
                                                 "Still of a camera saved", "Privacy masks of a camera changed"]
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:4] == ["From", "To", "Who", "Camera"]
    assert rows[1][4] == "'=南门", "through the escaping door"
    assert main(["video", "--data", str(folder), "--lang", "zh_CN", "views", "--camera", "北门"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert number in lines[0]
    assert main(["video", "--data", str(folder), "--lang", "en", "views", "--hours", "0"]) == 0
    assert capsys.readouterr().out.strip() == "Nothing here."
    for word in ("nan", "inf", "1e300", "-1", "x"):
        with pytest.raises(SystemExit) as left:
            main(["video", "--data", str(folder), "--lang", "en", "views", f"--hours={word}"])
        assert left.value.code == 2
        assert f"{word} is no number of hours" in capsys.readouterr().err


@pytest.mark.parametrize(("lang", "reasons"), [
    ("zh_CN", ["大屏：轮巡", "查看事件周边", "例行巡查", "大屏：轮巡", "查看 Reason"]),
    ("en", ["wall: patrol", "beside an incident", "routine round", "大屏：轮巡", "查看 Reason"])])
def test_a_reason_that_the_program_gave_is_said_in_the_language_that_is_asked_for(
        folder: Path, tmp_path: Path, lang: str, reasons: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    seat = seats.open_seat(folder, None, screen="desk", role=Role.SUPERVISOR)
    camera = seat.cameras()[0].id
    for reason in (WALL_PATROL, BESIDE_INCIDENT, USUAL[0], "大屏：轮巡", "查看 Reason"):
        seat.do(ViewCamera(camera, reason))
    seat.close()
    target = tmp_path / "record.csv"
    assert main(["video", "--data", str(folder), "--lang", lang, "--json", "views", "--export", str(target)]) == 0
    assert [a["reason"] for a in json.loads(capsys.readouterr().out)["acts"]] == reasons
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [row[6] for row in csv.reader(file)][1:] == reasons
    assert main(["video", "--data", str(folder), "--lang", lang, "views"]) == 0
    for line, reason in zip(capsys.readouterr().out.splitlines(), reasons, strict=True):
        assert line.rstrip().endswith(reason)


def test_cameras_outside_an_operators_area_are_neither_looked_at_nor_turned_nor_masked(tmp_path: Path) -> None:
    folder = tmp_path / "seat"
    seats.found(folder, Founding("340803", "D", "c", "Centre", "drill"))
    areas, cameras = tmp_path / "areas.geojson", tmp_path / "cameras.csv"
    areas.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"编码": code, "名称": code, "级别": "街道"}, "geometry": {
            "type": "Polygon", "coordinates": [[[x, 30.4], [x + 0.1, 30.4], [x + 0.1, 30.6], [x, 30.6], [x, 30.4]]]}}
        for code, x in (("340803001", 117.0), ("340803002", 117.1))]}), encoding="utf-8")
    cameras.write_text("编号,名称,经度,纬度,类型\n1,北门,117.05,30.5,球机\n2,南门,117.15,30.5,球机\n", encoding="utf-8")
    for kind, file in (("areas", areas), ("cameras", cameras)):
        import_list(folder, kind, file, None, crs="wgs84", dry_run=False)
    seat = seats.open_seat(folder, None, screen="desk", role=Role.SUPERVISOR)
    there = {c.name: c for c in seat.cameras()}
    street = seat.as_operator(replace(seat.operator, area_id=there["北门"].area_id))
    own, other = there["北门"].id, there["南门"].id
    assert [c.id for c in street.cameras()] == [own]
    street.do(ViewCamera(own, "why"))
    for act in (ViewCamera(other, "why"), MoveCamera(other, "left", "why"), SetMasks(other, (), "why"),
                SaveSnapshot(other, "why", "0" * 64)):
        with pytest.raises(Refused, match="outside your area"):
            street.do(act)
    street.do(ViewCamera(other, "why", ended=True))
    seat.close()
