"""Imported lists in the store: staged, brought into force, finished after a kill, taken back; and people."""
from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.domain.faults import KnownFault
from app.domain.incident_process import CLOSED, VOIDED
from app.intake.histories import incident_id
from app.intake.records import AreaRecord, HistoryEvent, IncidentHistory, UnitRecord
from app.intake.sink import PackCounts
from app.services.commands import CallEvent, Reporter, ReportIncident, SaveDraft
from data.store import audit, packs, people, rebuild
from data.store.packs import PackSink, list_packs
from data.store.store import STORE_FILE, Founding, Store

FOUNDING = Founding("340803", "D", "c", "Centre", "drill")
DAY = datetime(2026, 5, 1, 8, tzinfo=UTC)
PHONE = "13912345678"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "seat"
    seats.found(folder, FOUNDING)
    return folder


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    with seats.opened(Path(shutil.copytree(template, tmp_path / "seat"))) as one:
        yield one


def units(version: str, *keys: str, phone: str = "") -> list[UnitRecord]:
    return [UnitRecord(f"t:{key}", f"Patrol {key} {version}", "patrol", phone=phone, digest=version) for key in keys]


def history(key: str, digest: str = "1", **fields: object) -> IncidentHistory:
    steps = (HistoryEvent("reported", DAY), HistoryEvent("registered", DAY + timedelta(minutes=1)),
             HistoryEvent("closed", DAY + timedelta(hours=2)))
    one = IncidentHistory("t", f"t:{key}", key, f"case {key}", "", "0102", "0102", "closed", DAY, steps, digest=digest,
                          address=f"Gate {key}", reporter={"name": "Somebody", "phone": PHONE})
    return dataclasses.replace(one, **fields)  # type: ignore[arg-type]


def bring(store: Store, kind: str, rows: list[UnitRecord] | list[IncidentHistory] | list[AreaRecord],
          source: str = "t") -> str:
    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack(kind, source, "1", "p")
    if kind == "incidents":
        sink.append_histories(pack, [r for r in rows if isinstance(r, IncidentHistory)])
    else:
        sink.write_rows(pack, [r for r in rows if not isinstance(r, IncidentHistory)])
    sink.activate(pack, PackCounts(len(rows), len(rows)))
    return pack


def names(store: Store) -> dict[str, str]:
    return {r[0]: r[1] for r in store.read.exec_driver_sql("SELECT id, name FROM unit ORDER BY id")}


def status(store: Store, pack: str) -> str:
    return next(str(p["status"]) for p in list_packs(store) if p["id"] == pack)


def phases(store: Store) -> dict[str, str]:
    return {r[0]: r[1] for r in store.read.exec_driver_sql("SELECT external, phase FROM incident ORDER BY external")}


def rebuilds(store: Store) -> None:
    live = rebuild.dump(store.read)
    rebuild.rebuild(store)
    assert rebuild.dump(store.read) == live
    assert audit.verify(store).faults == ()


def test_a_pack_is_in_force_only_when_it_was_activated(store: Store) -> None:
    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, units("a", "u1", "u2"))
    assert names(store) == {}
    assert sink.known_digests("units", "t") == {}
    sink.activate(pack, PackCounts(2, 2))
    assert names(store) == {"t:u1": "Patrol u1 a", "t:u2": "Patrol u2 a"}
    assert sink.known_digests("units", "t") == {"t:u1": "a", "t:u2": "a"}
    assert status(store, pack) == "active"
    events = store.read.exec_driver_sql("SELECT count(*) FROM event WHERE stream = ?", (f"pack/{pack}",)).scalar_one()
    assert events == 1


def test_an_abandoned_pack_leaves_nothing(store: Store) -> None:
    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, units("a", "u1"))
    sink.abandon(pack)
    assert (names(store), status(store, pack)) == ({}, "abandoned")
    with pytest.raises(KnownFault, match=r"no pack .* in force"):
        sink.roll_back(pack)


