"""The seat beside the hub and what new seats start from: the same picture as by pulling all, cut or damaged as may
be."""
from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import syncing
from app.cli import main
from app.clock import SystemClock
from app.domain.events import NewEvent, uuid7
from app.domain.faults import KnownFault, Message
from data.store import audit, bulk, rebuild
from data.store.seat_store import StoreReads
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin
from data.sync.faults import HubTrouble
from data.sync.hub_run import HubRun
from data.sync.keeper_link import KeeperLink
from data.sync.link import Hub, HubLink
from data.sync.snapshot import pack_fold, read_fold
from tests.conftest import ROOT
from tests.fakes.hub_town import DISTRICT, Town, TownSeat, town
from tests.fakes.postgres import Postgres, running

PART = 50


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        admin.put_centre(one.address, server.SECRET, "s", "Street", level=1, parent="c", prefix="a/b/")
        yield one


@pytest.fixture
def beside(place: Town, tmp_path: Path) -> Iterator[HubRun]:
    store = Store.create(tmp_path / "beside", Founding(DISTRICT, "D", "c", "", "drill"), SystemClock())
    with contextlib.closing(store):
        yield HubRun(store, lambda: KeeperLink(place.address, place.server.SECRET, part_rows=PART), lambda _m: None,
                     rest_s=0)


def once(beside: HubRun) -> None:
    beside._snapshot_due = 0.0
    beside.run(threading.Event(), once=True)


def busy(seat: TownSeat, incidents: int, path: str = "a/b/") -> list[str]:
    """Work of a day: incidents, forces on duty, a signature, a call, notes in Chinese, one act that another
    overtook."""
    seat.do(NewEvent("unit/u1", "unit.on_duty", {}, seat.now()),
            NewEvent("duty/shift", "duty.signed", {"role": "leader", "name": seat.name, "present": True}, seat.now()),
            NewEvent(f"call/{seat.name}", "call.rang", {}, seat.now()))
    whistle = f"whistle/{uuid7(seat.now())}"
    seat.do(*(NewEvent(whistle, f"whistle.{kind}", body, seat.now()) for kind, body in (
        ("blown", {"area": "g", "area_path": path, "subject": "占道经营"}), ("called", {"unit": "d1", "name": "城管"}),
        ("called", {"unit": "d2", "name": "市监"}), ("reported_in", {"unit": "d1"}), ("noted", {"note": "x"}))))
    made = []
    for n in range(incidents):
        key = seat.report(area="g", area_path=path if n % 2 else "a/x/", lon=117.0, lat=30.5)
        seat.assign(key, f"u{n % 7}")
        seat.act(key, "noted", note="现场已处置")
        made.append(key)
    seat.meet()
    return made


def log_of(seat: TownSeat) -> list[Any]:
    return [tuple(r) for r in seat.store.read.exec_driver_sql(
        "SELECT id, hub_seq, verdict, hash, stream, kind, seat, seat_no, occurred_at FROM event ORDER BY hub_seq")]


def whole(seat: TownSeat) -> None:
    """Its chain and the hub's order hold, and its log folds to what it shows."""
    assert audit.verify(seat.store).faults == ()
    before = rebuild.dump(seat.store.read)
    acts = seat.store.read.exec_driver_sql("SELECT * FROM act ORDER BY 1").all()
    rebuild.rebuild(seat.store)
    assert rebuild.dump(seat.store.read) == before
    assert seat.store.read.exec_driver_sql("SELECT * FROM act ORDER BY 1").all() == acts
    assert bulk.under_way(seat.store.read) is None


def test_new_seats_start_from_a_snapshot_and_hold_what_pulling_gives(place: Town, beside: HubRun) -> None:
    a, street = place.seat("a"), place.seat("street", "s")
    busy(a, 40)
    street.meet()
    busy(street, 10)
    a.meet()
    once(beside)
    offers = place.run("SELECT centre, seq FROM hub.snapshot ORDER BY 1")
    assert [o[0] for o in offers] == ["c", "s"]
    assert offers[0][1] == place.head() // PART * PART
    told: list[tuple[int, int]] = []
    for old, centre in ((a, "c"), (street, "s")):
        new = place.seat(f"new_{centre}", centre)
        new.sync.on_start = lambda done, of: told.append((done, of))
        new.meet()
        assert told[0] == (PART, offers[0][1])
        assert new.reached == place.head()
        assert log_of(new) == log_of(old)
        assert new.picture() == old.picture()
        bookings = "SELECT unit, confirmed FROM booking ORDER BY 1"
        assert new.store.read.exec_driver_sql(bookings).all() == old.store.read.exec_driver_sql(bookings).all()
        whole(new)
        told.clear()
    assert len(log_of(street)) < len(log_of(a))


