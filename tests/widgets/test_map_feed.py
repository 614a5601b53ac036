"""What feeds the map: readings that fail are made again."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.domain.faults import KnownFault, Message
from app.services.changes import Changes
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.room_stage import settle, stage, until
from widgets.bridge import Bridge, Fault
from widgets.map.view import MapView
from widgets.screens.map_feed import MapFeed


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(open_=30, ended=0, units=5, cameras=4, components=10)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat) as made:
        yield made


@pytest.fixture
def fed(bridge: Bridge) -> Iterator[Callable[[list[Fault | None]], MapFeed]]:
    feeds: list[tuple[MapFeed, MapView]] = []

    def make(told: list[Fault | None]) -> MapFeed:
        view = MapView()
        view.resize(QSize(400, 300))
        feed = MapFeed(bridge, view, on_fault=told.append)
        feeds.append((feed, view))
        feed.start()
        settle(bridge)
        return feed

    yield make
    for feed, view in feeds:
        feed.stop()
        view.tiles.process.stop()
        view.deleteLater()


@pytest.mark.parametrize("by", ["itself", "trouble"])
def test_a_map_whose_first_reading_failed_is_filled_later(bridge: Bridge, seat: FakeSeat,
                                                            fed: Callable[[list[Fault | None]], MapFeed],
                                                            by: str) -> None:
    read, broken = seat.queue, [True]

    def queue(ids=None, *, ended=False):  # type: ignore[no-untyped-def]
        if broken[0]:
            raise KnownFault(Message("The store is locked"))
        return read(ids, ended=ended)

    seat.queue = queue  # type: ignore[method-assign]
    told: list[Fault | None] = []
    feed = fed(told)
    assert not feed.incidents.ids
    assert len(told) == 1
    broken[0] = False
    if by == "trouble":
        feed._timers["again"].stop()
        bridge.trouble.emit(None)
    assert until(lambda: len(feed.incidents.ids) == 30)
    assert told[1:] == [None], "that it can be read again is told once"


def test_who_is_too_far_behind_reads_the_whole_map_again(bridge: Bridge, seat: FakeSeat,
                                                            fed: Callable[[list[Fault | None]], MapFeed]) -> None:
    feed = fed([])
    del seat.rows[feed.incidents.ids[0]]
    bridge.changed.emit(Changes(incidents=frozenset({"*"})))
    assert until(lambda: len(feed.incidents.ids) == 29)
