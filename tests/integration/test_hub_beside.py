"""Beside the event log: positions, personal data by right, photos and files, between real seats on a real hub."""
from __future__ import annotations

import errno
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.faults import KnownFault
from app.domain.process import Role
from app.services.operator import Operator
from data.store import people, wants
from data.store.seat_store import SqliteSeatStore, StoreReads
from data.store.store import Store
from data.sync import admin
from data.sync.beside import BesideRunner
from data.sync.blobs import CHUNK_BYTES, RATE
from data.sync.side_line import PersonRow, SideLine
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running

SECRET_NAME, SECRET_PHONE = "某某某", "13900001234"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        admin.put_centre(one.address, server.SECRET, "s1", "Street 1", level=1, parent="c", prefix="d/s1/")
        admin.put_centre(one.address, server.SECRET, "s2", "Street 2", level=1, parent="c", prefix="d/s2/")
        yield one


def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)


# -- personal data


def reported(seat: TownSeat, phone: str = SECRET_PHONE, **body: object) -> tuple[str, str]:
    """An incident with a reporter; (incident, person)."""
    with seat.store.transaction(screen="desk", actor="x") as tx:
        person = tx.put_person("reporter", {"name": SECRET_NAME, "phone": phone})
    return seat.report(reporters=[person], **body), person


def held(seat: TownSeat, person: str) -> dict[str, str] | None:
    row = seat.store.read.exec_driver_sql("SELECT data FROM person WHERE id = ?", (person,)).first()
    return json.loads(row[0]) if row else None


def anywhere(folder: Path, text: str) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.is_file() and text.encode() in p.read_bytes()]


def test_a_reporter_is_known_where_the_incident_may_be_seen_and_nowhere_else(place: Town) -> None:
    a, s1, s2 = place.seat("a"), place.seat("s1", "s1"), place.seat("s2", "s2")
    _, person = reported(a, area_path="d/s1/x/")
    for seat in (a, s1, s2):
        seat.meet()
        seat.aside()
    for seat in (s1, s2):
        seat.aside()
    assert held(s1, person) == {"name": SECRET_NAME, "phone": SECRET_PHONE}
    assert held(s2, person) is None
    assert anywhere(s2.folder, SECRET_PHONE) == []
    shown = StoreReads(s1.store.read).persons([person])
    assert shown[person][0]["phone"] == SECRET_PHONE
    assert place.run(f"SELECT count(*) FROM hub.event WHERE content LIKE '%{SECRET_PHONE}%'") == [(0,)]


def test_a_seat_can_not_ask_for_persons_that_no_event_in_its_area_names(place: Town) -> None:
    a, s2 = place.seat("a"), place.seat("s2", "s2")
    one, person = reported(a, area_path="d/s1/x/")
    other = a.report(area_path="d/s2/x/")
    a.meet()
    a.aside()
    s2.meet()
    ids = [r[0] for r in place.run("SELECT id FROM hub.event")]
    with SideLine(s2.address, s2.secret) as line:
        assert line.persons([(person, e) for e in ids]) == []
        line.put_persons([PersonRow(person, "reporter", "{}", 1)])
        assert line.persons([(person, e) for e in ids]) == [], "handing in an id gives no right to it"
    assert place.run("SELECT seat FROM hub.person") == [("a",)]
    a.act(other, "absorbed", incident=one, number="", reporters=[person])
    a.meet()
    s2.meet()
    s2.aside()
    s2.aside()
    assert held(s2, person) is not None, "an incident that was merged brings its reporters along"


def test_what_comes_into_an_area_brings_its_reporter(place: Town) -> None:
    a, s2 = place.seat("a"), place.seat("s2", "s2")
    one, person = reported(a, area_path="d/s1/x/")
    for seat in (a, s2):
        seat.meet()
        seat.aside()
    a.act(one, "corrected", area="x", area_path="d/s2/y/")
    a.meet()
    s2.meet()
    s2.aside()
    assert held(s2, person) is not None


def test_a_seat_on_which_nobody_may_see_personal_data_holds_none(server: Postgres, place: Town) -> None:
    a, wall, barred = place.seat("a"), place.seat("wall"), place.seat("barred")
    people.put_operator(wall.store, Operator("w", "w", frozenset({Role.WALL}), None), "")
    admin.set_personal(place.address, server.SECRET, "barred", False)
    one, person = reported(a)
    for seat in (a, wall, barred):
        seat.meet()
        seat.aside()
        seat.aside()
    assert held(wall, person) is None
    assert held(barred, person) is None
    assert wall.state(one)["reporters"] == [person]


