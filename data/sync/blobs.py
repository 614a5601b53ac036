"""Photos and files between seats and the hub: in chunks, resumable, checked by their names, slow enough for events."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.faults import KnownFault, why_of
from app.domain.limits import to_ms
from app.ports import Clock
from app.services.changes import Changes
from data.store import wants
from data.store.store import Store
from data.store.tables import BLOB
from data.store.transaction import Transaction
from data.sync.side_line import BlobInfo, Side

log = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024
USUAL_KB_PER_S = 256
"""2 Mbit/s: a photo of 1 MB takes 4 s and a line of 10 Mbit/s keeps most of its width"""
RATE = "blob_kb_per_s"
"""meta key: the limit in kB/s, both ways together"""
LEAST_EVERY_S = 5.0
"""while events wait, files hold still but for one chunk in this time"""
BATCH = 200


class Blobs:
    """Moves files within a limit of bytes a second. Use it from one thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._allowed = 0.0
        self._at = clock.monotonic()
        self._moved_at = 0.0
        self._going: tuple[str, bytes, set[int]] | None = None
        """the file that is being sent: digest, content, chunks the hub has"""
        self._told = False

    def turn(self, line: Side, *, busy: bool) -> int:
        """Move what the limit allows now; `busy`: events are waiting. Returns the bytes moved."""
        now = self._clock.monotonic()
        rate = int(self._store.read_meta(RATE) or USUAL_KB_PER_S) * 1000
        self._allowed = min(self._allowed + (now - self._at) * rate, max(rate, CHUNK_BYTES))
        self._at = now
        if busy:
            self._allowed = CHUNK_BYTES if now - self._moved_at >= LEAST_EVERY_S else 0.0
        done = 0
        self._ask(line)
        while self._allowed >= CHUNK_BYTES:
            # both ways in turn, so that neither starves
            moved = self._push(line) + (self._pull(line) if self._allowed >= CHUNK_BYTES else 0)
            if moved == 0:
                break
            done += moved
        if done:
            self._moved_at = now
        return done

    # -- to the hub

    def _push(self, line: Side) -> int:
        """One chunk of the smallest file that is owed."""
        if self._going is None:
            self._going = self._next(line)
        if self._going is None:
            return 0
        digest, data, held = self._going
        lacking = [n for n in chunk_numbers(len(data)) if n not in held]
        no = lacking[0] if lacking else 0
        part = data[no * CHUNK_BYTES : (no + 1) * CHUNK_BYTES]
        whole = line.blob_put(digest, no, part, len(lacking) <= 1)
        held.add(no)
        self._allowed -= len(part)
        if whole or len(lacking) <= 1:
            # a file that did not make up its name there is announced and sent anew
            self._going = None
        if whole:
            mark_sent(self._store, digest)
        return max(len(part), 1)

    def _next(self, line: Side) -> tuple[str, bytes, set[int]] | None:
        for row in self._store.read.exec_driver_sql(
                "SELECT digest, mime FROM blob WHERE sent = 0 ORDER BY size, digest LIMIT 20").all():
            try:
                data = self._store.blobs.get(row.digest)
            except KnownFault:
                # damaged or gone here: another seat may have it, this one has nothing to send
                mark_sent(self._store, row.digest)
                continue
            except OSError as fault:
                # it lies here and may be read another time: the others go on
                if not self._told:
                    self._told = True
                    log.warning("a file cannot be read and is not sent: %s", why_of(fault))
                continue
            held, whole = line.blob_begin(BlobInfo(row.digest, row.mime, len(data), False))
            if not whole:
                return row.digest, data, set(held)
            mark_sent(self._store, row.digest)
        return None

    # -- from the hub

    def _ask(self, line: Side) -> None:
        """How large the wanted files are, and whether the hub has them."""
        now = to_ms(self._clock.now())
        due = wants.due(self._store.read, wants.BLOB, now, BATCH)
        if not due:
            return
        infos = {i.digest: i for i in line.blob_info([(key, event) for key, event, _ in due])}
        with self._store.transaction(screen="sync", actor="system") as tx:
            wants.later(tx.connection, wants.BLOB, [(k, tries) for k, _, tries in due], now)
            note_sizes(tx, list(infos.values()))

    def _pull(self, line: Side) -> int:
        """One chunk of the smallest wanted file that the hub has."""
        row = self._store.read.exec_driver_sql(
            "SELECT \"key\", event, size FROM want WHERE what = 'blob' AND there = 1 ORDER BY size, \"key\" LIMIT 1"
        ).first()
        if row is None:
            return 0
        digest, event, size = row
        part = self._store.blobs.part(digest)
        start = min(part.stat().st_size if part.exists() else 0, size)
        data = line.blob_get(digest, event, start, CHUNK_BYTES) if start < size else b""
        if data is None or (start < size and not data):
            self._put_off(digest)
            return 0
        self._allowed -= len(data)
        self._store.blobs.add(digest, start, data)
        if start + len(data) >= size and not self._finish(digest, size):
            self._put_off(digest)
        return max(len(data), 1)

    def _put_off(self, digest: str) -> None:
        with self._store.transaction(screen="sync", actor="system") as tx:
            wants.later(tx.connection, wants.BLOB, [(digest, 2)], to_ms(self._clock.now()))

    def _finish(self, digest: str, size: int) -> bool:
        if not self._store.blobs.finish(digest):
            return False
        with self._store.transaction(screen="sync", actor="system") as tx:
            came(tx, digest, "", size)
        return True


def chunk_numbers(size: int) -> range:
    """Numbers of the chunks of a file; an empty one has one."""
    return range(max(1, -(-size // CHUNK_BYTES)))


def mark_sent(store: Store, digest: str) -> None:
    """The hub has it."""
    with store.transaction(screen="sync", actor="system") as tx:
        tx.connection.exec_driver_sql("UPDATE blob SET sent = 1 WHERE digest = ? AND sent = 0", (digest,))


def note_sizes(tx: Transaction, infos: Sequence[BlobInfo]) -> None:
    """Keep what the hub told of wanted files; screens say how large what is not here yet is."""
    for info in infos:
        tx.connection.exec_driver_sql("UPDATE want SET size = ?, there = ? WHERE what = 'blob' AND \"key\" = ?",
                                      (info.size, int(info.whole), info.digest))
    tx.mark(Changes(incidents=wants.incidents(tx.connection, wants.BLOB, [i.digest for i in infos])))


def came(tx: Transaction, digest: str, mime: str, size: int) -> None:
    """A file lies on disk, whole: note it, and what shows it."""
    tx.connection.execute(upsert(BLOB).values(digest=digest, mime=mime[:100], size=size, created_at=tx.now_ms, sent=2)
                          .on_conflict_do_nothing())
    tx.mark(Changes(incidents=wants.incidents(tx.connection, wants.BLOB, [digest])))
    wants.drop(tx.connection, wants.BLOB, [digest])
