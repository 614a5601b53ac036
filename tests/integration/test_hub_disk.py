"""What seats are told is on the hub's disk, though seats do not wait for each other's disk; a hub of before that."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.domain.events import Event, canonical, content_hash, uuid7
from app.services.sync_rules import GENESIS_CHAIN, link
from data.sync import address as addresses
from data.sync import admin
from data.sync.audit import verify_chain
from data.sync.keeper_link import KeeperLink
from data.sync.migrations import HUB_HEAD
from tests.fakes.hub_town import DISTRICT, Town, town
from tests.fakes.postgres import Postgres, running

LAZY = ("-c", "wal_writer_delay=10000ms", "-c", "bgwriter_delay=10000ms")
"""nothing is written but what somebody waits for"""


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server of this test's own: it is killed."""
    with running() as one:
        one.stop()
        one.start(*LAZY)
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        yield one


def power_cut(server: Postgres) -> None:
    """What was not written is lost."""
    server.stop(fast=False)
    server.start(*LAZY)


def noted(seat: str, no: int) -> Event:
    return Event(uuid7(no), "incident/i", "incident.noted", DISTRICT, "c", seat, no, "0" * 64, "desk", "a", no, "drill",
                 {})


def on_disk(c: psycopg.Connection[Any]) -> bool:
    row = c.execute("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()").fetchone()
    assert row is not None
    return bool(row[0])


def test_what_was_ordered_survives_a_power_cut_right_after_the_answer(place: Town) -> None:
    a = place.seat("a")
    who = a.store.identity.seat
    line = a.dial_only()
    events = [noted(who, n) for n in range(1, 13)]
    for one in events:
        assert line.append([one.id], [canonical(one)]).verdicts == {one.id: "ok"}
    a.hang_up()
    power_cut(place.server)
    assert [r[0] for r in place.run("SELECT event_id FROM hub.ordering ORDER BY seq")] == [e.id for e in events]
    assert a.dial_only().append([events[3].id], [canonical(events[3])]).verdicts == {events[3].id: "ok"}


def test_nobody_is_given_what_a_power_cut_could_still_take_back(place: Town) -> None:
    """Ordered, and the seat that offered it gone before it waited for the disk."""
    a, b = place.seat("a"), place.seat("b")
    who = a.store.identity.seat
    a.dial_only()
    a.hang_up()
    reader = b.dial_only()
    pulled: list[tuple[int, str]] = []
    for no in range(1, 6):
        one = noted(who, no)
        with addresses.connect(a.address, a.secret, seconds=5, name="test") as c:
            c.execute("SET synchronous_commit = off")
            c.execute("SELECT * FROM hub.order_batch(%s, %s)", ([one.id], [canonical(one)]))
            waits = not on_disk(c)
        pulled += [(r.seq, r.chain) for r in reader.pull(no - 1, 10)]
        if waits:
            break
    else:
        pytest.fail("the server writes of itself: nothing was proved")
    b.hang_up()
    power_cut(place.server)
    assert place.run("SELECT seq, chain FROM hub.ordering ORDER BY seq") == pulled


def test_the_seat_beside_the_hub_waits_for_the_disk_too(place: Town) -> None:
    a = place.seat("a")
    one = noted(a.store.identity.seat, 1)
    a.dial_only()
    a.hang_up()
    place.run("INSERT INTO hub.point VALUES (1)")
    keeper = KeeperLink(place.address, place.server.SECRET)
    with addresses.connect(a.address, a.secret, seconds=5, name="test") as c:
        c.execute("SET synchronous_commit = off")
        c.execute("SELECT * FROM hub.order_batch(%s, %s)", ([one.id], [canonical(one)]))
    assert [r.event_id for r in keeper.pull(0, 10)] == [one.id]
    keeper.close()
    power_cut(place.server)
    assert place.run("SELECT event_id FROM hub.ordering") == [(one.id,)]