def test_an_erasure_reaches_every_seat_and_the_hub_and_nothing_brings_it_back(place: Town) -> None:
    a, b, c = place.seat("a"), place.seat("b"), place.seat("c")
    _, person = reported(a)
    for seat in (a, b, c):
        seat.meet()
        seat.aside()
    assert held(c, person)
    people.erase(a.store, person, actor="x", reason="asked for")
    late = [PersonRow(person, "reporter", json.dumps({"phone": SECRET_PHONE}), 1)]
    a.meet()
    a.aside()
    assert place.run("SELECT count(*) FROM hub.person") == [(0,)]
    with SideLine(c.address, c.secret) as line:
        assert line.put_persons(late) == 0
    assert place.run("SELECT count(*) FROM hub.person") == [(0,)]
    b.meet()
    b.aside()
    assert held(b, person) == {}
    assert held(c, person), "c is off-line"
    c.meet()
    c.aside()
    assert held(c, person) == {}
    d = place.seat("d")
    d.meet()
    d.aside()
    d.aside()
    assert held(d, person) == {}
    assert StoreReads(d.store.read).persons([person])[person][1], "shown as erased"
    for seat in (a, b, c, d):
        seat.close()
        assert anywhere(seat.folder, SECRET_PHONE) == [], seat.name
        seat.store, seat.sync.store = Store(seat.folder, seat.clock), Store(seat.folder, seat.clock)


def test_data_that_comes_after_its_erasure_is_not_kept(place: Town) -> None:
    from data.sync.people import take

    a, b = place.seat("a"), place.seat("b")
    _, person = reported(a)
    people.erase(a.store, person, actor="x", reason="at once")
    a.meet()
    a.aside()
    b.meet()
    with b.sync.store.transaction(screen="sync", actor="x") as tx:
        take(tx, [PersonRow(person, "reporter", json.dumps({"phone": SECRET_PHONE}), 1)])
    assert held(b, person) == {}
    assert place.run("SELECT count(*) FROM hub.person") == [(0,)]


