"""A difference between seats is looked for where it lies, in slices between which events go and come, and recorded."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.store import ordered
from data.sync.digest import bucket_of, differing_buckets
from data.sync.mending import Mending
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running

COUNT = 150


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path, expected_logs: object) -> Iterator[Town]:
    expected_logs.allow("had diverged")  # type: ignore[attr-defined]
    with town(server, tmp_path / "town") as one:
        yield one


def pair(place: Town) -> tuple[TownSeat, TownSeat, list[str]]:
    """Two seats that stand at one digest point, and the incidents that both hold."""
    a, b = place.seat("a"), place.seat("b")
    keys = [a.report(place=f"Gate {i}") for i in range(COUNT)]
    a.meet()
    b.meet()
    return a, b, keys


def spoil(seat: TownSeat, words: str, *values: object) -> None:
    with seat.store._writer.begin():
        seat.store._writer.exec_driver_sql(words, values)


def test_only_the_bucket_that_differs_is_looked_through_and_only_what_differs_is_folded(
        place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, keys = pair(place)
    wrong = keys[7]
    spoil(b, "UPDATE incident SET place = 'flipped' WHERE id = ?", wrong)
    assert a.link is not None
    assert b.link is not None
    a.link.make_point(0.1)
    folded: list[str] = []
    monkeypatch.setattr("data.sync.mending.ordered.refold", _noting(folded))
    assert a.sync.look(a.link) == 0
    assert b.sync.look(b.link) == 1
    job = b.sync._mending
    assert job is not None
    while b.sync.mend_on(b.link, 0.0):
        pass
    assert folded == [f"incident/{wrong}"]
    assert (job[0].looked, job[0].mended) == (sum(bucket_of(k) == bucket_of(wrong) for k in keys), 1)
    assert a.picture() == b.picture()
    assert place.run("SELECT seat, repaired FROM hub.divergence") == [("b", True)]
    assert a.sync.compare(a.link) == 0, "both are level again at this point"


def _noting(folded: list[str]) -> object:
    from data.store.ordered import refold

    def one(tx: object, stream: str) -> None:
        folded.append(stream)
        refold(tx, stream)  # type: ignore[arg-type]

    return one


def test_between_two_slices_events_go_and_come(place: Town) -> None:
    a, b, keys = pair(place)
    spoil(b, "UPDATE incident SET level = 1 WHERE id IN (?, ?)", keys[3], keys[-1])
    b.sync._mending = Mending(b.sync.store, None), 1, ("c",)
    assert a.link is not None
    assert b.link is not None
    crossed = slices = 0
    while b.sync.mend_on(b.link, 0.0):
        slices += 1
        if slices % 40 == 0:
            mine, theirs = b.act(keys[slices % COUNT], "noted", note="x"), a.act(keys[0], "noted", note="y")
            a.meet()
            b.meet()
            assert b.unsent == 0
            crossed += b.store.read.exec_driver_sql("SELECT count(*) FROM event WHERE hub_seq IS NOT NULL AND id IN "
                                                    "(?, ?)", (mine, theirs)).scalar_one()
    assert slices >= COUNT - 1
    assert crossed >= 6
    a.meet()
    assert a.picture() == b.picture()


def test_a_damaged_body_a_lost_row_and_one_of_nothing_are_mended(place: Town) -> None:
    a, b, keys = pair(place)
    spoil(b, "UPDATE event SET content = replace(content, 'Gate', 'Door') WHERE stream = ?", f"incident/{keys[0]}")
    spoil(b, "DELETE FROM incident WHERE id = ?", keys[1])
    spoil(b, "UPDATE incident SET id = 'nothing' WHERE id = ?", keys[2])
    b.assign(keys[3], "u1")
    b.meet()
    a.meet()
    spoil(b, "UPDATE assignment SET unit = 'u2'")
    b.sync._mending = Mending(b.sync.store, None), 1, ("c",)
    job = b.sync._mending[0]
    assert b.link is not None
    while b.sync.mend_on(b.link, 0.01):
        pass
    assert job.mended == 5, "a body, a lost row, a renamed one put back and taken away, an assignment"
    assert a.picture() == b.picture()


def test_an_act_in_the_midst_of_a_look_is_no_difference(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _, b, keys = pair(place)
    fold = ordered.fold_rows
    acts: list[str] = []

    def racing(*arguments: Any) -> Any:
        if not acts:
            acts.append(b.assign(min(keys), "U"))
        return fold(*arguments)

    monkeypatch.setattr("data.sync.mending.ordered.fold_rows", racing)
    job = Mending(b.sync.store, None)
    assert b.link is not None
    assert job.slice(b.link, lambda: False)
    assert (len(acts), job.looked, job.mended) == (1, COUNT, 0)
    assert b.units_of(min(keys)) == ["U"]


def test_buckets_say_where_or_that_they_do_not_know() -> None:
    mine = "t:" + "0000" * 64
    assert differing_buckets(mine, ["t:" + "0000" * 63 + "0001"]) == {63}
    assert differing_buckets(mine, [mine]) is None
    assert differing_buckets(mine, ["of another version"]) is None
    assert differing_buckets(mine, []) is None
