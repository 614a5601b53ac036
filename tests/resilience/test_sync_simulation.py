"""Promise 11: syncing simulated by seed: a clock, a network and a hub on paper, stores without a disk behind them."""
from __future__ import annotations

import contextlib
import gc
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.domain.events import NewEvent, uuid7
from app.services.sync_rules import LEANING, leans_on
from data.store import rebuild
from data.store.ordered import OrderBroken
from data.store.store import STORE_FILE, Founding, Store
from data.sync.faults import HubTrouble
from data.sync.seat_sync import LOOK_AGAIN_S, SeatSync, catch_up
from tests.fakes.paper_hub import PaperHub, PaperLink

FAILED_BEFORE = ((23, 120), (24, 120))
"""(seed, steps) that once found a fault: always run. 23, 24: after a hub was restored an own act lay on top as
overtaken, came back as standing, and its projection was not folded anew"""
SEATS, STEPS, STEP_S = 3, 40, 15.0
VERBS = ("noted", "noted", "held", "resumed", "voided", "reopened", "force_closed")


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """An empty store to copy: making one takes longer than a whole simulation."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="liandong-sim-", dir=memory if memory.is_dir() else None))
    Store.create(folder / "template", Founding("340803", "D", "c", "C", "drill"),
                 FixedClock(datetime(2026, 1, 1, tzinfo=UTC))).close()
    yield folder / "template"
    shutil.rmtree(folder)


class SimSeat:
    def __init__(self, template: Path, number: int, clock: FixedClock, dice: random.Random) -> None:
        folder = template.with_name(f"seat{number}")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
        with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as connection, connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'seat'", (f"seat{number}",))
            connection.execute("INSERT INTO meta VALUES ('hub', 'paper')")
        self.store = Store(folder, clock)
        self.sync, self.clock, self.dice = SeatSync(self.store, clock), clock, dice
        self.link: PaperLink | None = None

    def act(self, keys: list[str]) -> None:
        now = int(self.clock.now().timestamp() * 1000)
        with self.store.transaction(screen="desk", actor="sim") as tx:
            if not keys or self.dice.random() < 0.15:
                key = uuid7(now)
                keys.append(key)
                tx.append(NewEvent(f"incident/{key}", "incident.reported", {"id": key, "place": "p"}, now))
                tx.append(NewEvent(f"incident/{key}", "incident.registered", {}, now))
                return
            key = self.dice.choice(keys)
            if tx.incident(key) is None:
                return
            into = self.dice.choice(keys)
            if self.dice.random() < 0.1 and into != key and tx.incident(into) is not None:
                act = uuid7(now)
                merged = {"into": into, "into_number": into}
                tx.append(NewEvent(f"incident/{key}", "incident.merged", merged, now, id=act))  # type: ignore[arg-type]
                absorbed = {"incident": key, "number": key, "reporters": [], "act": act}
                tx.append(NewEvent(f"incident/{into}", "incident.absorbed", absorbed, now))  # type: ignore[arg-type]
            elif self.dice.random() < 0.4:
                body = {"unit": f"u{self.dice.randrange(4)}", "unit_name": "u", "lead": self.dice.random() < 0.5}
                tx.append(NewEvent(f"incident/{key}", "incident.assigned", body, now))  # type: ignore[arg-type]
            else:
                tx.append(NewEvent(f"incident/{key}", f"incident.{self.dice.choice(VERBS)}", {}, now))

    def talk(self, hub: PaperHub, trouble: float) -> None:
        """Connect if need be, then push or pull; any step may fail."""
        try:
            if self.link is None:
                self.link = PaperLink(hub, self.dice, trouble)
                self.sync.begin(self.link)
            self.link.trouble = trouble
            if self.dice.random() < 0.7:
                self.sync.push(self.link)
            if self.dice.random() < 0.1:
                self.link.make_point(60.0)
            self.sync.pull(self.link)
            self.sync.compare(self.link)
        except (HubTrouble, OrderBroken):
            self.link = None

    def level(self, hub: PaperHub) -> None:
        self.link = None
        self.talk(hub, 0.0)
        assert self.link is not None
        for _ in range(50):
            if not self.sync.push(self.link)[0]:
                break
            catch_up(self.sync, self.link, len(hub.rows))
        catch_up(self.sync, self.link, len(hub.rows))

    def flip(self, key: str) -> None:
        """A row is changed behind everybody's back."""
        with self.store._writer.begin():
            self.store._writer.exec_driver_sql("UPDATE incident SET handler = handler || 'x' WHERE id = ?", (key,))

    def compare(self) -> None:
        assert self.link is not None
        self.sync.compare(self.link)

    def picture(self) -> list[tuple[object, ...]]:
        return self.store.read.exec_driver_sql(  # type: ignore[return-value]
            "SELECT id, phase, flags, handler, helpers, state FROM incident ORDER BY id").all()


