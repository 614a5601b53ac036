"""A standby is promoted while seats work: they go on over an address of two hosts, and lose nothing that they had."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.sync import address as addresses
from data.sync import admin
from data.sync.audit import verify_chain
from data.sync.faults import HubTrouble
from data.sync.link import HubLink
from tests.fakes import standby as standbys
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Postgres, Postgres]]:
    """A primary and its streaming standby."""
    standbys.needs_basebackup()
    with running() as primary:
        standby = standbys.follow(primary, primary.folder.parent / "standby")
        try:
            yield primary, standby
        finally:
            standby.stop()


def at_both(address: addresses.HubAddress, one: Postgres, two: Postgres) -> addresses.HubAddress:
    """The same hub, on either of two hosts."""
    return addresses.parse_address(f"postgresql://{address.user}@127.0.0.1:{one.port},127.0.0.1:{two.port}/"
                                   f"{address.database}")


def work(seat: TownSeat, ended: threading.Event, acks: list[str]) -> None:
    while not ended.wait(0.02):
        acks.append(seat.report())


def level(place: Town, server: Postgres, within_s: float = 60.0) -> int:
    """Wait until all seats hold the head of the hub on a server; returns it."""
    until = time.monotonic() + within_s
    while True:
        with server.connect(place.address.database) as c:
            row = c.execute("SELECT seq FROM hub.head").fetchone()
        assert row is not None
        if all(s.unsent == 0 and s.reached == row[0] for s in place.seats):
            return int(row[0])
        assert time.monotonic() < until, [(s.name, s.unsent, s.reached, row[0]) for s in place.seats]
        time.sleep(0.05)


@pytest.mark.parametrize("lacking", [False, True], ids=["caught up", "standby lacks rows"])
def test_seats_go_on_over_a_promoted_standby(lacking: bool, pair: tuple[Postgres, Postgres], tmp_path: Path,
                                             figure: Callable[[str], None], expected_logs: object) -> None:
    expected_logs.allow("off the hub|restored or failed over|older than what the hub has")  # type: ignore[attr-defined]
    primary, standby = pair
    with town(primary, tmp_path / "town") as place:
        seats = [place.seat(n) for n in ("a", "b", "c")]
        standbys.caught_up(primary, standby)
        for one in seats:
            one.address = at_both(one.address, primary, standby)
            one.start()
        with pytest.raises(HubTrouble, match="read-only"):
            HubLink(addresses.HubAddress(seats[0].address.url.replace(f"127.0.0.1:{primary.port},", "")
                                         + "?target_session_attrs=read-write"), seats[0].secret)
        ended = threading.Event()
        acks: list[list[str]] = [[] for _ in seats]
        writers = [threading.Thread(target=work, args=(s, ended, k)) for s, k in zip(seats, acks, strict=True)]
        for writer in writers:
            writer.start()
        time.sleep(1.5)
        if lacking:
            # the standby hears nothing of what comes now
            standby.stop()
            before = max(s.reached for s in seats)
            until = time.monotonic() + 20
            while min(s.reached for s in seats) < before + 60:
                assert time.monotonic() < until
                time.sleep(0.05)
        else:
            standbys.caught_up(primary, standby)
        standbys.kill(primary)
        held = max(s.reached for s in seats)
        time.sleep(1.0)
        if lacking:
            standby.start()
        began = time.monotonic()
        standbys.promote(standby)
        unsent = [s.unsent for s in seats]
        while not any(s.unsent == 0 for s in seats) and time.monotonic() - began < 60:
            time.sleep(0.02)
        back_s = time.monotonic() - began
        ended.set()
        for writer in writers:
            writer.join()
        head = level(place, standby)
        made = {key for keys in acks for key in keys}
        for one in seats:
            shown = {r[0] for r in one.store.read.exec_driver_sql("SELECT id FROM incident")}
            assert shown == made, "every act of every seat is on every seat"
        assert all(s.picture() == seats[0].picture() for s in seats)
        other = addresses.parse_address(standby.url(place.address.database))
        assert verify_chain(other, standby.SECRET) == (head, [])
        rewound = sum(1 for s in seats if s.store.read.exec_driver_sql("SELECT 1 FROM sync WHERE key = "
                                                                       "'rewound'").first())
        if lacking:
            assert rewound >= 1, "who held rows that the standby lacked went back to the common point"
        assert admin.standing(other, standby.SECRET).seq == head
        for one in seats:
            one.stop()
        figure(f"failover ({'standby lacked rows' if lacking else 'standby caught up'}): {sum(unsent)} acts made "
               f"meanwhile, "
               f"sent {back_s:.1f} s after the promotion; {len(made)} incidents on all seats, lost 0, {held} held "
               f"before, "
               f"{rewound} of 3 seats rewound")
