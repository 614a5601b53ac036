"""Lists and tracks in exchange files: a seat behind a gap shows what a joined one shows, whatever files go missing."""
from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.cli import main
from app.domain.faults import KnownFault
from app.intake.records import AreaRecord, CameraRecord, CodeRecord, ComponentRecord, RosterRecord
from data.store.packs import list_packs
from data.sync import address as addresses
from data.sync import admin, exchange, file_lists, parcel
from data.sync import packs as crossing
from data.sync.keys import own_key
from tests.fakes.far_seat import FarSeat
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running
from tests.integration.test_hub_lists import DAY, bring, cross, names, table, units

KINDS = ("area", "code", "camera", "component", "roster")


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


def shown(seat: TownSeat) -> dict[str, list[object]]:
    """What a seat shows of lists, and which packs stand how."""
    seen: dict[str, list[object]] = {kind: list(table(seat, f"SELECT * FROM {kind} ORDER BY 1, 2")) for kind in KINDS}
    seen["unit"] = list(table(seat, "SELECT id, name, kind, area FROM unit ORDER BY id"))
    seen["base"] = [(seat.folder / "base.npz").read_bytes()] if (seat.folder / "base.npz").exists() else []
    return seen


def said(done: exchange.TakenIn) -> list[str]:
    return [m.id.partition(":")[0] for m in done.lists]


def records(path: Path, signer: Path) -> list[list[object]]:
    """What lies in a file; `signer`: the folder of the side that wrote it."""
    return parcel.read(path).checked(own_key(signer).public_key())


def test_a_seat_behind_a_gap_shows_the_lists_that_a_joined_one_shows(place: Town) -> None:
    a, b, far = place.seat("a"), place.seat("b", "s1"), FarSeat(place, centre="s1")
    cross(a, b)
    far.round()
    made = [
        bring(a, "areas", [AreaRecord("t:d", "d", "D", 0, "district", None, None)]),
        bring(a, "codes", [CodeRecord("t:limit/x", "limit", "x", "限", "Limit", None, {"minutes": 7}, "1")]),
        bring(a, "units", units("1", "u1", "u2", phone="13912345678")),
        bring(a, "cameras", [CameraRecord("t:c", "g", "Camera", 117.0, 30.5, tags=("x",), url="rtsp://h/1")]),
        bring(a, "components", [ComponentRecord("t:p", "0101", "well", "Well", 117.0, 30.5)]),
        bring(a, "roster", [RosterRecord("t:r", "2026-05-01", "day", "leader", "Somebody", DAY, DAY)]),
    ]
    cross(a, b)
    far.round()
    assert shown(far) == shown(b)
    assert names(far) == ["Patrol u1 1", "Patrol u2 1"]
    assert table(far, "SELECT * FROM person") == [], "telephone numbers stay where they were brought in"
    made.append(bring(a, "units", units("2", "u2", "u3"), "2"))
    cross(a, b)
    far.round()
    assert names(far) == names(b) == ["Patrol u1 1", "Patrol u2 2", "Patrol u3 2"]
    for one in reversed(made):
        seats.pack_sink(a.store, actor="test").roll_back(one)
    cross(a, b)
    outs = far.out()
    for path in outs:
        far.bring(path)
    told = [t for path in far.fetch() for t in said(far.take(path))]
    assert told == ["List taken back"] * 7
    assert shown(far) == shown(b)
    assert {p["status"] for p in list_packs(far.store)} == {"rolled_back"}
    far.round()
    assert said(far.take(far.fetch()[-1])) == []


def test_a_seat_behind_a_gap_hands_its_own_lists_in_and_they_go_down_only(place: Town) -> None:
    a, k, far = place.seat("a"), place.seat("k", "k"), FarSeat(place, centre="s1")
    cross(a, k)
    pack = bring(far, "units", units("1", "u1", phone="13900000000"))
    told = [message for path in far.out() for message in far.bring(path).lists]
    assert [(m.id.partition(":")[0], m.params["have"], m.params["pieces"]) for m in told] == [
        ("List {kind}, {version}, of {source}", 1, 1)]
    cross(k, a)
    assert (names(k), names(a)) == (["Patrol u1 1"], [])
    for path in far.fetch():
        far.take(path)
    assert not [r for path in far.out() for r in records(path, far.folder) if r[0] == "piece"], "confirmed"
    seats.pack_sink(k.store, actor="test").roll_back(pack)
    cross(k)
    far.round()
    assert (names(far), names(k)) == (["Patrol u1 1"], []), "taken back for itself and below"
    seats.pack_sink(far.store, actor="test").roll_back(pack)
    far.round()
    cross(k)
    assert names(far) == names(k) == []


