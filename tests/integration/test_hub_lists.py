"""Lists that a seat brings into force or takes back later reach the seats that joined before: in the hub's order."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.bootstrap import seats
from app.geo.base import BaseMap
from app.intake.records import AreaRecord, CameraRecord, CodeRecord, ComponentRecord, RosterRecord, UnitRecord
from app.intake.sink import PackCounts
from data.store.packs import list_packs
from data.sync import admin
from data.sync import packs as crossing
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running
from tests.widgets.room_stage import until

DAY = datetime(2026, 5, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(crossing, "LOOK_S", 0.0)
    with town(server, tmp_path / "town") as one:
        for code, level, parent, prefix in (("s1", 1, "c", "d/s1/"), ("k", 2, "s1", "d/s1/k/")):
            admin.put_centre(one.address, server.SECRET, code, code, level=level, parent=parent, prefix=prefix)
        yield one


def bring(seat: TownSeat, kind: str, rows: Sequence[Any], version: str = "1") -> str:
    sink = seats.pack_sink(seat.store, actor="test")
    pack = sink.begin_pack(kind, "t", version, "p")
    sink.write_rows(pack, rows)
    sink.activate(pack, PackCounts(read=len(rows), accepted=len(rows)))
    return pack


def units(version: str, *keys: str, phone: str = "") -> list[UnitRecord]:
    return [UnitRecord(f"t:{key}", f"Patrol {key} {version}", "patrol", phone=phone, digest=version) for key in keys]


def cross(*them: TownSeat) -> None:
    """Events, then what lies beside them, there and back."""
    for one in (*them, *them):
        one.meet()
        for _ in range(3):
            one.aside()


def table(seat: TownSeat, words: str) -> list[tuple[Any, ...]]:
    return [tuple(r) for r in seat.store.read.exec_driver_sql(words)]


def names(seat: TownSeat) -> list[str]:
    return [r[0] for r in table(seat, "SELECT name FROM unit ORDER BY id")]


def test_all_kinds_of_lists_reach_seats_that_joined_before_and_go_as_they_came(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b", "s1")
    cross(a, b)
    kinds = ("area", "code", "unit", "camera", "component", "roster")
    was = {kind: table(b, f"SELECT * FROM {kind}") for kind in kinds}
    square = bytes.fromhex("0103000000010000000400000000000000000000000000000000000000000000000000F03F000000000000"
                           "0000000000000000F03F000000000000F03F00000000000000000000000000000000")
    made = [
        bring(a, "areas", [AreaRecord("t:d", "d", "D", 0, "district", None, square),
                           AreaRecord("t:s", "s", "S", 1, "street", "t:d", None)]),
        bring(a, "codes", [CodeRecord("t:limit/x", "limit", "x", "限", "Limit", None, {"minutes": 7}, "1")]),
        bring(a, "units", units("1", "u1", "u2", phone="13912345678")),
        bring(a, "cameras", [CameraRecord("t:c", "g", "Camera", 117.0, 30.5, tags=("x",), url="rtsp://h/1")]),
        bring(a, "components", [ComponentRecord("t:p", "0101", "well", "Well", 117.0, 30.5)]),
        bring(a, "roster", [RosterRecord("t:r", "2026-05-01", "day", "leader", "Somebody", DAY, DAY)]),
    ]
    ground = BaseMap(water_lines=[np.array([[117.0, 30.5], [117.1, 30.6]])], attribution="test")
    sink = seats.pack_sink(a.store, actor="test")
    pack = sink.begin_pack("base", "t", "1", "p")
    sink.write_base(pack, "t:base", ground.to_bytes(), "1")
    sink.activate(pack, PackCounts(read=1, accepted=1))
    made.append(pack)
    cross(a, b)
    for kind in ("area", "code", "camera", "component", "roster"):
        assert table(b, f"SELECT * FROM {kind} ORDER BY 1, 2") == table(a, f"SELECT * FROM {kind} ORDER BY 1, 2"), kind
    assert names(b) == names(a) == ["Patrol u1 1", "Patrol u2 1"]
    assert table(b, "SELECT * FROM person") == [], "telephone numbers stay where they were brought in"
    assert place.run("SELECT count(*) FROM hub.pack")[0][0] == 8
    assert (b.folder / "base.npz").read_bytes() == (a.folder / "base.npz").read_bytes()
    assert [p["status"] for p in list_packs(b.store)] == ["active"] * 7
    for one in made:
        seats.pack_sink(a.store, actor="test").roll_back(one)
    cross(a, b)
    assert {kind: table(b, f"SELECT * FROM {kind}") for kind in was} == was
    assert not (b.folder / "base.npz").exists()
    assert [p["status"] for p in list_packs(b.store)] == ["rolled_back"] * 7


def test_lists_go_down_and_rosters_only_where_names_may_be(place: Town) -> None:
    a, b, k, w = place.seat("a"), place.seat("b", "s1"), place.seat("k", "k"), place.seat("w", "k")
    place.run("UPDATE hub.seat SET personal = false WHERE name = 'w'")
    cross(a, b, k, w)
    bring(b, "units", units("1", "u1"))
    bring(b, "roster", [RosterRecord("t:r", "2026-05-01", "day", "leader", "Somebody", DAY, DAY)])
    cross(b, k, w, a)
    assert (names(a), names(b), names(k), names(w)) == ([], ["Patrol u1 1"], ["Patrol u1 1"], ["Patrol u1 1"])
    assert [len(table(s, "SELECT * FROM roster")) for s in (a, b, k, w)] == [0, 1, 1, 0]
    pack = str(list_packs(k.store)[0]["id"])
    seats.pack_sink(k.store, actor="test").roll_back(pack)
    cross(k, b, w)
    assert (names(b), names(k), names(w)) == (["Patrol u1 1"], [], []), "taken back for itself and below"


def test_two_seats_bring_the_same_rows_in_and_all_show_what_the_hub_ordered_last(place: Town) -> None:
    a, b, c = place.seat("a"), place.seat("b"), place.seat("d")
    cross(a, b, c)
    first = bring(a, "units", units("of a", "u1", "u2"))
    second = bring(b, "units", units("of b", "u2", "u3"), "2")
    b.push()  # ordered before a's, which was in force at a long before
    cross(a, b, c)
    shown = ["Patrol u1 of a", "Patrol u2 of a", "Patrol u3 of b"]
    assert [names(s) for s in (a, b, c)] == [shown] * 3
    seats.pack_sink(a.store, actor="test").roll_back(first)
    cross(a, b, c)
    assert [names(s) for s in (a, b, c)] == [["Patrol u2 of b", "Patrol u3 of b"]] * 3
    seats.pack_sink(c.store, actor="test").roll_back(second)
    cross(c, a, b)
    assert [names(s) for s in (a, b, c)] == [[]] * 3, "any seat of the centre may take a list back"


def test_a_seat_that_has_the_numbers_keeps_them(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    cross(a, b)
    bring(b, "units", units("old", "u1", phone="13900000000"))
    cross(b, a)
    bring(a, "units", units("new", "u1"), "2")
    cross(a, b)
    assert names(b) == ["Patrol u1 new"]
    assert '"13900000000"' in table(b, "SELECT p.data FROM person p JOIN unit u ON u.person = p.id")[0][0]


def test_a_large_list_comes_in_pieces_and_goes_on_after_a_break(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossing, "PIECE_ROWS", 10)
    monkeypatch.setattr(crossing, "TURN_S", 0.0)
    a, b = place.seat("a"), place.seat("b")
    a.meet()
    b.meet()
    bring(a, "components", [ComponentRecord(f"t:{i:03}", "0101", "well", f"Well {i}", 117.0, 30.5) for i in range(95)])
    a.meet()
    turns = 0
    while place.run("SELECT count(*) FROM hub.pack")[0][0] < 10:
        assert b.aside() is not None
        assert table(b, "SELECT * FROM component") == [], "half a list is none"
        a.aside()
        a.hang_up_aside()
        turns += 1
    assert turns >= 5
    turns = 0
    while not table(b, "SELECT * FROM component"):
        b.aside()
        b.hang_up_aside()
        turns += 1
        assert turns < 50
    assert turns >= 5
    assert len(table(b, "SELECT * FROM component")) == 95


def test_by_threads_a_screen_of_the_other_seat_reads_its_lists_anew(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.start(beside=True)
    b.start(beside=True)
    place.level()
    b.store.poll()
    pack = bring(a, "units", units("1", "u1"))

    told: set[str] = set()

    def seen() -> bool:
        changed = b.store.poll()
        if names(b):  # the event itself came before its list
            told.update(changed.packs if changed is not None else ())
        return pack in told

    assert until(seen, 15_000)
    assert names(b) == ["Patrol u1 1"]
    assert until(lambda: a.unsent == 0)


def test_only_the_seat_that_brought_a_list_in_may_hand_it_in_and_only_those_below_may_have_it(place: Town) -> None:
    from data.sync.faults import HubTrouble

    a, b = place.seat("a"), place.seat("b", "s1")
    cross(a, b)
    pack = bring(b, "units", units("1", "u1"))
    cross(b, a)
    assert a.side is not None
    assert a.side[0].pack_piece(pack, 0) is None
    with pytest.raises(HubTrouble):
        a.side[0].put_pack(pack, 0, 1, b"x")
