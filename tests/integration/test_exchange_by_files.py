"""A seat without a line: files there and back, lost, repeated, out of order, changed on the way."""
from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.cli import main
from app.domain.faults import KnownFault
from data.store import people, rebuild
from data.store.seat_store import SqliteSeatStore, StoreReads
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin, exchange, parcel
from data.sync.keys import own_key
from data.sync.seat_sync import SeatSync
from tests.fakes.far_seat import FarSeat, same
from tests.fakes.hub_town import DISTRICT, Town, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        yield one


def test_both_sides_know_all_after_a_round_and_the_conflict_is_told(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place)
    one, two = a.report(), far.report()
    a.meet()
    far.round()
    a.meet()
    a.assign(two, "u1")
    loser = far.assign(two, "u2")
    far.act(one, "noted", note="from afar")
    a.meet()
    far.round()
    a.meet()
    assert far.state(two)["superseded"] == [loser]
    assert a.units_of(two) == far.units_of(two) == ["u1"]
    assert far.unsent == 0
    same(a, far)
    assert StoreReads(far.store.read).sync(True).mode == "files"
    assert place.run("SELECT heard_at IS NOT NULL FROM hub.seat WHERE name = 'far'") == [(True,)]


def test_numbers_carry_the_code_that_the_hub_gave_and_centres_are_known(place: Town) -> None:
    place.seat("a").meet()
    far = FarSeat(place)
    far.round()
    assert far.store.meta["seat_code"] == "02"
    assert [c.centre for c in StoreReads(far.store.read).centres()] == ["c"]


def test_persons_photos_and_positions_go_with_the_files_and_erasures_too(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place)
    with a.store.transaction(screen="x", actor="x") as tx:
        near = tx.put_person("reporter", {"phone": "13900001234"})
    with far.store.transaction(screen="x", actor="x") as tx:
        away = tx.put_person("reporter", {"phone": "13900005678"})
    pictures = [SqliteSeatStore(s.store, "x", "x").put_blob(os.urandom(n), "image/jpeg") for s, n in
                ((a, 200_000), (far, 150_000))]
    a.report(reporters=[near], photos=[pictures[0]])
    far.report(reporters=[away], photos=[pictures[1]])
    a.go(("u1", 117.0, 30.5))
    far.go(("u2", 117.1, 30.5))
    a.sync.store.set_meta("blob_kb_per_s", "100000")
    a.meet()
    for _ in range(2):
        a.aside()
    far.round()
    a.meet()
    for _ in range(3):
        a.aside()
    for seat in (a, far):
        found = StoreReads(seat.store.read).persons([near, away])
        assert {found[p][0]["phone"] for p in (near, away)} == {"13900001234", "13900005678"}
        assert all(len(seat.store.blobs.get(d)) >= 150_000 for d in pictures)
        assert {r[0] for r in seat.store.read.exec_driver_sql("SELECT unit FROM position")} == {"u1", "u2"}
    far.round()
    assert json.loads(far.store.read_meta(exchange.UNCONFIRMED) or "") == {}, "all of it was confirmed"
    assert far.store.read.exec_driver_sql("SELECT count(*) FROM person WHERE sent = 0").scalar_one() == 0
    people.erase(a.store, away, actor="x", reason="asked for")
    a.meet()
    far.round()
    assert StoreReads(far.store.read).persons([away])[away] == ({}, True)


def test_a_seat_of_a_street_gets_its_area_only_and_what_comes_into_it_later(server: Postgres, place: Town) -> None:
    admin.put_centre(place.address, server.SECRET, "s", "Street", level=1, parent="c", prefix="d/s/")
    a, far = place.seat("a"), FarSeat(place, centre="s")
    inside, outside = a.report(area_path="d/s/x/"), a.report(area_path="d/t/x/")
    a.meet()
    far.round()
    assert [r[0] for r in far.store.read.exec_driver_sql("SELECT id FROM incident")] == [inside]
    a.act(outside, "corrected", area="x", area_path="d/s/x/")
    a.meet()
    far.round()
    far.round()
    assert far.state(outside) == a.state(outside)
    assert far.reached == a.reached


def test_a_file_that_is_missing_is_named_and_later_ones_wait_for_it(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place)
    for _ in range(6):
        far.report(description="x" * 500)
    one, two, three = far.out(most_bytes=2_500)[:3]
    far.bring(one)
    early = far.bring(three)
    assert early.notes[0].id.startswith("File {missing} of the seat {name} is missing")
    assert early.notes[0].params["missing"] == 2
    assert (early.files, early.waiting) == ([], 1)
    assert far.bring(two).files == [2, 3]
    a.meet()
    for _ in range(6):
        a.report(description="x" * 500)
    a.meet()
    files = far.fetch(most_bytes=3_000)
    assert len(files) > 3
    folder = far.folder / exchange.WAITING
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "far-hub-000001.ldx").write_bytes(b"torn")
    late = far.take(files[2])
    assert late.notes[0].params["missing"] == 2
    assert late.notes[-1].params["name"] == "far-hub-000001.ldx", "nothing that waited is set aside in silence"
    for path in (files[0], *files[3:], files[1]):
        far.take(path)
    assert far.reached == place.head()
    assert [p.suffix for p in folder.iterdir()] == [".refused"]


