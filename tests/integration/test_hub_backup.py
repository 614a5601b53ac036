"""Promise 25 on the hub: a backup made under load restores to the same picture; and the hub's own check finds
tampering."""
from __future__ import annotations

import contextlib
import json
import random
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.cli import main
from app.clock import SystemClock
from app.domain.faults import KnownFault
from data.store import ordered
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin, backup, digest
from data.sync.audit import check, verify_chain
from data.sync.keeper_link import KeeperLink
from data.sync.link import HubLink
from data.sync.seat_sync import SeatSync
from tests.fakes.hub_town import DISTRICT, Town, TownSeat, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        yield one


def digests_at(address: addresses.HubAddress, secret: str, seq: int, folder: Path) -> dict[str, digest.Digest]:
    """What the order up to a sequence folds to, by the area's path."""
    store = Store.create(folder, Founding(DISTRICT, "D", "c", "", "drill"), SystemClock())
    with contextlib.closing(store), contextlib.closing(KeeperLink(address, secret, part_rows=10**9)) as link:
        sync = SeatSync(store, SystemClock())
        sync.begin(link)
        while sync.reached < seq:
            rows = link.pull(sync.reached, min(1_000, seq - sync.reached))
            with store.transaction(screen="test", actor="test") as tx:
                ordered.apply(tx, rows)
        return digest.digests(store, ["", "a/b/"])[1]


def write(seat: TownSeat, ended: threading.Event, acks: list[str]) -> None:
    while not ended.is_set():
        key = seat.report(area="g", area_path="a/b/" if len(acks) % 2 else "a/c/")
        acks.append(key)
        seat.act(key, "noted", note="现场")
        time.sleep(0.002)


@pytest.mark.expects_log("restored or failed over")
def test_a_backup_under_load_restores_to_the_same_picture(place: Town, tmp_path: Path, figure: Callable[[str], None]
                                                          ) -> None:
    seats = [place.seat(n) for n in ("a", "b")]
    for one in seats:
        one.start(digest_s=1.0)
    ended = threading.Event()
    acks: list[list[str]] = [[], []]
    # each on a store of its own opening: a store is used from one thread
    writers = [threading.Thread(target=write, args=(s, ended, k)) for s, k in zip(seats, acks, strict=True)]
    for writer in writers:
        writer.start()
    time.sleep(2.0)
    file = tmp_path / "hub.backup"
    before = place.head()
    began = time.monotonic()
    made = backup.make(place.address, place.server.SECRET, file)
    took, after = time.monotonic() - began, place.head()
    time.sleep(0.5)
    ended.set()
    for writer in writers:
        writer.join()
    assert before <= made.seq <= after
    assert place.head() > made.seq, "seats went on"
    assert file.stat().st_mode & 0o777 == 0o600
    place.level()
    other = addresses.parse_address(place.server.create(f"{place.address.database}_back"))
    back = backup.restore(file, other, place.server.SECRET, now_ms=5)
    assert back.seq == made.seq
    assert back.epoch != made.epoch
    assert verify_chain(other, place.server.SECRET) == (made.seq, [])
    live, restored = (digests_at(a, place.server.SECRET, made.seq, tmp_path / n)
                for a, n in ((place.address, "of the hub"), (other, "of the backup")))
    assert live == restored
    assert live["a/b/"].rows > 10
    figure(f"promise 25: hub backed up at {made.seq} events under load in {took:.2f} s, restored: digests equal")
    _go_on(place, seats, other)


def _go_on(place: Town, seats: list[TownSeat], other: addresses.HubAddress) -> None:
    """The seats find the restored hub older than they are, and offer what it lacks again."""
    shown = seats[0].picture()
    for one in seats:
        one.stop()
        one.address = addresses.HubAddress(f"{one.address.url.rpartition('/')[0]}/{other.database}")
        one.link = None
    for _ in range(2):
        for one in seats:
            one.meet()
    assert seats[0].picture() == seats[1].picture() == shown
    assert verify_chain(other, place.server.SECRET)[1] == []


def test_on_another_server_the_seats_come_in_with_the_secrets_they_have(place: Town, tmp_path: Path) -> None:
    a = place.seat("a")
    gone = place.seat("gone")
    a.report()
    a.meet()
    admin.revoke_seat(place.address, place.server.SECRET, "gone")
    file = tmp_path / "hub.backup"
    assert backup.make(place.address, place.server.SECRET, file).seats
    assert a.secret.encode() not in file.read_bytes()
    with running() as second:
        other = addresses.parse_address(second.create("elsewhere"))
        backup.restore(file, other, second.SECRET, now_ms=5)
        url = f"postgresql://{a.address.user}@127.0.0.1:{second.port}/elsewhere"
        with contextlib.closing(HubLink(addresses.HubAddress(url), a.secret)) as link:
            assert a.sync.begin(link).head == 2
        with pytest.raises(KnownFault):
            HubLink(addresses.HubAddress(url.replace(a.address.user, gone.address.user)), gone.secret)
        address, secret = admin.add_seat(other, second.SECRET, "fresh", "c")
        with contextlib.closing(HubLink(address, secret)) as link:
            link.hello("store-fresh", DISTRICT, "c", 0)
            assert len(link.pull(0, 10)) == 2