class Cut:
    """A hub's line that breaks at the n-th call of a start."""

    def __init__(self, link: HubLink, calls: int) -> None:
        self._link, self._left = link, calls

    def __getattr__(self, name: str) -> Any:
        if name in ("offer", "part", "chain_at", "centres"):
            self._left -= 1
            if self._left < 0:
                raise HubTrouble(Message("The hub cannot be reached."))
        return getattr(self._link, name)


def test_the_owners_line_has_an_answer_of_its_own_to_all_that_a_seat_asks() -> None:
    asked = {name for name in vars(Hub) if not name.startswith("_")}
    assert len(asked) > 15
    assert asked <= set(vars(KeeperLink)), "what is for seats only is refused to the owner"


def test_a_start_that_is_cut_anywhere_goes_on_there(place: Town, beside: HubRun) -> None:
    a = place.seat("a")
    keys = busy(a, 25)
    once(beside)
    acted = 0
    for calls in range(100):
        if calls % 2 and calls < 8:
            continue
        new = place.seat(f"new{calls}")
        with contextlib.closing(HubLink(new.address, new.secret)) as link:
            cutting: Any = Cut(link, calls)
            try:
                new.sync.begin(cutting)
                break
            except HubTrouble:
                assert audit.verify(new.store).faults == ()
            # the seat works on: on what it holds so far, and of its own
            shown = [k for k in keys if new.store.read.exec_driver_sql("SELECT 1 FROM incident WHERE id = ?",
                                                                       (k,)).first()]
            for key in shown[:1]:
                new.act(key, "noted", note="made while starting")
                acted += 1
            new.report()
            held = new.reached
            new.sync.begin(link)
            assert new.reached >= held
        new.meet()
        a.pull()
        assert new.picture() == a.picture(), calls
        whole(new)
    assert calls > 10
    assert acted


@pytest.mark.expects_log("snapshot is damaged")
@pytest.mark.parametrize("kind", ["order", "body", "fold"])
def test_a_damaged_snapshot_costs_time_and_nothing_else(kind: str, place: Town, beside: HubRun) -> None:
    a = place.seat("a")
    busy(a, 25)
    once(beside)
    place.run(f"UPDATE hub.part SET data = set_byte(data, length(data) / 2, get_byte(data, length(data) / 2) # 64) "
              f"WHERE kind = '{kind}' AND number = (SELECT max(number) FROM hub.part WHERE kind = '{kind}')")
    new = place.seat("new")
    new.meet()
    assert new.picture() == a.picture()
    whole(new)


@pytest.mark.expects_log("differ in c from what it published")
def test_folded_rows_that_are_not_those_published_are_folded_anew(place: Town, beside: HubRun) -> None:
    a = place.seat("a")
    busy(a, 25)
    once(beside)
    no, data = place.run("SELECT piece, data FROM hub.part WHERE kind = 'fold' ORDER BY piece LIMIT 1")[0]
    table, columns, rows = read_fold(data)
    rows[3][columns.index("level")] = 1
    with place.server.connect(place.address.database) as c:
        c.execute("UPDATE hub.part SET data = %s WHERE kind = 'fold' AND piece = %s", (pack_fold(table, columns,
            rows), no))
    new = place.seat("new")
    new.meet()
    assert new.picture() == a.picture()
    whole(new)


def test_a_part_of_a_swapped_body_or_row_is_not_taken(place: Town, beside: HubRun, expected_logs: Any) -> None:
    expected_logs.allow("snapshot is damaged")
    a = place.seat("a")
    busy(a, 25)
    once(beside)
    with place.server.connect(place.address.database) as c:
        for number, data in c.execute("SELECT number, data FROM hub.part WHERE kind = 'body' AND number < "
                                      "2").fetchall():
            raw = zlib.decompress(data)
            c.execute("UPDATE hub.part SET data = %s WHERE kind = 'body' AND number = %s",
                      (zlib.compress(raw.replace("现场".encode(), "现塲".encode())), number))
    new = place.seat("new")
    new.meet()
    assert new.picture() == a.picture()
    whole(new)