def test_the_order_of_a_batch_is_its_own_and_one_that_comes_twice_is_answered_as_it_was(place: Town) -> None:
    a = place.seat("a")
    who = a.store.identity.seat
    line = a.dial_only()
    one, two = noted(who, 1), noted(who, 2)
    broken = "nonsense"
    told = line.append([one.id, "raw", two.id, one.id], [canonical(one), broken, canonical(two), canonical(one)])
    assert dict(told.verdicts) == {one.id: "ok", "raw": "refused:unreadable", two.id: "ok"}
    assert told.head == 3
    again = line.append([two.id, "raw"], [canonical(two), broken])
    assert (dict(again.verdicts), again.head, again.owed) == ({two.id: "ok", "raw": "refused:unreadable"}, 3, False)
    with pytest.raises(psycopg.errors.InvalidTransactionTermination), \
            addresses.connect(a.address, a.secret, seconds=5, name="test") as c, c.transaction():
        c.execute("CALL hub.append(%s, %s)", ([one.id], [canonical(one)]))


def test_a_hub_of_the_version_before_goes_on_where_it_was(server: Postgres) -> None:
    """Upgraded with its order in it: the chain goes on, seats have the procedure and not the function of before."""
    address = addresses.parse_address(server.create("older"))
    with server.connect(address.database) as c:
        c.execute("CREATE SCHEMA hub")
        admin.upgrade(c, "h0010")
        admin._fill(c, DISTRICT, "D", 1)
        c.execute("INSERT INTO hub.centre VALUES ('c', 'c', 0, NULL, '')")
        # the owner's role stands for a seat that was let in: old ways ask for the role only
        c.execute("INSERT INTO hub.seat (name, role, centre, code, seat) VALUES ('a', %s, 'c', '01', 'sa')",
                  (server.OWNER,))
        first = [noted("sa", n) for n in (1, 2)]
        c.execute("SELECT * FROM hub.append(%s, %s)", ([e.id for e in first], [canonical(e) for e in first]))
        c.execute("INSERT INTO hub.track SELECT 20000 * n, 'u', 20000 * n, 117.0, 30.5, '' "
                  "FROM generate_series(1, 3) n")
    admin.init(address, server.SECRET, district=DISTRICT, district_name="D", now_ms=2)
    with server.connect(address.database) as c:
        assert c.execute("SELECT version_num::text FROM hub.alembic_version").fetchone() == (HUB_HEAD,)
        third = noted("sa", 3)
        texts = [canonical(e) for e in (first[1], third)]
        row = c.execute("CALL hub.append(%s, %s)", ([first[1].id, third.id], texts)).fetchone()
        assert row is not None
        assert (row[0], row[1]) == (["ok", "ok"], 3)
        rows = c.execute("SELECT seq, event_id, verdict, content_hash, chain FROM hub.ordering ORDER BY seq").fetchall()
        points = c.execute("SELECT o_at, o_no FROM hub.tracks_since(1, 10)").fetchall()
        assert points == [(40_000, 2), (60_000, 3)], "points of before are numbered"
        assert c.execute("SELECT o_seat_no FROM hub.own_head()").fetchone() == (3,)
        assert c.execute("SELECT proname, prokind::text FROM pg_proc WHERE pronamespace = 'hub'::regnamespace AND "
                         "proname = 'append'").fetchall() == [("append", "p")]
    chain = GENESIS_CHAIN
    for (seq, identity, verdict, digest, linked), event in zip(rows, (*first, third), strict=True):
        chain = link(chain, seq, identity, verdict, digest)
        assert (identity, digest, linked) == (event.id, content_hash(canonical(event)), chain)
    assert verify_chain(address, server.SECRET)[0] == 3
    seat, secret = admin.add_seat(address, server.SECRET, "b", "c")
    with addresses.connect(seat, secret, seconds=5, name="test") as c:
        c.execute("SELECT * FROM hub.hello('sb', %s, 'c', 0)", (DISTRICT,))
        mine = noted("sb", 1)
        row = c.execute("CALL hub.append(%s, %s)", ([mine.id], [canonical(mine)])).fetchone()
        assert row is not None
        assert row[0] == ["ok"]
        for inner in ("hub.tell(9)", "hub.kept()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                c.execute(f"SELECT {inner}")  # type: ignore[call-overload]
