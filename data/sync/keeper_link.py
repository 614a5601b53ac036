"""The line of the seat beside the hub: as its owner it reads all, whatever the centre, and never appends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from app.domain.faults import KnownFault, Message
from app.services.sync_rules import Ordered
from data.sync.address import HubAddress
from data.sync.faults import HubRefusal
from data.sync.link import Appended, HubLink, Welcome
from data.sync.snapshot import BODY, ORDER, PART_ROWS, Body, Offer, pack_bodies, pack_order

ONE_PER_HUB = 4242009
"""advisory lock of the seat beside the hub"""
REFERENCE = "(hub)"
"""under this name its digests stand beside those of the seats; no seat can be called so"""
_LONGEST_ANSWER_S = 300.0
_ROWS = ("SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place, CASE WHEN o.place > 0 THEN "
         "e.content END "
         "FROM hub.ordering o LEFT JOIN hub.event e ON e.id = o.event_id AND e.hash = o.content_hash ")


class KeeperLink(HubLink):
    """Implements `data.sync.link.Hub` with the owner's right."""

    def __init__(self, address: HubAddress, secret: str | None, *, part_rows: int = PART_ROWS) -> None:
        super().__init__(address, secret, answer_s=_LONGEST_ANSWER_S, name="liandong hub run")
        self.part_rows = part_rows

    def lock(self) -> None:
        """Be the only one of this hub, until the line ends. Raises `KnownFault` when another one is."""
        if not self._rows("SELECT pg_try_advisory_lock(%s)", ONE_PER_HUB)[0][0]:
            raise KnownFault(Message("Another program runs beside this hub already (hub run); one is enough."))

    def meta(self) -> dict[str, str]:
        """What the hub says of itself."""
        return dict(self._rows("SELECT key, value FROM hub.meta"))

    def hello(self, seat: str, district: str, centre: str, reached: int) -> Welcome:
        """As for a seat, without being one."""
        meta = self.meta()
        if meta.get("district") != district:
            raise HubRefusal(Message("This is the hub of another district."))
        head, revision, now, chain = self._rows(
            "SELECT h.seq, (SELECT version_num::text FROM hub.alembic_version), clock_timestamp(), CASE WHEN %s = 0 "
            "THEN "
            "repeat('0', 64) ELSE (SELECT o.chain FROM hub.ordering o WHERE o.seq = %s) END FROM hub.head h",
            reached, reached)[0]
        return Welcome(meta["epoch"], head, chain, "00", "", revision, now, 0)

    def append(self, ids: Sequence[str], contents: Sequence[str]) -> Appended:
        """It has nothing to say itself."""
        raise HubRefusal(Message("The hub gives this role no right: it is no seat's."))

    def pull(self, after: int, most: int) -> list[Ordered]:
        """Rows with all bodies; it stops at digest points and where a snapshot may lie."""
        upto = (after // self.part_rows + 1) * self.part_rows
        rows = [Ordered(*r) for r in self._rows(
            _ROWS + "WHERE o.seq > %s AND o.seq <= least(%s, (SELECT min(p.seq) FROM hub.point p WHERE p.seq > %s AND "
            "p.at > clock_timestamp() - interval '3 minutes')) ORDER BY o.seq LIMIT %s", after, upto, after, most)]
        if rows:
            self._rows("SELECT hub.kept()")
        return rows

    def bodies(self, ids: Sequence[str]) -> list[Ordered]:
        """Bodies by event id."""
        return [Ordered(*r) for r in self._rows(_ROWS + "WHERE o.event_id = ANY(%s::text[]) AND o.place > 0 "
                                                "ORDER BY o.seq", list(ids))]

    def stream_bodies(self, streams: Sequence[str], upto: int) -> list[Ordered]:
        """All bodies of streams up to a sequence."""
        return [Ordered(*r) for r in self._rows(_ROWS + "WHERE e.stream = ANY(%s::text[]) AND o.seq <= %s AND "
                                                        "o.place > 0 "
                                                "ORDER BY o.seq", list(streams), upto)]

    def chain_at(self, seqs: Iterable[int]) -> dict[int, str]:
        """The chain values at sequences."""
        return dict(self._rows("SELECT seq, chain FROM hub.ordering WHERE seq = ANY(%s::bigint[])", list(seqs)))

    def head(self) -> int:
        """The last sequence of the order."""
        return int(self._rows("SELECT seq FROM hub.head")[0][0])

    def beat(self, reached: int, unsent: int, skew_ms: int) -> tuple[int, datetime, str]:
        """It is no centre's presence: only the answer."""
        row = self._rows("SELECT h.seq, clock_timestamp(), (SELECT value FROM hub.meta WHERE key = 'epoch') FROM "
                         "hub.head h"
                         )[0]
        return row[0], row[1], row[2]

    def nudge(self) -> bool:
        """Nothing is owed."""
        return True

    def presence(self) -> list[tuple[str, str, int, float | None]]:
        """Nobody looks at a screen here."""
        return []

    def make_point(self, every_s: float) -> bool:
        """Set a digest point unless one was set lately."""
        return bool(self._rows("SELECT hub.set_point(%s)", every_s)[0][0])

    def points(self, after: int) -> list[int]:
        """Digest points from a sequence on."""
        return [r[0] for r in self._rows("SELECT seq FROM hub.point WHERE seq >= %s ORDER BY seq LIMIT 100", after)]

    def centres(self) -> list[tuple[str, str]]:
        """(centre, path of its area) of all."""
        return [(r[0], r[1]) for r in self._rows("SELECT code, prefix FROM hub.centre ORDER BY code")]

    def directory(self) -> list[tuple[str, str, int, str | None, str]]:
        """(centre, name, level, centre above, path of its area) of all."""
        return [(r[0], r[1], r[2], r[3], r[4]) for r in self._rows(
            "SELECT code, name, level, parent, prefix FROM hub.centre ORDER BY level, code")]

    def compare(self, seq: int, rows: Sequence[tuple[str, int, str]]) -> list[tuple[str, int, int]]:
        """Publish reference digests; how many seats agree and differ by centre."""
        names, counts, digests = ([r[i] for r in rows] for i in range(3))
        self._rows("INSERT INTO hub.digest AS d (seq, seat, centre, rows, digest) SELECT %s, %s, n.c, n.r, n.d FROM "
                   "unnest(%s::text[], %s::int[], %s::text[]) AS n(c, r, d) ON CONFLICT (seq, seat, centre) DO UPDATE "
                   "SET rows = excluded.rows, digest = excluded.digest, at = clock_timestamp()",
                   seq, REFERENCE, names, counts, digests)
        return [tuple(r) for r in self._rows(
            "SELECT n.c, (count(*) FILTER (WHERE d.digest = n.d))::int, (count(*) FILTER (WHERE d.digest <> n.d))::int "
            "FROM unnest(%s::text[], %s::text[]) AS n(c, d) LEFT JOIN hub.digest d ON d.seq = %s AND d.centre = n.c "
            "AND "
            "d.seat <> %s GROUP BY n.c", names, digests, seq, REFERENCE)]

    def differing(self) -> list[tuple[int, str]]:
        """(point, centre) of late where a seat's digest is not the reference."""
        return [(r[0], r[1]) for r in self._rows("SELECT * FROM hub.differing_from(%s)", REFERENCE)]

    def digests_at(self, seq: int, centre: str) -> list[tuple[bool, str]]:
        """(the reference, digest as it was handed in) of a centre at a point."""
        return [(r[0], r[1]) for r in self._rows("SELECT d.seat = %s, d.digest FROM hub.digest d WHERE d.seq = %s AND "
                                                 "d.centre = %s", REFERENCE, seq, centre)]

    def diverged(self, seq: int, centre: str, repaired: bool) -> None:
        """Have a divergence recorded."""
        self._rows("INSERT INTO hub.divergence (seat, seq, centre, repaired) VALUES (%s, %s, left(%s, 100), %s)",
            REFERENCE,
                   seq, centre, repaired)

    # -- its own start: straight from the tables, folded here ----------------------------------------------------------

    def offer(self, no: int | None = None) -> Offer | None:
        """The order up to the last whole part, without folded rows."""
        seq = self.head() // self.part_rows * self.part_rows
        if seq == 0:
            return None
        return Offer(0, seq, self.chain_at([seq])[seq], self.part_rows, 0, "", {})

    def part(self, no: int, kind: str, number: int, piece: int) -> bytes | None:
        """A part straight from the tables."""
        first = number * self.part_rows
        if kind == ORDER:
            return self.order_part(first, first + self.part_rows)
        if kind == BODY:
            if piece == 0:
                self._pieces = list(pack_bodies(self.body_rows(first, first + self.part_rows)))
            return self._pieces[piece] if piece < len(self._pieces) else None
        return None

    _pieces: Sequence[bytes] = ()

    def order_part(self, after: int, upto: int) -> bytes:
        """The order after a sequence up to another, packed."""
        return pack_order(self._rows("SELECT event_id, verdict, content_hash FROM hub.ordering WHERE seq > %s AND "
                                     "seq <= %s "
                                     "ORDER BY seq", after, upto))

    def body_rows(self, after: int, upto: int, centre: str | None = None) -> Iterator[Body]:
        """The bodies after a sequence up to another; of those that a centre's seats may see when one is named."""
        words = ("SELECT o.seq, e.stream, e.kind, e.seat, e.seat_no, e.content FROM hub.ordering o JOIN hub.event e ON "
                 "e.id = o.event_id AND e.hash = o.content_hash {} WHERE o.seq > %s AND o.seq <= %s AND o.place > 0 {} "
                 "ORDER BY o.seq")
        if centre is None:
            rows = self._rows(words.format("", ""), after, upto)
        else:
            rows = self._rows(words.format(_SEEN_BY, "AND hub.may_see(m.seat, c.prefix, e.stream, e.centre, e.kind)"),
                              centre, after, upto)
        for seq, stream, kind, seat, seat_no, content in rows:
            yield Body(seq, stream, kind, seat, seat_no, json.loads(content)["occurred_at"], content)

    def visible(self, centre: str) -> frozenset[str]:
        """The streams that a centre's seats may see whatever centre an event of them is of."""
        return frozenset(r[0] for r in self._rows(
            f"SELECT s.stream FROM hub.stream s {_SEEN_BY} WHERE hub.may_see(m.seat, c.prefix, s.stream, '')", centre))

    def parts_with(self, streams: Iterable[str], upto: int) -> list[int]:
        """Numbers of the parts in which events of streams lie."""
        return [r[0] for r in self._rows(
            "SELECT DISTINCT ((o.seq - 1) / %s)::int FROM hub.event e JOIN hub.ordering o ON o.event_id = e.id AND "
            "o.content_hash = e.hash WHERE e.stream = ANY(%s::text[]) AND o.seq <= %s ORDER BY 1", self.part_rows,
            list(streams), upto)]

    def run(self, words: str, *arguments: object) -> list[Any]:
        """Any statement, as the owner."""
        return self._rows(words, *arguments)


_SEEN_BY = ("CROSS JOIN LATERAL (SELECT s0 AS seat, s0.centre FROM hub.seat s0 WHERE s0.centre = %s AND "
            "s0.revoked_at IS NULL LIMIT 1) m JOIN hub.centre c ON c.code = m.centre")
