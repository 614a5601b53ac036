"""The scenario player: pure, replayable by seed, lively, and it keeps its hands off what a person has taken."""
from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.domain.faults import KnownFault
from app.drill.arrivals import Arrivals
from app.drill.call_play import CallPlay
from app.drill.district import Skeleton, make_skeleton
from app.drill.orders import DISPATCHER, FIELD, INTAKE, VERIFIER, Order
from app.drill.scenario import load_scenarios
from app.drill.simulation import Player
from app.drill.stage import Stage, demo_stage
from app.drill.walk import Walkers
from app.services.book import Book
from app.services.commands import Act, CallEvent, CameraStates, ReportIncident, ReportPositions
from app.services.packs import all_codes, load_calendars, load_packs
from app.services.views import AssignmentView, CallRow, CameraRow, QueueRow, UnitRow, Warning_

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # 18:00 local
SKILLS = (("police", ("security", "traffic", "first_aid")), ("fire", ("firefighting", "rescue")),
          ("urban", ("law_enforcement", "traffic")), ("repair", ("repair", "drainage", "cleaning", "greening", "gas")),
          ("mediator", ("mediation", "care")), ("grid_worker", ("mediation", "care")))


@pytest.fixture(scope="module")
def skeleton() -> Skeleton:
    return make_skeleton(REFERENCE)


@pytest.fixture(scope="module")
def stage(skeleton: Skeleton) -> Stage:
    book = Book(1, all_codes(load_packs(REFERENCE)), ())
    return demo_stage(REFERENCE, book, load_calendars(REFERENCE).calendar(), base=skeleton)


def _units(skeleton: Skeleton, count: int = 60) -> list[UnitRow]:
    roads = skeleton.roads
    nodes = np.linspace(0, len(roads.x) - 1, count).astype(int)
    lon, lat = skeleton.cells.frame.to_deg(roads.x[nodes], roads.y[nodes])
    return [UnitRow(f"u{i}", f"力量 {i}", SKILLS[i % 6][0], "", f"U{i}", "free", float(lon[i]), float(lat[i]), 0.0,
                    None, None, SKILLS[i % 6][1], 0, (), "", True) for i in range(count)]


def _player(stage: Stage, skeleton: Skeleton, **over: object) -> Player:
    cameras = [CameraRow(f"c{i}", "", "fixed", 117.0, 30.5, None, None, None, "online", None, None, (), False, "")
               for i in range(60)]
    given: dict[str, object] = {"seed": 7, "speed": 1.0, "human_share": 0.0, "intensity": 1.0, **over}
    return Player(stage, _units(skeleton), cameras, load_scenarios(REFERENCE), **given)  # type: ignore[arg-type]


class World:
    """The least of a store: applies orders to rows, as the process table would."""

    def __init__(self) -> None:
        self.rows: dict[str, QueueRow] = {}
        self.assignments: dict[str, dict[str, AssignmentView]] = {}
        self.seq = 0
        self.verbs: Counter[str] = Counter()

    def give(self, orders: list[Order], at: float) -> set[str]:
        touched = set()
        for order in orders:
            command = order.command
            if isinstance(command, ReportIncident):
                assert command.incident_id
                self._put(command.incident_id, QueueRow(
                    command.incident_id, "n", command.level or 4, command.kind, command.place, None, command.channel,
                    "reported", 0, at, None, None, at + 7200, None, "", 0, command.lon, command.lat, 0, False, None))
                touched.add(command.incident_id)
            elif isinstance(command, Act):
                self.verbs[command.verb] += 1
                self._act(command, at)
                touched.add(command.incident_id)
        return touched

    def _put(self, key: str, row: QueueRow) -> None:
        self.seq += 1
        self.rows[key] = row._replace(changed_seq=self.seq)

    def _act(self, act: Act, at: float) -> None:
        row = self.rows[act.incident_id]
        mine = self.assignments.setdefault(row.id, {})
        unit = str(act.params.get("unit", ""))
        to = {"register": "registered", "verify": "verified", "close": "closed", "void": "voided",
              "merge": "merged", "evaluate": "evaluated", "rework": "acknowledged"}.get(act.verb)
        states = {"acknowledge": "acknowledged", "depart": "en_route", "arrive": "on_scene", "feed_back": "fed_back",
                  "return": "returned"}
        if act.verb == "assign":
            lead = not any(a.lead and a.state != "returned" for a in mine.values())
            mine[unit] = AssignmentView(unit, unit, lead, "assigned", at, None, None, None)
            to = "assigned" if lead else None
        elif act.verb in states:
            one = mine[unit]
            mine[unit] = AssignmentView(unit, unit, one.lead, states[act.verb], at, None, None, None)
            if one.lead:
                to = "registered" if act.verb == "return" else states[act.verb]
        self._put(row.id, row._replace(phase=to or row.phase))


def _play(player: Player, world: World, minutes: int, step_s: float = 10.0, begin: datetime = NOW) -> list[Order]:
    given: list[Order] = []
    now = begin
    for _ in range(int(minutes * 60 / step_s)):
        now += timedelta(seconds=step_s)
        orders = player.step(now)
        given += orders
        own = world.give(orders, now.timestamp())
        rows = [world.rows[i] for i in sorted(own)]
        player.observe(rows, {i: tuple(world.assignments.get(i, {}).values()) for i in own}, now, own=own)
    return given


def _plain(orders: list[Order]) -> list[Order]:
    return [o for o in orders if not isinstance(o.command, ReportPositions | CameraStates)]


def test_the_same_seed_plays_the_same_drill_and_another_one_another(stage: Stage, skeleton: Skeleton) -> None:
    played = [_play(_player(stage, skeleton, seed=seed), World(), 40) for seed in (7, 7, 8)]
    assert played[0] == played[1]
    assert _plain(played[0]) != _plain(played[2])


def test_incidents_come_by_the_hours_rate_and_by_every_channel(stage: Stage) -> None:
    arrivals = Arrivals(stage, 3)
    now, got = datetime(2026, 11, 22, 16, 0, tzinfo=UTC), []
    for _ in range(4 * 24 * 60):
        now += timedelta(minutes=1)
        got += arrivals.due(now)
    assert 4 * 258 * 0.85 < len(got) < 4 * 258 * 1.15
    assert {a.report.channel for a in got} == set(stage.shape.channels)
    assert all(a.report.lon and a.report.lat and a.report.place for a in got)
    assert len({a.report.incident_id for a in got}) == len(got)


def test_every_incident_goes_the_whole_way_in_the_end(stage: Stage, skeleton: Skeleton) -> None:
    world = World()
    _play(_player(stage, skeleton, intensity=3.0, speed=10.0), world, 240, 20.0)
    phases = Counter(r.phase for r in world.rows.values())
    assert phases["evaluated"] + phases["closed"] > 20
    assert {"register", "assign", "acknowledge", "depart", "arrive", "feed_back", "verify", "close", "void", "told",
            "merge"} <= set(world.verbs)
    assert not any(isinstance(a, KnownFault) for a in world.rows.values())


def test_verifiers_verify_and_forces_work_in_the_field(stage: Stage, skeleton: Skeleton) -> None:
    actors: dict[str, set[str]] = {}
    for order in _play(_player(stage, skeleton, intensity=3.0), World(), 120, 20.0):
        if isinstance(order.command, Act):
            actors.setdefault(order.command.verb, set()).add(order.actor)
    assert actors["verify"] == {VERIFIER}
    assert actors["arrive"] == actors["feed_back"] == {FIELD}
    assert actors["register"] == {DISPATCHER}


def test_forces_walk_to_the_place_and_arrive_there_not_by_the_clock(stage: Stage, skeleton: Skeleton) -> None:
    player, world = _player(stage, skeleton, intensity=0.001), World()
    at = NOW.timestamp()
    spot = int(stage.spots.pools["s"][5])
    report = Arrivals(stage, 1).report("0502", "patrol", spot, 3).report
    world.give([Order(INTAKE, report)], at)
    key = report.incident_id or ""
    world.give([Order(DISPATCHER, Act(key, v, p)) for v, p in (("register", {}), ("assign", {"unit": "u2"}),
                                                               ("acknowledge", {"unit": "u2"}),
                                                               ("depart", {"unit": "u2"}))], at)
    player.step(NOW)
    player.observe([world.rows[key]], {key: tuple(world.assignments[key].values())}, NOW, first=True)
    far: list[float] = []
    now = NOW
    for _ in range(2_000):
        now += timedelta(seconds=2)
        orders = player.step(now)
        for order in orders:
            if isinstance(order.command, ReportPositions):
                for fix in order.command.positions:
                    if fix.unit_id == "u2":
                        x, y = stage.frame.to_m(fix.lon, fix.lat)
                        far.append(float(np.hypot(x - stage.spots.x[spot], y - stage.spots.y[spot])))
        if any(isinstance(o.command, Act) and o.command.verb == "arrive" for o in orders):
            break
    assert far[0] > 200
    assert far[-1] < 60
    assert max(np.diff(far)) < 40  # it goes by road, but never jumps


def test_what_a_person_has_acted_on_is_left_to_the_person_but_the_forces_go_on(stage: Stage,
                                                                              skeleton: Skeleton) -> None:
    player, world = _player(stage, skeleton, intensity=0.001), World()
    report = Arrivals(stage, 1).report("0502", "patrol", 5, 3).report
    key = report.incident_id or ""
    world.give([Order(INTAKE, report)], NOW.timestamp())
    player.step(NOW)
    player.observe([world.rows[key]], {}, NOW, first=True)
    world.give([Order(DISPATCHER, Act(key, "register"))], NOW.timestamp())  # a person's act: not among `own`
    player.observe([world.rows[key]], {}, NOW)
    given = [o for o in _play(player, world, 60) if o.incident == key]
    assert given == []
    world.give([Order(DISPATCHER, Act(key, "assign", {"unit": "u2"}))], NOW.timestamp())
    player.observe([world.rows[key]], {key: tuple(world.assignments[key].values())}, NOW)
    begin = NOW + timedelta(hours=1)
    given = [o for o in _play(player, world, 180, 20.0, begin) if o.incident == key]
    assert given
    assert {o.actor for o in given} == {FIELD}


def test_a_selected_incident_is_left_alone(stage: Stage, skeleton: Skeleton) -> None:
    player, world = _player(stage, skeleton, intensity=0.001), World()
    report = Arrivals(stage, 1).report("0502", "patrol", 5, 3).report
    world.give([Order(INTAKE, report)], NOW.timestamp())
    player.observe([world.rows[report.incident_id or ""]], {}, NOW, first=True)
    player.take_over(report.incident_id or "")
    assert not [o for o in _play(player, world, 60) if o.incident == report.incident_id]


def test_positions_come_once_a_second_and_nobody_grows_stale(stage: Stage, skeleton: Skeleton) -> None:
    player = _player(stage, skeleton, intensity=0.001)
    seen: dict[str, float] = {}
    for second in range(1, 31):
        now = NOW + timedelta(seconds=second)
        reports = [o.command for o in player.step(now) if isinstance(o.command, ReportPositions)]
        assert len(reports) == 1
        assert all(p.at == now.timestamp() for p in reports[0].positions)
        seen.update({p.unit_id: p.at for p in reports[0].positions})
    assert len(seen) == 60
    assert min(seen.values()) > NOW.timestamp() + 18


def test_a_hotline_call_rings_is_answered_and_becomes_an_incident(stage: Stage, skeleton: Skeleton) -> None:
    player, world = _player(stage, skeleton, intensity=6.0), World()
    given = _play(player, world, 90)
    calls: dict[str, list[str]] = {}
    for order in given:
        if isinstance(order.command, CallEvent):
            calls.setdefault(order.command.call_id, []).append(order.command.what)
    assert any(whats == ["rang", "answered", "ended"] for whats in calls.values())
    assert all(whats[0] == "rang" for whats in calls.values())
    assert any(isinstance(o.command, ReportIncident) and o.command.call_id for o in given)


def test_a_call_that_a_person_takes_is_left_to_the_person(stage: Stage) -> None:
    calls = CallPlay(np.random.default_rng(1), 30.0)
    arrival = Arrivals(stage, 1).report("0403", "hotline", 5, 2)
    calls.ring("c1", arrival, 0.0)
    calls.ring("c2", arrival, 0.0)
    calls.see([CallRow("c1", "talking", 5.0, "100****0001", None, "dispatcher"),
               CallRow("c2", "ringing", 0.0, "100****0001", None, "")])
    orders = [order for at in range(0, 300, 5) for order, _ in calls.due(float(at))]
    assert {o.command.call_id for o in orders if isinstance(o.command, CallEvent)} == {"c2"}
    assert len(calls) == 0


def test_the_fire_brings_neighbours_calls_that_are_merged(stage: Stage, skeleton: Skeleton) -> None:
    world = World()
    given = _play(_player(stage, skeleton, intensity=0.001), world, 25)
    fires = [r for r in world.rows.values() if r.kind == "1201"]
    assert len(fires) == 2
    assert world.verbs["merge"] >= 1
    assert sum(isinstance(o.command, Warning_) for o in given) == 1
    assert len({round(r.lon or 0, 3) for r in fires}) == 1


def test_a_refused_order_is_tried_again_and_then_left(stage: Stage, skeleton: Skeleton) -> None:
    player, world = _player(stage, skeleton, intensity=0.001), World()
    report = Arrivals(stage, 1).report("0502", "patrol", 5, 4).report
    key = report.incident_id or ""
    world.give([Order(INTAKE, report)], NOW.timestamp())
    player.observe([world.rows[key]], {}, NOW, first=True)
    tried, now = 0, NOW
    for _ in range(400):
        now += timedelta(seconds=20)
        for order in player.step(now):
            if order.incident == key:
                tried += 1
                player.refused(order, now)
                player.observe([world.rows[key]], {}, now, own={key})
    assert 1 <= tried <= 8


def test_walkers_without_roads_go_straight(stage: Stage) -> None:
    walkers = Walkers(["police"], np.array([0.0]), np.array([0.0]), None, 1)
    walkers.send(0, 300.0, 400.0)
    for _ in range(10):
        walkers.step(2.0, np.array([True]))
    assert walkers.y[0] / walkers.x[0] == pytest.approx(4 / 3)
    for _ in range(60):
        walkers.step(2.0, np.array([True]))
    assert walkers.near(0, 300.0, 400.0)


@pytest.mark.parametrize(("old", "new", "named"), [
    ("kind =", "kinde =", "kinde"), ('do = "report"', 'do = "explode"', "do"),
    ('same_place_as = "fire"', 'same_place_as = "ice"', "same_place_as"),
    ("after_s = 0", 'after_s = "soon"', "after_s"),
    ('name = "ebike_fire"', "", "name")])
def test_a_mistake_in_a_scenario_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    text = (REFERENCE / "scenarios" / "ebike_fire.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "x.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(KnownFault, match=named):
        load_scenarios(tmp_path)


def test_an_unknown_scenario_is_named_with_those_there_are() -> None:
    with pytest.raises(KnownFault, match="storm"):
        load_scenarios(REFERENCE, ["earthquake"])
