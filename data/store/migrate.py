"""Bringing a store file to this program's version: on a copy, renamed when it is whole.

SQLite commits DDL by itself, so a migration that is killed half way would leave a store between two versions
(MEASURED.md); a copy that was not renamed yet is simply thrown away.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from app.domain.faults import KnownFault, Message
from data.store.migrations import HEAD

UPGRADE_WAIT_S = 120.0
"""how long a program waits for another one that upgrades the same store"""

_SCRIPTS = Path(__file__).parent / "migrations"


def damaged(path: Path, fault: Exception) -> Message:
    """What is told of a file that SQLite finds damaged."""
    return Message(
        "The store {path} is damaged on disk: {why}. Nothing was changed; keep the file and put the last backup in its "
        "place.",
        {"path": path.name, "why": str(fault).splitlines()[0]},
    )


def version_of(path: Path) -> str | None:
    """The revision a store file is at; None when the file is no store. Raises `KnownFault` when it cannot be read."""
    try:
        # rw: a killed program may leave a journal that only a writer can roll back; read-only files open anyway
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=5)
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError as fault:
        if "no such table" in str(fault):
            return None
        raise KnownFault(
            Message(
                "The store {path} cannot be opened: {why}. Check the rights of the data folder.",
                {"path": path.name, "why": str(fault)},
            )
        ) from fault
    except sqlite3.DatabaseError as fault:
        if "malformed" in str(fault):
            raise KnownFault(damaged(path, fault)) from fault
        raise KnownFault(
            Message(
                "The file {path} is not a store of this program: {why}. Nothing was changed.",
                {"path": path.name, "why": str(fault)},
            )
        ) from fault
    return str(row[0]) if row else None


def prepare(path: Path, *, step: Callable[[str], None] | None = None) -> None:
    """Create the store at `path`, or bring it to this version. `step` hears each step's name before it is taken.

    One program at a time: others wait until it is done. Raises `KnownFault` for a newer store, a foreign file, a store
    in use while it must be migrated, a full disk (the store is then what it was).
    """
    if path.exists() and version_of(path) == HEAD and not path.with_suffix(".new").exists():
        return
    try:
        with FileLock(path.with_suffix(".upgrade"), timeout=UPGRADE_WAIT_S):
            _prepare(path, step or (lambda _name: None))
    except Timeout as fault:
        raise KnownFault(Message("Another program has been upgrading the store {path} for too long. "
                                 "Nothing was changed; try again.", {"path": path.name})) from fault
    except (OSError, sqlite3.Error, SQLAlchemyError) as fault:
        with contextlib.suppress(OSError):
            _drop(path.with_suffix(".new"))
        why = str(getattr(fault, "orig", None) or fault).splitlines()[0]
        raise KnownFault(Message("The store {path} could not be made or upgraded: {why}. It is what it was before.",
                                 {"path": path.name, "why": why})) from fault


def _prepare(path: Path, tell: Callable[[str], None]) -> None:
    _drop(path.with_suffix(".new"))
    if not path.exists():
        tell("create")
        _upgrade(path.with_suffix(".new"), tell)
        _rename(path.with_suffix(".new"), path, tell)
        return
    version = version_of(path)
    if version == HEAD:
        return
    if version is None:
        raise KnownFault(
            Message(
                "The file {path} is not a store of this program: {why}. Nothing was changed.",
                {"path": path.name, "why": "no version in it"},
            )
        )
    if version > HEAD:
        raise KnownFault(
            Message(
                "The store {path} was written by a newer version of the program ({theirs}; this one knows {ours}). "
                "Install the newer program; nothing was changed.",
                {"path": path.name, "theirs": version, "ours": HEAD},
            )
        )
    copy = path.with_suffix(".new")
    tell("lock")
    _leave_wal(path)
    tell("copy")
    source, target = sqlite3.connect(path), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    _upgrade(copy, tell)
    _rename(copy, path, tell)


def _leave_wal(path: Path) -> None:
    # journal_mode=DELETE needs the file for itself: it fails while any other program has the store open
    connection = sqlite3.connect(path, timeout=2)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as fault:
        raise KnownFault(
            Message(
                "The store {path} must be upgraded, but another program has it open. "
                "Close the other screens of this seat and start again.",
                {"path": path.name},
            )
        ) from fault
    finally:
        connection.close()


def _upgrade(path: Path, tell: Callable[[str], None]) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    revisions = [r.revision for r in ScriptDirectory.from_config(config).walk_revisions()]
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        at = MigrationContext.configure(connection).get_current_revision()
        for revision in reversed(revisions):
            if at is None or revision > at:
                tell(f"revision {revision}")
                command.upgrade(config, revision)
                connection.commit()
    engine.dispose()


def _rename(copy: Path, path: Path, tell: Callable[[str], None]) -> None:
    tell("sync")
    with open(copy, "rb+") as file:
        os.fsync(file.fileno())
    tell("rename")
    os.replace(copy, path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    tell("done")


def _drop(copy: Path) -> None:
    for name in (copy, Path(f"{copy}-wal"), Path(f"{copy}-shm"), Path(f"{copy}-journal")):
        name.unlink(missing_ok=True)