def simulate(template: Path, seed: int, patch: pytest.MonkeyPatch, tally: Counter[str] | None = None, *,
             steps: int = STEPS) -> int:
    """One history; returns its acts. Raises AssertionError with what was lost, doubled or stale."""
    dice = random.Random(seed)
    patch.setattr("app.domain.events.os.urandom", dice.randbytes)
    clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
    hub, keys = PaperHub(clock), list[str]()
    seats = [SimSeat(template, n, clock, dice) for n in range(SEATS)]
    trouble = dice.choice((0.0, 0.1, 0.4, 0.8))
    try:
        for _ in range(steps):
            clock.advance(dice.uniform(0.1, 2 * STEP_S))
            seat = dice.choice(seats)
            if dice.random() < 0.5:
                seat.act(keys)
            else:
                seat.talk(hub, trouble)
            if dice.random() < 0.02:
                hub.lose_tail(dice.randrange(0, min(len(hub.rows), dice.choice((6, 40))) + 1))
        for _ in range(2):
            for seat in seats:
                seat.level(hub)
        if keys and dice.random() < 0.2:
            flipped = dice.choice(seats)
            flipped.flip(dice.choice(keys))
            hub.points |= {len(hub.rows)}
            for seat in (*seats, *seats):
                clock.advance(LOOK_AGAIN_S)
                seat.sync._digested = None
                seat.compare()
            assert len(hub.diverged) == 1, "a flipped row was not found"
        assert all(repaired for _, _, repaired in hub.diverged), "not mended"
        check(hub, seats)
        if tally is not None:
            tally["overtaken"] += sum(r.verdict == "overtaken" for r in hub.rows)
            tally["restored"] += hub.epoch - 1
            tally["diverged"] += len(hub.diverged)
            tally["fallen merges"] += sum(r.verdict == "overtaken" and hub.events[r.event_id].kind == LEANING
                                          for r in hub.rows)
        return sum(s.store.read.exec_driver_sql("SELECT max(seat_no) FROM event WHERE seat = ?",
                                                (s.store.identity.seat,)).scalar_one() or 0 for s in seats)
    finally:
        for seat in seats:
            seat.store.close()


def check(hub: PaperHub, seats: list[SimSeat]) -> None:
    verdicts = {r.event_id: r.verdict for r in hub.rows}
    for row in hub.rows:
        act = leans_on(hub.events[row.event_id])
        assert not act or verdicts[act] == row.verdict, "half a merge"
    made = {r[0] for s in seats for r in s.store.read.exec_driver_sql("SELECT id FROM event WHERE seat = ?",
                                                                     (s.store.identity.seat,))}
    ordered = [r.event_id for r in hub.rows]
    assert len(ordered) == len(set(ordered)), "doubled"
    assert set(ordered) == made, "lost"
    for seat in seats:
        assert not seat.sync.unsent, "unsent"
        assert seat.picture() == seats[0].picture(), "stale"
        live = rebuild.dump(seat.store.read)
        rebuild.rebuild(seat.store)
        assert rebuild.dump(seat.store.read) == live, "the projections do not follow from the log"


PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_syncing_is_simulated_and_replayable_by_seed(part: int, template: Path, prove: bool,
                                                     figure: Callable[[str], None],
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.sync.seat_sync.log.warning", lambda *_: None)
    monkeypatch.setattr("data.store.store.LEAST_FREE_BYTES", 0)
    count = (10_000 if prove else 500) // PARTS
    seeds = range(part * count, (part + 1) * count)
    began, acts = time.perf_counter(), 0
    tally: Counter[str] = Counter()
    for seed in seeds:
        try:
            acts += simulate(template, seed, monkeypatch, tally)
        except Exception as fault:
            raise AssertionError(f"seed {seed}") from fault
        if seed % 100 == 0:
            gc.collect()
    speed = len(seeds) * STEPS * STEP_S / (time.perf_counter() - began)
    assert speed >= 200
    assert tally["overtaken"] > count / 10
    assert tally["restored"] > count / 10
    assert tally["diverged"] > count / 20
    assert part or tally["fallen merges"] > 0, "rare: not every part of the short form has one, the first one has"
    figure(f"promise 11: seeds {seeds[0]} to {seeds[-1]}, {acts} acts on {SEATS} seats, {tally['overtaken']} "
           f"overtaken ({tally['fallen merges']} merges), {tally['restored']} restored hubs, "
           f"{tally['diverged']} flipped rows found: lost 0, doubled 0, stale 0; {speed:,.0f} times real time")


@pytest.mark.parametrize(("seed", "steps"), FAILED_BEFORE)
def test_a_history_that_once_found_a_fault_finds_none(seed: int, steps: int, template: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.sync.seat_sync.log.warning", lambda *_: None)
    monkeypatch.setattr("data.store.store.LEAST_FREE_BYTES", 0)
    simulate(template, seed, monkeypatch, steps=steps)


def some_seeds(template: Path, patch: pytest.MonkeyPatch) -> None:
    for seed in range(40):
        simulate(template, seed, patch)


@pytest.mark.parametrize(("planted", "broken"), [("refold", lambda *_: None), ("rewind", lambda *_: 0),
                                                 ("_fold_on", lambda *_: True)])
def test_the_simulation_bites(template: Path, planted: str, broken: Callable[..., object],
                              monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebase, a rewind or a fold that is left out is found within some seeds."""
    monkeypatch.setattr("data.sync.seat_sync.log.warning", lambda *_: None)
    monkeypatch.setattr(f"data.store.ordered.{planted}", broken)
    with pytest.raises(AssertionError):
        some_seeds(template, monkeypatch)


def test_one_seed_gives_one_history(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.sync.seat_sync.log.warning", lambda *_: None)
    assert simulate(template, 7, monkeypatch) == simulate(template, 7, monkeypatch)
