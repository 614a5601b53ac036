"""Opening SQLite so that an acknowledged write stays: WAL, synchronous FULL, BEGIN IMMEDIATE."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import StaticPool

BUSY_TIMEOUT_S = 15.0
"""how long a writer waits for another process of the seat before it gives up"""


def make_engine(path: Path, *, writer: bool, fault_of: Callable[[Exception], Exception] | None = None) -> Engine:
    """An engine over one connection, for one thread. `fault_of`: what to raise instead of an error of SQLite.

    A writer's transactions begin IMMEDIATE. A reader runs in autocommit: each statement sees the last commit, and
    ``PRAGMA data_version`` on it tells of every commit of anybody else, the writer of the same process included.
    """
    uri = path.absolute().as_uri()
    engine = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        creator=lambda: _connect(uri, writer=writer),
        isolation_level=None if writer else "AUTOCOMMIT",
    )
    if writer:
        event.listen(engine, "begin", _begin_immediate)
    if fault_of is not None:
        make = fault_of

        def replace(context: ExceptionContext) -> None:
            if isinstance(context.original_exception, sqlite3.DatabaseError):
                raise make(context.original_exception) from context.original_exception

        event.listen(engine, "handle_error", replace)
    return engine


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _connect(uri: str, *, writer: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{uri}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
        check_same_thread=False,
        cached_statements=256,
    )
    if writer:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA secure_delete=ON")  # what was erased leaves no trace in free pages
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA cache_size=-16384")
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection
