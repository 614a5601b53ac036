"""A seat that exchanges by files only and came back from a backup: what it did since lies behind what the hub has."""
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.events import parse
from app.domain.faults import Message
from data.store import rebuild
from data.store.seat_store import StoreReads
from data.store.store import Store
from data.sync import parcel
from data.sync.keys import own_key
from data.sync.seat_sync import SeatSync
from tests.fakes.far_seat import FarSeat, same
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        yield one


def backup(far: FarSeat) -> Path:
    """The folder as it is now."""
    far.store.head.write()
    kept = far.folder.with_name(far.folder.name + ".kept")
    shutil.copytree(far.folder, kept, dirs_exist_ok=True)
    return kept


def restore(far: FarSeat, kept: Path) -> None:
    far.close()
    shutil.rmtree(far.folder)
    shutil.copytree(kept, far.folder)
    far.store, far.sync = Store(far.folder, far.clock), SeatSync(Store(far.folder, far.clock), far.clock)


def lost(place: Town) -> tuple[TownSeat, FarSeat, list[str]]:
    """A seat whose store is older than its last acts, all of which the hub has; the incidents that it made since."""
    a, far = place.seat("a"), FarSeat(place)
    a.report()
    a.meet()
    far.report()
    far.round()
    far.round()
    kept = backup(far)
    keys = [far.report(description="before") for _ in range(3)]
    far.round()
    a.meet()
    restore(far, kept)
    return a, far, keys


def whole(place: Town, a: TownSeat, far: FarSeat, keys: list[str], notes: list[str]) -> None:
    """Nothing is lost, nothing refused; both show the same, also when folded anew, and the logs stand."""
    for _ in range(2):
        far.round()
        a.meet()
    assert far.unsent == 0
    assert place.run("SELECT verdict, count(*) FROM hub.ordering WHERE verdict <> 'ok' GROUP BY 1") == []
    for key in keys:
        assert far.state(key) == a.state(key)
    for event in notes:
        found = a.store.read.exec_driver_sql("SELECT content FROM event WHERE id = ?", (event,)).scalar_one()
        assert '"after"' in found
    rebuild.rebuild(far.store)
    same(a, far)
    assert place.run("SELECT count(*), count(DISTINCT event_id) FROM hub.ordering")[0] == (place.head(), place.head())


def act(far: FarSeat, key: str, count: int) -> list[str]:
    return [far.act(key, "noted", note="after") for _ in range(count)]


def ids(notes: list[Message]) -> list[str]:
    """Beginnings of what was said; that files went missing, the restored store cannot know better."""
    return [n.id[:40] for n in notes if not n.id.startswith("File {missing} to this seat never came")]


FORKED, BEHIND, OLDER = ("The seat {name} was restored from a back", "{count} acts made since this store was r",
                         "This store was restored from a backup: t")


@pytest.mark.parametrize("count", [1, 6, 40])
def test_it_acts_and_sends_first(place: Town, count: int) -> None:
    """As many acts as the numbers that were lost, fewer, more."""
    a, far, keys = lost(place)
    first = far.store.read.exec_driver_sql("SELECT id FROM incident LIMIT 1").scalar_one()
    notes = act(far, first, count)
    before = place.head()
    for path in far.out():
        done = far.bring(path)
    assert ids(done.notes)[-1] == FORKED
    assert done.notes[-1].params["count"] == count
    assert (done.rows, place.head()) == (0, before), "nothing of it was ordered, and nothing refused"
    files = far.fetch()
    told = [n for path in files for n in ids(far.take(path).notes)]
    assert told == [BEHIND]
    assert far.unsent == count
    waits = far.store.read.exec_driver_sql("SELECT id FROM event WHERE hub_seq IS NULL ORDER BY seq").all()
    assert [r[0] for r in waits] == notes
    for path in files:
        assert far.take(path).notes == [], "again it does nothing"
    whole(place, a, far, keys, notes)
    assert place.run("SELECT state::jsonb->>'forked' FROM hub.exchange WHERE seat = 'far'") == [("false",)]


