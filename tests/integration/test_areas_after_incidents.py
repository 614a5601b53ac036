"""Areas that come in after the incidents: these are placed, by events, and stay right when the areas go again."""
from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from app import cli, text
from app.bootstrap import seats
from app.intake.records import AreaRecord, CameraRecord, HistoryEvent, IncidentHistory
from app.intake.sink import PackCounts
from app.services.commands import Act, ReportIncident
from data.store import audit, placing, rebuild
from data.store.packs import PackSink
from data.store.store import Founding, Store

DAY = datetime(2026, 5, 1, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    seats.found(tmp_path / "seat", Founding("340803", "D", "c", "Centre", "drill"))
    with seats.opened(tmp_path / "seat") as one:
        yield one


def area(key: str, level: int, parent: str | None, west: float, east: float, digest: str = "1") -> AreaRecord:
    shape: bytes = shapely.to_wkb(shapely.box(west, 30.0, east, 31.0))
    return AreaRecord(f"t:{key}", key, f"Area {key}", level, "", parent and f"t:{parent}", shape, digest=digest)


DISTRICT = [area("d", 0, None, 117.0, 118.0), area("s1", 1, "d", 117.0, 117.5), area("s2", 1, "d", 117.5, 118.0)]
GRIDS = [area("g1", 2, "s1", 117.0, 117.2), area("g2", 2, "s1", 117.2, 117.5)]


def history(key: str, lon: float | None, area_key: str | None = None) -> IncidentHistory:
    steps = (HistoryEvent("reported", DAY), HistoryEvent("closed", DAY + timedelta(hours=2)))
    return IncidentHistory("t", f"t:{key}", key, "case", "", "0102", "0102", "closed", DAY, steps, lon=lon,
                           lat=None if lon is None else 30.5, area_key=area_key, digest="1")


def bring(store: Store, kind: str, rows: Sequence[AreaRecord | IncidentHistory | CameraRecord]) -> tuple[str, int]:
    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack(kind, "t", "1", "p")
    if kind == "incidents":
        sink.append_histories(pack, [r for r in rows if isinstance(r, IncidentHistory)])
    else:
        sink.write_rows(pack, [r for r in rows if not isinstance(r, IncidentHistory)])
    return pack, sink.activate(pack, PackCounts(len(rows), len(rows)))


def where(store: Store) -> dict[str, tuple[str | None, str]]:
    return {r[0]: (r[1], r[2]) for r in store.read.exec_driver_sql("SELECT external, area, area_path FROM incident")}


def events(store: Store) -> int:
    return int(store.read.exec_driver_sql("SELECT count(*) FROM event WHERE stream LIKE 'incident/%'").scalar_one())


def whole(store: Store) -> None:
    live = rebuild.dump(store.read)
    rebuild.rebuild(store)
    assert rebuild.dump(store.read) == live
    assert audit.verify(store).faults == ()


S2, G1 = ("t:s2", "t:d/t:s2/"), ("t:g1", "t:d/t:s1/t:g1/")


def test_incidents_that_were_there_first_are_placed_in_the_finest_new_area_and_lose_it_when_it_is_taken_back(
        store: Store) -> None:
    bring(store, "incidents", [history("in g1", 117.1), history("in s2", 117.7), history("far off", 90.0),
                               history("nowhere", None)])
    with contextlib.closing(seats.open_seat(store.folder, screen="test")) as seat:
        live = next(iter(seat.do(ReportIncident("0102", "hotline", "Gate", lon=117.1, lat=30.5)).incidents))
    district, count = bring(store, "areas", DISTRICT)
    assert count == 3
    assert where(store) == {"in g1": ("t:s1", "t:d/t:s1/"), "in s2": S2, "": ("t:s1", "t:d/t:s1/"),
                            "far off": (None, ""), "nowhere": (None, "")}
    grids, count = bring(store, "areas", GRIDS)
    assert count == 2, "grids come below the street; what has no finer one stays"
    assert where(store) == {"in g1": G1, "in s2": S2, "": G1, "far off": (None, ""), "nowhere": (None, "")}
    before = events(store)
    assert seats.pack_sink(store, actor="test").place() == 0
    assert events(store) == before, "who is placed is left in peace"
    whole(store)
    sink = seats.pack_sink(store, actor="test")
    sink.roll_back(grids)
    assert where(store)["in g1"] == where(store)[""] == ("t:s1", "t:d/t:s1/")
    sink.roll_back(district)
    assert set(where(store).values()) == {(None, "")}
    whole(store)
    with contextlib.closing(seats.open_seat(store.folder, screen="test")) as seat:
        english = text.Catalogue.load("en")
        assert "incident.placed" not in {entry.kind for entry in seat.timeline()}, "the ticker has no news of it"
        assert seat.timeline()
        told = [english.render(entry.what) for entry in seat.incident(live).timeline]
    assert [line for line in told if "Area" in line or "area" in line] == [
        "Placed in Area s1", "Placed in Area g1", "Placed in Area s1", "In no area any more"]


def test_what_a_person_decided_and_what_is_elsewhere_since_is_respected(store: Store) -> None:
    bring(store, "areas", DISTRICT)
    with contextlib.closing(seats.open_seat(store.folder, screen="test")) as seat:
        mine = next(iter(seat.do(ReportIncident("0102", "hotline", "Gate", lon=117.1, lat=30.5)).incidents))
        seat.do(Act(mine, "correct", {"area": "t:s2"}))
    assert bring(store, "areas", GRIDS)[1] == 0, "a person has placed it in the other street"
    assert where(store)[""] == S2
    moved = bring(store, "areas", [area("s2", 1, None, 117.5, 118.0, digest="2")])
    assert (moved[1], where(store)[""]) == (1, ("t:s2", "t:s2/")), "the street hangs elsewhere"
    seats.pack_sink(store, actor="test").roll_back(moved[0])
    assert where(store)[""] == S2
    whole(store)


def test_placing_that_was_killed_half_way_is_carried_on_and_a_later_step_of_the_file_still_comes_in(
        store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    monkeypatch.setattr(placing, "CHUNK", 10)
    bring(store, "incidents", [history(f"{n:03d}", 117.1) for n in range(35)])
    sink = PackSink(store, seats.pack_sink(store, actor="test").lists, actor="test")
    told: list[int] = []

    def progress(_what: str, done: int, _all: int) -> None:
        told.append(done)
        if len(told) == 2:
            raise Killed

    sink._progress = progress
    pack = sink.begin_pack("areas", "t", "1", "p")
    sink.write_rows(pack, [*DISTRICT, *GRIDS])
    with pytest.raises(Killed):
        sink.activate(pack, PackCounts(5, 5))
    assert sum(a is not None for a, _ in where(store).values()) == 20
    seats.pack_sink(store, actor="test")
    assert set(where(store).values()) == {G1}
    assert seats.pack_sink(store, actor="test").finish_interrupted() == 0
    later = history("000", 117.1, "t:g1")
    steps = (*later.events, HistoryEvent("evaluated", DAY + timedelta(hours=3), {"satisfaction": "satisfied"}))
    bring(store, "incidents", [IncidentHistory(**{f: getattr(later, f) for f in later.__slots__} |
                                               {"events": steps, "digest": "2"})])
    assert store.read.exec_driver_sql("SELECT phase FROM incident WHERE external = '000'").scalar_one() == "evaluated"
    whole(store)


def test_a_list_that_is_taken_back_before_placing_was_carried_on_does_not_end_it(
        store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(store, "incidents", [history("stays", 117.1)])
    gone, _ = bring(store, "incidents", [history("goes", 117.1)])
    bring(store, "areas", DISTRICT)
    with monkeypatch.context() as patch:
        patch.setattr(placing, "place", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            bring(store, "areas", GRIDS)
    seats.bare_sink(store, actor="test").roll_back(gone)
    assert where(store)["stays"] == G1
    whole(store)


def _interrupted(*_: object, **__: object) -> int:
    raise KeyboardInterrupt


def test_cameras_that_were_there_first_lie_in_the_areas_that_came_later(store: Store) -> None:
    bring(store, "cameras", [CameraRecord("t:c1", "", "C 1", 117.1, 30.5, digest="1")])
    lies = "SELECT area FROM camera"
    assert store.read.exec_driver_sql(lies).scalar_one() is None
    pack, _ = bring(store, "areas", [*DISTRICT, *GRIDS])
    assert store.read.exec_driver_sql(lies).scalar_one() == "t:g1"
    seats.pack_sink(store, actor="test").roll_back(pack)
    assert store.read.exec_driver_sql(lies).scalar_one() is None


def test_the_command_line_tells_how_many_would_be_placed_and_how_many_were(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "id,opened,kind,lon,lat\n1,2026-05-01 08:00,0102,-71.1,42.3\n2,2026-05-01 08:00,0102,-70.0,42.3\n"
    (tmp_path / "calls.csv").write_text(rows)
    ring = [[-71.2, 42.2], [-71.0, 42.2], [-71.0, 42.4], [-71.2, 42.4], [-71.2, 42.2]]
    feature = {"type": "Feature", "properties": {"name": "Dorchester"},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    where_ = ["--data", str(tmp_path / "seat"), "--lang", "en"]

    def run(*words: str) -> str:
        assert cli.main([*words, *where_]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    run("init", "--district", "250000", "--timezone", "America/New_York")
    run("import", "incidents", str(tmp_path / "calls.csv"))
    assert "would be placed in these areas: 1" in run("import", "areas", str(tmp_path / "areas.geojson"), "--dry-run")
    assert json.loads(run("import", "areas", str(tmp_path / "areas.geojson"), "--dry-run", "--json"))["placed"] == 1
    assert "Incidents placed in these areas: 1" in run("import", "areas", str(tmp_path / "areas.geojson"))
    assert json.loads(run("import", "areas", str(tmp_path / "areas.geojson"), "--json"))["placed"] == 0
