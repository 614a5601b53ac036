"""A city's past in the store: every step that a file tells counts, also late, also after an own act; a pack that is
taken back gives back what it found."""
from __future__ import annotations

import contextlib
import csv
import json
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.bootstrap import seats
from app.bootstrap.replaying import ReplaySink
from app.clock import SystemClock
from app.domain.faults import KnownFault
from app.domain.incident_process import CLOSED, FED_BACK, MERGED, REGISTERED, VOIDED
from app.domain.process import Role
from app.intake.pipeline import import_file
from app.intake.records import UnitRecord
from app.intake.result import ImportResult
from app.intake.sink import PackCounts
from app.services.commands import Act
from data.store import audit, rebuild
from data.store.packs import list_packs
from data.store.store import Founding, Store

FOUNDING = Founding("340803", "D", "c", "Centre", "drill")
ZONE = ZoneInfo("Asia/Shanghai")
PROFILE = """profile = 1
name = "p"
kind = "incidents"
source = "city"
time_zone = "Asia/Shanghai"
[fields]
key = "id"
kind = "kind"
phase = "status"
opened_at = "opened"
closed_at = "closed"
dept = "dept"
acknowledged_at = "ack"
on_scene_at = "scene"
fed_back_at = "fed"
verdict = "verdict"
address = "addr"
[dates]
formats = ["%Y-%m-%d %H:%M"]
"""
COLUMNS = ("id", "kind", "status", "opened", "closed", "dept", "ack", "scene", "fed", "verdict", "addr")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "seat"
    seats.found(folder, FOUNDING)
    return folder


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    with seats.opened(Path(shutil.copytree(template, tmp_path / "seat"))) as one:
        yield one


def row(key: str, **fields: str) -> dict[str, str]:
    """A row of the file; times are "HH:MM" of one day."""
    times = {n: f"2026-11-01 {v}" if v else "" for n, v in fields.items() if n in ("closed", "ack", "scene", "fed")}
    return {**dict.fromkeys(COLUMNS, ""), "id": key, "kind": "tree", "status": "open", "opened": "2026-11-01 08:00",
            "addr": "Gate", **fields, **times}


def write(folder: Path, *rows: dict[str, str]) -> tuple[Path, Path]:
    profile, path = folder / "p.toml", folder / "past.csv"
    profile.write_text(PROFILE, encoding="utf-8")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path, profile


def bring(store: Store, *rows: dict[str, str]) -> ImportResult:
    path, profile = write(store.folder.parent, *rows)
    return import_file("incidents", path, profile, sink=seats.pack_sink(store, actor="t"), clock=SystemClock(),
                       rejects_to=store.folder.parent)


def state(store: Store, key: str) -> dict[str, Any]:
    text, phase = store.read.exec_driver_sql("SELECT state, phase FROM incident WHERE external = ?", (key,)).one()
    return {"assignments": [], "superseded": [], "fed_back_at": 0, "closed_at": 0, **json.loads(text), "phase": phase}


def clock(ms: int) -> str:
    """The local time of day of `ms`, "" for none."""
    return datetime.fromtimestamp(ms / 1000, ZONE).strftime("%H:%M") if ms else ""


def act(store: Store, key: str, verb: str, **params: str) -> None:
    number = store.read.exec_driver_sql("SELECT id FROM incident WHERE external = ?", (key,)).scalar_one()
    with contextlib.closing(seats.open_seat(store.folder, None, screen="t", role=Role.DISPATCHER)) as seat:
        seat.do(Act(number, verb, dict(params)))


def stands(store: Store) -> None:
    """The log folds to what is shown, and is whole."""
    live = rebuild.dump(store.read)
    rebuild.rebuild(store)
    assert rebuild.dump(store.read) == live
    assert audit.verify(store).faults == ()


def taken_back(store: Store, pack: str | None) -> int:
    assert pack is not None
    return seats.pack_sink(store, actor="t").roll_back(pack)


def events(store: Store) -> int:
    return int(store.read.exec_driver_sql("SELECT count(*) FROM event WHERE stream LIKE 'incident/%'").scalar_one())


# ---- every step counts ----------------------------------------------------------------------------------------------


