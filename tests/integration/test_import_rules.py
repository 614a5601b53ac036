"""What an import promises, whatever the city: counts that add up, nothing silent, nothing twice, good rows land."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.domain.faults import KnownFault
from app.intake.pipeline import import_file
from app.intake.result import ImportResult
from tests.fakes.fake_import_sink import MemorySink

CLOCK = FixedClock(datetime(2026, 11, 1, tzinfo=UTC))


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding)
    return path


def bring(sink: MemorySink, kind: str, path: Path, profile: Path | None = None, **more) -> ImportResult:
    more.setdefault("crs", "wgs84")
    return import_file(kind, path, profile, sink=sink, clock=CLOCK, rejects_to=path.parent, **more)


def district(sink: MemorySink, folder: Path) -> None:
    ring = [[117.0, 30.4], [117.2, 30.4], [117.2, 30.6], [117.0, 30.6], [117.0, 30.4]]
    west = [[117.0, 30.4], [117.1, 30.4], [117.1, 30.6], [117.0, 30.6], [117.0, 30.4]]
    features = [
        {"type": "Feature", "properties": {"code": "340803", "name": "区"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}},
        {"type": "Feature", "properties": {"code": "340803001001001", "name": "格", "户数": 250},
         "geometry": {"type": "Polygon", "coordinates": [west]}},
    ]  # fmt: skip
    write(folder / "areas.geojson", json.dumps(features, ensure_ascii=False))
    bring(sink, "areas", folder / "areas.geojson")


COMPONENTS = "编号,部件类型,名称,经度,纬度,状态,主管部门\n"


def test_documented_chinese_columns_need_no_profile(tmp_path: Path) -> None:
    sink = MemorySink()
    path = tmp_path / "部件.csv"
    path.write_bytes(
        (COMPONENTS + "C1,路灯,灯1,117.05,30.5,完好,城管局\nC2,雨水井盖,盖1,117.15,30.5,破损,\n").encode("gbk")
    )
    district(sink, tmp_path)
    result = bring(sink, "components", path)
    assert (result.accepted, result.encoding) == (2, "gb18030")
    lamp, lid = sink.rows("components")
    assert (lamp.class_code, lamp.state, lamp.area_key) == ("0114", "normal", "areas:340803001001001")
    assert (lid.class_code, lid.state, lid.area_key) == ("0103", "damaged", "areas:340803")


def test_same_again_changes_nothing_and_changed_content_is_an_update(tmp_path: Path) -> None:
    sink = MemorySink()
    path = write(tmp_path / "a.csv", COMPONENTS + "C1,路灯,灯,117.05,30.5,,\nC2,路灯,灯,117.06,30.5,,\n")
    assert bring(sink, "components", path).accepted == 2
    again = bring(sink, "components", path)
    assert (again.accepted, again.duplicates, again.pack) == (0, 2, None)
    write(path, COMPONENTS + "C1,路灯,灯,117.05,30.5,破损,\nC2,路灯,灯,117.06,30.5,,\nC3,路灯,灯,117.07,30.5,,\n")
    third = bring(sink, "components", path)
    assert (third.accepted, third.updated, third.duplicates) == (2, 1, 1)
    assert sink.in_force["components"]["a:C1"].state == "damaged"


def test_a_key_repeated_with_other_content_is_refused_so_that_the_file_stays_stable(tmp_path: Path) -> None:
    sink = MemorySink()
    path = write(
        tmp_path / "a.csv",
        COMPONENTS + "C1,路灯,甲,117.05,30.5,,\nC1,路灯,乙,117.05,30.5,,\nC1,路灯,甲,117.05,30.5,,\n",
    )
    for accepted in (1, 0):
        result = bring(sink, "components", path)
        assert (result.accepted, dict(result.reasons)) == (accepted, {"repeated_key": 1})


def test_a_dry_run_tells_all_and_changes_nothing(tmp_path: Path) -> None:
    sink = MemorySink()
    path = write(tmp_path / "a.csv", COMPONENTS + "C1,路灯,灯,117.05,30.5,,\nC2,路灯,灯,x,30.5,,\n")
    result = bring(sink, "components", path, dry_run=True)
    assert (result.read, result.accepted, result.rejected, result.pack) == (2, 1, 1, None)
    assert not sink.activated


def test_refused_rows_are_kept_with_line_reason_field_and_value(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        COMPONENTS
        + "C1,路灯,灯,117.05,30.5,,\nC2,路灯,=1+1,一百,30.5,,\nC3,路灯,灯,0,0,,\nC4,路灯,灯,,,,\n,路灯,灯,117,30,,\n",
    )
    result = bring(MemorySink(), "components", path)
    assert dict(result.reasons) == {"bad_number": 1, "zero_position": 1, "missing_required": 2}
    assert result.rejected_file is not None
    with result.rejected_file.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["reason"]) for row in rows] == [
        ("3", "bad_number"), ("4", "zero_position"), ("5", "missing_required"), ("6", "missing_required"),
    ]  # fmt: skip
    assert rows[0]["field"] == "lon (经度)"
    assert rows[0]["got"] == "一百"
    assert rows[0]["名称"] == "'=1+1"


def test_swapped_points_are_seen_against_the_district_and_never_turned(tmp_path: Path) -> None:
    sink = MemorySink()
    district(sink, tmp_path)
    path = write(tmp_path / "a.csv", COMPONENTS + "C1,路灯,灯,30.5,117.05,,\nC2,路灯,灯,117.05,30.5,,\n")
    assert dict(bring(sink, "components", path).reasons) == {"swapped_lonlat": 1}
    boston = MemorySink()
    square = {"type": "Polygon", "coordinates": [[[-71.2, 42.2], [-71.0, 42.2], [-71.0, 42.4], [-71.2, 42.2]]]}
    write(tmp_path / "b.geojson", json.dumps([{"type": "Feature", "properties": {"name": "b"}, "geometry": square}]))
    bring(boston, "areas", tmp_path / "b.geojson")
    path = write(tmp_path / "b.csv", "id,kind,lon,lat\n1,x,42.3,-71.1\n2,x,-71.1,42.3\n3,x,10,10\n")
    result = bring(boston, "components", path)
    assert dict(result.reasons) == {"swapped_lonlat": 1}
    assert result.warnings["no_area"] >= 1


def test_size_rules_warn_and_never_refuse(tmp_path: Path) -> None:
    sink = MemorySink()
    path = write(
        tmp_path / "g.csv",
        "网格编码,名称,户数,商户数,专属网格\n340803001001001,一,201,0,否\n340803001001002,二,0,301,是\n340803001001003,三,200,999,否\n",
    )
    result = bring(sink, "areas", path)
    assert result.accepted == 3
    assert (result.warnings["households_over"], result.warnings["merchants_over"]) == (1, 1)
    assert {area.level for area in sink.rows("areas")} == {3}


def test_areas_nest_by_parent_by_code_and_by_geometry(tmp_path: Path) -> None:
    sink = MemorySink()
    path = write(
        tmp_path / "a.csv",
        "code,name,parent\nD,区,\nS1,街道一,D\nC1,社区一,S1\nG1,网格一,社区一\nX,x,Y\nP,p,Q\nQ,q,P\n",
    )
    result = bring(sink, "areas", path)
    found = {area.code: (area.level, area.parent_key) for area in sink.rows("areas")}
    assert found["G1"][1] == "a:C1"
    assert [found[c][0] - found["D"][0] for c in ("S1", "C1", "G1")] == [1, 2, 3]
    assert (result.warnings["unknown_parent"], result.warnings["parent_cycle"]) == (1, 1)
    district(sink, tmp_path)
    assert sink.in_force["areas"]["areas:340803001001001"].parent_key == "areas:340803"


def test_projected_coordinates_come_in_by_their_code_and_are_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", COMPONENTS + "C1,路灯,灯,504799.5,3375700.2,,\n")
    with pytest.raises(KnownFault, match="epsg:4548"):
        bring(MemorySink(), "components", path, crs=None)
    sink = MemorySink()
    assert bring(sink, "components", path, crs="epsg:4548").accepted == 1
    lamp = sink.rows("components")[0]
    assert (round(lamp.lon, 2), round(lamp.lat, 2)) == (117.05, 30.50)


def test_a_strangers_profile_maps_a_semicolon_file_with_decimal_commas(tmp_path: Path) -> None:
    profile = write(
        tmp_path / "town.toml",
        'kind = "incidents"\nsource = "town"\ntime_zone = "Europe/Berlin"\ndecimal_comma = true\ncrs = "epsg:25832"\n'
        'no_limit = ["ohne"]\nkeep = ["Bezirk"]\n[file]\nencoding = "cp1252"\nskip_rows = 1\n'
        '[fields]\nkey = ["Jahr", "Nr"]\nopened_at = "{Tag} {Uhr}"\nclosed_at = "Ende"\nkind = "Art"\nphase = "Stand"\n'
        'lon = "Ost"\nlat = "Nord"\ndept = "Amt"\ntarget_at = "Frist"\nverdict = "Urteil"\nfed_back_at = "Zurück?"\n'
        '[dates]\nformats = ["%d.%m.%Y %H:%M"]\n[values.phase]\n"erl*" = "closed"\n"*" = "open"\n'
        '[values.class_code]\n"Schlagloch" = "0110"\n"*" = "1412"\n[values.verdict]\nja = "ontime"\nnein = "overdue"\n',
    )
    path = tmp_path / "liste.csv"
    path.write_bytes(
        (
            "Liste der Stadt\nJahr;Nr;Tag;Uhr;Ende;Art;Stand;Ost;Nord;Amt;Frist;Urteil;Bezirk\n"
            "2026;7;29.03.2026;01:30;29.03.2026 03:30;Schlagloch;erledigt;691.607,5;5.334.760,25;Tiefbau;ohne;ja;Süd\n"
            "2026;8;30.03.2026;12:00;;Müll;offen;691.608,5;5.334.761,25;Tiefbau;31.03.2026 12:00;nein;Süd\n"
            "2026;9;30.03.2026;12:00;29.03.2026 12:00;Müll;erledigt;;;;;;\n"
        ).encode("cp1252")
    )
    sink = MemorySink()
    result = bring(sink, "incidents", path, profile, crs=None)
    assert (result.accepted, dict(result.reasons)) == (2, {"time_order": 1})
    hole, rubbish = sink.rows("incidents")
    assert (hole.key, hole.class_code, hole.phase, hole.verdict, hole.no_limit) == (
        "town:2026-7", "0110", "closed", "ontime", True,
    )  # fmt: skip
    # The night of the change to summer time: one hour passed between 01:30 and 03:30.
    assert (hole.closed_at - hole.opened_at).total_seconds() == 3600
    assert (round(hole.lon, 1), round(hole.lat, 2)) == (11.6, 48.14)
    assert (rubbish.phase, rubbish.class_code, rubbish.target_at) == (
        "assigned", "1412", datetime(2026, 3, 31, 10, tzinfo=UTC),
    )  # fmt: skip
    assert hole.extra == {"Bezirk": "Süd"}


def test_a_profile_that_names_a_missing_column_says_which_are_there(tmp_path: Path) -> None:
    profile = write(tmp_path / "p.toml", 'kind = "components"\n[fields]\nkey = "ID"\nlon = "LON"\nlat = "lat"\n')
    path = write(tmp_path / "a.csv", "id,lon,lat\n1,2,3\n")
    with pytest.raises(KnownFault, match=r"key from the column ID.*Did you mean id.*id, lon, lat"):
        bring(MemorySink(), "components", path, profile)


def test_an_unknown_status_is_refused_by_its_word(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,status,created_date\n1,Closed,2026-01-01\n2,Gone fishing,2026-01-02\n")
    result = bring(MemorySink(), "incidents", path)
    assert (result.accepted, dict(result.reasons)) == (1, {"unknown_value": 1})
    assert result.rejected_file is not None
    assert "Gone fishing" in result.rejected_file.read_text("utf-8")


def test_a_chinese_case_list_becomes_histories_with_personal_data_apart(tmp_path: Path) -> None:
    path = write(
        tmp_path / "案件.csv",
        "工单编号,标题,小类,案件状态,上报时间,派遣时间,签收时间,到场时间,结案时间,办结期限,是否超期,来源,承办单位,地址,经度,纬度,反映人,联系电话\n"
        "A1,井盖,井盖缺损,已结案,2026年3月2日 8:00,2026年3月2日 8:05,2026年3月2日 8:10,2026年3月2日 8:30,"
        "2026年3月2日 10:00,2026年3月3日 8:00,按期,"
        "12345热线,市政,人民路1号,117.05,30.5,测试甲,13800000000\n",
    )
    sink = MemorySink()
    assert bring(sink, "incidents", path).accepted == 1
    case = sink.rows("incidents")[0]
    assert [event.step for event in case.events] == [
        "reported", "registered", "assigned", "acknowledged", "on_scene", "closed",
    ]  # fmt: skip
    assert (case.class_code, case.channel, case.verdict) == ("1701", "city_order", "ontime")
    assert case.reporter == {"name": "测试甲", "phone": "13800000000"}
    assert "13800000000" not in repr(case.events)


def test_rosters_long_and_wide_and_over_midnight(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", "日期,班次,岗位,姓名,开始,结束\n2026-03-02,夜班,带班领导,测试甲,20:00,08:00\n")
    sink = MemorySink()
    assert bring(sink, "roster", path).accepted == 1
    duty = sink.rows("roster")[0]
    assert (duty.date, duty.shift, duty.role) == ("2026-03-02", "night", "duty_leader")
    assert (duty.end - duty.start).total_seconds() == 12 * 3600
    profile = write(
        tmp_path / "wide.toml",
        'kind = "roster"\n[fields]\ndate = "日期"\nrole = "role"\nname = "name"\n'
        '[rules.unpivot]\n"带班领导" = "duty_leader"\n"调度员" = "dispatcher"\n',
    )
    wide = write(tmp_path / "w.csv", "日期,带班领导,调度员\n2026-03-02,测试甲,测试乙、测试丙\n2026-03-03,测试丁,\n")
    result = bring(sink, "roster", wide, profile)
    assert (result.read, result.accepted) == (4, 4)


def test_units_fall_into_their_named_area_and_codes_get_labels(tmp_path: Path) -> None:
    sink = MemorySink()
    district(sink, tmp_path)
    units = write(
        tmp_path / "u.csv",
        "工号,姓名,人员类型,所属网格,手机,技能\nW1,测试甲,专职网格员,格,13900000000,急救、调解\nW2,测试乙,民警,无此格,,\n",
    )
    result = bring(sink, "units", units)
    worker, officer = sink.rows("units")
    assert (worker.kind, worker.area_key, worker.skills) == (
        "grid_worker", "areas:340803001001001", ("first_aid", "mediation"),
    )  # fmt: skip
    assert (officer.kind, officer.area_key, result.warnings["unknown_area"]) == ("police", None, 1)
    codes = write(tmp_path / "c.csv", "list,code,label_zh,label_en,parent\nkind,0199,其他,Other,01\nkind,0198,,,\n")
    assert dict(bring(sink, "codes", codes).reasons) == {"missing_required": 1}


def test_a_fault_in_the_middle_leaves_nothing_in_force(tmp_path: Path) -> None:
    class Breaking(MemorySink):
        def write_rows(self, pack, rows) -> None:
            raise OSError("disk full")

    sink = Breaking()
    path = write(tmp_path / "a.csv", COMPONENTS + "C1,路灯,灯,117.05,30.5,,\n")
    with pytest.raises(OSError, match="disk full"):
        bring(sink, "components", path)
    assert (sink.abandoned, sink.activated) == (1, [])


def test_progress_goes_up_to_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", COMPONENTS + "".join(f"C{i},路灯,灯,117.05,30.5,,\n" for i in range(12_000)))
    seen: list[float] = []
    result = bring(MemorySink(), "components", path, progress=lambda share, rows: seen.append(share))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) >= 4
    assert result.to_json()["read"] == 12_000


REQUIRED = {
    "components": ("dept", "id,name,DEPT,lon,lat\n1,a,Works,117.05,30.5\n2,b,,117.05,30.5\n3,c,Parks,117.05,30.5\n"),
    "cameras": ("name", "id,NAME,lon,lat\n1,a,117.05,30.5\n2,,117.05,30.5\n3,c,117.05,30.5\n"),
    "units": ("phone", "id,name,PHONE,lon,lat\n1,a,1380000,,\n2,b,,,\n3,c,1390000,,\n"),
    "roster": ("shift", ("date,name,role,SHIFT\n2026-01-01,A,duty_leader,day\n2026-01-02,B,duty_leader,\n"
                        "2026-01-03,C,duty_leader,day\n")),
    "codes": ("label_en", "list,code,label_zh,LABEL\nx,1,甲,A\nx,2,乙, \nx,3,丙,C\n"),
    "incidents": ("address", ("id,opened_at,kind,ADDRESS\n1,2026-01-01,0102,Gate\n2,2026-01-01,0102,n/a\n"
                             "3,2026-01-01,0102,Dam\n")),
    "areas": ("code", ("id,name,CODE,geometry\n1,a,c1,\"POLYGON((117 30,117.1 30,117.1 30.1,117 30))\"\n2,b,,\n"
                      "3,c,c3,\"POLYGON((118 30,118.1 30,118.1 30.1,118 30))\"\n")),
}


@pytest.mark.parametrize("kind", sorted(REQUIRED))
def test_a_blank_field_that_the_profile_requires_is_refused_with_line_field_and_reason(tmp_path: Path,
                                                                                       kind: str) -> None:
    name, text = REQUIRED[kind]
    path = write(tmp_path / "list.csv", text)
    column = next((c for c in text.partition("\n")[0].split(",") if c.isupper()), name)
    others = [c for c in text.partition("\n")[0].split(",") if not c.isupper() and c != name and c != "id"]
    key = 'key = "id"\n' if "id," in text else ""
    lines = "".join(f'{c} = "{c}"\n' for c in others)
    profile = write(tmp_path / "p.toml", f'kind = "{kind}"\ncrs = "wgs84"\nrequired = ["{name}"]\n[fields]\n{key}'
                                         f'{name} = "{column}"\n{lines}[nulls]\nall = ["n/a"]\n')
    sink = MemorySink()
    result = bring(sink, kind, path, profile)
    assert (result.read, result.accepted, result.rejected) == (3, 2, 1), result
    assert dict(result.reasons) == {"missing_required": 1}
    assert result.rejected_file is not None
    refused = result.rejected_file.read_text("utf-8-sig").splitlines()[1]
    assert refused.startswith("3,missing_required,")
    assert name in refused


@pytest.mark.parametrize("kind", ["units", "incidents"])
def test_a_place_that_the_profile_requires_is_refused_where_it_is_blank(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "l.csv", "id,name,opened_at,lon,lat\n1,a,2026-01-01,117.05,30.5\n2,b,2026-01-01,,\n")
    fields = 'opened_at = "opened_at"' if kind == "incidents" else 'name = "name"'
    profile = write(tmp_path / "p.toml", f'kind = "{kind}"\nrequired = ["lon", "lat"]\n[fields]\nkey = "id"\n{fields}\n'
                                         'lon = "lon"\nlat = "lat"\n')
    result = bring(MemorySink(), kind, path, profile)
    assert (result.accepted, dict(result.reasons)) == (1, {"missing_required": 1})


def test_a_required_field_without_a_column_is_a_fault_of_the_profile(tmp_path: Path) -> None:
    profile = write(tmp_path / "p.toml", 'kind = "units"\nrequired = ["phone"]\n[fields]\nname = "name"\nkey = "id"\n')
    path = write(tmp_path / "a.csv", "id,name\n1,a\n")
    with pytest.raises(KnownFault, match=r"requires phone.*id, name"):
        bring(MemorySink(), "units", path, profile)


def test_a_base_map_obeys_required_too(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[117.0, 30.5], [117.1, 30.5]]}
    features = [{"type": "Feature", "properties": {"class": "road", "name": n}, "geometry": line} for n in ("A", "")]
    path = write(tmp_path / "roads.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    profile = write(tmp_path / "p.toml", 'kind = "base"\ncrs = "wgs84"\nrequired = ["name"]\n[fields]\n'
                                         'class = "class"\nname = "name"\n')
    result = bring(MemorySink(), "base", path, profile)
    assert (result.read, result.rejected, dict(result.reasons)) == (2, 1, {"missing_required": 1})
