"""A seat that no line reaches: it exchanges by files with a hub on a real PostgreSQL."""
from __future__ import annotations

import json
from pathlib import Path

from app.clock import SystemClock
from data.store import audit
from data.store.store import Founding, Store
from data.sync import admin, exchange, ferry, parcel
from data.sync.digest import digests
from data.sync.keys import own_key, public_text
from data.sync.seat_sync import SeatSync
from data.sync.side_line import SideLine
from tests.fakes.hub_town import DISTRICT, Town, TownSeat


class FarSeat(TownSeat):
    """A seat that no line reaches; it acts like any other."""

    def __init__(self, place: Town, name: str = "far", centre: str = "c") -> None:
        self.name, self.clock, self.folder = name, SystemClock(), place.folder / name
        self.address, self.secret = admin.add_seat(place.address, place.server.SECRET, name, centre)
        Store.create(self.folder, Founding(DISTRICT, "D", centre, centre, "drill"), self.clock).close()
        self.gate = place.folder / "gate"
        self.store = Store(self.folder, self.clock)
        exchange.join(self.store, name, public_text(own_key(self.gate)))
        admin.set_exchange_key(place.address, place.server.SECRET, name, public_text(own_key(self.folder)))
        self.sync = SeatSync(Store(self.folder, self.clock), self.clock)
        self.link = self.runner = self.side = None
        self.mail = place.folder / f"mail-{name}"
        self.mail.mkdir()
        place.far.append(self)

    def out(self, **options: int) -> list[Path]:
        return exchange.export(self.store, self.clock, self.mail, **options)

    def bring(self, path: Path) -> exchange.TakenIn:
        """Take a file of this seat in at the hub's side."""
        with SideLine(self.address, self.secret) as line:
            return ferry.import_file(line, self.gate, parcel.read(path))

    def fetch(self, **options: int) -> list[Path]:
        with SideLine(self.address, self.secret) as line:
            return ferry.export(line, self.clock, self.gate, self.name, self.mail, **options)

    def take(self, path: Path) -> exchange.TakenIn:
        return exchange.import_file(self.store, self.clock, path)

    def round(self) -> None:
        """There and back without a loss."""
        for path in self.out():
            self.bring(path)
        for path in self.fetch():
            self.take(path)


def same(*seats: TownSeat) -> None:
    for seat in seats:
        seat.store.head.write()
        assert audit.verify(seat.store).faults == ()
    assert len({json.dumps([digests(s.store, [""])[0], str(digests(s.store, [""])[1])]) for s in seats}) == 1
    assert all(s.picture() == seats[0].picture() for s in seats)