def test_the_times_of_a_force_are_those_of_the_file(store: Store) -> None:
    bring(store, row("1", status="closed", closed="12:00", dept="Parks", ack="08:10", scene="09:00", fed="11:00"))
    one = state(store, "1")
    assert (one["phase"], one["superseded"]) == (CLOSED, [])
    assert (clock(one["fed_back_at"]), clock(one["closed_at"])) == ("11:00", "12:00")
    (lead,) = one["assignments"]
    assert (lead[0], lead[2]) == ("Parks", True)
    assert [clock(at) for at in lead[4:9]] == ["08:00", "08:10", "", "09:00", "11:00"]
    stands(store)


@pytest.mark.parametrize("told", [{"scene": "09:00", "fed": "11:00"}, {"fed": "11:00"}, {"status": "fed_back"}])
def test_a_force_that_the_file_does_not_name_is_assigned_with_its_first_step(
        store: Store, told: dict[str, str]) -> None:
    bring(store, row("1", **told))
    one = state(store, "1")
    (lead,) = one["assignments"]
    first = told.get("scene") or told.get("fed") or "08:00"
    assert (one["phase"], one["superseded"], lead[0], lead[2]) == (FED_BACK, [], "unknown", True)
    assert (clock(lead[4]), clock(one["fed_back_at"])) == (first, told.get("fed", "08:00"))
    stands(store)


def test_handled_in_time_is_reckoned_from_what_the_force_fed_back(store: Store) -> None:
    bring(store, row("1", dept="Parks", fed="09:30"), row("2", dept="Parks"))
    assert [clock(state(store, key)["fed_back_at"]) for key in ("1", "2")] == ["09:30", ""]


def test_a_merge_without_a_target_is_the_end_of_an_imported_incident(store: Store) -> None:
    bring(store, row("1", status="merged", closed="12:00", dept="Parks"))
    one = state(store, "1")
    assert (one["phase"], clock(one["closed_at"]), one["superseded"]) == (MERGED, "12:00", [])
    assert store.read.exec_driver_sql("SELECT count(*) FROM incident WHERE phase NOT IN ('merged')").scalar_one() == 0
    with contextlib.closing(seats.open_seat(store.folder, None, screen="t", role=Role.DISPATCHER)) as seat:
        (number,) = store.read.exec_driver_sql("SELECT id FROM incident").scalars()
        assert seat.queue() == []
        assert str(seat.incident(number).timeline[-1].what) == "Merged; into which one is not told"
    stands(store)


# ---- a changed file -------------------------------------------------------------------------------------------------


def test_a_closing_older_than_an_own_act_is_not_left_out(store: Store) -> None:
    bring(store, row("1", dept="Parks"))
    act(store, "1", "note", note="called the department")
    again = bring(store, row("1", status="closed", closed="12:00", dept="Parks", fed="11:00", verdict="ontime"))
    one = state(store, "1")
    assert (again.updated, one["phase"], clock(one["closed_at"]), clock(one["fed_back_at"])) == (
        1, CLOSED, "12:00", "11:00")
    assert (one["verdict"], one["superseded"]) == ("ontime", [])
    before = events(store)
    assert bring(store, row("1", status="closed", closed="12:00", dept="Parks", fed="11:00",
                            verdict="ontime")).duplicates == 1
    assert events(store) == before
    stands(store)


def test_steps_told_late_fill_in_their_times_and_set_nothing_back(store: Store) -> None:
    bring(store, row("1", dept="Parks", fed="11:00"), row("2", status="closed", closed="12:00", dept="Parks"))
    bring(store, row("1", dept="Parks", ack="08:10", scene="09:00", fed="11:00"),
          row("2", status="closed", closed="12:00", dept="Parks", ack="08:10", fed="11:30"))
    one, two = state(store, "1"), state(store, "2")
    assert (one["phase"], two["phase"]) == (FED_BACK, CLOSED)
    assert (one["superseded"], two["superseded"]) == ([], [])
    assert [clock(at) for at in one["assignments"][0][5:9]] == ["11:00", "", "09:00", "11:00"]
    assert [clock(at) for at in two["assignments"][0][5:9]] == ["08:10", "", "", "11:30"]
    assert (clock(two["fed_back_at"]), clock(two["closed_at"])) == ("11:30", "12:00")
    stands(store)