def test_taking_back_restores_what_was_there_before_row_by_row(store: Store) -> None:
    first = bring(store, "units", units("a", "u1", "u2"))
    second = bring(store, "units", units("b", "u2", "u3"))
    assert names(store) == {"t:u1": "Patrol u1 a", "t:u2": "Patrol u2 b", "t:u3": "Patrol u3 b"}
    sink = seats.pack_sink(store, actor="test")
    assert sink.roll_back(second) == 2
    assert names(store) == {"t:u1": "Patrol u1 a", "t:u2": "Patrol u2 a"}
    assert sink.known_digests("units", "t") == {"t:u1": "a", "t:u2": "a"}
    assert sink.roll_back(first) == 2
    assert names(store) == {}
    for pack in (first, second, "nonsense"):
        with pytest.raises(KnownFault, match=r"no pack .* in force"):
            sink.roll_back(pack)


def test_a_pack_that_was_taken_back_does_not_come_back_with_a_later_one(store: Store) -> None:
    zero = bring(store, "units", units("z", "u1"))
    first = bring(store, "units", units("a", "u1", "u2"))
    second = bring(store, "units", units("b", "u1", "u2"))
    sink = seats.pack_sink(store, actor="test")
    assert sink.roll_back(first) == 0, "nothing of it is in force any more"
    assert sink.roll_back(second) == 2
    assert names(store) == {"t:u1": "Patrol u1 z"}
    assert status(store, zero) == "active"


def test_areas_keep_their_paths_when_a_version_is_taken_back(store: Store) -> None:
    areas = [AreaRecord("t:d", "1", "D", 0, "district", digest="1"),
             AreaRecord("t:s/1", "2", "S", 1, "street", "t:d", digest="1")]
    bring(store, "areas", areas)
    moved = bring(store, "areas", [AreaRecord("t:s/1", "2", "S", 1, "street", None, digest="2")])
    paths = "SELECT id, path FROM area ORDER BY id"
    assert store.read.exec_driver_sql(paths).all() == [("t:d", "t:d/"), ("t:s/1", "t:s%2F1/")]
    seats.pack_sink(store, actor="test").roll_back(moved)
    assert store.read.exec_driver_sql(paths).all() == [("t:d", "t:d/"), ("t:s/1", "t:d/t:s%2F1/")]


class Killed(BaseException):
    """As if the process had ended here."""


@pytest.mark.parametrize("when", ["before_marking", "before_force", "in_the_middle"])
def test_an_activation_that_was_killed_is_finished_or_dropped_at_the_next_opening(
        store: Store, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, units("a", "u1", "u2"))
    with monkeypatch.context() as patch:
        patch.setattr(PackSink, {"before_marking": "activate", "before_force": "_finish",
                                 "in_the_middle": "_bring_into_force"}[when], killed)
        with pytest.raises(Killed):
            sink.activate(pack, PackCounts(2, 2))
    assert names(store) == {}
    again = seats.pack_sink(store, actor="test")
    if when == "before_marking":
        assert (names(store), status(store, pack)) == ({}, "abandoned")
    else:
        assert (len(names(store)), status(store, pack)) == (2, "active")
    assert again.finish_interrupted() == 0