def test_persons_pushed_after_their_incident_are_asked_for_again(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    _, person = reported(a)
    a.meet()
    b.meet()
    b.aside()
    assert held(b, person) is None
    a.aside()
    with b.sync.store.transaction(screen="x", actor="x") as tx:
        wants.ask_all_anew(tx.connection)
    b.aside()
    assert held(b, person)


def test_a_restored_hub_is_handed_the_persons_it_lost(place: Town) -> None:
    a = place.seat("a")
    _, person = reported(a)
    a.meet()
    a.aside()
    place.run("DELETE FROM hub.person; UPDATE hub.meta SET value = 'another' WHERE key = 'epoch'")
    a.hang_up_aside()
    a.dial()
    a.aside()
    assert place.run("SELECT id FROM hub.person") == [(person,)]


# -- photos and files


def photo(seat: TownSeat, size: int = 300_000) -> tuple[str, bytes]:
    data = os.urandom(size)
    return SqliteSeatStore(seat.store, "x", "desk").put_blob(data, "image/jpeg"), data


def turns(seat: TownSeat, count: int = 40) -> None:
    for _ in range(count):
        seat.aside()


def test_a_photo_is_on_the_seats_that_see_its_incident_whole_and_nowhere_else(place: Town) -> None:
    a, s1, s2 = place.seat("a"), place.seat("s1", "s1"), place.seat("s2", "s2")
    for seat in (a, s1, s2):
        seat.sync.store.set_meta(RATE, "100000")
    digest, data = photo(a, 300_001)
    empty, _ = photo(a, 0)
    one = a.report(photos=[digest, empty], area_path="d/s1/x/")
    for seat in (a, s1, s2):
        seat.meet()
        seat.aside()
    s1.aside()
    assert s1.store.blobs.get(digest) == data
    assert s1.store.blobs.get(empty) == b""
    assert not s2.store.blobs.path(digest).exists()
    with SideLine(s2.address, s2.secret) as line:
        ids = [r[0] for r in place.run("SELECT id FROM hub.event")]
        assert all(line.blob_get(digest, e, 0, 1000) is None for e in ids)
        assert line.blob_info([(digest, e) for e in ids]) == []
    assert s1.state(one)["photos"] == [digest, empty]
    assert s1.store.read.exec_driver_sql("SELECT count(*) FROM want").scalar_one() == 0


def test_a_file_goes_on_where_it_was_broken_off_both_ways(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    digest, data = photo(a, CHUNK_BYTES * 6 + 5)
    a.report(photos=[digest])
    a.sync.store.set_meta(RATE, "70")
    a.meet()
    a.aside()
    time.sleep(1.0)
    a.aside()
    sent = place.run("SELECT count(*) FROM hub.chunk")[0][0]
    assert 1 <= sent < 7
    a.hang_up_aside()
    a.sync.store.set_meta(RATE, "100000")
    a.aside()
    a.aside()
    assert place.run("SELECT whole, (SELECT count(*) FROM hub.chunk) FROM hub.blob") == [(True, 7)]
    b.sync.store.set_meta(RATE, "70")
    b.meet()
    b.aside()
    time.sleep(1.0)
    b.aside()
    part = b.store.blobs.part(digest)
    assert 0 < part.stat().st_size < len(data)
    with pytest.raises(KnownFault, match="not on this seat"):
        b.store.blobs.get(digest)
    held = part.stat().st_size
    b.hang_up_aside()
    b.sync.store.set_meta(RATE, "100000")
    b.aside()
    assert b.store.blobs.get(digest) == data
    assert not part.exists()
    assert held % CHUNK_BYTES == 0


def test_damaged_bytes_get_no_name_at_the_hub_nor_on_a_seat(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    for seat in (a, b):
        seat.sync.store.set_meta(RATE, "100000")
    digest, data = photo(a)
    a.report(photos=[digest])
    a.meet()
    with SideLine(a.address, a.secret) as line:
        from data.sync.side_line import BlobInfo

        line.blob_begin(BlobInfo(digest, "image/jpeg", len(data), False))
        assert not line.blob_put(digest, 0, b"something else", True)
    assert place.run("SELECT count(*) FROM hub.chunk") == [(0,)]
    a.aside()
    a.aside()
    assert place.run("SELECT whole FROM hub.blob") == [(True,)]
    b.meet()
    b.store.blobs.add(digest, 0, b"x" * CHUNK_BYTES)
    b.aside()
    assert not b.store.blobs.path(digest).exists()
    with b.sync.store.transaction(screen="x", actor="x") as tx:
        wants.ask_all_anew(tx.connection)
    b.aside()
    b.aside()
    assert b.store.blobs.get(digest) == data
    assert hashlib.sha256(data).hexdigest() == digest


def test_files_keep_to_their_limit_and_hold_still_while_events_wait(place: Town) -> None:
    a = place.seat("a")
    photo(a, CHUNK_BYTES * 60)
    a.meet()
    a.sync.store.set_meta(RATE, "500")
    a.aside()
    began = time.monotonic()
    while time.monotonic() - began < 2.0:
        a.aside()
        time.sleep(0.05)
    sent = int(place.run("SELECT coalesce(sum(octet_length(data)), 0) FROM hub.chunk")[0][0])
    assert CHUNK_BYTES * 5 < sent <= 500_000 * (time.monotonic() - began) + CHUNK_BYTES
    a.report()
    for _ in range(20):
        a.aside()
        time.sleep(0.02)
    after = int(place.run("SELECT sum(octet_length(data)) FROM hub.chunk")[0][0])
    assert after - sent <= CHUNK_BYTES, "an event is waiting"


def test_by_threads_all_of_it_comes_across(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.start(beside=True)
    b.start(beside=True)
    digest, data = photo(a, 100_000)
    _, person = reported(a, photos=[digest])
    a.go(("u1", 117.0, 30.5))
    until(lambda: b.store.read.exec_driver_sql("SELECT 1 FROM position").first() and held(b, person)
          and b.store.blobs.path(digest).exists(), 15)
    assert b.store.blobs.get(digest) == data
    assert a.store.read.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one() == 0


@pytest.mark.expects_log(r"a file cannot be read and is not sent")
def test_a_file_that_may_not_be_read_holds_up_nothing_else(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    a = place.seat("a")
    small, _ = photo(a, 1_000)
    other, _ = photo(a, 2_000)
    read = type(a.store.blobs).get

    def get(blobs: object, digest: str) -> bytes:
        if digest == small:
            raise PermissionError(13, "Permission denied")
        return read(blobs, digest)  # type: ignore[arg-type]

    monkeypatch.setattr(type(a.store.blobs), "get", get)
    a.meet()

    def owed() -> list[str]:
        a.aside()
        return [r[0] for r in a.store.read.exec_driver_sql("SELECT digest FROM blob WHERE sent = 0")]

    until(lambda: other not in owed())
    assert owed() == [small], "it may be read another time"


@pytest.mark.expects_log(r"beside the log nothing crosses: the disk does not answer")
def test_a_fault_of_this_machine_ends_no_side_channel(place: Town) -> None:
    a = place.seat("a")
    tries = []

    def connect() -> SideLine:
        tries.append(1)
        if len(tries) < 3:
            raise OSError(errno.EIO, "Input/output error")
        return SideLine(a.address, a.secret)

    runner = BesideRunner(lambda: Store(a.folder, SystemClock()), connect, SystemClock(), seed=1)
    a.go(("u1", 117.0, 30.5))
    runner.start()
    try:
        until(lambda: place.run("SELECT 1 FROM hub.position"), 15)
    finally:
        runner.stop()
    assert len(tries) == 3
