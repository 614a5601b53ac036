"""Positions between real seats on a real hub: off the log, by area, with their age; tracks sampled and kept a while."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.events import NewEvent
from app.services.unit_age import UNKNOWN_AFTER_S, aged
from data.store.seat_store import StoreReads
from data.sync import admin
from data.sync.side_line import Fix, SideLine
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        admin.put_centre(one.address, server.SECRET, "s1", "Street 1", level=1, parent="c", prefix="d/s1/")
        yield one


def lists(seat: TownSeat, *units: tuple[str, str]) -> None:
    """Units (id, area) and two streets below d in the seat's own lists."""
    with seat.store.transaction(screen="x", actor="x") as tx:
        run = tx.connection.exec_driver_sql
        for key, path in (("d", "d/"), ("s1", "d/s1/"), ("s2", "d/s2/")):
            run("INSERT INTO area (id, code, name, level, level_name, path, dedicated, generated, data) "
                "VALUES (?, ?, ?, 1, '', ?, 0, 0, '{}')", (key, key, key, path))
        for unit, area in units:
            run("INSERT INTO unit (id, name, kind, team, call_sign, skills, area) VALUES (?, ?, 'g', '', '', '', ?)",
                (unit, unit, area))


def where(seat: TownSeat) -> dict[str, tuple[float, float, int]]:
    return {r[0]: (r[1], r[2], r[3]) for r in seat.store.read.exec_driver_sql(
        "SELECT unit, lon, lat, own FROM position")}


