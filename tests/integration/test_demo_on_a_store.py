"""The demo on a real store: district and history come in, the player plays on it, every number stays whole."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.clock import FixedClock
from app.domain.incident_process import OPEN_PHASES
from app.domain.process import Role
from app.drill.district import DEFAULT_SEED, District, make_district
from app.drill.history import make_histories
from app.drill.player import Runner, make_player
from app.drill.start import start_commands
from app.intake.records import IncidentHistory
from app.intake.sink import PackCounts
from app.services.commands import Act
from app.services.operator import Operator
from data.store import people
from data.store.seat_store import SqliteSeatStore
from data.store.store import Founding, Store

NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)
EVERYBODY = Operator("system", "system", frozenset(Role), None)


@pytest.fixture(scope="module")
def district() -> District:
    return make_district(seats.REFERENCE, NOW.date(), components=1_500)


@pytest.fixture(scope="module")
def folder(district: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo district and three days of history."""
    folder = tmp_path_factory.mktemp("demo") / "store"
    founding = Founding("340803", "大观区", "340803", "智慧大观联动中心", "demo", "Asia/Shanghai")
    seats.found(folder, founding, FixedClock(NOW))
    store = Store(folder, FixedClock(NOW))
    for kind, source, rows in district.records():
        sink = seats.pack_sink(store, actor="system")
        pack = sink.begin_pack(str(kind), source, "generated", "demo")
        sink.write_rows(pack, rows)
        sink.activate(pack, PackCounts(read=len(rows), accepted=len(rows)))
    for one in district.operators:
        people.put_operator(store, Operator(one.id, one.name, frozenset({one.role}), one.area_key, one.unit_key), "")
    histories = _histories(store, district)
    sink = seats.pack_sink(store, actor="system")
    pack = sink.begin_pack("incidents", "demo", "generated", "demo")
    sink.append_histories(pack, histories)
    sink.activate(pack, PackCounts(read=len(histories), accepted=len(histories)))
    seat = _seat(store, EVERYBODY, FixedClock(NOW))
    _, faults = seat.do_all(start_commands(district, histories, NOW))
    assert [f for f in faults if f] == []
    store.set_meta("seed", str(DEFAULT_SEED))
    store.close()
    return folder


def _histories(store: Store, district: District) -> list[IncidentHistory]:
    book = SqliteSeatStore(store, "system", "demo").reads.book()
    return make_histories(district, book, seats.calendar(), NOW, seats.REFERENCE, days=3)


def _seat(store: Store, who: Operator, clock: FixedClock) -> seats.OpenSeat:
    seat = seats.OpenSeat(SqliteSeatStore(store, who.id, "play"), who, clock, seats.calendar(), screen="play")
    seat.store = store
    return seat


@pytest.fixture
def playing(folder: Path) -> Iterator[tuple[seats.OpenSeat, FixedClock, Runner]]:
    clock = FixedClock(NOW)
    store = Store(folder, clock)
    seat = _seat(store, Operator("dispatcher", "调度员（演示）01", frozenset({Role.DISPATCHER}), None), clock)
    clock.at = max(NOW, datetime.fromtimestamp(max(r.reported_at for r in seat.queue(ended=True)) + 900, UTC))
    runner = make_player(seat, seats.REFERENCE, seed=DEFAULT_SEED, human_share=0.0, intensity=2.0)
    yield seat, clock, runner
    seat.close()


def _tick(runner: Runner, clock: FixedClock, times: int, seconds: float) -> None:
    for _ in range(times):
        clock.advance(seconds)
        runner.tick()


def test_the_screens_live_from_the_first_second(playing: tuple[seats.OpenSeat, FixedClock, Runner]) -> None:
    seat, _, _ = playing
    status = seat.status()
    assert 100 <= status.tabs["all"] <= 150
    assert all(status.by_phase.get(p, 0) > 0 for p in OPEN_PHASES)
    assert status.units["off"] > 200
    assert status.units["on_scene"] > 20
    assert status.cameras["online"] > 3_300
    assert 0.93 < (status.handled_on_time.value or 0) < 0.99
    duty = seat.duty()
    assert duty is not None
    assert duty.leader.startswith("带班领导（演示）")
    assert 6 <= duty.present <= duty.planned == 9


def test_the_player_plays_on_the_store_and_nothing_is_refused(playing: tuple[seats.OpenSeat, FixedClock, Runner]
                                                              ) -> None:
    seat, clock, runner = playing
    before, events = seat.status(), seat.timeline(1)
    runner.begin()
    _tick(runner, clock, 40, 30.0)
    after = seat.status()
    assert runner.player.knows_roads
    assert runner.refused <= 2
    assert runner.done > 100
    assert after.today > before.today
    assert seat.timeline(1)[0].event_id != events[0].event_id
    assert seat.warnings()[0].title == "暴雨黄色预警"
    fresh = [u for u in seat.units() if u.on_duty and u.position_at and clock.now().timestamp() - u.position_at < 400]
    assert len(fresh) > 700


def test_what_the_desk_takes_the_player_leaves(playing: tuple[seats.OpenSeat, FixedClock, Runner]) -> None:
    seat, clock, runner = playing
    runner.begin()
    for _ in range(40):
        _tick(runner, clock, 1, 10.0)
        waiting = [r for r in seat.queue() if r.phase == "reported"]
        if waiting:
            break
    mine = waiting[0].id
    seat.do(Act(mine, "register"))
    _tick(runner, clock, 30, 10.0)
    assert seat.queue([mine])[0].phase == "registered"


def test_another_city_is_played_without_roads(playing: tuple[seats.OpenSeat, FixedClock, Runner]) -> None:
    seat, clock, _ = playing
    runner = make_player(seat, seats.REFERENCE, seed=99)
    assert not runner.player.knows_roads
    runner.begin()
    _tick(runner, clock, 20, 30.0)
    assert runner.done > 0