def test_what_was_passed_into_an_area_is_in_the_next_snapshot_with_its_past(place: Town, beside: HubRun) -> None:
    a, street = place.seat("a"), place.seat("street", "s")
    moved = busy(a, 20, path="a/y/")[0]
    once(beside)
    assert place.run("SELECT count(*) FROM hub.snapshot WHERE centre = 's'")[0][0] == 1
    a.act(moved, "corrected", area="g", area_path="a/b/")
    busy(a, 20)
    street.meet()
    once(beside)
    new = place.seat("new", "s")
    new.meet()
    assert new.state(moved) == street.state(moved)
    assert log_of(new) == log_of(street)
    whole(new)


def test_a_seat_gets_no_part_of_another_centres_snapshot(place: Town, beside: HubRun) -> None:
    a, street = place.seat("a"), place.seat("street", "s")
    busy(a, 25)
    once(beside)
    numbers = dict(place.run("SELECT centre, no FROM hub.snapshot"))
    link = street.dial()
    assert link.part(numbers["s"], "fold", 0, 0) is not None
    assert link.part(numbers["c"], "fold", 0, 0) is None
    assert link.part(numbers["c"], "body", 0, 0) is None
    assert link.offer(numbers["c"]) is None
    bodies = sum(len(zlib.decompress(r[0])) for r in place.run("SELECT data FROM hub.part WHERE kind='body' AND "
                                                               "centre='s'"))
    assert bodies < sum(len(zlib.decompress(r[0])) for r in place.run(
        "SELECT data FROM hub.part WHERE kind='body' AND centre='c'"))


