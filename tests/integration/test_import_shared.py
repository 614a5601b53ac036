"""The real sets: every count is known, every trap of theirs is met, the same file again changes nothing."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely

from app.clock import FixedClock
from app.domain.faults import KnownFault
from app.geo.base import BaseMap
from app.geo.index import haversine_m
from app.intake.choosing import fitting
from app.intake.pipeline import import_file, read_histories
from app.intake.records import Kind
from tests.fakes.fake_import_sink import MemorySink

SHARED = Path(os.environ.get("LIANDONG_SHARED") or Path(__file__).resolve().parents[2] / "../shared")
DATA = SHARED / "data"
CLOCK = FixedClock(datetime(2026, 11, 1, tzinfo=UTC))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of shared data is not here")

BOSTON = "incidents/boston311_animals_cleaning_housing_2018.csv"
CASES = [
    # kind, file, profile, read, accepted, reasons, duplicates, warnings that matter
    ("areas", "incidents/boston_neighborhoods.geojson", "boston_neighborhoods", 26, 26, {}, 0, {"repaired_polygon": 1}),
    ("incidents", BOSTON, "boston311", 7872, 7872, {}, 0, {"unplaced": 5}),
    ("incidents", "incidents/nyc311_animals_2025q1.csv", "nyc311", 4969, 4969, {}, 0, {"unplaced": 62}),
    ("incidents", "incidents/nyc311_mixed_1000_20180626.csv", "nyc311", 1000, 990,
     {"time_order": 10}, 0, {"unplaced": 100}),
    ("incidents", "incidents/montgomery_pa_911_noheader.csv", "montgomery911", 3051, 3040, {}, 11, {"row_key": 3040}),
    ("incidents", "incidents/qsv_boston311-100.csv", "boston311_2022", 100, 100, {}, 0, {}),
    ("incidents", "incidents/qsv_boston311-dmy-100.csv", "boston311_2022", 100, 100, {}, 0, {}),
    ("incidents", "incidents/qsv_boston311-100-with-nonascii.csv", "boston311_2022", 100, 100, {}, 0, {}),
    ("incidents", "incidents/qsv_boston311-100-20dupes-random.csv", "boston311_2022", 100, 80, {}, 20, {}),
    ("incidents", "incidents/qsv_boston311-100-bad.tsv", "boston311_2022", 100, 99, {"wrong_field_count": 1}, 0, {}),
    ("areas", "incidents/nyc_boroughs.geojson", "nyc_boroughs", 5, 5, {}, 0, {}),
    ("areas", "incidents/nyc_community_districts.geojson", "nyc_community_districts", 71, 71, {}, 0, {}),
    ("areas", "boundaries/echarts_anqing_gb2018.geojson", "echarts_cities", 10, 10, {}, 0, {}),
    ("areas", "boundaries/datav2019_340803.json", "datav", 1, 1, {}, 0, {}),
    ("areas", "boundaries/datav2019_340800.json", "datav", 10, 10, {}, 0, {}),
    ("areas", "boundaries/datav2024_340800_full.json", "datav", 10, 10, {}, 0, {}),
    ("areas", "boundaries/china-division_3408_anqing.json", "china_division", 1769, 1769, {}, 0, {"no_geometry": 1769}),
    ("areas", "boundaries/areacity_level4_3408.csv", "areacity", 163, 163, {}, 0, {"no_geometry": 163}),
    ("cameras", "cameras/opentrafficcammap_usa_10states.json", "opentrafficcammap", 7029, 7029, {}, 0, {}),
    ("components", "assets/tulsa_hydrants_16201.csv", "tulsa_hydrants", 16201, 16112,
     {"zero_position": 76, "repeated_key": 9}, 4, {}),
    ("components", "assets/nyc_street_trees_5000.csv", "nyc_street_trees", 5000, 5000, {}, 0, {}),
    ("components", "assets/chicago_bike_racks.csv", "chicago_bike_racks", 5164, 5164, {}, 0, {}),
    ("base", "basemap/naturalearth_10m_rivers_lower_yangtze.geojson", "naturalearth", 23, 23, {}, 0, {}),
    ("base", "basemap/naturalearth_10m_lakes_lower_yangtze.geojson", "naturalearth", 47, 47, {}, 0, {}),
    ("base", "basemap/pyrosm_test.osm.pbf", None, 2535, 2505, {"bad_geometry": 30}, 0, {}),
]  # fmt: skip


def bring(sink: MemorySink, kind: str, name: str, profile: str | None, folder: Path, **more):
    return import_file(kind, DATA / name, profile, sink=sink, clock=CLOCK, rejects_to=folder, **more)


@pytest.mark.parametrize(
    ("kind", "name", "profile", "read", "accepted", "reasons", "duplicates", "warnings"),
    CASES,
    ids=lambda v: str(v)[-40:],
)
def test_every_set_lands_with_its_counts_and_once(
    tmp_path: Path, kind: str, name: str, profile: str | None, read: int, accepted: int, reasons: dict[str, int],
    duplicates: int, warnings: dict[str, int],
) -> None:  # fmt: skip
    sink = MemorySink()
    first = bring(sink, kind, name, profile, tmp_path)
    assert (first.read, first.accepted, dict(first.reasons), first.duplicates) == (read, accepted, reasons, duplicates)
    assert {key: first.warnings.get(key) for key in warnings} == warnings
    assert first.pack
    again = bring(sink, kind, name, profile, tmp_path)
    assert (again.accepted, again.rejected, again.pack) == (0, first.rejected, None)
    assert again.read == again.rejected + again.duplicates
    assert len(sink.activated) == 1


def test_boston_keeps_its_own_verdicts_times_and_places(tmp_path: Path) -> None:
    sink = MemorySink()
    bring(sink, "areas", "incidents/boston_neighborhoods.geojson", "boston_neighborhoods", tmp_path)
    bring(sink, "incidents", BOSTON, "boston311", tmp_path)
    rows = sink.rows("incidents")
    assert Counter(row.verdict for row in rows) == {"ontime": 7188, "overdue": 684}
    assert Counter(row.phase for row in rows) == {"closed": 5464, "assigned": 2408}
    assert sum(row.lon is not None for row in rows) == 7867
    assert sum(row.no_limit for row in rows) == sum(row.target_at is None for row in rows)
    assert sum(row.area_key is not None for row in rows) > 7800
    first = sink.in_force["incidents"]["boston311:101002296910"]
    assert first.opened_at == datetime(2018, 1, 1, 7, 39, 14, tzinfo=UTC)
    assert [event.step for event in first.events] == ["reported", "registered", "assigned", "closed"]
    assert first.events[-1].at == datetime(2018, 1, 1, 7, 40, 23, tzinfo=UTC)
    assert first.class_code == "1413"


def test_d_m_y_dates_are_the_same_moments_as_iso_dates(tmp_path: Path) -> None:
    plain, dmy = MemorySink(), MemorySink()
    bring(plain, "incidents", "incidents/qsv_boston311-100.csv", "boston311_2022", tmp_path)
    bring(dmy, "incidents", "incidents/qsv_boston311-dmy-100.csv", "boston311_2022", tmp_path)
    assert [r.opened_at for r in plain.rows("incidents")] == [r.opened_at for r in dmy.rows("incidents")]


def test_replay_reads_the_same_histories_as_the_import(tmp_path: Path) -> None:
    histories = list(read_histories(DATA / BOSTON, "boston311", clock=CLOCK))
    assert len(histories) == 7872
    assert all(event.at >= history.opened_at for history in histories for event in history.events)


def test_a_chinese_outline_without_its_datum_is_asked_for(tmp_path: Path) -> None:
    sink = MemorySink()
    with pytest.raises(KnownFault, match="--crs gcj02") as caught:
        bring(sink, "areas", "boundaries/datav2019_340803.json", None, tmp_path)
    assert "datav" in str(caught.value)
    assert not sink.activated
    taken = bring(sink, "areas", "boundaries/datav2019_340803.json", None, tmp_path, crs="gcj02")
    assert taken.accepted == 1
    outline = shapely.from_wkb(sink.rows("areas")[0].geometry)
    plain = MemorySink()
    bring(plain, "areas", "boundaries/datav2019_340803.json", None, tmp_path, crs="wgs84")
    other = shapely.from_wkb(plain.rows("areas")[0].geometry)
    moved = haversine_m(outline.centroid.x, outline.centroid.y, other.centroid.x, other.centroid.y)
    assert 450 < float(moved) < 650


def test_two_lists_of_one_city_that_disagree_are_counted(tmp_path: Path) -> None:
    sink = MemorySink()
    bring(sink, "areas", "boundaries/china-division_3408_anqing.json", "china_division", tmp_path)
    result = bring(sink, "areas", "boundaries/areacity_level4_3408.csv", "areacity", tmp_path)
    assert result.warnings["renamed_area"] > 0
    streets = [a for a in sink.rows("areas") if a.key.startswith("china_division:") and a.code.startswith("340803")]
    assert Counter(area.level for area in streets) == {0: 1, 1: 14, 2: 60}
    parents = {area.code: area.parent_key for area in streets}
    assert parents["340803001"] == "china_division:340803"


def test_shipped_profiles_are_found_by_the_columns(tmp_path: Path) -> None:
    for kind, name, profile in (
        ("incidents", "incidents/nyc311_mixed_1000_20180626.csv", "nyc311"),
        ("incidents", "incidents/qsv_boston311-100.csv", "boston311_2022"),
        ("cameras", "cameras/opentrafficcammap_usa_10states.json", "opentrafficcammap"),
        ("areas", "boundaries/china-division_3408_anqing.json", "china_division"),
        ("components", "assets/chicago_bike_racks.csv", "chicago_bike_racks"),
    ):
        result = bring(MemorySink(), kind, name, None, tmp_path, dry_run=True)
        assert result.profile == profile
        assert result.rejected <= 10
        assert result.pack is None


def test_cameras_of_a_nested_file_know_their_state_and_direction(tmp_path: Path) -> None:
    sink = MemorySink()
    bring(sink, "cameras", "cameras/opentrafficcammap_usa_10states.json", "opentrafficcammap", tmp_path)
    first = sink.rows("cameras")[0]
    assert (first.name, first.heading, first.stream_kind) == ("I-10 McDonald Rd", 90.0, "hls")
    assert first.tags == ("Alabama", "Mobile")


def test_an_osm_extract_becomes_a_base_map(tmp_path: Path) -> None:
    sink = MemorySink()
    bring(sink, "base", "basemap/pyrosm_test.osm.pbf", None, tmp_path)
    base = BaseMap.from_bytes(next(iter(sink.bases.values())))
    assert (len(base.roads), len(base.buildings), len(base.road_class)) == (313, 2171, 313)
    assert "OpenStreetMap" in base.attribution


MONTGOMERY, NYC = "incidents/montgomery_pa_911_noheader.csv", "incidents/nyc311_animals_2025q1.csv"
WRONG = [
    # kind, file, profile, the profile that read it, what is missing, the shipped one that fits
    ("incidents", MONTGOMERY, None, "generic_incidents", "opened_at", "montgomery911"),
    ("incidents", MONTGOMERY, "nyc311", "nyc311", "Unique Key", "montgomery911"),
    ("incidents", NYC, "boston311", "boston311", "case_enquiry_id", "nyc311"),
    ("incidents", BOSTON, "boston311_2022", "boston311_2022", "target_dt", "boston311"),
    ("incidents", BOSTON, "nyc_boroughs", "nyc_boroughs", "for areas, not for incidents", "boston311"),
    ("areas", "incidents/boston_neighborhoods.geojson", "nyc_boroughs", "nyc_boroughs", "boro_code",
     "boston_neighborhoods"),
    ("areas", "boundaries/areacity_level4_3408.csv", "datav", "datav", "not valid JSON", "areacity"),
    ("components", "assets/tulsa_hydrants_16201.csv", "nyc_street_trees", "nyc_street_trees", "tree_id",
     "tulsa_hydrants"),
    ("cameras", "cameras/opentrafficcammap_usa_10states.json", "wvp_channels", "wvp_channels", "channel_id",
     "opentrafficcammap"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "profile", "used", "missing", "fits"), WRONG, ids=lambda v: str(v)[-40:])
def test_a_refused_set_names_file_profile_what_is_missing_and_which_profile_fits(
    tmp_path: Path, kind: str, name: str, profile: str | None, used: str, missing: str, fits: str
) -> None:
    with pytest.raises(KnownFault) as caught:
        bring(MemorySink(), kind, name, profile, tmp_path, dry_run=True)
    told = str(caught.value)
    assert Path(name).name in told
    assert used in told
    assert missing in told
    assert told.endswith(f"(Shipped profiles that fit it: {fits}.)")


def test_a_profile_that_takes_no_row_is_told_with_the_one_that_fits(tmp_path: Path) -> None:
    result = bring(MemorySink(), "incidents", NYC, "montgomery911", tmp_path, dry_run=True)
    assert result.rejected == result.read > 0
    assert str(result.notes[-1]) == "Read with the profile montgomery911. Shipped profiles that fit it: nyc311."


def test_only_a_profile_that_reads_the_rows_is_said_to_fit(tmp_path: Path) -> None:
    other = tmp_path / "six.csv"
    other.write_text("1,2,3,4,5,6\n1.5,2.5,x,2016-01-15 12:01,7,8\n", "utf-8")
    assert fitting(Kind.INCIDENTS, other) == []
    assert fitting(Kind.INCIDENTS, DATA / NYC) == ["nyc311"]