def test_rosters_go_only_to_seats_with_the_right_to_personal_data(place: Town) -> None:
    a, far, blind = place.seat("a"), FarSeat(place, centre="s1"), FarSeat(place, "blind", centre="s1")
    place.run("UPDATE hub.seat SET personal = false WHERE name = 'blind'")
    bring(a, "units", units("1", "u1"))
    bring(a, "roster", [RosterRecord("t:r", "2026-05-01", "day", "leader", "Somebody", DAY, DAY)])
    cross(a)
    for seat in (far, blind):
        seat.round()
    assert [len(table(s, "SELECT * FROM roster")) for s in (far, blind)] == [1, 0]
    assert names(far) == names(blind) == ["Patrol u1 1"]
    sent = [r for p in blind.fetch() for r in records(p, blind.gate)]
    assert "Somebody" not in json.dumps(sent)


def wells(version: str, count: int) -> list[ComponentRecord]:
    return [ComponentRecord(f"t:{i:03}", "0101", "well", f"Well {i} {version}", 117.0, 30.5) for i in range(count)]


def test_pieces_lost_repeated_and_shuffled_both_ways_end_in_the_same_lists(
        place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces, small files: whole lists only, and all the same in the end."""
    monkeypatch.setattr(crossing, "PIECE_ROWS", 10)
    dice = random.Random(5)
    a, far = place.seat("a"), FarSeat(place)
    cross(a)
    far.round()
    size = {len(table(a, "SELECT * FROM component"))}
    lost = 0
    for turn in range(6):
        if turn % 2 == 0:
            bring(a, "components", wells(f"a{turn}", 47 + turn), f"a{turn}")
        else:
            bring(far, "components", wells(f"f{turn}", 95), f"f{turn}")
        if turn == 4:
            seats.pack_sink(a.store, actor="test").roll_back(str(next(
                p["id"] for p in list_packs(a.store) if p["version"] == "a2")))
        cross(a)
        post = [(p, True) for p in far.out(most_bytes=900)]
        post += [(p, False) for p in far.fetch(most_bytes=900)] if turn else []
        post = [one for one in post for _ in range(dice.choice((0, 1, 1, 2)))]
        lost += len({p for p, _ in post})
        dice.shuffle(post)
        for path, there in post:
            (far.bring if there else far.take)(path)
            size.add(len(table(far, "SELECT * FROM component")))
        cross(a)
    for _ in range(8):
        far.round()
        cross(a)
    assert shown(far) == shown(a)
    assert names(far) == []
    found = {p["version"]: p["status"] for p in list_packs(far.store)}
    assert found.pop("a2", "") != "active", "taken back, or it never came whole"
    assert found == dict.fromkeys(("a0", "f1", "f3", "a4", "f5"), "active")
    assert size <= {0, 47, 49, 51, 95}, "half a list is none"
    assert place.run("SELECT count(*) FROM hub.pack p GROUP BY pack, pieces HAVING count(*) <> pieces") == []


def test_a_piece_that_comes_too_early_waits_and_a_lost_one_is_sent_again(
        place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossing, "PIECE_ROWS", 10)
    a, far = place.seat("a"), FarSeat(place)
    cross(a)
    far.round()
    bring(a, "components", wells("1", 60))
    cross(a)
    files = far.fetch(most_bytes=400)
    assert len(files) >= 4
    assert far.take(files[0]).waiting == 0
    early = far.take(files[2])
    assert early.notes[0].id.startswith("File {missing} to this seat is missing")
    assert (early.files, early.waiting) == ([], 1)
    # the file between is lost for good: what it held comes again, and the one that waited is of use
    for path in far.out():
        far.bring(path)
    told: list[str] = []
    for path in far.fetch(most_bytes=400):
        done = far.take(path)
        told += said(done)
    assert told[-1] == "List in force"
    assert shown(far) == shown(a)
    assert list((far.folder / exchange.WAITING).iterdir()) == []


def test_an_older_file_that_comes_late_brings_no_list_back_that_was_taken_back(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place)
    cross(a)
    far.round()
    pack = bring(a, "units", units("1", "u1"))
    cross(a)
    late = far.fetch()
    seats.pack_sink(a.store, actor="test").roll_back(pack)
    second = bring(a, "units", units("2", "u2"), "2")
    cross(a)
    for path in (*far.fetch(), *late):
        far.take(path)
    assert names(far) == names(a) == ["Patrol u2 2"]
    far.round()
    assert names(far) == ["Patrol u2 2"]
    assert [p["id"] for p in list_packs(far.store)] == [second]


def test_a_piece_that_cannot_be_read_is_told_and_harms_nothing(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place)
    cross(a)
    far.round()
    pack = bring(a, "units", units("1", "u1"))
    cross(a)
    place.run(f"UPDATE hub.pack SET data = 'garbage' WHERE pack = '{pack}'")
    key = a.report()
    a.meet()
    done = [far.take(path) for path in far.fetch()][-1]
    assert said(done) == ["List {kind}, {version}, of {source} cannot be brought into force"]
    assert far.state(key) == a.state(key)
    assert names(far) == []


def tracks(seat: TownSeat) -> list[tuple[object, ...]]:
    return table(seat, "SELECT unit, at, lon, lat FROM track ORDER BY 1, 2")


def test_tracks_go_both_ways_once_each_and_a_lost_file_costs_a_round(place: Town,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "TRACK_PAGE", 3)
    a, b, far, far2 = place.seat("a"), place.seat("b"), FarSeat(place), FarSeat(place, "far2")
    start = far.now() // 20_000 * 20_000 - 3_600_000
    for seat, unit in ((a, "ua"), (far, "uf"), (far2, "ug")):
        for n in range(8):
            seat.go((unit, 117.0 + n / 100, 30.5), at=start + n * 20_000)
            if seat is a:
                cross(a)
    lost = far.out(most_bytes=300)
    assert len(lost) >= 3
    for path in (lost[2], lost[0]):  # the one between never comes
        far.bring(path)
    far2.round()
    far.round()
    far.round()
    far2.round()
    assert place.run("SELECT unit, count(*) FROM hub.track GROUP BY unit ORDER BY 1") == [
        ("ua", 8), ("uf", 8), ("ug", 8)]
    every = sorted([*tracks(a), *(t for t in tracks(far) if t[0] == "uf"), *(t for t in tracks(far2) if t[0] == "ug")],
                   key=repr)
    assert sorted(tracks(far), key=repr) == sorted(tracks(far2), key=repr) == every
    b.meet()
    b.aside()
    assert sorted(tracks(b), key=repr) == every, "on the line as by files"
    far.round()
    assert not [r for p in far.fetch() for r in records(p, far.gate) if r[0] == "tracks"], "once each"
    # older points that reach the hub after newer ones
    far2.store.set_meta(exchange.TRACKS_OUT, "0")
    with far2.store.transaction(screen="x", actor="x") as tx:
        tx.connection.exec_driver_sql("INSERT INTO track VALUES ('ug', ?, 1.0, 1.0)", (start - 40_000,))
    far2.round()
    far.round()
    assert ("ug", start - 40_000, 1.0, 1.0) in tracks(far)


def test_the_commands_say_what_became_of_lists(place: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, far = place.seat("a"), FarSeat(place)
    far.round()
    secret = tmp_path / "far.secret"
    addresses.write_secret_file(secret, far.secret)
    assert main(["sync", "carry", "far", far.address.url, "--secret-file", str(secret), "--data", str(far.gate)]) == 0
    pack = bring(a, "units", units("1", "u1"))
    bring(far, "units", units("f", "u9"), "of far")
    cross(a)
    there, back = str(tmp_path / "there.ldx"), str(tmp_path / "back.ldx")

    def run(*words: str) -> str:
        capsys.readouterr()
        assert main([*words, "--lang", "en"]) == 0
        return capsys.readouterr().out

    run("sync", "export", there, "--to", "hub", "--data", str(far.folder))
    assert "List units, of far, of t: 1 of 1 pieces are at the hub." in run("sync", "import", there, "--data",
                                                                            str(far.gate))
    run("sync", "export", back, "--to", "far", "--data", str(far.gate))
    assert "List in force: units, 1, of t." in run("sync", "import", back, "--data", str(far.folder))
    seats.pack_sink(a.store, actor="test").roll_back(pack)
    cross(a)
    run("sync", "export", back, "--to", "far", "--data", str(far.gate))
    out = json.loads(run("sync", "import", back, "--data", str(far.folder), "--json"))
    assert out["lists"] == ["List taken back: units, 1, of t."]
    assert out["track_points"] == 0


def test_pieces_of_a_list_whose_event_never_came_are_left_and_come_again(place: Town) -> None:
    far = FarSeat(place)
    far.round()
    bring(far, "units", units("1", "u1"))
    path = far.out()[0]
    header = {k: v for k, v in parcel.read(path).header.items() if k != "format"}
    bare = [r for r in records(path, far.folder) if r[0] != "event"]
    parcel.write(path, parcel.pack(header, bare, own_key(far.folder)))
    assert far.bring(path).lists == []
    assert place.run("SELECT count(*) FROM hub.pack") == [(0,)]
    far.round()
    assert place.run("SELECT count(*) FROM hub.pack") == [(1,)]
    assert [n.pieces for n in file_lists.newest(far.store)] == [1]
    with pytest.raises(KnownFault):
        far.take(path)