def test_a_waiting_file_that_can_never_be_taken_in_holds_up_no_other(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place)
    a.report()
    a.meet()
    far.round()
    seq = far.reached
    known = parcel.read(far.fetch()[-1])
    old = {k: v for k, v in known.header.items() if k != "format"} | {"from": seq, "from_chain": "e" * 64, "no": 99,
                                                                     "after": 98, "head": seq + 5}
    folder = far.folder / exchange.WAITING
    folder.mkdir(parents=True, exist_ok=True)
    parcel.write(folder / "far-hub-000099.ldx", parcel.pack(old, [], own_key(far.gate)))
    (folder / "far-hub-000100.ldx").write_bytes(b"torn")
    a.report()
    a.meet()
    done = [far.take(path) for path in far.fetch()][-1]
    assert far.reached == place.head() > seq
    assert done.files
    told = sorted(str(n.params["name"]) for n in done.notes if "name" in n.params)
    assert told == ["far-hub-000099.ldx", "far-hub-000100.ldx"]
    assert done.waiting == 0
    assert sorted(p.name for p in folder.iterdir()) == ["far-hub-000099.refused", "far-hub-000100.refused"]


def test_files_lost_repeated_and_shuffled_end_in_equal_digests(place: Town, figure: Callable[[str], None]) -> None:
    dice = random.Random(7)
    a, far, far2 = place.seat("a"), FarSeat(place), FarSeat(place, "far2")
    post: list[tuple[FarSeat, Path, bool]] = []
    lost = given = 0
    keys = [a.report()]
    a.meet()
    for _ in range(12):
        for seat in (a, far, far2):
            known = [r[0] for r in seat.store.read.exec_driver_sql("SELECT id FROM incident ORDER BY id")]
            for _ in range(dice.randrange(3)):
                if not known or dice.random() < 0.3:
                    keys.append(seat.report(description="y" * dice.randrange(900)))
                elif dice.random() < 0.5:
                    seat.act(dice.choice(known), "noted", note=f"{seat.name} {dice.random()}")
                else:
                    seat.assign(dice.choice(known), f"u{dice.randrange(3)}")
        a.meet()
        for seat in (far, far2):
            outs = [(seat, p, True) for p in seat.out(most_bytes=dice.choice((2_000, 10**7)))]
            try:
                outs += [(seat, p, False) for p in seat.fetch(most_bytes=dice.choice((2_000, 10**7)))]
            except KnownFault:
                assert not place.run(f"SELECT 1 FROM hub.exchange WHERE seat = '{seat.name}' AND came > 0")
            for one in outs:
                copies = dice.choice((0, 1, 1, 2, 3))
                lost += copies == 0
                post += [one] * copies
        dice.shuffle(post)
        for _ in range(dice.randrange(len(post) + 1)):
            seat, path, there = post.pop()
            given += 1
            (seat.bring if there else seat.take)(path)
    for seat, path, there in post:
        (seat.bring if there else seat.take)(path)
    for _ in range(2):
        far.round()
        far2.round()
        a.meet()
    for seat in (far, far2):
        assert seat.unsent == 0
    same(a, far, far2)
    assert place.run("SELECT count(*), count(DISTINCT event_id) FROM hub.ordering")[0] == (place.head(), place.head())
    assert lost > 5
    figure(f"exchange by files: {given} files of two seats given in shuffled order, {lost} lost, up to 3 copies of "
           f"each: {place.head()} events, digests of three seats equal, lost 0, doubled 0")


def test_a_changed_byte_is_refused_200_of_200_and_nothing_is_half_done(place: Town, tmp_path: Path,
                                                                       figure: Callable[[str], None]) -> None:
    dice = random.Random(11)
    a, far = place.seat("a"), FarSeat(place)
    for seat in (a, far):
        seat.report(description="z" * 300)
    a.meet()
    far.bring(far.out()[0])
    outgoing, incoming = far.out()[0], far.fetch()[0]
    far.act(far.report(), "noted", note="later")
    before = (place.run("SELECT * FROM hub.ordering"), place.run("SELECT * FROM hub.exchange"), far.picture(),
              far.reached, far.unsent)
    refused = 0
    for n in range(200):
        path, there = ((outgoing, True), (incoming, False))[n % 2]
        raw = bytearray(path.read_bytes())
        at = dice.randrange(len(raw))
        raw[at] ^= dice.randrange(1, 256)
        changed = tmp_path / "changed.ldx"
        changed.write_bytes(raw)
        with pytest.raises(KnownFault):
            (far.bring if there else far.take)(changed)
        refused += 1
    for cut in (0, 10, 100, len(raw) - 1):
        changed.write_bytes(incoming.read_bytes()[:cut])
        with pytest.raises(KnownFault):
            far.take(changed)
    changed.write_bytes(incoming.read_bytes() + b"x")
    with pytest.raises(KnownFault):
        far.take(changed)
    assert before == (place.run("SELECT * FROM hub.ordering"), place.run("SELECT * FROM hub.exchange"), far.picture(),
                      far.reached, far.unsent)
    assert far.take(incoming).files
    assert far.bring(outgoing).files
    figure(f"exchange by files: {refused} files with one changed byte: refused {refused}, changed nothing")


