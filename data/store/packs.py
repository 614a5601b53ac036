"""Packs: imported lists in versions. Staged in chunks, brought into force by one event, rolled back as a whole."""

from __future__ import annotations

import dataclasses
import gc
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import NewEvent, uuid7
from app.domain.faults import KnownFault, Message
from app.intake.histories import Lists
from app.intake.records import (
    AreaRecord,
    IncidentHistory,
    Record,
)
from app.intake.sink import PackCounts
from data.store import pack_force, pack_tables, placing
from data.store.past import PastIncidents
from data.store.store import Store
from data.store.tables import AREA, PACK, PACK_ROW, REF
from data.store.transaction import Transaction

STAGING, ACTIVATING, PLAYING = "staging", "activating", "playing"
"""status of a pack that is not in force yet: being read; being put into force; that at the pace of a replay"""
_UNDER_WAY = (ACTIVATING, PLAYING)
_HISTORY_CHUNK = 500


class PackSink:
    """Implements `app.intake.sink.ImportSink` over a store. `under_way`: status of a pack that it puts into force."""

    under_way = ACTIVATING

    def __init__(
        self,
        store: Store,
        lists: Lists,
        *,
        actor: str,
        screen: str = "import",
        progress: Callable[[str, int, int], None] | None = None,
        tell: Callable[[Message], None] | None = None,
    ) -> None:
        self._store = store
        self.lists = lists
        self.past = PastIncidents(store, lists)
        self._actor = actor
        self._screen = screen
        self._progress = progress or (lambda _what, _done, _all: None)
        self._tell = tell or (lambda _message: None)

    def _transaction(self) -> Any:
        return self._store.transaction(screen=self._screen, actor=self._actor)

    def begin_pack(self, kind: str, source: str, version: str, profile: str) -> str:
        """Open a staging version; returns its id."""
        with self._transaction() as tx:
            pack = uuid7(tx.now_ms)
            tx.connection.execute(
                insert(PACK).values(
                    id=pack,
                    kind=kind,
                    source=source,
                    version=version,
                    profile=profile,
                    status=STAGING,
                    created_at=tx.now_ms,
                    counts="{}",
                )
            )
        return pack

    def known_digests(self, kind: str, source: str) -> Mapping[str, str]:
        """key → digest of everything in force of this kind from this source."""
        return {
            r.key: r.digest
            for r in self._store.read.execute(
                select(REF.c.key, REF.c.digest).where(REF.c.kind == kind, REF.c.source == source)
            )
        }

    def areas(self) -> Sequence[AreaRecord]:
        """The areas in force with their geometries."""
        return [
            AreaRecord(
                r.id,
                r.code,
                r.name,
                r.level,
                r.level_name,
                r.parent,
                r.wkb,
                bool(r.dedicated),
                r.households,
                r.merchants,
            )
            for r in self._store.read.execute(select(AREA))
        ]

    def write_rows(self, pack: str, rows: Sequence[Record]) -> None:
        """Stage rows."""
        self._stage(pack, rows)

    def append_histories(self, pack: str, rows: Sequence[IncidentHistory]) -> None:
        """Stage past incidents."""
        self._stage(pack, rows)

    def write_base(self, pack: str, key: str, data: bytes, digest: str) -> None:
        """Stage a base map: its bytes as a blob, its row with the blob's name."""
        blob = self._store.blobs.put(data)
        with self._transaction() as tx:
            tx.connection.execute(
                upsert(PACK_ROW).values(
                    pack=pack, key=key, digest=digest, before=None, data=json.dumps({"key": key, "blob": blob})
                )
            )

    def _stage(self, pack: str, rows: Sequence[Any]) -> None:
        if not rows:
            return
        with self._transaction() as tx:
            statement = upsert(PACK_ROW)
            tx.connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["pack", "key"],
                    set_={"digest": statement.excluded.digest, "data": statement.excluded.data},
                ),
                [
                    {"pack": pack, "key": r.key, "digest": r.digest, "before": None, "data": pack_tables.dump(r)}
                    for r in rows
                ],
            )

    def activate(self, pack: str, counts: PackCounts) -> int:
        """Bring the staged rows into force. One that was interrupted is finished by `finish_interrupted`.

        Returns how many incidents got another area by it. Raises `KnownFault` for a pack that is
        staged no longer: its rows may not be whole.
        """
        with self._transaction() as tx:
            marked = tx.connection.execute(
                update(PACK)
                .where(PACK.c.id == pack, PACK.c.status == STAGING)
                .values(status=self.under_way, counts=json.dumps(dataclasses.asdict(counts), default=dict))
            )
            if marked.rowcount != 1:
                raise KnownFault(Message("Another program has dropped what was read of this list. Nothing of it is in "
                                         "force; bring it in again."))
        return self._finish(pack)

    def abandon(self, pack: str) -> None:
        """Drop the staged rows. A pack that is in force in part stays as it is and can go on, or be taken back."""
        with self._transaction() as tx:
            status = tx.connection.execute(select(PACK.c.status).where(PACK.c.id == pack)).scalar_one()
            in_force = tx.connection.execute(select(REF.c.key).where(REF.c.pack == pack).limit(1)).first() is not None
            if status == STAGING or (status in _UNDER_WAY and not in_force):
                tx.connection.execute(delete(PACK_ROW).where(PACK_ROW.c.pack == pack))
                tx.connection.execute(update(PACK).where(PACK.c.id == pack).values(status="abandoned"))
        if status == ACTIVATING and in_force:
            self._tell(Message("It was stopped while it was put into force: a part is in force. The next import goes "
                               "on with it; pack rollback {pack} takes it back.", {"pack": pack}))

    def finish_interrupted(self) -> int:
        """Carry on what was interrupted: a pack that was being put into force is finished, a staged one is dropped.

        Only for one who holds the store (`Store.hold_for_import`): else another program may be at work on them.
        """
        rows = self._store.read.execute(
            select(PACK.c.id, PACK.c.status, PACK.c.kind, PACK.c.source)
            .where(PACK.c.status.in_((STAGING, self.under_way)))
            .order_by(PACK.c.created_at)
        ).all()
        for row in rows:
            what = {"kind": row.kind, "source": row.source}
            if row.status == STAGING:
                self.abandon(row.id)
                self._tell(Message("An import of {kind} from {source} was interrupted before any of it was in force; "
                                   "it was dropped.", what))
            else:
                self._tell(Message("An import of {kind} from {source} was interrupted; it goes on now.", what))
                self._finish(row.id)
        if self._store.read_meta(placing.DUE_KEY):
            self.place()
        return len(rows)

    def placeable(self, areas: Sequence[AreaRecord]) -> int:
        """How many incidents would get another area if these came into force."""
        there = placing.in_force(self._store)
        after = {a.key: placing.Area(a.name, a.level, a.parent_key, a.geometry) for a in areas}
        return len(placing.moves(self._store, {**there, **after}, after.keys() - there.keys()))

    def place(self) -> int:
        """Give incidents that lie in no area in force the one that holds them; carries on where a kill interrupted it.
        Returns how many were placed."""
        pack = self._store.read_meta(placing.DUE_KEY)
        fresh = self._store.read.execute(
            select(PACK_ROW.c.key).join(PACK, PACK.c.id == PACK_ROW.c.pack)
            .where(PACK.c.id == pack, PACK.c.status == "active", PACK_ROW.c.before.is_(None))).scalars().all()
        moves = placing.moves(self._store, placing.in_force(self._store), frozenset(fresh))
        count = placing.place(self._store, moves, actor=self._actor, screen=self._screen,
                              progress=lambda done, all_: self._progress("incidents", done, all_))
        if pack:
            self._store.set_meta(placing.DUE_KEY, "")
        return count

    def _finish(self, pack: str) -> int:
        row = self._store.read.execute(select(PACK).where(PACK.c.id == pack)).one()
        self.lists.forget()
        if row.kind == "incidents":
            # a hundred thousand short-lived dicts: the cyclic collector would walk them over and over
            collecting = gc.isenabled()
            gc.disable()
            try:
                self._activate_histories(pack, row.source)
            finally:
                if collecting:
                    gc.enable()
        with self._transaction() as tx:
            if row.kind != "incidents":
                self._bring_into_force(tx, pack, row.kind, row.source)
            tx.append(
                NewEvent(
                    f"pack/{pack}",
                    "pack.activated",
                    {
                        "kind": row.kind,
                        "source": row.source,
                        "version": row.version,
                        "profile": row.profile,
                        "counts": json.loads(row.counts),
                    },
                    tx.now_ms,
                )
            )
            tx.connection.execute(update(PACK).where(PACK.c.id == pack).values(status="active", activated_at=tx.now_ms))
            tx.mark(pack_force.changes_of(pack, row.kind))
            if row.kind == "base":
                self._write_base_file(tx.connection)
        return self.place() if row.kind == "areas" else 0

    def _write_base_file(self, connection: Connection) -> None:
        pack_force.write_base_file(self._store, connection)

    def _bring_into_force(self, tx: Transaction, pack: str, kind: str, source: str) -> None:
        pack_force.bring(tx, pack, kind, source)

    def _activate_histories(self, pack: str, source: str) -> None:
        total = self._store.read.execute(
            select(func.count()).select_from(PACK_ROW).where(PACK_ROW.c.pack == pack)
        ).scalar_one()
        done, last = 0, ""
        while True:
            rows = self._store.read.execute(
                select(PACK_ROW)
                .where(PACK_ROW.c.pack == pack, PACK_ROW.c.key > last)
                .order_by(PACK_ROW.c.key)
                .limit(_HISTORY_CHUNK)
            ).all()
            if not rows:
                return
            with self._transaction() as tx:
                self._append(tx, pack, source, rows)
            last = rows[-1].key
            done += len(rows)
            self._progress("incidents", done, total)

    def _append(self, tx: Transaction, pack: str, source: str, rows: Sequence[Any]) -> None:
        self.past.append(tx, pack, source, rows)

    def roll_back(self, pack: str) -> int:
        """Take a pack back: each of its rows that is still in force gives way to the one it replaced, or goes.

        Incidents that it brought first are withdrawn by events, never deleted. Returns how many rows changed. Raises
        `KnownFault` for an unknown pack or one that is not in force.
        """
        row = self._store.read.execute(select(PACK).where(PACK.c.id == pack)).first()
        if row is None or row.status not in ("active", *_UNDER_WAY):
            raise KnownFault(Message("There is no pack {pack} in force.", {"pack": pack[:60]}))
        with self._transaction() as tx:
            keys = [
                r.key
                for r in tx.connection.execute(select(REF.c.key).where(REF.c.kind == row.kind, REF.c.pack == pack))
            ]
            if row.kind == "incidents":
                self.past.take_back(tx, pack, keys)
                placing.note_due(tx, pack)
            else:
                pack_force.take_back(tx, pack, row.kind)
            tx.append(NewEvent(f"pack/{pack}", "pack.rolled_back", {"kind": row.kind, "rows": len(keys)}, tx.now_ms))
            tx.connection.execute(
                update(PACK).where(PACK.c.id == pack).values(status="rolled_back", activated_at=tx.now_ms)
            )
            tx.mark(pack_force.changes_of(pack, row.kind))
            if row.kind == "base":
                self._write_base_file(tx.connection)
        if row.kind in ("areas", "incidents"):
            self.place()
        return len(keys)



def list_packs(store: Store) -> list[dict[str, object]]:
    """All packs that were ever begun, oldest first."""
    return [{"id": r.id, "kind": r.kind, "source": r.source, "version": r.version, "status": r.status,
             "counts": json.loads(r.counts)} for r in store.read.execute(select(PACK).order_by(PACK.c.created_at))]
