"""Imports that meet each other or are stopped half way: nothing is lost unsaid, and there is a way on or back."""
from __future__ import annotations

import contextlib
import csv
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.clock import SystemClock
from app.domain.faults import KnownFault
from app.domain.incident_process import VOIDED
from app.intake.pipeline import import_file
from app.intake.records import UnitRecord
from app.intake.result import ImportResult
from app.intake.sink import PackCounts
from data.store import packs, rebuild
from data.store.packs import PackSink, list_packs
from data.store.store import Founding, Store

ROOT = Path(__file__).resolve().parents[2]
FOUNDING = Founding("340803", "D", "c", "Centre", "drill")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "seat"
    seats.found(folder, FOUNDING)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "seat"))


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with seats.opened(folder) as one:
        yield one


def units(*keys: str) -> list[UnitRecord]:
    return [UnitRecord(f"t:{key}", key, "patrol", digest="1") for key in keys]


def in_force(store: Store) -> int:
    return int(store.read.exec_driver_sql("SELECT count(*) FROM unit").scalar_one())


def statuses(store: Store, kind: str) -> list[str]:
    return [str(p["status"]) for p in list_packs(store) if p["kind"] == kind]


def phases(store: Store) -> dict[str, int]:
    return dict(Counter(store.read.exec_driver_sql("SELECT phase FROM incident").scalars()))


def past(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "kind", "status", "opened at", "address"])
        writer.writerows([f"{n:05d}", "tree", "open", "2026-11-01 08:00", f"Gate {n}"] for n in range(count))
    return path


def bring(sink: PackSink, path: Path) -> ImportResult:
    return import_file("incidents", path, sink=sink, clock=SystemClock(), rejects_to=path.parent)


# ---- two at once ----------------------------------------------------------------------------------------------------


def test_a_second_import_leaves_the_running_one_alone_and_says_that_it_runs(folder: Path, store: Store) -> None:
    first = seats.pack_sink(store, actor="first")
    pack = first.begin_pack("units", "t", "1", "p")
    first.write_rows(pack, units("a", "b"))
    with seats.opened(folder) as other, pytest.raises(KnownFault, match="bringing a list into this store just now"):
        seats.pack_sink(other, actor="second")
    first.write_rows(pack, units("c"))
    first.activate(pack, PackCounts(3, 3))
    assert (in_force(store), statuses(store, "units")) == (3, ["active"])


def test_the_store_is_free_again_when_the_first_import_has_ended(folder: Path) -> None:
    for key in ("a", "b"):
        with seats.opened(folder) as store:
            sink = seats.pack_sink(store, actor="test")
            pack = sink.begin_pack("units", "t", "1", "p")
            sink.write_rows(pack, units(key))
            sink.activate(pack, PackCounts(1, 1))
    with seats.opened(folder) as store:
        assert in_force(store) == 2


@pytest.mark.parametrize("words", [("import", "units", "units.csv"), ("pack", "rollback")])
def test_a_command_beside_a_running_import_is_status_1_and_one_sentence(
        folder: Path, store: Store, tmp_path: Path, words: tuple[str, ...]) -> None:
    sink = seats.pack_sink(store, actor="first")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, units("a"))
    sink.activate(pack, PackCounts(1, 1))
    (tmp_path / "units.csv").write_text("id,name,kind\nu9,Nine,patrol\n", encoding="utf-8")
    more = [pack] if words[0] == "pack" else []
    ran = subprocess.run([sys.executable, str(ROOT / "main.py"), *words, *more, "--data", str(folder), "--lang", "en"],
                         cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == ("Another program is bringing a list into this store just now. Nothing was changed; try again "
                          "when it has ended.\n")
    assert in_force(store) == 1


def test_a_dry_run_beside_a_running_import_changes_nothing_of_it(folder: Path, store: Store, tmp_path: Path) -> None:
    sink = seats.pack_sink(store, actor="first")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, units("a"))
    with seats.opened(folder) as other:
        dry = import_file("incidents", past(tmp_path / "past.csv", 3), sink=seats.bare_sink(other, actor="second"),
                          clock=SystemClock(), dry_run=True, rejects_to=tmp_path)
    assert (dry.read, dry.accepted) == (3, 3)
    assert statuses(store, "units") == ["staging"]
    sink.activate(pack, PackCounts(1, 1))
    assert in_force(store) == 1