def test_an_import_of_incidents_that_was_killed_half_way_ends_up_whole_and_once(
        store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "_HISTORY_CHUNK", 10)
    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack("incidents", "t", "1", "p")
    sink.append_histories(pack, [history(f"{n:03d}") for n in range(35)])
    real, calls = PackSink._append, []

    def killed_at_the_third(self: PackSink, *args: object) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        real(self, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(PackSink, "_append", killed_at_the_third)
        with pytest.raises(Killed):
            sink.activate(pack, PackCounts(35, 35))
    assert len(phases(store)) == 20
    seats.pack_sink(store, actor="test")
    assert set(phases(store).values()) == {CLOSED}
    assert len(phases(store)) == 35
    assert store.read.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'incident.reported'").scalar_one() == 35
    assert store.read.exec_driver_sql("SELECT count(DISTINCT number) FROM incident").scalar_one() == 35
    rebuilds(store)


def test_the_same_incidents_again_change_nothing_and_a_changed_one_is_corrected(store: Store) -> None:
    bring(store, "incidents", [history("1"), history("2")])
    before = store.read.exec_driver_sql("SELECT count(*) FROM event WHERE stream LIKE 'incident/%'").scalar_one()
    bring(store, "incidents", [history("1"), history("2")])
    after = store.read.exec_driver_sql("SELECT count(*) FROM event WHERE stream LIKE 'incident/%'").scalar_one()
    assert after == before
    bring(store, "incidents", [history("2", "2", address="Gate 2, moved")])
    assert store.read.exec_driver_sql("SELECT place FROM incident WHERE external = '2'").scalar_one() == "Gate 2, moved"
    rebuilds(store)


def test_incidents_are_withdrawn_by_events_and_may_come_in_again_under_their_numbers(store: Store) -> None:
    pack = bring(store, "incidents", [history("1"), history("2")])
    numbers = "SELECT external, number FROM incident ORDER BY external"
    first = store.read.exec_driver_sql(numbers).all()
    assert seats.pack_sink(store, actor="test").roll_back(pack) == 2
    assert phases(store) == {"1": VOIDED, "2": VOIDED}
    rebuilds(store)
    bring(store, "incidents", [history("1"), history("3")])
    assert phases(store) == {"1": CLOSED, "2": VOIDED, "3": CLOSED}
    assert [r for r in store.read.exec_driver_sql(numbers).all() if r[0] != "3"] == first
    rebuilds(store)


def everywhere(store: Store, needle: str) -> list[str]:
    """Files of the store that hold these bytes."""
    store.wipe()
    files = sorted(path for path in store.folder.iterdir() if path.is_file())
    return [path.name for path in files if needle.encode() in path.read_bytes()]


def test_an_erased_person_is_nowhere_any_more_and_the_log_is_whole(store: Store) -> None:
    bring(store, "incidents", [history("1")])
    pack = bring(store, "units", units("a", "u1", phone="13700000001"))
    later = bring(store, "units", units("b", "u1", phone="13700000001"))
    with contextlib.closing(seats.open_seat(store.folder, screen="test")) as seat:
        seat.do(ReportIncident("0102", "hotline", "Gate", reporter=Reporter("Li", "13800000002", "Lane 9")))
        seat.do(CallEvent("c1", "rang", "13600000003"))
        seat.do(SaveDraft("d1", {"phone": "13500000004"}))
    assert everywhere(store, PHONE)
    assert everywhere(store, "13800000002")
    with store.transaction(screen="t", actor="t") as tx:
        tx.connection.exec_driver_sql("UPDATE person SET created_at = 1 WHERE role != 'staff'")
        tx.connection.exec_driver_sql("UPDATE draft SET saved_at = 1")
    people.erase_older_than(store, 30, actor="admin")
    staff = store.read.exec_driver_sql("SELECT person FROM unit").scalars().one()
    people.erase(store, staff, actor="admin", reason="left")
    for needle in (PHONE, "13800000002", "Lane 9", "13600000003", "13500000004", "13700000001"):
        assert everywhere(store, needle) == [], needle
    assert (store.folder / STORE_FILE).exists()
    seats.pack_sink(store, actor="test").roll_back(later)
    assert names(store) == {"t:u1": "Patrol u1 a"}
    assert status(store, pack) == "active"
    rebuilds(store)


def test_the_log_never_holds_personal_data(store: Store) -> None:
    bring(store, "incidents", [history("1")])
    with contextlib.closing(seats.open_seat(store.folder, screen="test")) as seat:
        seat.do(ReportIncident("0102", "hotline", "Gate", reporter=Reporter("Wang", "13800000002", "Lane 9")))
        seat.do(CallEvent("c1", "rang", "13600000003"))
    log = "\n".join(store.read.exec_driver_sql("SELECT content FROM event").scalars())
    for needle in (PHONE, "Somebody", "Wang", "13800000002", "Lane 9", "13600000003"):
        assert needle not in log
    states = "\n".join(store.read.exec_driver_sql("SELECT state FROM incident").scalars())
    assert "1380000" not in states


def test_an_unknown_person_cannot_be_erased(store: Store) -> None:
    with pytest.raises(KnownFault, match="no personal record"):
        people.erase(store, "nobody", actor="a", reason="x")


def test_an_imported_incident_has_one_id_on_every_seat() -> None:
    assert incident_id("t:1") == incident_id("t:1") != incident_id("t:2")