def test_of_its_own_acts_only_those_that_it_lost_come_back(place: Town) -> None:
    """A seat's whole past would soon fit no file."""
    a, far, keys = lost(place)
    held = far.store.read.exec_driver_sql("SELECT max(seat_no) FROM event").scalar_one()
    notes = act(far, far.store.read.exec_driver_sql("SELECT id FROM incident LIMIT 1").scalar_one(), 2)
    for path in far.out():
        far.bring(path)
    key = own_key(far.gate).public_key()
    came = [parse(row[-1]).seat_no for path in far.fetch() for r in parcel.read(path).checked(key) if r[0] == "own"
            for row in r[2]]
    assert came == list(range(held + 1, held + 1 + 2 * len(keys)))
    for path in far.fetch():
        far.take(path)
    whole(place, a, far, keys, notes)


def test_it_acts_and_fetches_first(place: Town) -> None:
    a, far, keys = lost(place)
    first = far.store.read.exec_driver_sql("SELECT id FROM incident LIMIT 1").scalar_one()
    notes = act(far, first, 4)
    told = [n for path in far.fetch() for n in ids(far.take(path).notes)]
    assert told == [OLDER]
    for path in far.out():
        assert FORKED in ids(far.bring(path).notes)
    for path in far.fetch():
        far.take(path)
    whole(place, a, far, keys, notes)


def test_acts_in_several_files_wait_together_and_a_copy_that_comes_late_does_nothing(place: Town) -> None:
    a, far, keys = lost(place)
    first = far.store.read.exec_driver_sql("SELECT id FROM incident LIMIT 1").scalar_one()
    notes = act(far, first, 30)
    before = place.head()
    files = far.out(most_bytes=2_000)
    assert len(files) > 4
    for path in (files[1], files[0], *files[2:]):
        far.bring(path)
    assert place.head() == before
    for path in far.fetch(most_bytes=1_000):
        far.take(path)
    for path in files:
        far.bring(path)
    assert place.head() == before, "the numbers of before are nobody's"
    whole(place, a, far, keys, notes)
    head = place.head()
    for path in files:
        assert far.bring(path).rows == 0
    assert place.head() == head
    whole(place, a, far, keys, notes)


def test_it_acts_on_what_it_had_lost_meanwhile_overtaken_by_others(place: Town) -> None:
    """What others did on the same incident in between stands; the act made without seeing it is overtaken, not lost."""
    a, far, keys = lost(place)
    first = far.store.read.exec_driver_sql("SELECT id FROM incident LIMIT 1").scalar_one()
    a.assign(first, "u1")
    a.meet()
    mine = far.assign(first, "u1")
    for path in far.out():
        far.bring(path)
    for path in far.fetch():
        far.take(path)
    for _ in range(2):
        far.round()
        a.meet()
    assert far.unsent == 0
    assert a.units_of(first) == far.units_of(first) == ["u1"]
    assert StoreReads(far.store.read).not_standing(f"incident/{first}") == {mine: "overtaken"}
    for key in keys:
        assert far.state(key) == a.state(key)
    same(a, far)


def test_a_seat_that_was_not_restored_is_never_held_up(place: Town) -> None:
    """Several files before any answer, repeated and in any order."""
    a, far = place.seat("a"), FarSeat(place)
    key = far.report()
    posts = [far.out()[0]]
    for n in range(4):
        far.act(key, "noted", note=str(n))
        posts.append(far.out()[0])
    for path in (posts[4], posts[1], *posts, posts[2]):
        assert FORKED not in ids(far.bring(path).notes)
    far.act(key, "noted", note="x")
    for path in (*far.fetch(), *far.fetch()):
        assert ids(far.take(path).notes) == []
    whole(place, a, far, [key], [])