def test_a_file_for_another_seat_or_of_another_key_is_refused_in_one_sentence(place: Town) -> None:
    place.seat("a").meet()
    far, other = FarSeat(place), FarSeat(place, "other")
    far.report()
    mine = far.out()[0]
    far.bring(mine)
    other.bring(other.out()[0])
    theirs = other.fetch()[0]
    with pytest.raises(KnownFault, match="for the seat other; this is far"):
        far.take(theirs)
    with pytest.raises(KnownFault, match="The signature"):
        far.take(mine)
    header = {**parcel.read(mine).header, "no": 9}
    forged = far.mail / "forged.ldx"
    parcel.write(forged, parcel.pack(header, [], own_key(other.folder)))
    with pytest.raises(KnownFault, match="The signature"):
        far.bring(forged)
    parcel.write(forged, parcel.pack({**header, "name": "nobody"}, [], own_key(far.folder)))
    with pytest.raises(KnownFault, match="no key of the seat nobody"):
        far.bring(forged)


def test_a_restored_hub_gets_back_what_it_lost_through_files(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place)
    a.report()
    a.meet()
    far.report()
    far.round()
    kept = place.head()
    key = far.report()
    far.round()
    assert far.unsent == 0
    place.run(f"""DELETE FROM hub.event WHERE id IN (SELECT event_id FROM hub.ordering WHERE seq > {kept});
        DELETE FROM hub.ordering WHERE seq > {kept}; DELETE FROM hub.stream WHERE stream = 'incident/{key}';
        UPDATE hub.head SET seq = {kept}, chain = (SELECT chain FROM hub.ordering WHERE seq = {kept});
        UPDATE hub.exchange SET came = 1, went = 1""")
    far.round()
    assert far.unsent == 2, "what the hub lost is owed again"
    far.round()
    a.meet()
    assert far.unsent == 0
    assert a.state(key) == far.state(key)
    same(a, far)


def test_a_store_from_a_backup_gets_its_own_events_back(place: Town) -> None:
    a, far = place.seat("a"), FarSeat(place)
    far.round()
    far.store.head.write()
    old = {p.name: p.read_bytes() for p in far.folder.iterdir() if p.is_file()}
    key = far.report()
    far.round()
    a.meet()
    far.close()
    for p in far.folder.iterdir():
        if p.is_file():
            p.unlink()
    for name, data in old.items():
        (far.folder / name).write_bytes(data)
    far.store, far.sync = Store(far.folder, far.clock), SeatSync(Store(far.folder, far.clock), far.clock)
    for path in far.fetch():
        far.take(path)
    for _ in range(2):
        far.round()
    assert far.state(key) == a.state(key)
    rebuild.rebuild(far.store)
    same(a, far)


def test_the_command_line_goes_the_whole_way(place: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*words: str) -> dict[str, object]:
        assert main([*words, "--json"]) == 0, capsys.readouterr().err
        out: dict[str, object] = json.loads(capsys.readouterr().out)
        return out

    a = place.seat("a")
    a.report()
    a.meet()
    remote, gate, owner = str(tmp_path / "remote"), str(tmp_path / "gate"), tmp_path / "owner.secret"
    Store.create(tmp_path / "remote", Founding(DISTRICT, "D", "c", "c", "drill"), a.clock).close()
    addresses.write_secret_file(owner, place.server.SECRET)
    hub = ("--hub", place.address.url, "--secret-file", str(owner))
    key = str(run("sync", "key", "--data", remote)["key"])
    secret = tmp_path / "remote.secret"
    told = run("hub", "seat", "add", "remote", "--centre", "c", "--out", str(secret), *hub)
    run("hub", "seat", "key", "remote", key, *hub)
    carried = run("sync", "carry", "remote", str(told["address"]), "--secret-file", str(secret), "--data", gate)
    side = str(carried["key"])
    run("sync", "join", "files", "--name", "remote", "--key", side, "--data", remote)
    there, back = str(tmp_path / "there.ldx"), str(tmp_path / "back.ldx")
    run("sync", "export", there, "--to", "hub", "--data", remote)
    assert run("sync", "import", there, "--data", gate)["taken"] == [1]
    run("sync", "export", back, "--to", "remote", "--data", gate)
    assert run("sync", "import", back, "--data", remote)["events"] == 2
    assert run("sync", "status", "--data", remote)["mode"] == "files"
    assert oct(os.stat(there).st_mode)[-3:] == "600"
    assert main(["sync", "import", back, "--data", gate]) == 1
    assert main(["sync", "once", "--data", remote]) == 1
    assert "sync export" in capsys.readouterr().err
    assert main(["hub", "seat", "key", "remote", "ed25519:x", *hub]) == 1
