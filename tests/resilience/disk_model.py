"""A disk that loses its power: records what SQLite writes and syncs, and gives what a cut at any point may leave.

The recorder is an APSW VFS over the system's own. PyPI's apsw carries its own SQLite, whose VFS the sqlite3 module does
not see: `ApswConnection` lets SQLAlchemy drive the store's real statements through it. What was written after the last
sync of its file may be there, or not, or in part, in any combination; what was synced is there.
"""
from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Op:
    """One step of the journal: write, truncate, sync, delete of a file, or a note (what was told, at that moment)."""

    what: str
    name: str = ""
    at: int = 0
    data: bytes = b""
    note: object = None


class Recorder(apsw.VFS):
    """Passes everything on to the system's VFS and remembers it in `journal`. Use one folder, files by their name."""

    def __init__(self, name: str) -> None:
        self.journal: list[Op] = []
        self.name = name
        super().__init__(name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self.journal.append(Op("delete", Path(filename).name))

    def note(self, thing: object) -> None:
        """Something was told to a caller now."""
        self.journal.append(Op("note", note=thing))


class _File(apsw.VFSFile):
    def __init__(self, recorder: Recorder, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self.recorder = recorder
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.name = Path(path).name if path else ""
        super().__init__("", name, flags)

    def _remember(self, op: Op) -> None:
        if self.name:
            self.recorder.journal.append(op)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._remember(Op("write", self.name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._remember(Op("truncate", self.name, newsize))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._remember(Op("sync", self.name))


@dataclass(slots=True)
class Disk:
    """What certainly lies on the disk, and what was written since, file by file. Feed it the journal in order."""

    durable: dict[str, bytearray] = field(default_factory=dict)
    pending: dict[str, list[Op]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, names: Iterable[str]) -> Disk:
        """The files as they lie in `folder`, all of it synced."""
        return cls({name: bytearray((folder / name).read_bytes()) for name in names})

    def take(self, op: Op) -> None:
        if op.what in ("write", "truncate", "delete"):
            self.pending.setdefault(op.name, []).append(op)
        elif op.what == "sync":
            # A file's first sync makes its name durable too: SQLite syncs the folder of a file that it has made.
            self._apply(self.durable, op.name, self.pending.pop(op.name, []))

    @staticmethod
    def _apply(files: dict[str, bytearray], name: str, ops: Sequence[Op]) -> None:
        for op in ops:
            if op.what == "delete":
                files.pop(name, None)
                continue
            content = files.setdefault(name, bytearray())
            if op.what == "truncate":
                del content[op.at:]
            else:
                if len(content) < op.at:
                    content.extend(bytes(op.at - len(content)))
                content[op.at:op.at + len(op.data)] = op.data

    def after_cut(self, dice: random.Random | None) -> dict[str, bytes]:
        """What may be found when the power is back: nothing unsynced (`None`), or some of it, some in part."""
        files = {name: bytearray(content) for name, content in self.durable.items()}
        if dice is not None:
            for name, ops in self.pending.items():
                self._apply(files, name, [kept for op in ops for kept in _surviving(op, dice)])
        return {name: bytes(content) for name, content in files.items()}


def _surviving(op: Op, dice: random.Random) -> Iterator[Op]:
    luck = dice.random()
    if luck < 0.4:
        yield op
    elif luck < 0.6 and op.what == "write":
        for start in range(0, len(op.data), SECTOR):
            if dice.random() < 0.5:
                yield Op("write", op.name, op.at + start, op.data[start:start + SECTOR])


class ApswConnection:
    """What SQLAlchemy's SQLite dialect asks of a connection, over apsw."""

    isolation_level: str | None = None

    def __init__(self, path: str, vfs: str) -> None:
        self._connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI, vfs=vfs)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def cursor(self) -> ApswCursor:
        return ApswCursor(self._connection)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> ApswCursor:
        return self.cursor().execute(sql, values)

    def commit(self) -> None:
        if self.in_transaction:
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self._connection.execute("ROLLBACK")

    def create_function(self, name: str, count: int, function: Any, *, deterministic: bool = False) -> None:
        self._connection.create_scalar_function(name, function, count, deterministic=deterministic)

    def close(self) -> None:
        self._connection.close()


class ApswCursor:
    """A DB-API cursor that runs a statement to its end at once."""

    arraysize = 1
    rowcount = -1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._rows: Iterator[Any] = iter(())
        self.description: tuple[tuple[Any, ...], ...] | None = None
        self.lastrowid = 0

    def execute(self, sql: str, values: Sequence[Any] = ()) -> ApswCursor:
        def describe(cursor: apsw.Cursor, sql: str, values: object) -> bool:
            # An exhausted cursor no longer tells its columns.
            columns = cursor.get_description()
            self.description = tuple((name, None, None, None, None, None, None) for name, *_ in columns) or None
            return True

        cursor = self._connection.cursor()
        cursor.exec_trace = describe
        self._rows = iter(cursor.execute(sql, tuple(values)).fetchall())
        self.lastrowid = self._connection.last_insert_rowid()
        cursor.close()
        return self

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> ApswCursor:
        self._connection.executemany(sql, [tuple(row) for row in rows])
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return list(itertools.islice(self._rows, size))

    def close(self) -> None:
        self._rows = iter(())
