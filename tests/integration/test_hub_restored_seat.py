"""A seat whose store came back from a backup, on its hub: its own events come back, what it does meanwhile stands."""
from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.services.sync_rules import Ordered
from data.store import audit, rebuild
from data.store import backup as backups
from data.sync import address as addresses
from data.sync.link import HubLink
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path, expected_logs: object) -> Iterator[Town]:
    expected_logs.allow("this store is older|acts made since this store was restored")  # type: ignore[attr-defined]
    with town(server, tmp_path / "town") as one:
        yield one


def restored(place: Town, tmp_path: Path) -> tuple[TownSeat, TownSeat, list[str]]:
    """A seat whose store is older than what the hub has of it, another seat, and the incidents of the first."""
    first, second = place.seat("a"), place.seat("b")
    old = first.report()
    first.meet()
    backups.make(first.folder, tmp_path / "backup")
    lost = first.report()
    first.assign(lost, "U")
    first.act(lost, "noted", note="x")
    first.meet()
    second.meet()
    first.close()
    shutil.rmtree(first.folder)
    backups.restore(tmp_path / "backup", first.folder, first.clock)
    addresses.write_secret_file(first.folder / addresses.SECRET_FILE, first.secret)
    first.open()
    return first, second, [old, lost]


def nothing_lost(first: TownSeat, second: TownSeat, keys: Sequence[str]) -> None:
    assert first.unsent == 0
    for key in keys:
        assert first.state(key) == second.state(key)
    assert second.units_of(keys[1]) == ["U"]
    assert first.store.read.exec_driver_sql("SELECT count(*) FROM event WHERE verdict <> 'ok'").scalar_one() == 0
    assert first.picture() == second.picture()
    for seat in (first, second):
        seat.store.head.write()
        assert audit.verify(seat.store).faults == ()
        before = rebuild.dump(seat.store.read)
        rebuild.rebuild(seat.store)
        assert rebuild.dump(seat.store.read) == before


@pytest.mark.parametrize("acts", [1, 12])
def test_a_seat_that_works_between_its_restore_and_the_hub_loses_nothing(place: Town, tmp_path: Path, acts: int
                                                                         ) -> None:
    """Its own acts bear numbers that the hub knows for others: they are put behind those."""
    first, second, known = restored(place, tmp_path)
    made = [first.report() for _ in range(acts)]
    first.assign(made[-1], "V")
    first.meet()
    second.meet()
    nothing_lost(first, second, [*known, *made])
    assert second.units_of(made[-1]) == ["V"]


def test_what_somebody_does_while_a_seats_own_events_come_back_stands(place: Town, tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    """The act bears a number of one that is on its way from the hub: it is put behind it."""
    first, second, known = restored(place, tmp_path)
    made: list[str] = []
    bodies = HubLink.bodies

    def slowly(self: HubLink, ids: Sequence[str]) -> list[Ordered]:
        found = bodies(self, ids)
        made.append(first.report())
        return found

    monkeypatch.setattr(HubLink, "bodies", slowly)
    first.meet()
    second.meet()
    assert len(made) == 1
    nothing_lost(first, second, [*known, *made])
