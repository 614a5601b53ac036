"""A seat that was off for very long goes on from a snapshot: nothing lost, own unsent acts on top, makers told."""
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.events import NewEvent
from data.store import backup as backups
from data.store.seat_store import StoreReads
from data.sync import address as addresses
from data.sync import starting
from data.sync.faults import HubTrouble
from data.sync.hub_run import HubRun
from tests.fakes.hub_town import Town, TownSeat
from tests.fakes.postgres import Postgres, running
from tests.integration.test_hub_snapshots import Cut, beside, busy, log_of, once, place, whole  # noqa: F401  fixtures

FAR = 100


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "JUMP_ROWS", FAR)


class Counting:
    """A hub's line that counts what is asked of it."""

    def __init__(self, link: Any) -> None:
        self.link, self.calls = link, dict[str, int]()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] = self.calls.get(name, 0) + 1
        return getattr(self.link, name)


def away(place: Town, beside: HubRun, who: str = "c") -> tuple[TownSeat, TownSeat, list[str], dict[str, str]]:  # noqa: F811
    """A seat that works on alone while 300 and more rows are ordered without it; what it did by a name."""
    a, b = place.seat("a"), place.seat("b", who)
    keys = busy(a, 12)
    b.meet()
    b.hang_up()
    mine = {
        "note": b.act(keys[1], "noted", note="of b"),
        "late": b.act(keys[3], "held", reason="of b, overtaken"),
        "duty": b.do(NewEvent("unit/u-b", "unit.on_duty", {}, b.now()))[0],
        "own": b.report(area="g", area_path="a/b/"),
    }
    b.assign(mine["own"], "u-own")
    # of these the hub got some before the line broke, their places never came back
    link = b.dial_only()
    rows = b.store.read.exec_driver_sql("SELECT e.id, e.content FROM outbox o JOIN event e ON e.seq = o.seq ORDER BY "
                                        "o.seq LIMIT 1").all()
    link.append([r[0] for r in rows], [r[1] for r in rows])
    b.hang_up()
    a.act(keys[3], "corrected", place="of a")
    more = busy(a, 80)
    a.act(keys[1], "noted", note="of a")
    a.meet()
    once(beside)
    return a, b, [*keys, *more], mine


def test_a_seat_that_was_off_for_long_goes_on_from_a_snapshot(place: Town, beside: HubRun) -> None:  # noqa: F811
    a, b, keys, mine = away(place, beside)
    head, before = place.head(), b.reached
    assert head - before > FAR
    line = Counting(b.dial_only())
    welcome = b.sync.begin(line)  # type: ignore[arg-type]
    assert line.calls["part"] > 4
    assert line.calls.get("pull", 0) <= 1, "only to the next whole part"
    assert b.reached == place.run("SELECT max(seq) FROM hub.snapshot")[0][0] > before + FAR
    assert welcome.head == head
    assert b.unsent == 5
    assert StoreReads(b.store.read).conflicts(None) == [], "what is not ordered yet may still stand"
    assert b.state(mine["own"])["assignments"][0][0] == "u-own", "own unsent acts lie on top"
    assert b.state(keys[1])["events"] == 5, "3 by then, own one ordered meanwhile"
    b.meet()
    a.meet()
    b.pull()
    assert b.unsent == 0
    assert log_of(a) == log_of(b)
    assert a.picture() == b.picture()
    ids = {r[0] for r in b.store.read.exec_driver_sql("SELECT id FROM event WHERE hub_seq IS NOT NULL")}
    assert {mine["note"], mine["late"], mine["duty"]} <= ids
    assert [c[0].id for c in StoreReads(b.store.read).conflicts("b")] == [mine["late"]]
    whole(b)


def test_what_was_ordered_meanwhile_is_told_to_its_maker_after_the_jump(place: Town, beside: HubRun,  # noqa: F811
                                                                        expected_logs: object) -> None:
    a, b, keys, mine = away(place, beside)
    # the overtaken act too had been ordered before the line broke
    link = b.dial_only()
    a.act(keys[3], "corrected", place="again")
    a.meet()
    rows = b.store.read.exec_driver_sql("SELECT e.id, e.content FROM outbox o JOIN event e ON e.seq = o.seq ORDER BY "
                                        "o.seq").all()
    assert link.append([r[0] for r in rows], [r[1] for r in rows]).verdicts[mine["late"]] == "overtaken"
    busy(a, 60)
    once(beside)
    b.dial()
    assert b.unsent == 0
    assert [c[0].id for c in StoreReads(b.store.read).conflicts("b")] == [mine["late"]]
    a.meet()
    assert a.picture() == b.picture()
    whole(b)


def test_a_jump_that_is_cut_anywhere_goes_on_there(place: Town, beside: HubRun) -> None:  # noqa: F811
    a, b, _, mine = away(place, beside)
    cuts = 0
    for calls in range(1, 60):
        line = b.dial_only()
        try:
            b.sync.begin(Cut(line, calls % 4))  # type: ignore[arg-type]
            break
        except HubTrouble:
            cuts += 1
            b.act(mine["own"], "noted", note=f"between {calls}")
        finally:
            b.hang_up()
    assert cuts > 3
    b.meet()
    a.meet()
    assert log_of(a) == log_of(b)
    assert a.picture() == b.picture()
    whole(b)


def test_what_came_into_the_area_meanwhile_comes_with_its_past(place: Town, beside: HubRun) -> None:  # noqa: F811
    a, b, keys, _ = away(place, beside, "s")
    moved = keys[0]
    assert not b.store.read.exec_driver_sql("SELECT 1 FROM incident WHERE id = ?", (moved,)).first()
    a.act(moved, "passed_down", **{"to": "s", "to_name": "S", "from": "c", "from_name": "C"})
    a.meet()
    busy(a, 60)
    once(beside)
    b.meet()
    a.meet()
    b.pull()
    assert b.state(moved) == a.state(moved)
    assert len(StoreReads(b.store.read).events(f"incident/{moved}")) == a.state(moved)["events"]
    whole(b)


@pytest.mark.parametrize("acts", [0, 12])
def test_a_store_from_an_old_backup_jumps_and_gets_its_own_lost_acts_back(
        place: Town, beside: HubRun, tmp_path: Path, acts: int, expected_logs: object) -> None:  # noqa: F811
    """What it did since its restore bears numbers of acts that lie in the midst of what it jumps over."""
    expected_logs.allow("this store is older|acts made since this store was restored")  # type: ignore[attr-defined]
    a, b = place.seat("a"), place.seat("b")
    old = b.report()
    b.meet()
    backups.make(b.folder, tmp_path / "backup")
    busy(a, 40)
    lost = b.report()
    b.assign(lost, "U")
    b.meet()
    busy(a, 80)
    once(beside)
    b.close()
    shutil.rmtree(b.folder)
    backups.restore(tmp_path / "backup", b.folder, b.clock)
    addresses.write_secret_file(b.folder / addresses.SECRET_FILE, b.secret)
    b.open()
    made = [b.report() for _ in range(acts)]
    line = Counting(b.dial_only())
    b.sync.begin(line)  # type: ignore[arg-type]
    assert line.calls["part"] > 4
    b.hang_up()
    b.meet()
    a.meet()
    b.pull()
    assert b.unsent == 0
    for key in (old, lost, *made):
        assert b.state(key) == a.state(key)
    assert log_of(a) == log_of(b)
    assert a.picture() == b.picture()
    whole(b)
