"""A seat's store: one folder, one SQLite file, blobs beside it. Opens it, gives transactions, tells of changes."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from filelock import FileLock, Timeout
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError, OperationalError

from app.domain.events import uuid7
from app.domain.faults import KnownFault, Message, why_of
from app.domain.limits import to_ms
from app.ports import Clock
from app.services.changes import Changes
from data.store import camera_masks, migrate, refolding
from data.store.blobs import Blobs
from data.store.engine import BUSY_TIMEOUT_S, make_engine
from data.store.head import HeadFile
from data.store.tables import CHANGE, EVENT, META
from data.store.transaction import Identity, Transaction, load_changes

STORE_FILE = "store.sqlite"
IMPORT_LOCK = "import.lock"
KEPT_CHANGES = 5_000
"""change notes kept for other processes of the seat; one that is further behind reloads everything"""


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new store is founded with."""

    district: str
    district_name: str
    centre: str
    centre_name: str
    nature: str = "live"
    timezone: str = "Asia/Shanghai"
    seat_code: str = "01"


LEAST_FREE_BYTES = 2 * 1024 * 1024
"""below this a write is tried before anybody's act fails"""
_FULL = Message(
    "The disk is full: this act was not kept, all earlier ones are. "
    "Make room on the disk of the data folder; work goes on by itself."
)


class DiskFull(KnownFault):
    """Nothing can be written at the moment; nothing that was acknowledged is lost."""


