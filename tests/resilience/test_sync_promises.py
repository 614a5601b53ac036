"""Promises 4 to 10: seats and hub through failures of the line, of clocks, of storage; each prints its figure."""
from __future__ import annotations

import contextlib
import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.events import parse
from app.services.sync_rules import Ordered
from data.store import audit, ordered
from data.store.seat_store import StoreReads
from data.sync import backup
from data.sync.audit import verify_chain
from data.sync.digest import digests
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running
from tests.fakes.tcp_proxy import TcpProxy

Figure = Callable[[str], None]
EDGES = r"off the hub|clock is|was restored or failed over|had diverged"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path, expected_logs: object) -> Iterator[Town]:
    expected_logs.allow(EDGES)  # type: ignore[attr-defined]
    with town(server, tmp_path / "town") as one:
        yield one


def same(place: Town) -> None:
    """Nothing lost, nothing doubled, the same on all seats, logs whole."""
    ids = {r[0] for s in place.seats for r in s.store.read.exec_driver_sql("SELECT id FROM event WHERE seat = ?",
                                                                          (s.store.identity.seat,))}
    rows = place.run("SELECT event_id FROM hub.ordering WHERE place > 0")
    assert len(rows) == len({r[0] for r in rows}), "doubled"
    assert {r[0] for r in rows} == ids, "lost"
    found = [digests(s.store, [""]) for s in place.seats]
    assert all(f == found[0] for f in found)
    assert all(s.picture() == place.seats[0].picture() for s in place.seats)
    for s in place.seats:
        s.store.head.write()
        assert audit.verify(s.store).faults == ()


class Worker(threading.Thread):
    """Somebody at a seat who works without pause, on shared incidents and units too. Owns its opening of the store."""

    def __init__(self, seat: TownSeat, shared: list[str], seed: int, pause_s: float) -> None:
        super().__init__(name=f"worker {seat.name}", daemon=True)
        self.seat, self.shared, self.pause_s = seat, shared, pause_s
        self.dice, self.ended, self.acts, self.fault = random.Random(seed), threading.Event(), 0, ""

    def run(self) -> None:
        own: list[str] = []
        try:
            while not self.ended.wait(self.pause_s):
                key = self.dice.choice(self.shared + own[-3:]) if self.dice.random() < 0.8 else ""
                if not key:
                    own.append(self.seat.report())
                elif self.dice.random() < 0.4:
                    self.seat.assign(key, f"u{self.dice.randrange(6)}", self.dice.random() < 0.5)
                else:
                    self.seat.act(key, *self.dice.choice((("noted",), ("held",), ("resumed",), ("voided",),
                                                          ("reopened",), ("force_closed",))))
                self.acts += 1
        except Exception as fault:  # noqa: BLE001 - shown by the test
            self.fault = repr(fault)


@contextlib.contextmanager
def work(place: Town, shared: list[str], seed: int, pause_s: float = 0.02) -> Iterator[list[Worker]]:
    workers = [Worker(s, shared, seed * 10 + i, pause_s) for i, s in enumerate(place.seats)]
    for one in workers:
        one.start()
    try:
        yield workers
    finally:
        for one in workers:
            one.ended.set()
            one.join()
    assert [w.fault for w in workers if w.fault] == []


def test_seats_converge_after_any_partition(place: Town, server: Postgres, prove: bool, figure: Figure) -> None:
    """Promise 5: seats behind proxies that delay, cut and swallow; after healing all is level."""
    schedules, span_s = (200, 4.0) if prove else (10, 1.2)
    seats = [place.seat(n) for n in "abc"]
    proxies = [TcpProxy(server.port) for _ in seats]
    worst = acts = 0.0
    try:
        for seat, proxy in zip(seats, proxies, strict=True):
            seat.start(lambda p=proxy: p.port, poll_s=0.3)  # type: ignore[misc]
        shared = [seats[0].report() for _ in range(4)]
        place.level()
        for schedule in range(schedules):
            dice = random.Random(schedule)
            with work(place, shared, schedule) as workers:
                until = time.monotonic() + span_s
                while time.monotonic() < until:
                    proxy = dice.choice(proxies)
                    proxy.mode = dice.choice(("open", "closed", "closed", "swallow"))
                    proxy.delay_s = dice.choice((0, 0, 0.02, 0.1))
                    time.sleep(dice.uniform(0.05, 0.3))
            acts += sum(w.acts for w in workers)
            for proxy in proxies:
                proxy.mode, proxy.delay_s = "open", 0.0
            worst = max(worst, place.level(25))
        for seat in seats:
            seat.stop()
    finally:
        for seat in seats:
            seat.stop()
        for proxy in proxies:
            proxy.close()
    same(place)
    figure(f"promise 5: {schedules} schedules of partitions, {acts:.0f} acts on 3 seats: equal digests, lost 0, "
           f"doubled 0; level at most {worst:.1f} s after healing")


