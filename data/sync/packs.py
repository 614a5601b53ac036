"""Lists of the city that one seat brings into force or takes back, on the seats that it concerns: in the hub's order.

Their content crosses beside the log, in pieces, without telephone numbers. Shipped lists are every seat's own.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from data.store import pack_force
from data.store.store import Store
from data.store.tables import PACK, PACK_ROW
from data.sync.side_line import PackNews, Side

log = logging.getLogger(__name__)

SHIPPED = "liandong"
"""source of the lists that come with the program"""
LOOK_S = 2.0
PIECE_ROWS = 5_000
BASE_BYTES = 4_000_000
TURN_S = 0.3
"""positions do not wait longer for a list"""
COMING = "coming"
"""status of a pack whose pieces are being fetched: `counts` says how many are here"""
_DIGEST = re.compile(r"[0-9a-f]{64}")
ACTIVE, TAKEN_BACK = "active", "rolled_back"
UNREADABLE = (zlib.error, ValueError, KeyError, TypeError)
"""what a piece that is none may raise"""


class Packs:
    """Hands own lists in, fetches the others', brings them into force and takes them back. Use it from one thread."""

    def __init__(self, store: Store) -> None:
        self._store, self._lists = store, Lists(store)
        self._steady = SystemClock()
        self._at = -LOOK_S
        self._broken: set[str] = set()
        self._sending: tuple[str, list[bytes], int] | None = None

    def turn(self, line: Side) -> None:
        """As much as fits into a moment."""
        now = self._steady.monotonic()
        if self._sending is None and now - self._at < LOOK_S:
            return
        until = now + TURN_S
        self._at = now
        news = [n for n in line.packs() if crosses(n.body)]
        here = self._lists.here()
        for one in news:
            status = here.get(one.pack, "")
            if one.mine and status == ACTIVE and not one.pieces:
                self._hand_in(line, one, until)
            elif one.back is not None and status == ACTIVE:
                self._lists.take_back(one)
            elif one.back is None and status in ("", COMING) and one.pieces and one.pack not in self._broken:
                self._fetch(line, one, until, {n.pack: n.seq for n in news})
            else:
                continue
            if self._steady.monotonic() > until:
                self._at = -LOOK_S
                return

    def _hand_in(self, line: Side, one: PackNews, until: float) -> None:
        if self._sending is None or self._sending[0] != one.pack:
            pieces = self._lists.pieces(one.pack, str(one.body.get("kind")))
            # pieces go in their order: what the hub has are the first ones
            self._sending = one.pack, pieces, one.held if one.held < len(pieces) else 0
        pack, pieces, sent = self._sending
        while sent < len(pieces):
            line.put_pack(pack, sent, len(pieces), pieces[sent])
            sent += 1
            if self._steady.monotonic() > until:
                break
        self._sending = (pack, pieces, sent) if sent < len(pieces) else None

    def _fetch(self, line: Side, one: PackNews, until: float, order: Mapping[str, int]) -> None:
        """The next pieces; with the last one the list comes into force here."""
        have = self._lists.begun(one)
        while have < one.pieces:
            data = line.pack_piece(one.pack, have)
            if data is None:
                return
            try:
                self._lists.keep(one.pack, data, have + 1)
            except UNREADABLE as fault:
                self._broken.add(one.pack)
                log.warning("a list from the hub cannot be read (%s, %s): %s", one.body.get("kind"), one.pack, fault)
                return
            have += 1
            if self._steady.monotonic() > until:
                self._at = -LOOK_S
                return
        try:
            self._lists.bring(one, order)
        except KnownFault as fault:
            self._broken.add(one.pack)
            log.warning("a list from the hub cannot be brought into force (%s, %s): %s", one.body.get("kind"), one.pack,
                        fault)