def test_a_backup_goes_into_an_empty_database_only(place: Town, tmp_path: Path) -> None:
    place.seat("a").report()
    file = tmp_path / "hub.backup"
    backup.make(place.address, place.server.SECRET, file)
    with pytest.raises(KnownFault, match="already"):
        backup.make(place.address, place.server.SECRET, file)
    with pytest.raises(KnownFault, match="not empty"):
        backup.restore(file, place.address, place.server.SECRET, now_ms=5)
    other = addresses.parse_address(place.server.create(f"{place.address.database}_used"))
    with place.server.connect(other.database) as c:
        c.execute("CREATE TABLE somebodys (x int)")
    with pytest.raises(KnownFault, match="not empty"):
        backup.restore(file, other, place.server.SECRET, now_ms=5)


def test_a_backup_that_was_damaged_is_refused_and_leaves_the_database_empty(place: Town, tmp_path: Path) -> None:
    a = place.seat("a")
    for _ in range(10):
        a.report()
    a.meet()
    file, bad = tmp_path / "hub.backup", tmp_path / "bad.backup"
    backup.make(place.address, place.server.SECRET, file)
    other = addresses.parse_address(place.server.create(f"{place.address.database}_bad"))
    raw, dice = file.read_bytes(), random.Random(7)
    for n in range(8):
        at = dice.randrange(len(raw))
        bad.write_bytes(raw[:at] if n < 2 else raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :])
        try:
            backup.restore(bad, other, place.server.SECRET, now_ms=5)
        except KnownFault:
            pass
        else:
            # the byte lay where the file carries no content: what was restored is whole
            assert verify_chain(other, place.server.SECRET) == (20, [])
            with place.server.connect(other.database) as c:
                c.execute("DROP SCHEMA hub CASCADE")
        with place.server.connect(other.database) as c:
            assert c.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'hub'").fetchone() is None
    shutil.copy(file, bad)
    _change_manifest(file, bad, lambda m: m | {"revision": "h9999"})
    with pytest.raises(KnownFault, match="newer"):
        backup.restore(bad, other, place.server.SECRET, now_ms=5)
    with pytest.raises(KnownFault, match="no whole backup"):
        backup.restore(Path(__file__), other, place.server.SECRET, now_ms=5)


def _change_manifest(source: Path, target: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, json.dumps(change(json.loads(data))) if name == "manifest.json" else data)


TAMPERINGS = 60


def test_every_tampering_with_the_hub_is_found(place: Town, tmp_path: Path, prove: bool, figure: Callable[[str], None]
                                               ) -> None:
    """Promise 21 on the hub: a byte of any covered column, a dropped or swapped row, a cut tail with the head made to
    fit.
    """
    a, b = place.seat("a"), place.seat("b")
    for _ in range(10):
        a.assign(a.report(), "u1")
        b.report()
    a.meet()
    b.meet()
    a.meet()
    for one in (a, b):
        assert one.link is not None
        one.sync.beat(one.link)
    head = place.head()
    heads = [("a", a.reached, a.store.read.exec_driver_sql("SELECT chain FROM ordering WHERE seq = ?", (a.reached,)
                                                           ).scalar_one())]
    assert verify_chain(place.address, place.server.SECRET, heads) == (head, [])
    dice, rounds, found = random.Random(21), 200 if prove else TAMPERINGS, 0
    with place.server.connect(place.address.database) as c:
        for n in range(rounds):
            with c.transaction() as whole:
                _tamper(c, dice, n % 6, head)
                found += bool(check(c, heads)[1])
                raise psycopg.Rollback(whole)
    assert verify_chain(place.address, place.server.SECRET, heads) == (head, [])
    assert found == rounds
    figure(f"promise 21 on the hub: {found} of {rounds} tamperings found")


_COLUMNS = [("ordering", k, "seq") for k in ("event_id", "verdict", "content_hash", "chain", "place")] + [
    ("event", k, "id") for k in ("content", "hash", "stream", "kind", "seat", "seat_no", "centre", "id")]


