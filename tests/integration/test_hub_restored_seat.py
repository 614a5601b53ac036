"""A seat whose store came back from a backup, on its hub: its own events come back, what it does meanwhile stands."""
from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from app.domain.events import NewEvent, uuid7
from app.services.sync_rules import Ordered
from data.store import audit, rebuild
from data.store import backup as backups
from data.store.tables import COUNTER
from data.sync import address as addresses
from data.sync import admin
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
    back(first, tmp_path)
    return first, second, [old, lost]


def back(seat: TownSeat, tmp_path: Path) -> None:
    """The seat's store is what the backup holds."""
    seat.close()
    shutil.rmtree(seat.folder)
    backups.restore(tmp_path / "backup", seat.folder, seat.clock)
    addresses.write_secret_file(seat.folder / addresses.SECRET_FILE, seat.secret)
    seat.open()


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


def test_only_what_it_lost_is_asked_for(place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the bodies of all that other centres ever did, which it may not see anyway."""
    for code in ("s", "t"):
        admin.put_centre(place.address, place.server.SECRET, code, "Street", level=1, parent="c", prefix=f"a/{code}/")
    first, other = place.seat("a", "s"), place.seat("o", "t")
    for _ in range(5):
        other.report()
    other.meet()
    first.report()
    first.meet()
    backups.make(first.folder, tmp_path / "backup")
    lost = first.report()
    first.meet()
    back(first, tmp_path)
    asked: list[str] = []
    bodies = HubLink.bodies

    def heard(self: HubLink, ids: Sequence[str]) -> list[Ordered]:
        asked.extend(ids)
        return bodies(self, ids)

    monkeypatch.setattr(HubLink, "bodies", heard)
    first.meet()
    assert first.state(lost)["number"] == lost[:8]
    own = first.store.read.exec_driver_sql("SELECT id FROM event WHERE stream = ?", (f"incident/{lost}",)).scalars()
    assert sorted(asked) == sorted(own)


def numbered(seat: TownSeat) -> list[str]:
    """Numbers of an incident, a hand-over and a whistle, as the use cases give them."""
    day, given = f"{seat.clock.now().astimezone(ZoneInfo('Asia/Shanghai')):%Y%m%d}", []
    for mark, family, kind in (("", "incident", "reported"), ("j", "handover", "written"), ("w", "whistle", "blown")):
        with seat.store.transaction(screen="desk", actor="x") as tx:
            number, key = f"{day}-01-{mark.upper()}{tx.next_number(day + mark):04d}", uuid7(seat.now())
            tx.append(NewEvent(f"{family}/{key}", f"{family}.{kind}", {"id": key, "number": number}, seat.now()))
        given.append(number)
    return given


def lost_numbers(seat: TownSeat, tmp_path: Path) -> list[str]:
    """Those that a seat has given since its backup; its store is the backup's now."""
    numbered(seat)
    seat.meet()
    backups.make(seat.folder, tmp_path / "backup")
    lost = [n for _ in range(3) for n in numbered(seat)]
    seat.meet()
    back(seat, tmp_path)
    return lost


def test_a_restored_seat_gives_no_number_again_though_it_has_not_heard_of_it(place: Town, tmp_path: Path) -> None:
    first = place.seat("a")
    lost = lost_numbers(first, tmp_path)
    made = numbered(first)
    assert not set(made) & set(lost)
    first.meet()
    made += numbered(first)
    assert len({*made, *lost}) == len(made) + len(lost)


def test_numbers_that_come_back_are_not_given_again(place: Town, tmp_path: Path) -> None:
    """Also where somebody put an old copy of the folder in place by hand: its counters are behind."""
    first = place.seat("a")
    lost = lost_numbers(first, tmp_path)
    with first.store.transaction(screen="desk", actor="x") as tx:
        tx.connection.execute(update(COUNTER).values(value=1))
    first.meet()
    assert [n[-4:] for n in numbered(first)] == ["0005"] * 3
    assert lost[-1][-4:] == "0004"
