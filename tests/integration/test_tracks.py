"""Tracks of forces: each unit's points by its key, in time order; what is too old goes."""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from data.store.local import TRACK_KEPT_HOURS, LocalWrites
from data.store.seat_store import StoreReads
from data.store.store import Founding, Store
from tests.fakes.query_plans import plans_of

HOUR = 3_600_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with contextlib.closing(Store.create(tmp_path / "seat", Founding("d", "D", "c", "C", "drill"),
                                         SystemClock())) as one:
        yield one


def now_of(store: Store) -> int:
    return round(store.clock.now().timestamp() * 1000)


def put(store: Store, *points: tuple[str, int]) -> None:
    with store.transaction(screen="t", actor="t") as tx:
        tx.connection.exec_driver_sql("INSERT INTO track (unit, at, lon, lat) VALUES (?, ?, 117.0, 30.5)", list(points))


def test_tracks_since_an_instant_are_each_units_points_in_time_order(store: Store) -> None:
    assert StoreReads(store.read).tracks(0) == {}
    put(store, ("u2", 5_000), ("u1", 3_000), ("u1", 1_000), ("u2", 1_500), ("u1", 2_000), ("u3", 100))
    assert StoreReads(store.read).tracks(1_500) == {
        "u1": [(2.0, 117.0, 30.5), (3.0, 117.0, 30.5)], "u2": [(1.5, 117.0, 30.5), (5.0, 117.0, 30.5)]}


def test_points_are_looked_for_by_their_key_when_they_are_read_and_when_old_ones_go(store: Store) -> None:
    local = LocalWrites(lambda: store.transaction(screen="t", actor="t"))
    put(store, ("u1", 1))
    here = ("u1", 117.0, 30.5, now_of(store), None)
    read = plans_of(store.read, lambda: StoreReads(store.read).tracks(1))
    pruned = plans_of(store._writer, lambda: local.put_positions([here]))
    for plan, search in ((read, "unit=? AND at>?"), (pruned, "unit=? AND at<?")):
        assert any(search in step for step in plan), plan
        assert not [step for step in plan if f"{step} ".startswith(("SCAN t ", "SCAN track "))], plan


def test_old_points_go_with_the_next_position(store: Store) -> None:
    now = now_of(store)
    put(store, *((unit, now - hours * HOUR) for unit in ("u1", "gone") for hours in (1, TRACK_KEPT_HOURS + 1, 90)))
    LocalWrites(lambda: store.transaction(screen="t", actor="t")).put_positions([("u1", 117.0, 30.5, now, None)])
    kept = store.read.exec_driver_sql("SELECT unit, at FROM track ORDER BY unit, at").all()
    assert [tuple(r) for r in kept] == [("gone", now - HOUR), ("u1", now - HOUR), ("u1", now)]