def test_an_hour_without_hub_costs_no_work(tmp_path: Path, prove: bool, figure: Figure, expected_logs: object) -> None:
    """Promise 4: what is done while the hub is away is there afterwards. With the tests the hub is away for 20 s, not
    for the promise's three minutes; LIANDONG_HUB_AWAY_S says otherwise, the long form keeps it away for an hour,
    in which each seat acts every second: some 10,000 events wait."""
    expected_logs.allow(EDGES)  # type: ignore[attr-defined]
    away_s = float(os.environ.get("LIANDONG_HUB_AWAY_S", 3_600 if prove else 20))
    with running() as own, town(own, tmp_path / "t") as place:
        seats = [place.seat(n) for n in "abc"]
        shared = [seats[0].report() for _ in range(3)]
        for seat in seats:
            seat.start()
        place.level()
        own.stop(fast=False)
        with work(place, shared, 1, 0.05 if away_s < 600 else 1.0):
            time.sleep(away_s)
        waiting = sum(s.unsent for s in seats)
        own.start()
        took = place.level(60)
        for seat in seats:
            seat.stop()
        same(place)
    figure(f"promise 4: hub away for {away_s:.0f} s, {waiting} events waited on 3 seats: lost 0, "
           f"all level {took:.1f} s after its return")


def test_a_hub_restored_from_an_older_backup_while_seats_work_costs_nothing(
        place: Town, tmp_path: Path, prove: bool, figure: Figure) -> None:
    """A backup of a hub at work; then the hub is lost, and what it was at the backup stands in its place."""
    seats, times, lost = [place.seat(n) for n in "abc"], 5 if prove else 1, 0
    shared = [seats[0].report() for _ in range(4)]
    for seat in seats:
        seat.start(poll_s=0.3)
    place.level()
    worst = 0.0
    for turn in range(times):
        file, name = tmp_path / f"hub{turn}.backup", place.address.database
        with work(place, shared, turn, 0.01):
            time.sleep(1.0)
            made = backup.make(place.address, place.server.SECRET, file)
            time.sleep(1.5)
            lost += place.head() - made.seq
            with place.server.connect() as c:
                c.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[arg-type]
                c.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
                c.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_lost{turn}"')  # type: ignore[arg-type]
            place.server.create(name)
            backup.restore(file, place.address, place.server.SECRET, now_ms=turn + 2)
            time.sleep(0.5)
        worst = max(worst, place.level(60))
    for seat in seats:
        seat.stop()
    assert lost > 0
    same(place)
    assert verify_chain(place.address, place.server.SECRET)[1] == []
    figure(f"promise 5: hub restored from an older backup under load {times} times, {lost} ordered events gone with "
           f"it: offered again, equal digests, lost 0, doubled 0; all level at most {worst:.1f} s after its return")


def test_duplicates_and_reordering_change_nothing(place: Town, prove: bool, figure: Figure) -> None:
    """Promise 6: batches offered one to five times, cut, shuffled; rows delivered again."""
    wanted = 100_000 if prove else 20_000
    a, b = place.seat("a"), place.seat("b")
    dice, offered = random.Random(6), 0
    shared = [a.report() for _ in range(20)]
    link = a.dial()
    while offered < wanted:
        for _ in range(40):
            a.act(dice.choice(shared), dice.choice(("noted", "held", "resumed")))
        rows = a.store.read.exec_driver_sql("SELECT id, content FROM event WHERE seat = ? ORDER BY seq DESC LIMIT 200",
                                            (a.store.identity.seat,)).all()
        for _ in range(dice.randrange(1, 6)):
            part = dice.sample(rows, dice.randrange(1, len(rows) + 1))
            link.append([r[0] for r in part], [r[1] for r in part])
            offered += len(part)
        a.pull()
    a.meet()
    b.meet()
    before = b.picture()
    with pytest.raises(ordered.OrderBroken), b.store.transaction(screen="x", actor="x") as tx:
        ordered.apply(tx, link.pull(0, 50))
    assert b.picture() == before
    same(place)
    figure(f"promise 6: {offered} deliveries of {place.head()} events, repeated and shuffled: lost 0, doubled 0")