def test_what_was_dropped_by_somebody_is_never_put_into_force_in_part(store: Store) -> None:
    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, units("a", "b"))
    sink.abandon(pack)
    sink.write_rows(pack, units("c"))
    with pytest.raises(KnownFault, match="bring it in again"):
        sink.activate(pack, PackCounts(3, 3))
    assert (in_force(store), statuses(store, "units")) == (0, ["abandoned"])


# ---- stopped half way -----------------------------------------------------------------------------------------------


def stopped_half_way(store: Store, path: Path) -> str:
    """1,200 past incidents, stopped by hand when 500 of them are in force; the pack's id."""
    def stop(_what: str, done: int, _total: int) -> None:
        if done >= 500:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(seats.pack_sink(store, actor="test", progress=stop), past(path, 1200))
    (pack,) = (str(p["id"]) for p in list_packs(store) if p["kind"] == "incidents")
    return pack


def test_an_import_stopped_while_it_is_put_into_force_is_finished_by_the_next_one(
        store: Store, tmp_path: Path) -> None:
    stopped_half_way(store, tmp_path / "past.csv")
    assert statuses(store, "incidents") == ["activating"]
    assert sum(phases(store).values()) == 500
    again = bring(seats.pack_sink(store, actor="test"), tmp_path / "past.csv")
    assert (again.read, again.accepted, again.duplicates) == (1200, 0, 1200)
    assert statuses(store, "incidents") == ["active"]
    assert sum(phases(store).values()) == 1200
    live = rebuild.dump(store.read)
    rebuild.rebuild(store)
    assert rebuild.dump(store.read) == live


def test_an_import_stopped_while_it_is_put_into_force_may_be_taken_back(store: Store, tmp_path: Path) -> None:
    pack = stopped_half_way(store, tmp_path / "past.csv")
    assert seats.bare_sink(store, actor="test").roll_back(pack) == 500
    assert phases(store) == {VOIDED: 500}
    assert statuses(store, "incidents") == ["rolled_back"]
    assert seats.pack_sink(store, actor="test").finish_interrupted() == 0
    again = bring(seats.pack_sink(store, actor="test"), tmp_path / "past.csv")
    assert again.accepted == 1200
    assert VOIDED not in phases(store)


def test_both_ways_are_told(store: Store, tmp_path: Path) -> None:
    told: list[str] = []
    sink = PackSink(store, seats.bare_sink(store, actor="test").lists, actor="test",
                    tell=lambda message: told.append(str(message)))
    pack = stopped_half_way(store, tmp_path / "past.csv")
    sink.abandon(pack)
    sink.finish_interrupted()
    staged = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(staged, units("a"))
    sink.finish_interrupted()
    stopped = ("It was stopped while it was put into force: a part is in force. The next import goes on with it; pack "
               f"rollback {pack} takes it back.")
    assert told == [
        stopped,
        "An import of incidents from past was interrupted; it goes on now.",
        "An import of units from t was interrupted before any of it was in force; it was dropped.",
    ]


def test_a_list_that_cannot_be_put_into_force_is_dropped_and_stands_in_nobodys_way(
        store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OverflowError("a number that the store cannot hold")

    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, units("a"))
    with monkeypatch.context() as patch:
        patch.setattr(packs.pack_tables, "write", broken)
        with pytest.raises(OverflowError):
            sink.activate(pack, PackCounts(1, 1))
    sink.abandon(pack)
    assert (statuses(store, "units"), in_force(store)) == (["abandoned"], 0)
    assert sink.finish_interrupted() == 0


def test_a_fault_after_the_list_is_in_force_drops_none_of_its_rows(store: Store) -> None:
    sink = seats.pack_sink(store, actor="test")
    pack = sink.begin_pack("units", "t", "1", "p")
    sink.write_rows(pack, units("a"))
    sink.activate(pack, PackCounts(1, 1))
    with contextlib.suppress(KnownFault):
        sink.abandon(pack)
    assert (statuses(store, "units"), in_force(store)) == (["active"], 1)
    assert sink.roll_back(pack) == 1
