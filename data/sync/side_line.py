"""A seat's second line to the hub, for what crosses beside the event log. Use it from one thread."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from data.sync.address import HubAddress
from data.sync.link import HubLink

SIDE_NAME = "liandong seat beside"


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a unit is: degrees, ms since 1970, degrees from north; `path`: of the area that the unit belongs to."""

    unit: str
    lon: float
    lat: float
    at: int
    heading: float | None
    path: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Personal data as it crosses. `data`: JSON text; erased ones come without."""

    id: str
    role: str
    data: str
    created_at: int
    erased: bool = False


@dataclass(frozen=True, slots=True)
class PackNews:
    """A list that was brought into force somewhere and concerns this seat. `body`: of the event that says so; `seq`:
    its place in the hub's order; `back`: where it was taken back, None: nowhere. `pieces` 0: the hub lacks
    some, it has `held`."""

    pack: str
    body: Mapping[str, Any]
    seq: int
    back: int | None
    mine: bool
    pieces: int
    held: int


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """A file that the hub knows. `whole`: all of it is there."""

    digest: str
    mime: str
    size: int
    whole: bool


class Side(Protocol):
    """What the side channels need of a hub. All calls raise `HubTrouble` when it cannot be used."""

    def put_positions(self, live: bool, fixes: Sequence[Fix]) -> int: ...
    def positions(self, after: int) -> tuple[list[Fix], int]: ...
    def tracks(self, bucket: int, unit: str, most: int) -> list[tuple[str, int, float, float, int]]: ...
    def prune_tracks(self, now_ms: int) -> int: ...
    def put_persons(self, rows: Sequence[PersonRow]) -> int: ...
    def persons(self, wanted: Sequence[tuple[str, str]]) -> list[PersonRow]: ...
    def packs(self) -> list[PackNews]: ...
    def put_pack(self, pack: str, piece: int, pieces: int, data: bytes) -> None: ...
    def pack_piece(self, pack: str, piece: int) -> bytes | None: ...
    def blob_begin(self, info: BlobInfo) -> tuple[frozenset[int], bool]: ...
    def blob_put(self, digest: str, no: int, data: bytes, last: bool) -> bool: ...
    def blob_info(self, wanted: Sequence[tuple[str, str]]) -> list[BlobInfo]: ...
    def blob_get(self, digest: str, event: str, start: int, most: int) -> bytes | None: ...


class SideLine(HubLink):
    """Implements `Side` over PostgreSQL; knows the hub's other functions too."""

    def __init__(self, address: HubAddress, secret: str | None, *, answer_s: float = 20.0, name: str = SIDE_NAME
                 ) -> None:
        """Connect; wake-ups are not listened to. Raises `HubTrouble`."""
        super().__init__(address, secret, answer_s=answer_s, name=name)
        try:
            self._rows("UNLISTEN *")
        except BaseException:
            self.close()
            raise

    def put_positions(self, live: bool, fixes: Sequence[Fix]) -> int:
        """Hand in positions; returns how many were newer than what the hub had."""
        columns = [[getattr(f, name) for f in fixes] for name in ("unit", "lon", "lat", "at", "heading", "path")]
        return int(self._rows("SELECT hub.put_positions(%s, %s::text[], %s::float8[], %s::float8[], %s::bigint[], "
                              "%s::float8[], %s::text[])", live, *columns)[0][0])

    def positions(self, after: int) -> tuple[list[Fix], int]:
        """Others' positions that changed after a number, of what this seat may see; and the number to go on from."""
        rows = self._rows("SELECT * FROM hub.positions(%s)", after)
        return [Fix(*r[:5]) for r in rows], max((r[5] for r in rows), default=after)

    def tracks(self, bucket: int, unit: str, most: int) -> list[tuple[str, int, float, float, int]]:
        """Sampled points (unit, ms, lon, lat, bucket) after (bucket, unit), in that order."""
        return [tuple(r) for r in self._rows("SELECT * FROM hub.tracks(%s, %s, %s)", bucket, unit, most)]

    def tracks_since(self, no: int, most: int) -> list[tuple[str, int, float, float, int]]:
        """Sampled points (unit, ms, lon, lat, number) that the hub got after a number, in that order."""
        return [tuple(r) for r in self._rows("SELECT * FROM hub.tracks_since(%s, %s)", no, most)]

    def tracks_head(self) -> int:
        """The number of the last point that the hub got."""
        return int(self._rows("SELECT hub.tracks_head()")[0][0])

    def prune_tracks(self, now_ms: int) -> int:
        """Have points dropped that are older than the hub keeps them; returns how many."""
        return int(self._rows("SELECT hub.prune_tracks(%s)", now_ms)[0][0])

    def put_persons(self, rows: Sequence[PersonRow]) -> int:
        """Hand in personal data; what was erased is not taken. Returns how many were new."""
        columns = [[getattr(r, name) for r in rows] for name in ("id", "role", "data", "created_at")]
        return int(self._rows("SELECT hub.put_persons(%s::text[], %s::text[], %s::text[], %s::bigint[])",
                              *columns)[0][0])

    def persons(self, wanted: Sequence[tuple[str, str]]) -> list[PersonRow]:
        """Those of (person, event that names it) which this seat may have, and which of them were erased."""
        return [PersonRow(*r) for r in self._rows("SELECT * FROM hub.persons(%s::text[], %s::text[])",
                                                  [w[0] for w in wanted], [w[1] for w in wanted])]

    def packs(self) -> list[PackNews]:
        """The lists that concern this seat, in the hub's order."""
        return [PackNews(pack, json.loads(body) or {}, *rest)
                for pack, body, *rest in self._rows("SELECT * FROM hub.packs()")]

    def put_pack(self, pack: str, piece: int, pieces: int, data: bytes) -> None:
        """Hand in a piece of a list that this seat brought into force."""
        self._rows("SELECT hub.put_pack(%s, %s, %s, %s)", pack, piece, pieces, data)

    def pack_piece(self, pack: str, piece: int) -> bytes | None:
        """A piece of a list; None: it is not there, or not for this seat."""
        found = self._rows("SELECT hub.pack_piece(%s, %s)", pack, piece, binary=True)[0][0]
        return bytes(found) if found is not None else None

    def blob_begin(self, info: BlobInfo) -> tuple[frozenset[int], bool]:
        """Announce a file; which of its chunks the hub has already, and whether it has all."""
        row = self._rows("SELECT * FROM hub.blob_begin(%s, %s, %s)", info.digest, info.mime, info.size)[0]
        return frozenset(row[0]), bool(row[1])

    def blob_put(self, digest: str, no: int, data: bytes, last: bool) -> bool:
        """Hand in a chunk; with the `last` one the hub checks the whole against its name. True: it is whole."""
        return bool(self._rows("SELECT hub.blob_put(%s, %s, %s, %s)", digest, no, data, last)[0][0])

    def blob_info(self, wanted: Sequence[tuple[str, str]]) -> list[BlobInfo]:
        """Those of (digest, event that names it) which the hub knows and this seat may have."""
        return [BlobInfo(*r) for r in self._rows("SELECT * FROM hub.blob_info(%s::text[], %s::text[])",
                                                 [w[0] for w in wanted], [w[1] for w in wanted])]

    def blob_get(self, digest: str, event: str, start: int, most: int) -> bytes | None:
        """Bytes of a file from `start`, at most to the end of a chunk; None: not there, or not for this seat."""
        found = self._rows("SELECT hub.blob_get(%s, %s, %s, %s)", digest, event, start, most)[0][0]
        return bytes(found) if found is not None else None

    def own_head(self) -> tuple[int, str]:
        """(number, hash) of the last event that the hub has of this seat; (0, "") when none."""
        rows = self._rows("SELECT * FROM hub.own_head()")
        return (int(rows[0][0]), str(rows[0][1])) if rows else (0, "")

    def answered(self, ids: Sequence[str]) -> set[str]:
        """Those that the hub has ordered, whatever the verdict."""
        return {r[0] for r in self._rows("SELECT * FROM hub.answered(%s::text[])", list(ids))}

    def exchange_state(self) -> tuple[str, str, int, int, str] | None:
        """(seat's name, its public key, last file that came, last that went, what it said of itself); None: by line."""
        rows = self._rows("SELECT * FROM hub.exchange_state()")
        return tuple(rows[0]) if rows else None

    def exchange_put(self, came: int, went: int, state: str, made_ms: int, reached: int) -> None:
        """Note a file that was taken in: its number, the last that the seat got, what the seat said of itself."""
        self._rows("SELECT hub.exchange_put(%s, %s, %s, %s, %s)", came, went, state, made_ms, reached)

    def exchange_goes(self) -> int:
        """The number of the next file to the seat."""
        return int(self._rows("SELECT hub.exchange_goes()")[0][0])
