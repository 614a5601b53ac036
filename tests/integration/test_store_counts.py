"""The counts behind the screens' numbers: read from indexes, the same as counting every incident one by one."""
from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.events import uuid7
from data.store.engine import make_engine
from data.store.reads_incidents import IncidentReads
from data.store.store import STORE_FILE, Founding, Store
from data.store.tables import INCIDENT
from tests.fakes.query_plans import plans_of

NOW, DAY, MONTH = 1_790_000_000_000, 86_400_000, 30 * 86_400_000
PHASES = ("reported", "registered", "on_scene", "fed_back", "closed", "evaluated", "voided", "merged")
ENDED = ("closed", "evaluated", "voided", "merged")
AREAS = ((None, ""), ("s1", "d/s1/"), ("g1", "d/s1/g1/"), ("g2", "d/s2/g2/"))


@pytest.fixture
def store(data_dir: Path) -> Iterator[Store]:
    """An empty store; the tests put folded rows into it, as the counts read them."""
    Store.create(data_dir, Founding("340803", "D", "c", "Centre", "drill"), SystemClock()).close()
    with contextlib.closing(Store(data_dir, SystemClock())) as one:
        yield one


def change(data_dir: Path, statement: object, rows: object = None) -> None:
    """Write by a connection of its own, as another program does."""
    engine = make_engine(data_dir / STORE_FILE, writer=True)
    with engine.begin() as connection:
        connection.execute(statement, rows)
    engine.dispose()


def _rows(rng: random.Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number in range(400):
        area, path = rng.choice(AREAS)
        phase = rng.choice(PHASES)
        reported = NOW - rng.randrange(2 * MONTH)
        fed = rng.choice((0, reported + rng.randrange(MONTH)))
        closed = reported + rng.randrange(MONTH) if phase in ENDED and rng.random() < 0.9 else 0
        row: dict[str, object] = dict.fromkeys(
            ("kind", "place", "handler", "lead_unit", "source", "external", "dispatcher", "holder", "pass_to"), "")
        row |= {"id": uuid7(reported), "number": str(number), "phase": phase, "level": rng.randint(1, 4),
                "channel": rng.choice(("hotline", "grid", "camera")), "area": area, "area_path": path, "flags": 0,
                "reported_at": reported, "registered_at": rng.choice((0, reported + 60_000)), "fed_back_at": fed,
                "closed_at": closed, "full_due_at": rng.choice((None, reported + rng.randrange(MONTH))), "helpers": 0,
                "due_at": rng.choice((None, NOW - 1, NOW + 1)), "on_scene": 0, "ended": int(phase in ENDED),
                "verdict": rng.choice(("", "", "ontime", "late")), "last_seq": number, "state": "{}",
                "satisfaction": rng.choice(("", "satisfied", "fair")) if closed else "",
                "centres": rng.choice(("", "", "|c9|"))}
        rows.append(row)
    return rows


def _by_hand(rows: list[dict[str, object]], since: int) -> dict[str, object]:
    """The same counts, row by row."""
    def kept(r: dict[str, object]) -> bool:
        return r["verdict"] == "ontime" or bool(
            r["verdict"] == "" and r["closed_at"] and r["full_due_at"] and r["closed_at"] <= r["full_due_at"])

    def good(r: dict[str, object]) -> bool:
        return r["verdict"] == "ontime" or bool(
            r["verdict"] == "" and r["fed_back_at"] and r["full_due_at"] and r["fed_back_at"] <= r["full_due_at"])

    counted = [r for r in rows if r["phase"] not in ("voided", "merged")]
    fell = lambda r: since <= r["full_due_at"] <= NOW  # noqa: E731
    due = [r for r in counted if r["full_due_at"] is not None]
    handled = [r for r in due if fell(r) or r["fed_back_at"] >= since]
    closed = [r for r in due if fell(r) or r["closed_at"] >= since]
    registered = [r for r in counted if since <= r["registered_at"] <= NOW]
    judged = [r for r in counted if r["verdict"] or (r["closed_at"] and r["full_due_at"] is not None)]
    areas: dict[object, list[int]] = {}
    for r in handled:
        one = areas.setdefault(r["area"], [0, 0])
        one[0], one[1] = one[0] + good(r), one[1] + 1
    answers: dict[object, int] = {}
    for r in rows:
        if r["satisfaction"] and r["closed_at"] >= since:
            answers[r["satisfaction"]] = answers.get(r["satisfaction"], 0) + 1
    return {
        "phase": {p: n for p in PHASES if (n := sum(r["phase"] == p for r in rows))},
        "handled": areas,
        "closed": [sum(map(kept, closed)), len(closed)],
        "closing": [sum(bool(r["closed_at"]) for r in registered), len(registered)],
        "verdict": [sum(map(kept, judged)), len(judged)],
        "satisfied": answers,
        "channels": {c: max(r["reported_at"] for r in rows if r["channel"] == c) for c in {r["channel"] for r in rows}},
    }


@pytest.mark.parametrize("prefix", ["", "d/s1/", "d/s2/g2/"])
@pytest.mark.parametrize("centre", ["", "c9"])
def test_counts_equal_those_of_every_row(data_dir: Path, store: Store, prefix: str, centre: str) -> None:
    rows = _rows(random.Random(5))
    change(data_dir, INCIDENT.insert(), rows)
    since = NOW - MONTH
    raw = IncidentReads(store.read).counts(prefix, NOW, NOW - DAY, NOW - 2 * DAY, since, centre)
    seen = [r for r in rows if not prefix or str(r["area_path"]).startswith(prefix)
            or (centre and f"|{centre}|" in str(r["centres"]))]
    found = {name: raw[name] for name in ("phase", "closed", "closing", "verdict", "satisfied", "channels")}
    areas: dict[object, list[int]] = {}
    for area, good, all_ in raw["handled"]:
        one = areas.setdefault(area, [0, 0])
        one[0], one[1] = one[0] + good, one[1] + all_
    assert {**found, "handled": areas} == _by_hand(seen, since)


def test_no_count_of_the_whole_district_looks_at_every_row(store: Store) -> None:
    reads = IncidentReads(store.read)
    plans = plans_of(store.read, lambda: reads.counts("", NOW, NOW - DAY, NOW - 2 * DAY, NOW - MONTH))
    assert plans
    assert not [p for p in plans if p.startswith("SCAN incident") and "COVERING INDEX" not in p]


def test_the_open_queue_is_read_once_until_the_next_commit(data_dir: Path, store: Store) -> None:
    rows = _rows(random.Random(6))
    change(data_dir, INCIDENT.insert(), rows)
    reads = IncidentReads(store.read)
    first = reads.queue("o", None, "", None, False)
    again = reads.queue("o", None, "", None, False)
    assert again == first
    assert again[0] is first[0]
    assert len(reads.queue("o", None, "", None, True)) == len(rows)
    change(data_dir, INCIDENT.update().where(INCIDENT.c.id == first[0].id).values(level=9))
    after = {row.id: row for row in reads.queue("o", None, "", None, False)}
    assert after[first[0].id].level == 9