def test_an_own_act_that_is_further_on_is_not_set_back_by_the_file(store: Store) -> None:
    sink = seats.pack_sink(store, actor="t")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, [UnitRecord("own", "Own", "patrol", digest="1")])
    sink.activate(pack, PackCounts(1, 1))
    bring(store, row("1"))
    act(store, "1", "assign", unit="own")
    act(store, "1", "acknowledge", unit="own")
    act(store, "1", "feed_back", unit="own", result="done")
    bring(store, row("1", dept="Parks", addr="Gate 2"))
    one = state(store, "1")
    assert (one["phase"], one["place"], one["superseded"]) == (FED_BACK, "Gate 2", [])
    assert one["assignments"][0][:4] == ["own", "Own", True, FED_BACK]
    stands(store)


def test_an_incident_that_another_seat_brought_in_keeps_its_own_acts_when_this_one_brings_it_in_too(
        store: Store) -> None:
    bring(store, row("1", dept="Parks"))
    act(store, "1", "acknowledge", unit="Parks")
    with store.transaction(screen="t", actor="t") as tx:  # as on a seat that has it from the hub: no row of an own pack
        tx.connection.exec_driver_sql("DELETE FROM ref WHERE kind = 'incidents'")
    assert bring(store, row("1", dept="Parks", scene="09:00")).accepted == 1
    one = state(store, "1")
    assert (one["phase"], one["superseded"], clock(one["assignments"][0][7])) == ("on_scene", [], "09:00")
    stands(store)


# ---- taken back -----------------------------------------------------------------------------------------------------


def test_what_a_pack_only_corrected_is_given_back_and_keeps_the_own_acts(store: Store) -> None:
    first = bring(store, row("1", dept="Parks"), row("2"))
    act(store, "1", "acknowledge", unit="Parks")
    second = bring(store, row("1", dept="Parks", addr="Gate 9"), row("3"))
    assert taken_back(store, second.pack) == 2
    assert [state(store, key)["phase"] for key in ("1", "2", "3")] == ["acknowledged", REGISTERED, VOIDED]
    assert (state(store, "1")["place"], state(store, "1")["superseded"]) == ("Gate", [])
    stands(store)
    again = bring(store, row("1", dept="Parks"), row("2"))
    assert (again.duplicates, again.accepted) == (2, 0), "it is the first pack's again, as that one had it"
    assert taken_back(store, first.pack) == 2
    assert {state(store, key)["phase"] for key in ("1", "2", "3")} == {VOIDED}
    stands(store)


def test_steps_and_verdicts_of_a_pack_that_is_taken_back_go_with_it(store: Store) -> None:
    bring(store, row("1", dept="Parks", ack="08:10"), row("2", status="closed", closed="12:00"))
    number = state(store, "1")["number"]
    second = bring(store, row("1", status="closed", closed="12:00", dept="Parks", ack="08:10", fed="10:00"),
                   row("2", status="closed", closed="12:00", verdict="overdue"))
    assert taken_back(store, second.pack) == 2
    one, two = state(store, "1"), state(store, "2")
    assert (one["phase"], one["fed_back_at"], one["closed_at"], one["number"]) == ("acknowledged", 0, 0, number)
    assert (two["phase"], clock(two["closed_at"]), two.get("verdict", "")) == (CLOSED, "12:00", "")
    assert (one["superseded"], two["superseded"]) == ([], [])
    stands(store)


@pytest.mark.parametrize("remembered", [True, False])
def test_two_updates_in_a_row_are_taken_back_one_by_one(store: Store, remembered: bool) -> None:
    packs = [bring(store, row("1", addr=f"Gate {n}")).pack for n in range(3)]
    if not remembered:  # a store of a version that did not note which pack a row came after
        with store.transaction(screen="t", actor="t") as tx:
            tx.connection.exec_driver_sql("UPDATE pack_row SET before = NULL")
    for pack, place in ((packs[2], "Gate 1"), (packs[1], "Gate 0")):
        assert taken_back(store, pack) == 1
        assert (state(store, "1")["phase"], state(store, "1")["place"]) == (REGISTERED, place)
    assert taken_back(store, packs[0]) == 1
    assert state(store, "1")["phase"] == VOIDED
    stands(store)


def test_the_pack_before_one_that_was_taken_back_in_the_middle(store: Store) -> None:
    packs = [bring(store, row("1", addr=f"Gate {n}")).pack for n in range(3)]
    assert taken_back(store, packs[1]) == 0, "nothing of it is in force"
    assert taken_back(store, packs[2]) == 1
    assert (state(store, "1")["phase"], state(store, "1")["place"]) == (REGISTERED, "Gate 0")
    stands(store)