class Lists:
    """The lists of a store, as they cross: packed into pieces, kept piece by piece, in force in the hub's order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def here(self) -> dict[str, str]:
        """Pack → its status."""
        return {r.id: r.status for r in self._store.read.execute(select(PACK.c.id, PACK.c.status))}

    def pieces(self, pack: str, kind: str) -> list[bytes]:
        """A pack's rows, packed; a base map's bytes behind them. A pack without rows is one empty piece."""
        bare = kind == "units"
        # with the numbers it is another row: a seat that brings the same list in itself gets them
        rows = [(r.key, f"bare {r.digest}" if bare else r.digest, _public(bare, json.loads(r.data)))
                for some in pack_force.chunks(self._store.read, pack) for r in some]
        pieces = [_packed({"rows": rows[at : at + PIECE_ROWS]}) for at in range(0, max(len(rows), 1), PIECE_ROWS)]
        if kind == "base":
            for _, _, row in rows:
                raw = self._store.blobs.get(row["blob"])
                pieces += [_packed({"blob": row["blob"], "at": at, "data": _text(raw[at : at + BASE_BYTES])})
                           for at in range(0, len(raw), BASE_BYTES)]
        return pieces

    def have(self, pack: str) -> int:
        """How many pieces of a list that is coming are here."""
        row = self._store.read.execute(select(PACK.c.counts).where(PACK.c.id == pack)).first()
        return int(json.loads(row.counts).get("pieces", 0)) if row is not None else 0

    def begun(self, one: PackNews) -> int:
        """As `have`; the pack is noted when there is nothing of it yet."""
        if one.pack in self.here():
            return self.have(one.pack)
        with self._transaction() as tx:
            tx.connection.execute(insert(PACK).values(
                id=one.pack, status=COMING, created_at=tx.now_ms, counts=json.dumps({"pieces": 0}),
                **{name: str(one.body.get(name, "")) for name in ("kind", "source", "version", "profile")}))
        return 0

    def keep(self, pack: str, data: bytes, have: int) -> None:
        """Keep a piece; then `have` are here. Raises one of `UNREADABLE`."""
        piece = json.loads(zlib.decompress(data))
        if "blob" in piece:
            part = self._coming(piece["blob"])
            with part.open("r+b" if part.exists() else "w+b") as file:
                file.seek(piece["at"])
                file.write(base64.b64decode(piece["data"]))
        with self._transaction() as tx:
            rows = [{"pack": pack, "key": str(k), "digest": str(d), "before": None,
                     "data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))}
                    for k, d, data in piece.get("rows", ())]
            if rows:
                tx.connection.execute(upsert(PACK_ROW).on_conflict_do_nothing(), rows)
            tx.connection.execute(update(PACK).where(PACK.c.id == pack).values(counts=json.dumps({"pieces": have})))

    def bring(self, one: PackNews, order: Mapping[str, int]) -> None:
        """Bring a list into force of which all pieces are here. Raises `KnownFault`."""
        kind, source = str(one.body.get("kind", "")), str(one.body.get("source", ""))
        if kind == "base":
            self._take_files(one.pack)
        with self._transaction() as tx:
            pack_force.bring(tx, one.pack, kind, source, above=lambda p: self._place(p, order) > one.seq, foreign=True)
            counts = one.body.get("counts")
            tx.connection.execute(update(PACK).where(PACK.c.id == one.pack).values(
                status=ACTIVE, activated_at=tx.now_ms, counts=json.dumps(counts if isinstance(counts, dict) else {})))
            if kind == "base":
                pack_force.write_base_file(self._store, tx.connection)
            tx.mark(pack_force.changes_of(one.pack, kind))
        log.info("a list of another seat is in force here: %s, %s", kind, one.body.get("version"))

    def _coming(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("blob")
        return self._store.folder / f"{digest}.coming"

    def _take_files(self, pack: str) -> None:
        for some in pack_force.chunks(self._store.read, pack):
            for row in some:
                digest = str(json.loads(row.data)["blob"])
                part = self._coming(digest)
                if part.exists():
                    kept = self._store.blobs.put(part.read_bytes())
                    part.unlink()
                    if kept != digest:
                        raise KnownFault(Message("A file from the hub is not what its name says."))

    def _place(self, pack: str, order: Mapping[str, int]) -> float:
        """Place of a pack in the hub's order; one that is not ordered yet comes after all."""
        if pack in order:
            return order[pack]
        found = self._store.read.exec_driver_sql(
            "SELECT hub_seq FROM event WHERE stream = ? AND kind = 'pack.activated'", (f"pack/{pack}",)).first()
        if found is None:
            return 0.0
        return float("inf") if found[0] is None else float(found[0])

    def take_back(self, one: PackNews) -> None:
        """Take a list back that was taken back elsewhere."""
        kind = str(one.body.get("kind", ""))
        with self._transaction() as tx:
            pack_force.take_back(tx, one.pack, kind, foreign=True)
            tx.connection.execute(update(PACK).where(PACK.c.id == one.pack).values(status=TAKEN_BACK,
                                                                                  activated_at=tx.now_ms))
            if kind == "base":
                pack_force.write_base_file(self._store, tx.connection)
            tx.mark(pack_force.changes_of(one.pack, kind))

    def _transaction(self) -> Any:
        return self._store.transaction(screen="sync", actor="system")


def crosses(body: Mapping[str, Any]) -> bool:
    """Whether a list crosses: incidents do as events, shipped ones are every seat's own."""
    return body.get("kind") != "incidents" and body.get("source") != SHIPPED


def _public(bare: bool, raw: dict[str, Any]) -> dict[str, Any]:
    """A row as it may cross: telephone numbers stay where they were brought in, as those of all staff do."""
    return {**raw, "phone": ""} if bare else raw


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _packed(what: Mapping[str, Any]) -> bytes:
    return zlib.compress(json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode(), 1)
