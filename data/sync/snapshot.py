"""Parts of a snapshot as bytes: rows of the hub's order, bodies, folded rows. Pure: to bytes and back, checked.

An order part holds no chain: who reads it reckons the chain and compares it with the hub's at the end. A body part
holds
no hash: who reads it reckons the hash and compares it with the order's. So a part that was changed cannot pass.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.domain.faults import KnownFault, Message
from app.services.sync_rules import OK, link

PART_ROWS = 10_000
"""rows of the hub's order in one part; a snapshot lies at a whole number of parts"""
PIECE_BYTES = 8_000_000
"""a part is cut into pieces of about this size before packing"""
_LEVEL = 1
ORDER, BODY, FOLD = "order", "body", "fold"


class PartBroken(KnownFault):
    """A part of a snapshot is not what the hub's order says: the seat starts without the snapshot."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A snapshot as the hub offers it. `form`: version of the folded rows; `digests`: centre → (rows, digest)."""

    no: int
    seq: int
    chain: str
    part_rows: int
    folds: int
    form: str
    digests: Mapping[str, tuple[int, str]]

    @property
    def parts(self) -> int:
        """Parts of the order up to the snapshot."""
        return self.seq // self.part_rows


@dataclass(frozen=True, slots=True)
class Body:
    """An event as it is stored; its hash and verdict come from the order."""

    seq: int
    stream: str
    kind: str
    seat: str
    seat_no: int
    occurred_at: int
    content: str


OrderRow = tuple[int, str, str, str, str]
"""(seq, event id, verdict, hash, chain)"""


def pack_order(rows: Sequence[tuple[str, str, str]]) -> bytes:
    """(event id, verdict, hash) of consecutive rows."""
    odd = {i: verdict for i, (_, verdict, _) in enumerate(rows) if verdict != OK}
    head = json.dumps({"ids": [r[0] for r in rows], "odd": odd}, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(len(head).to_bytes(4, "big") + head + bytes.fromhex("".join(r[2] for r in rows)), _LEVEL)


def read_order(data: bytes, after: int, chain: str) -> list[OrderRow]:
    """The rows after a sequence, their chain reckoned. Raises `PartBroken` for what is no such part."""
    try:
        raw = zlib.decompress(data)
        start = 4 + int.from_bytes(raw[:4], "big")
        head = json.loads(raw[4:start])
        ids, odd, hashes = head["ids"], head["odd"], raw[start:].hex()
        if len(hashes) != 64 * len(ids):
            raise ValueError("hashes")
        rows: list[OrderRow] = []
        for i, event_id in enumerate(ids):
            seq, verdict, digest = after + i + 1, odd.get(str(i), OK) if odd else OK, hashes[64 * i : 64 * i + 64]
            chain = link(chain, seq, event_id, verdict, digest)
            rows.append((seq, event_id, verdict, digest, chain))
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise broken() from fault
    return rows


def broken() -> PartBroken:
    """The fault of a part that is not what it should be."""
    return PartBroken(Message("The hub's snapshot is damaged; this seat starts from the first event instead."))


def pack_bodies(bodies: Iterable[Body]) -> Iterator[bytes]:
    """Pieces with all bodies of one part, in the hub's order."""
    batch: list[Body] = []
    texts: list[bytes] = []
    size = 0
    for one in bodies:
        raw = one.content.encode()
        if batch and size + len(raw) > PIECE_BYTES:
            yield _piece(batch, texts)
            batch, texts, size = [], [], 0
        batch.append(one)
        texts.append(raw)
        size += len(raw)
    if batch:
        yield _piece(batch, texts)


def _piece(batch: Sequence[Body], texts: Sequence[bytes]) -> bytes:
    head: dict[str, Any] = {"seq": [b.seq for b in batch], "no": [b.seat_no for b in batch],
                            "at": [b.occurred_at for b in batch], "size": [len(t) for t in texts]}
    for name in ("stream", "kind", "seat"):
        words = list(dict.fromkeys(getattr(b, name) for b in batch))
        places = {word: i for i, word in enumerate(words)}
        head[f"{name}s"], head[name] = words, [places[getattr(b, name)] for b in batch]
    top = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(b"".join((len(top).to_bytes(4, "big"), top, *texts)), _LEVEL)


EventRow = tuple[str, str, str, str, int, int, str, str, int, str]
"""(id, stream, kind, seat, seat_no, occurred_at, hash, content, hub_seq, verdict)"""


def read_bodies(data: bytes, order: Sequence[OrderRow]) -> list[EventRow]:
    """Events of a piece, each with the hash that the order gives it. `order`: the rows of the same part.
    Raises `PartBroken` for a body that is not the one that was ordered."""
    try:
        raw = zlib.decompress(data)
        at = 4 + int.from_bytes(raw[:4], "big")
        head = json.loads(raw[4:at])
        streams, kinds, seats = head["streams"], head["kinds"], head["seats"]
        first = order[0][0]
        rows: list[EventRow] = []
        for seq, no, when, size, stream, kind, seat in zip(head["seq"], head["no"], head["at"], head["size"],
                                                          head["stream"], head["kind"], head["seat"], strict=True):
            body = raw[at : at + size]
            at += size
            place = order[seq - first]
            if sha256(body).hexdigest() != place[3] or seq != place[0]:
                raise ValueError("hash")
            rows.append((place[1], streams[stream], kinds[kind], seats[seat], no, when, place[3], body.decode(), seq,
                         place[2]))
    except (zlib.error, ValueError, KeyError, TypeError, IndexError, AttributeError) as fault:
        raise broken() from fault
    return rows


def pack_fold(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Folded rows of one table."""
    return zlib.compress(json.dumps([table, list(columns), [list(r) for r in rows]], ensure_ascii=False,
                                    separators=(",", ":")).encode(), _LEVEL)


def read_fold(data: bytes) -> tuple[str, tuple[str, ...], list[list[Any]]]:
    """(table, columns, rows) of a piece. Raises `PartBroken`."""
    try:
        table, columns, rows = json.loads(zlib.decompress(data))
        if not isinstance(table, str) or any(len(r) != len(columns) for r in rows):
            raise ValueError("shape")
    except (zlib.error, ValueError, TypeError) as fault:
        raise broken() from fault
    return table, tuple(columns), rows