def test_a_position_is_on_other_seats_and_no_event_of_it_is_anywhere(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    for seat in (a, b):
        seat.meet()
    a.go(("u1", 117.0, 30.5), ("u2", 117.1, 30.6))
    a.aside()
    b.aside()
    assert where(b) == {"u1": (117.0, 30.5, 0), "u2": (117.1, 30.6, 0)}
    b.go(("u1", 118.0, 30.5))
    b.aside()
    a.aside()
    assert where(a)["u1"] == (118.0, 30.5, 0), "whoever heard it last tells all"
    assert place.run("SELECT count(*) FROM hub.position") == [(2,)]
    assert place.head() == 0
    assert a.store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one() == 0


def test_an_older_position_never_replaces_a_newer_one(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.meet()
    b.meet()
    now = a.now()
    a.go(("u1", 117.0, 30.5), at=now)
    a.aside()
    b.go(("u1", 116.0, 30.5), at=now - 5_000)
    b.aside()
    assert where(b)["u1"] == (117.0, 30.5, 0)
    assert place.run("SELECT lon FROM hub.position") == [(117.0,)]


def test_a_seat_gets_the_forces_of_its_area_and_those_that_work_on_its_incidents(place: Town) -> None:
    a, s = place.seat("a"), place.seat("s", "s1")
    lists(a, ("in", "s1"), ("out", "s2"), ("sent", "s2"), ("team", "d"))
    a.meet()
    s.meet()
    a.go(("in", 117.0, 30.0), ("out", 117.0, 30.0), ("sent", 117.0, 30.0), ("team", 117.0, 30.0))
    a.aside()
    s.aside()
    assert set(where(s)) == {"in"}
    one = a.report(area_path="d/s1/x/")
    a.assign(one, "sent")
    a.meet()
    a.go(("in", 117.0, 30.1), ("out", 117.0, 30.1), ("sent", 117.0, 30.1))
    a.aside()
    s.aside()
    assert set(where(s)) == {"in", "sent"}


def test_a_lost_force_is_shown_with_its_age_and_as_unknown_never_as_free(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    lists(b, ("u1", "s1"))
    b.do(NewEvent("unit/u1", "unit.on_duty", {}, b.now()))
    a.meet()
    b.meet()
    at = a.now()
    a.go(("u1", 117.0, 30.5), at=at)
    a.aside()
    b.aside()
    row = StoreReads(b.store.read).units(["u1"])
    assert (row[0].position_at, aged(row, at / 1000 + 5)[0].status) == (at / 1000, "free")
    a.hang_up_aside()
    b.aside()
    b.aside()
    row = StoreReads(b.store.read).units(["u1"])
    assert row[0].position_at == at / 1000, "asking again makes nothing younger"
    assert aged(row, at / 1000 + UNKNOWN_AFTER_S + 1)[0].status == "unknown"


def test_tracks_are_sampled_and_a_seat_that_was_away_gets_what_it_missed(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.meet()
    b.meet()
    start = a.now() - 600_000
    for n in range(300):
        a.go(("u1", 117.0 + n / 1e4, 30.5), at=start + n * 2_000)
        if n % 10 == 0:
            a.aside()
    a.aside()
    hub = place.run("SELECT count(*) FROM hub.track")[0][0]
    assert 25 <= hub <= 32, "10 minutes at one in 20 s"
    b.aside()
    got = StoreReads(b.store.read).tracks(start - 1)["u1"]
    assert len(got) >= hub - 1
    assert got == sorted(got)


def test_old_tracks_go_after_the_configured_time_here_and_at_the_hub(server: Postgres, place: Town) -> None:
    a = place.seat("a")
    a.meet()
    now = a.now()
    a.go(("u1", 117.0, 30.5), at=now - 3 * 3_600_000)
    a.aside()
    admin.set_tracks(place.address, server.SECRET, every_s=20, kept_hours=2)
    a.go(("u1", 117.0, 30.6), at=now)
    a.side[1].positions._pruned_at = 0  # type: ignore[index]
    a.aside()
    assert place.run("SELECT unit, at FROM hub.track") == [("u1", now)]
    a.store.set_meta("tracks_kept_hours", "2")
    a.go(("u1", 117.0, 30.7), at=now + 1)
    assert [r[0] for r in a.store.read.exec_driver_sql("SELECT at FROM track")] == [now + 1] or \
        a.store.read.exec_driver_sql("SELECT min(at) FROM track").scalar_one() >= now


def test_a_live_seat_with_a_wrong_clock_shuts_no_later_position_out(place: Town) -> None:
    a = place.seat("a")
    a.meet()
    with SideLine(a.address, a.secret) as line:
        assert line.put_positions(True, [Fix("u1", 1.0, 1.0, a.now() + 3_600_000, None)]) == 0
        assert line.put_positions(True, [Fix("u1", 1.0, 1.0, a.now(), None), Fix("u2", 999.0, 1.0, 5, None)]) == 1


def test_a_hub_that_counts_lower_after_a_restore_is_read_from_its_beginning(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.meet()
    b.meet()
    for n in range(5):
        a.go(("u1", 117.0 + n, 30.5))
        a.aside()
    b.aside()
    place.run("SELECT setval('hub.position_no', 1); TRUNCATE hub.position")
    a.go(("u1", 99.0, 30.5))
    a.aside()
    b.aside()
    assert where(b)["u1"][0] == 99.0

@pytest.mark.prove
def test_fifty_seats_get_the_positions_of_a_thousand_units(figure: Callable[[str], None]) -> None:
    from app.bootstrap.bench_positions import measure

    m = measure(20, lines=47)
    figure(f"positions: 1,000 units at 1 Hz, 50 seats (3 with stores: p50 {m['p50']:.0f}, p99 {m['p99']:.0f} ms; 47 "
           f"lines: p50 {m['lines_p50']:.0f}, p99 {m['lines_p99']:.0f} ms), {m['lines_last_came']:.0f} of "
           f"{m['lines_last']:.0f} last ones came to the lines")
    assert m["lines_last_came"] == m["lines_last"] == 47_000
    assert m["last_came"] == m["last"]


def test_a_thousand_units_each_second_reach_three_seats_and_no_log(figure: Callable[[str], None]) -> None:
    from app.bootstrap.bench_positions import measure

    m = measure(5)
    figure(f"positions: 1,000 units at 1 Hz, 3 seats: p50 {m['p50']:.0f}, p95 {m['p95']:.0f}, p99 {m['p99']:.0f} ms, "
           f"{m['seen']:.0f} of {m['reported']:.0f} seen, all last ones came, log grew by {m['events']:.0f}")
    assert m["last_came"] == m["last"] == 2_000
    assert (m["events"], m["kept"]) == (0, 1_000)
    assert m["tracks"] >= 1_000
    assert m["seen"] >= m["reported"] * 0.2
    assert m["p50"] < 10_000