def _tamper(c: Any, dice: random.Random, way: int, head: int) -> None:
    if way <= 2:
        table, column, key = dice.choice(_COLUMNS)
        rows = c.execute(f"SELECT {key}, {column}::text FROM hub.{table} ORDER BY {key}").fetchall()
        which, value = dice.choice(rows)
        at = dice.randrange(len(value))
        new = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
        if value.isdigit():
            new = str(int(value) + 1_000)
        kind = "::bigint" if column in ("seat_no", "place") else ""
        c.execute(f"UPDATE hub.{table} SET {column} = %s{kind} WHERE {key} = %s", (new, which))
    elif way == 3:
        table, key = dice.choice((("ordering", "seq"), ("event", "id")))
        which = dice.choice(c.execute(f"SELECT {key} FROM hub.{table} ORDER BY 1").fetchall())[0]
        c.execute(f"DELETE FROM hub.{table} WHERE {key} = %s", (which,))
    elif way == 4:
        one, two = dice.sample(range(1, head + 1), 2)
        c.execute(f"CREATE TEMP TABLE swapped AS SELECT * FROM hub.ordering WHERE seq IN ({one}, {two})")
        c.execute("DELETE FROM hub.ordering o USING swapped s WHERE o.seq = s.seq")
        c.execute("UPDATE swapped SET seq = %s - seq", (one + two,))
        c.execute("INSERT INTO hub.ordering SELECT * FROM swapped")
        c.execute("DROP TABLE swapped")
    else:
        cut = dice.randrange(1, head)
        c.execute("DELETE FROM hub.event e USING hub.ordering o WHERE o.event_id = e.id AND o.seq > %s", (cut,))
        c.execute("DELETE FROM hub.ordering WHERE seq > %s", (cut,))
        c.execute("UPDATE hub.head SET seq = %s, chain = (SELECT chain FROM hub.ordering WHERE seq = %s)", (cut, cut))
        # the cutter also lowers what the hub itself remembers of the seats
        c.execute("UPDATE hub.seat SET reached = least(reached, %s)", (cut,))


def test_a_seat_remembers_what_the_hub_cut_or_made_anew(place: Town, capsys: pytest.CaptureFixture[str]) -> None:
    a = place.seat("a")
    for _ in range(5):
        a.report()
    a.meet()
    a.hang_up()
    words = ["audit", "verify", "--hub", "--data", str(a.folder), "--json"]
    a.store.head.write()
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["hub"] == {"seq": 10, "chain": _chain(a), "bodies": 10}
    place.run("UPDATE hub.ordering SET chain = repeat('a', 64) WHERE seq = 10; UPDATE hub.head SET chain = "
              "repeat('a', 64)")
    assert main(words) == 1
    assert len(json.loads(capsys.readouterr().out)["faults"]) == 1
    place.run("DELETE FROM hub.ordering WHERE seq > 8; UPDATE hub.head SET seq = 8, chain = (SELECT chain FROM "
              "hub.ordering "
              "WHERE seq = 8)")
    assert main([*words[:-1], "--lang", "en"]) == 1
    assert "it ends at 8, this seat had held 10" in capsys.readouterr().out


def _chain(seat: TownSeat) -> str:
    return str(seat.store.read.exec_driver_sql("SELECT chain FROM ordering ORDER BY seq DESC LIMIT 1").scalar_one())


def test_a_backup_holds_when_a_centre_moved_after_something_was_passed_to_it(place: Town, tmp_path: Path) -> None:
    own = (place.address, place.server.SECRET)
    admin.put_centre(*own, "b", "B", level=1, parent="c", prefix="r/b/")
    seat = place.seat("a")
    key = seat.report(area_path="r/a/")
    seat.act(key, "passed_down", to="b", to_name="B", **{"from": "c", "from_name": "C"})
    seat.meet()
    admin.put_centre(*own, "x", "X", level=0, parent=None, prefix="q/")
    admin.put_centre(*own, "b", "B", level=1, parent="x", prefix="r/b/")
    backup.make(*own, tmp_path / "hub.backup")
    other = addresses.parse_address(place.server.create(f"{place.address.database}_back"))
    assert backup.restore(tmp_path / "hub.backup", other, place.server.SECRET, now_ms=5).seq == place.head()


def test_who_was_shut_out_after_the_backup_stays_out(place: Town, tmp_path: Path) -> None:
    own = (place.address, place.server.SECRET)
    gone = place.seat("gone")
    gone.hang_up()
    backup.make(*own, tmp_path / "hub.backup")
    admin.revoke_seat(*own, "gone")
    other = addresses.parse_address(place.server.create(f"{place.address.database}_back"))
    made = backup.restore(tmp_path / "hub.backup", other, place.server.SECRET, now_ms=5)
    assert made.shut_out == ("gone",)
    url = f"{gone.address.url.rpartition('/')[0]}/{other.database}"
    with pytest.raises(KnownFault):
        HubLink(addresses.HubAddress(url), gone.secret)
    with place.server.connect(other.database) as c:
        assert c.execute("SELECT revoked_at IS NOT NULL FROM hub.seat WHERE name = 'gone'").fetchone() == (True,)