def test_one_unit_is_never_booked_twice_once_two_seats_have_met(place: Town, prove: bool, figure: Figure) -> None:
    """Promise 7: races of two seats for one unit, on one incident and on two, on-line and off-line."""
    races = 1_000 if prove else 200
    a, b = place.seat("a"), place.seat("b")
    a.dial()
    b.dial()
    standing = losers = notes = 0
    slowest = 0.0
    pairs = []
    for _ in range(races):
        one = a.report()
        pairs.append((one, one if len(pairs) % 2 else a.report()))
    a.meet()
    b.meet()
    for i, (one, two) in enumerate(pairs):
        unit, first, second = f"unit{i}", (a, b)[i % 2], (b, a)[i % 2]
        first.assign(one, unit)
        second.assign(two, unit)
        first.act(one, "noted", note="first")
        second.act(two, "noted", note="second")
        if i % 4 < 2:
            first.meet()
        began = time.perf_counter()
        for seat in (first, second, first):
            seat.meet()
        slowest = max(slowest, time.perf_counter() - began)
        for seat in (a, b):
            held = {k for k in (one, two) for r in seat.state(k).get("assignments", []) if r[0] == unit}
            standing += len(held) > 1 or sum(u == unit for k in {one, two} for u in seat.units_of(k)) != 1
        losers += len(second.state(two).get("superseded", [])) == 1
        notes += sum(e.kind == "incident.noted" for k in {one, two}
                     for e, _, _ in StoreReads(a.store.read).events(f"incident/{k}"))
    assert (standing, losers, notes) == (0, races, 2 * races)
    same(place)
    figure(f"promise 7: {races} races: double bookings standing 0, losers told {losers}, notes kept {notes}; told at "
           f"most {slowest * 1000:.0f} ms after they met")


class WrongClock:
    """A machine's clock that is off."""

    def __init__(self, off_s: float) -> None:
        self.off_s = off_s

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.off_s)

    def monotonic(self) -> float:
        return time.monotonic() + self.off_s


def test_wrong_clocks_reorder_nothing(place: Town, figure: Figure) -> None:
    """Promise 8: the hub orders, the skew is known and alarmed above a minute."""
    offs = {"slow": -86_400.0, "right": 0.0, "fast": 7_200.0, "near": 3.0}
    seats = [place.seat(n, clock=WrongClock(off)) for n, off in offs.items()]
    key = seats[0].report()
    for seat in seats:
        seat.dial()
    expected = []
    for seat in itertools.islice(itertools.cycle(seats), 40):
        seat.pull()
        expected.append(seat.act(key, "noted", note="x"))
        seat.meet()
    for seat in seats:
        seat.pull()
        events = [e for e, _, _ in StoreReads(seat.store.read).events(f"incident/{key}")]
        assert [e.id for e in events][2:] == expected
        measured = seat.sync.skew_ms / 1000
        assert abs(measured - offs[seat.name]) < 2
        assert seat.sync._alarmed == (abs(offs[seat.name]) > 60)
    # each event carries how far its maker's clock was off, so that durations are reckoned on the hub's
    slow = seats[0]
    slow.sync.alive(slow.now())
    slow.act(key, "noted", note="y")
    slow.meet()
    last = parse(slow.store.read.exec_driver_sql("SELECT content FROM event ORDER BY seq DESC LIMIT 1").scalar_one())
    assert abs(last.occurred_at + last.clock_offset_ms - time.time() * 1000) < 5_000
    for seat in seats:
        seat.pull()
    same(place)
    figure("promise 8: clocks off by -86400, 0, 3, 7200 s: 40 acts in the hub's order on all, skew known, alarmed "
           "above 60 s")