# ---- a replay that was stopped --------------------------------------------------------------------------------------


class After(threading.Event):
    """Says stop at the n-th look."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    def wait(self, timeout: float | None = None) -> bool:
        self.looks -= 1
        if self.looks < 0:
            self.set()
        return self.is_set()


def played(store: Store, rows: list[dict[str, str]], looks: int) -> ImportResult:
    path, profile = write(store.folder.parent, *rows)
    sink = ReplaySink(store, seats.pack_sink(store, actor="replay"), None, After(looks))
    sink.finish_interrupted()
    return import_file("incidents", path, profile, sink=sink, clock=SystemClock(), rejects_to=store.folder.parent)


def phases(store: Store) -> dict[str, int]:
    return dict(Counter(store.read.exec_driver_sql("SELECT phase FROM incident").scalars()))


def replayed(count: int) -> list[dict[str, str]]:
    out = []
    for n in range(count):
        ended = f"2026-11-{10 + n % 9:02d} 12:00"
        begun = f"2026-11-{1 + n % 9:02d} 08:{n % 60:02d}"
        out.append({**row(f"{n:05d}", status="closed", dept="Parks"), "opened": begun, "fed": ended, "closed": ended})
    return out


def test_a_replay_that_was_stopped_goes_on_where_it_was_and_ends(store: Store) -> None:
    rows = replayed(1500)
    for looks in (1, 1, 0):
        with pytest.raises(KnownFault, match="the same command goes on from there"):
            played(store, rows, looks)
        assert 0 < phases(store).get(CLOSED, 0) + phases(store).get("assigned", 0) <= 1500
    (pack,) = [p for p in list_packs(store) if p["kind"] == "incidents"]
    assert pack["status"] == "playing"
    seats.pack_sink(store, actor="t")
    assert phases(store).get("assigned", 0) > 0, "an import leaves a replay alone"
    done = played(store, rows, 10_000)
    assert (done.read, done.accepted, done.duplicates) == (1500, 0, 1500)
    assert phases(store) == {CLOSED: 1500}
    kinds = dict(store.read.exec_driver_sql("SELECT kind, count(*) FROM event WHERE stream LIKE 'incident/%' "
                                            "GROUP BY kind").all())
    assert set(kinds.values()) == {1500}, "every step once"
    assert [p["status"] for p in list_packs(store) if p["kind"] == "incidents"] == ["active"]
    assert store.read.exec_driver_sql("SELECT count(DISTINCT number) FROM incident").scalar_one() == 1500
    stands(store)


def test_a_replay_goes_on_in_a_store_whose_stopped_pack_an_older_version_dropped(store: Store) -> None:
    rows = replayed(900)
    with pytest.raises(KnownFault):
        played(store, rows, 1)
    with store.transaction(screen="t", actor="t") as tx:
        tx.connection.exec_driver_sql("DELETE FROM pack_row WHERE pack IN (SELECT id FROM pack WHERE status='playing')")
        tx.connection.exec_driver_sql("UPDATE pack SET status = 'abandoned' WHERE status = 'playing'")
    assert played(store, rows, 10_000).accepted == 900
    assert phases(store) == {CLOSED: 900}
    stands(store)


def test_a_replay_that_was_stopped_may_be_taken_back(store: Store) -> None:
    rows = replayed(900)
    with pytest.raises(KnownFault):
        played(store, rows, 1)
    (pack,) = [str(p["id"]) for p in list_packs(store) if p["kind"] == "incidents"]
    seats.bare_sink(store, actor="t").roll_back(pack)
    assert set(phases(store)) == {VOIDED}
    assert played(store, rows, 10_000).accepted == 900
    assert phases(store) == {CLOSED: 900}
    stands(store)


def test_an_import_ends_at_once_what_a_replay_began(store: Store) -> None:
    rows = replayed(900)
    with pytest.raises(KnownFault):
        played(store, rows, 1)
    bring(store, *rows)
    assert phases(store) == {CLOSED: 900}
    assert played(store, rows, 10_000).duplicates == 900
    assert phases(store) == {CLOSED: 900}
    stands(store)