class Store:
    """Use from one thread. `transaction()` writes; `read` answers from the last commit."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Open the store in `folder`. Raises `KnownFault` when there is none, or it cannot be used."""
        self.folder = folder
        self.clock = clock
        path = folder / STORE_FILE
        if folder.is_file():
            raise KnownFault(Message("{folder} is a file; --data names a folder.", {"folder": folder}))
        if not path.exists():
            raise KnownFault(
                Message(
                    "There is no store in {folder}. Build one with: main.py init, or main.py demo.", {"folder": folder}
                )
            )
        check_folder(folder)
        migrate.prepare(path)
        try:
            self._writer_engine = make_engine(path, writer=True)
            self._reader_engine = make_engine(path, writer=False, fault_of=lambda fault: _known(fault, path))
            self._writer = self._writer_engine.connect()
            self.read = self._reader_engine.connect()
            self.meta = {r.key: r.value for r in self.read.execute(select(META))}
        except DatabaseError as fault:
            raise _known(fault, path) from fault
        if "seat_code" not in self.meta:
            self.read.close()
            self._writer.close()
            raise KnownFault(Message("The store in {folder} was never quite founded. Found it again with: "
                                     "main.py init, or main.py demo; there is nothing in it.", {"folder": folder}))
        self.identity = Identity(
            self.meta["district"], self.meta["centre"], self.meta["seat"], self.meta["seat_code"], self.meta["nature"]
        )
        self.blobs = Blobs(folder / "blobs")
        self.head = HeadFile(folder)
        self._check_head()
        self.full = False
        self._import_lock = FileLock(folder / IMPORT_LOCK, thread_local=False)
        self._data_version = -1
        self._cursor = self.read.exec_driver_sql("SELECT coalesce(max(no), 0) FROM change").scalar_one()
        if camera_masks.owed(self.read):
            with self.transaction(screen="upgrade", actor="system") as tx:
                camera_masks.carry_over(tx)
        if refolding.NOTE in self.meta:
            with self.transaction(screen="upgrade", actor="system") as tx:
                refolding.carry_out(tx)
            del self.meta[refolding.NOTE]

    @classmethod
    def create(cls, folder: Path, founding: Founding, clock: Clock) -> Store:
        """Found a store in `folder`, or open the one that is there."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise KnownFault(
                Message(
                    "The data folder {folder} cannot be made: {why}",
                    {"folder": folder, "why": why_of(fault)},
                )
            ) from fault
        path = folder / STORE_FILE
        if not path.exists():
            check_folder(folder)
            migrate.prepare(path)
        connection = sqlite3.connect(path, timeout=15)
        try:
            rows = {
                "district": founding.district,
                "district_name": founding.district_name,
                "centre": founding.centre,
                "centre_name": founding.centre_name,
                "nature": founding.nature,
                "timezone": founding.timezone,
                "seat": uuid7(to_ms(clock.now())),
                "seat_code": founding.seat_code,
            }
            with connection:
                connection.executemany("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", rows.items())
        except sqlite3.DatabaseError as fault:
            raise _known(fault, path) from fault
        finally:
            connection.close()
        return cls(folder, clock)

    def set_meta(self, key: str, value: str) -> None:
        """Set a value of the store itself (clock anchors, drill state); other processes see it at their next open."""
        try:
            with self._writer.begin():
                self._writer.execute(
                    upsert(META)
                    .values(key=key, value=value)
                    .on_conflict_do_update(index_elements=["key"], set_={"value": value})
                )
        except DatabaseError as fault:
            self._roll_back()
            raise _known(fault, self.folder / STORE_FILE) from fault
        self.meta[key] = value

    def read_meta(self, key: str) -> str | None:
        """A value of the store itself as it is now."""
        return self.read.execute(select(META.c.value).where(META.c.key == key)).scalar_one_or_none()

    def last_received(self) -> datetime:
        """When the youngest event was written, by the store's own clock; a store without any: now."""
        last = self.read.execute(select(EVENT.c.received_at).order_by(EVENT.c.seq.desc()).limit(1)).scalar_one_or_none()
        return self.clock.now() if last is None else datetime.fromtimestamp(last / 1000, UTC)

    @contextlib.contextmanager
    def transaction(
        self, *, screen: str, actor: str, note: Callable[[Changes], None] | None = None, durable: bool = True
    ) -> Iterator[Transaction]:
        """Everything in the block is committed together when it ends, or nothing is. Yields the `Transaction`.

        `note` gets the changes after the commit. `durable` False: a power cut may take it back as a whole, with what
        came after it only if that was not durable either; for what another machine has and gives again. Raises
        `DiskFull` when the disk is full: then nothing was changed.
        """
        tx: Transaction | None = None
        if not durable:
            self._synchronous("NORMAL")
        try:
            with self._writer.begin():
                tx = Transaction(
                    self._writer,
                    self.identity,
                    screen=screen,
                    actor=actor,
                    now_ms=to_ms(self.clock.now()),
                    # asked anew: the seat may have been joined by another program since this one opened the store
                    owed=self._writer.execute(select(META.c.key).where(META.c.key == "hub")).first() is not None,
                )
                yield tx
                changed = tx.flush()
        except (OperationalError, DatabaseError) as fault:
            self._roll_back()
            known = _known(fault, self.folder / STORE_FILE)
            self.full = self.full or isinstance(known, DiskFull)
            raise known from fault
        finally:
            if not durable:
                self._synchronous("FULL")
        self.head.remember(*tx.head)
        if note is not None:
            note(changed)

    def _synchronous(self, level: str) -> None:
        raw: object = self._writer.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute(f"PRAGMA synchronous={level}")

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error, DatabaseError):
            if self._writer.in_transaction():
                self._writer.rollback()
            raw: object = self._writer.connection.dbapi_connection
            if isinstance(raw, sqlite3.Connection) and raw.in_transaction:
                raw.rollback()

    def poll_version(self) -> bool:
        """Whether anybody committed anything since the last call. Not to be mixed with `poll` on one store."""
        version = self.read.exec_driver_sql("PRAGMA data_version").scalar_one()
        changed, self._data_version = version != self._data_version, version
        return bool(changed)

    def poll(self) -> Changes | None:
        """What was committed since the last call, by anybody. None: too far behind, reload everything."""
        version = self.read.exec_driver_sql("PRAGMA data_version").scalar_one()
        if version == self._data_version:
            return Changes()
        self._data_version = version
        rows = self.read.execute(
            select(CHANGE.c.no, CHANGE.c.what).where(CHANGE.c.no > self._cursor).order_by(CHANGE.c.no)
        ).all()
        if not rows:
            return Changes()
        behind = rows[0].no - self._cursor > 1
        self._cursor = rows[-1].no
        if behind:
            return None
        merged = Changes()
        for row in rows:
            merged = merged.merged(load_changes(row.what))
        return merged

    def tidy(self) -> None:
        """Drop change notes that every living process has read; another time when somebody is writing just now."""
        self._wait_at_most(0.02)
        try:
            with self._writer.begin():
                self._writer.exec_driver_sql(
                    f"DELETE FROM change WHERE no < (SELECT max(no) FROM change) - {KEPT_CHANGES}")
        except DatabaseError:
            self._roll_back()
        finally:
            self._wait_at_most(BUSY_TIMEOUT_S)

    def _wait_at_most(self, seconds: float) -> None:
        raw: object = self._writer.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")

    def disk_free_again(self) -> bool:
        """Whether a small write goes through."""
        try:
            with self._writer.begin():
                self._writer.execute(
                    upsert(META)
                    .values(key="probe", value="1")
                    .on_conflict_do_update(index_elements=["key"], set_={"value": "1"})
                )
        except DatabaseError:
            self._roll_back()
            return False
        self.full = False
        return True

    def demand_room(self) -> None:
        """Raise `DiskFull` when the disk is full or about to be; a store that was full is tried again."""
        if self.full or shutil.disk_usage(self.folder).free < LEAST_FREE_BYTES:
            self.full = not self.disk_free_again()
        if self.full:
            raise DiskFull(_FULL)

    def hold_for_import(self) -> None:
        """Keep every other program from bringing lists into this store until it is closed.

        Raises `KnownFault` while another one does.
        """
        if self._import_lock.is_locked:
            return
        try:
            self._import_lock.acquire(timeout=0)
        except Timeout as fault:
            raise KnownFault(Message("Another program is bringing a list into this store just now. Nothing was "
                                     "changed; try again when it has ended.")) from fault

    def wipe(self) -> None:
        """Bring the journal into the file and empty it, so that erased data is in neither; a later close does it too
        where another program is reading just now."""
        raw: object = self._writer.connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection):
            with contextlib.suppress(sqlite3.Error):
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _check_head(self) -> None:
        # A head that does not stand is evidence: it is kept as it is, `audit verify` tells of it.
        try:
            remembered = self.head.load()
        except ValueError:
            self.head.keep_as_it_is()
            return
        if remembered is None:
            return
        stands = self.read.execute(
            select(EVENT.c.hash).where(EVENT.c.seat == self.identity.seat, EVENT.c.seat_no == remembered[0])
        ).scalar_one_or_none()
        if stands != remembered[1]:
            self.head.keep_as_it_is()

    def close(self) -> None:
        """Write the head file and let go of the store."""
        self.head.write()
        for thing in (self.read, self._writer):
            thing.close()
        self._reader_engine.dispose()
        self._writer_engine.dispose()
        self._import_lock.release()


def check_folder(folder: Path) -> None:
    """Raises `KnownFault` with what to do where the data folder cannot be written."""
    try:
        # a name of its own: desk and wall open one seat at the same moment
        with TemporaryFile(dir=folder, prefix=".writable"):
            pass
    except OSError as fault:
        raise KnownFault(
            Message(
                "The data folder {folder} cannot be written: {why}. Give this user the right to write there, or choose "
                "another folder with --data.",
                {"folder": folder, "why": why_of(fault)},
            )
        ) from fault


def _known(fault: Exception, path: Path) -> KnownFault:
    text = str(fault)
    if "disk is full" in text or "disk I/O error" in text:
        return DiskFull(_FULL)
    if "locked" in text or "busy" in text:
        return KnownFault(
            Message("The store is locked by another program for too long. Nothing was changed; try again.", {})
        )
    if "malformed" in text:
        return KnownFault(migrate.damaged(path, fault))
    if "readonly" in text:
        return KnownFault(Message("The store {path} is read-only. Nothing was changed.", {"path": path.name}))
    return KnownFault(Message("The store {path} reports: {why}", {"path": path.name, "why": text.splitlines()[0]}))