def test_a_lost_notify_is_only_slower(place: Town, prove: bool, figure: Figure) -> None:
    """Promise 9: with the listener dropped the poll brings it; with it, well under a second."""
    a, b = place.seat("a"), place.seat("b")
    a.start()
    deaf = b.start()
    place.level()
    key = a.report()
    place.level()

    def seen(count: int) -> list[float]:
        waits = []
        for _ in range(count):
            event = a.act(key, "noted", note="x")
            began = time.monotonic()
            while not b.store.read.exec_driver_sql("SELECT 1 FROM event WHERE id = ?", (event,)).first():
                assert time.monotonic() - began < 10
                time.sleep(0.002)
            waits.append(time.monotonic() - began)
        return sorted(waits)

    hearing = seen(200 if prove else 40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.sync.link.HubLink._on_notify", lambda *_: None)
        patch.setattr("data.sync.link.HubLink.wait", lambda _self, seconds: time.sleep(seconds))
        without = seen(20 if prove else 5)
    deaf.stop()
    a.stop()
    assert hearing[int(len(hearing) * 0.99) - 1] <= 1.0
    assert without[-1] <= 5.0
    figure(f"promise 9: seen in p50 {hearing[len(hearing) // 2] * 1000:.0f} ms, p99 "
           f"{hearing[int(len(hearing) * 0.99) - 1] * 1000:.0f} ms; without any NOTIFY at most {without[-1]:.1f} s")


COLUMNS = ("place", "phase", "level", "handler", "reported_at", "lead_unit", "ended", "state", "area_path", "number")


def test_silent_divergence_is_found(place: Town, prove: bool, figure: Figure) -> None:
    """Promise 10: a flipped row is found in one round and repaired."""
    rounds = 100 if prove else 10
    a, b = place.seat("a"), place.seat("b")
    a.sync.digest_s = b.sync.digest_s = 0.0
    keys = [a.report(area="s", area_path="d/s/") for _ in range(20)]
    a.meet()
    b.meet()
    assert a.link is not None
    assert b.link is not None
    found = 0
    for i in range(rounds):
        a.act(keys[0], "noted", note="x")
        a.meet()
        b.meet()
        wrong, right = (a, b) if i % 2 else (b, a)
        column = COLUMNS[i % len(COLUMNS)]
        value = {"state": "'{}'", "level": "5 - level", "ended": "1 - ended", "reported_at": "reported_at + 1"}.get(
            column, f"{column} || 'x'")
        with wrong.store._writer.begin():
            wrong.store._writer.exec_driver_sql(f"UPDATE incident SET {column} = {value} WHERE id = ?", (keys[i % 20],))
        place.run("DELETE FROM hub.point")
        assert a.link.make_point(0.1)
        for seat in (right, wrong, right):
            assert seat.link is not None
            seat.sync.compare(seat.link)
        found += a.picture() == b.picture()
    recorded = place.run("SELECT count(*) FROM hub.divergence WHERE repaired")[0][0]
    assert (found, recorded) == (rounds, rounds)
    figure(f"promise 10: {rounds} flipped rows: found and repaired {found}, recorded {recorded}")


def test_a_row_that_was_changed_on_its_way_is_refused(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.report()
    a.meet()
    link = b.dial()
    a.report()
    a.meet()
    rows = link.pull(b.reached, 10)
    for bad in (Ordered(rows[0].seq, rows[0].event_id, "overtaken", *_rest(rows[0])),
                Ordered(rows[0].seq + 1, rows[0].event_id, rows[0].verdict, *_rest(rows[0])),
                Ordered(*(*_all(rows[0])[:-1], str(rows[0].content).replace("p", "q")))):
        with pytest.raises(ordered.OrderBroken), b.store.transaction(screen="x", actor="x") as tx:
            ordered.apply(tx, [bad])
    b.pull()
    same(place)


def _rest(row: Ordered) -> tuple[str, str, int, str | None]:
    return row.hash, row.chain, row.place, row.content


def _all(row: Ordered) -> tuple[object, ...]:
    return row.seq, row.event_id, row.verdict, *_rest(row)
