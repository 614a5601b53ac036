"""The store as the services see it: queries, local writes, transactions, blobs."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.limits import to_ms
from app.ports import Transaction as TransactionPort
from app.services.changes import Changes
from data.store.camera_masks import MaskReads
from data.store.conflicts import ConflictReads
from data.store.duties import DutyReads
from data.store.handovers import HandoverReads
from data.store.local import LocalWrites
from data.store.pack_force import BASE_MAP_FILE
from data.store.reads_incidents import IncidentReads
from data.store.reads_reference import ReferenceReads
from data.store.reads_sync import SyncReads
from data.store.store import Store
from data.store.tables import BLOB
from data.store.whistles import WhistleReads


class StoreReads(IncidentReads, ReferenceReads, SyncReads, ConflictReads, WhistleReads, DutyReads, HandoverReads,
                 MaskReads):
    """All queries over one reading connection."""

    def __init__(self, connection: Connection) -> None:
        IncidentReads.__init__(self, connection)
        ReferenceReads.__init__(self, connection)
        SyncReads.__init__(self, connection)

    def seq(self) -> int:
        """Local sequence of the last event."""
        return int(self._connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM event").scalar_one())


class SqliteSeatStore:
    """Implements `app.ports.SeatStore`."""

    def __init__(self, store: Store, actor: str, screen: str) -> None:
        self.store = store
        self.meta = store.meta
        self.reads = StoreReads(store.read)
        self.local = LocalWrites(lambda: store.transaction(screen=screen, actor=actor))
        self._folder: Path = store.folder

    def transaction(self, *, screen: str, actor: str) -> AbstractContextManager[TransactionPort]:
        """All or nothing."""
        return self.store.transaction(screen=screen, actor=actor)

    def poll(self) -> Changes | None:
        """What was committed since the last call; None: reload everything."""
        return self.store.poll()

    def get_blob(self, digest: str) -> bytes:
        """A file by its digest."""
        return self.store.blobs.get(digest)

    def put_blob(self, data: bytes, mime: str) -> str:
        """Keep a file: first its bytes, then the row that says so."""
        digest = self.store.blobs.put(data)
        with self.store.transaction(screen="", actor="") as tx:
            tx.connection.execute(
                upsert(BLOB)
                .values(
                    digest=digest,
                    mime=mime[:100],
                    size=len(data),
                    created_at=to_ms(self.store.clock.now()),
                )
                .on_conflict_do_nothing()
            )
        return digest

    def base_map(self) -> str | None:
        """Path of the vector base map, when one was brought in."""
        path = self._folder / BASE_MAP_FILE
        return str(path) if path.exists() else None

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()