def test_snapshots_of_an_order_that_was_rewound_are_made_again(place: Town, beside: HubRun, expected_logs: Any) -> None:
    expected_logs.allow("restored or failed over")
    a = place.seat("a")
    busy(a, 25)
    once(beside)
    place.run("DELETE FROM hub.event e USING hub.ordering o WHERE o.event_id = e.id AND o.seq > 60;"
              "DELETE FROM hub.ordering WHERE seq > 60; TRUNCATE hub.stream; INSERT INTO hub.stream SELECT e.stream, "
              "count(*), '' FROM hub.event e GROUP BY 1;"
              "UPDATE hub.head SET seq = 60, chain = (SELECT chain FROM hub.ordering WHERE seq = 60)")
    assert offer_to(a) is None, "a snapshot of rows that are gone is not offered"
    a.dial()
    a.meet()
    busy(a, 10)
    once(beside)
    assert {s for s, in place.run("SELECT seq FROM hub.snapshot")} == {place.head() // PART * PART}
    new = place.seat("new")
    new.meet()
    assert new.picture() == a.picture()
    whole(new)


def offer_to(seat: TownSeat) -> Any:
    with contextlib.closing(HubLink(seat.address, seat.secret)) as link:
        return link.offer()


@pytest.mark.expects_log("had diverged")
def test_a_seat_that_is_alone_is_held_against_the_hubs_own_digests(place: Town, beside: HubRun) -> None:
    a = place.seat("a")
    keys = busy(a, 5)
    once(beside)
    assert place.run("SELECT count(*) FROM hub.digest WHERE seat = '(hub)'")[0][0] == 2
    before = a.picture()
    with a.store.transaction(screen="test", actor="test") as tx:
        tx.connection.exec_driver_sql("UPDATE incident SET level = 1 WHERE id = ?", (keys[0],))
    assert a.picture() != before
    assert a.link is not None
    assert a.sync.compare(a.link) == 1
    assert a.picture() == before
    assert place.run("SELECT repaired FROM hub.divergence") == [(True,)]


def test_only_one_runs_beside_a_hub_until_it_is_ended(place: Town, beside: HubRun, tmp_path: Path) -> None:
    a = place.seat("a")
    busy(a, 25)
    word = tmp_path / "owner"
    addresses.write_secret_file(word, place.server.SECRET)
    command = [sys.executable, "main.py", "hub", "run", "--hub", place.address.url, "--secret-file", str(word),
        "--store",
               str(tmp_path / "own"), "--part-rows", str(PART), "--json", "--lang", "en"]
    env = {**os.environ, "LIANDONG_DATA": str(tmp_path / "none")}
    one = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 60
        while not place.run("SELECT 1 FROM hub.snapshot"):
            assert one.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        assert admin.standing(place.address, place.server.SECRET).beside
        with pytest.raises(KnownFault, match="already"):
            once(beside)
    finally:
        one.send_signal(signal.SIGINT)
        out, err = one.communicate(timeout=30)
    assert one.returncode == 0, err
    assert json.loads(out)["snapshots"] == 1
    assert place.server.SECRET not in out + err
    assert "snapshots for 1 centres" in err
    assert not admin.standing(place.address, place.server.SECRET).beside
    once(beside)


def test_joining_on_the_command_line_tells_how_far_the_start_is(place: Town, beside: HubRun, tmp_path: Path,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    a = place.seat("a")
    busy(a, 30)
    once(beside)
    address, secret = admin.add_seat(place.address, place.server.SECRET, "fresh", "c")
    folder, word = tmp_path / "fresh", tmp_path / "word"
    Store.create(folder, Founding(DISTRICT, "D", "c", "c", "drill"), SystemClock()).close()
    addresses.write_secret_file(word, secret)
    status = main(["sync", "join", address.url, "--secret-file", str(word), "--data", str(folder), "--json", "--lang",
                   "en"])
    said = capsys.readouterr()
    assert status == 0, said.err
    assert json.loads(said.out)["reached"] == place.head()
    told = [line for line in said.err.splitlines() if line.startswith("starting from the hub's snapshot")]
    assert told[-1].endswith(f"{place.head() // PART * PART:,}")
    assert secret not in said.out + said.err


def test_a_seat_that_syncs_by_itself_starts_from_the_snapshot_and_can_be_ended_in_its_midst(place: Town, beside: HubRun
                                                                                           ) -> None:
    a = place.seat("a")
    busy(a, 60)
    once(beside)
    new = place.seat("new")
    runner = new.start()
    runner.stop()
    new.report()
    modes = set()
    new.start()
    until = time.monotonic() + 30
    while new.reached != place.head() or new.unsent:
        modes.add(StoreReads(new.store.read).sync(True).mode)
        assert time.monotonic() < until
        time.sleep(0.005)
    new.stop()
    a.pull()
    assert modes <= {"off", "behind", "connected"}
    assert new.picture() == a.picture()
    whole(new)


def test_a_seat_that_leaves_the_hub_in_the_midst_of_its_start_shows_what_it_holds(place: Town, beside: HubRun) -> None:
    a = place.seat("a")
    busy(a, 30)
    once(beside)
    new = place.seat("new")
    with contextlib.closing(HubLink(new.address, new.secret)) as link:
        cutting: Any = Cut(link, 7)
        with pytest.raises(HubTrouble):
            new.sync.begin(cutting)
    assert new.reached
    assert not new.store.read.exec_driver_sql("SELECT 1 FROM incident").first()
    syncing.join(new.folder, "off", None)
    assert new.store.read.exec_driver_sql("SELECT count(*) FROM incident").scalar_one() > 10
    whole(new)


@pytest.mark.expects_log("off the hub")
def test_the_seat_beside_the_hub_waits_for_a_hub_that_is_gone_and_goes_on(tmp_path: Path) -> None:
    with running() as server, town(server, tmp_path / "town") as place:
        a = place.seat("a")
        busy(a, 20)
        a.hang_up()
        store = Store.create(tmp_path / "beside", Founding(DISTRICT, "D", "c", "", "drill"), SystemClock())
        ended = threading.Event()
        store.close()
        made = []

        def work() -> None:
            with contextlib.closing(Store(tmp_path / "beside", SystemClock())) as own:
                one = HubRun(own, lambda: KeeperLink(place.address, server.SECRET, part_rows=PART), lambda _m: None,
                             rest_s=0)
                made.append(one.run(ended))

        working = threading.Thread(target=work)
        working.start()
        try:
            newest = _newest(place, 0)
            server.stop()
            time.sleep(1.0)
            server.start()
            busy(a, 40)
            assert _newest(place, newest) > newest
        finally:
            ended.set()
            working.join(20)
        assert made[0].snapshots >= 2


def _newest(place: Town, more_than: int) -> int:
    until = time.monotonic() + 40
    while True:
        found = int(place.run("SELECT coalesce(max(seq), 0) FROM hub.snapshot")[0][0])
        if found > more_than:
            return found
        assert time.monotonic() < until
        time.sleep(0.1)
