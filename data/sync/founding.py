"""A new seat's store, founded from its hub: nobody types the district or the centre, the lists in force come along."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.faults import KnownFault, Message
from data.store.lists import Piece
from data.store.store import Founding
from data.sync.address import HubAddress
from data.sync.link import HubLink
from data.sync.snapshot import pack_fold, read_fold


def publish(address: HubAddress, secret: str | None, pieces: Iterable[Piece], *, nature: str, timezone: str) -> int:
    """Put the lists of the city on the hub for seats to come, in place of what was there; returns the rows."""
    rows = 0
    from data.sync.admin import keeper  # Alembic comes with it: a desk's start does without

    with keeper(address, secret) as c, c.transaction():
        for key, value in (("nature", nature), ("timezone", timezone)):
            c.execute("INSERT INTO hub.meta VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                      (key, value))
        c.execute("DELETE FROM hub.list_piece")
        for no, (name, columns, some) in enumerate(pieces):
            c.execute("INSERT INTO hub.list_piece VALUES (%s, %s)", (no, pack_fold(name, columns, some)))
            rows += len(some)
    return rows


def fetch(link: HubLink) -> tuple[Founding, list[Piece]]:
    """What this seat's store is founded with, and the lists. Raises `HubTrouble`."""
    district, name, centre, centre_name, nature, timezone, count = link.founding()
    pieces = []
    for no in range(count):
        data = link.list_piece(no)
        if data is None:
            raise KnownFault(Message("The lists on the hub are just being replaced; try again."))
        pieces.append(read_fold(data))
    return Founding(district, name, centre, centre_name or centre, nature, timezone), pieces
