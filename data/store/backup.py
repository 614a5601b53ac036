"""A lone seat's backup: a folder with the store as one moment saw it, the files it names, and the remembered head.

Made while every program of the seat works on: SQLite's own backup reads one moment of the journal and holds no writer
up.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.faults import KnownFault, Message
from app.ports import Clock
from data.store import audit
from data.store.blobs import sync_folder
from data.store.head import HeadFile
from data.store.store import STORE_FILE, Store, check_folder

MANIFEST = "manifest.json"
FORMAT = 1
SKIPPED = 1_000
"""so many numbers of a day are left out when a store is restored: more than were given since its backup"""
COUNTED = ("", "j", "w")
"""incidents, hand-overs, whistles: each counts by itself"""
_DIGEST = 64
_LEFT = frozenset({STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm", "head.json", "head.key", "blobs", MANIFEST,
                   "hub.secret", "rejected", "basemap-tiles"})
"""what is copied in its own way, or not at all: secrets, what can be fetched or made again"""


@dataclass(frozen=True, slots=True)
class StoreBackup:
    """What a backup holds. `lacking`: files that the store names and this seat does not have."""

    district: str
    seat: str
    events: int
    files: int
    lacking: int
    bytes: int


def make(folder: Path, target: Path) -> StoreBackup:
    """Back the store in `folder` up into a new folder that only its owner may read. Raises `KnownFault`; then nothing
    is
    left of it."""
    if not (folder / STORE_FILE).exists():
        raise KnownFault(Message("There is no store in {folder}. Build one with: main.py init, or main.py demo.",
                                 {"folder": folder}))
    check_folder(folder)  # a journal is read by way of a file beside it
    if target.exists():
        raise KnownFault(Message("There is a folder {path} already; it was left as it is.", {"path": target}))
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True, mode=0o700)
        made = _fill(folder, part)
        for one in (*(p for p in part.rglob("*") if p.is_dir()), part):
            sync_folder(one)
        os.replace(part, target)
    except (OSError, sqlite3.Error) as fault:
        raise KnownFault(Message("{path} cannot be written: {why}",
                                 {"path": target, "why": getattr(fault, "strerror", None) or str(fault)})) from fault
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def _fill(folder: Path, part: Path) -> StoreBackup:
    # the head first: what it remembers is in the store whose moment comes later
    head = folder / "head.json"
    remembered = head.read_bytes() if head.exists() else None
    _copy_store(folder / STORE_FILE, part / STORE_FILE)
    with contextlib.closing(sqlite3.connect(part / STORE_FILE)) as c:
        meta = dict(c.execute("SELECT key, value FROM meta"))
        events = c.execute("SELECT count(*) FROM event").fetchone()[0]
        blobs = [r[0] for r in c.execute("SELECT digest FROM blob ORDER BY 1")]
        last = c.execute("SELECT seat_no, hash FROM event WHERE seat = ? ORDER BY seat_no DESC LIMIT 1",
                         (meta.get("seat"),)).fetchone()
        c.execute("PRAGMA journal_mode=DELETE")
    _keep_head(folder, part, remembered, last)
    # every file that the store names was there before the row that names it
    held = sorted(p for p in (folder / "blobs").glob("??/*") if len(p.name) == _DIGEST)
    for source in held:
        copy = part / "blobs" / source.parent.name / source.name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(source, copy)
    lacking = len(set(blobs) - {p.name for p in held})
    for one in sorted(folder.iterdir()):
        if one.name in _LEFT or one.name.startswith(".") or one.suffix in (".lock", ".part"):
            continue
        if one.is_dir():
            shutil.copytree(one, part / one.name)
        elif one.is_file():
            _copy(one, part / one.name)
    size = sum(p.stat().st_size for p in part.rglob("*") if p.is_file())
    made = {"district": meta.get("district", ""), "seat": meta.get("seat", ""), "events": events,
            "files": len(held), "lacking": lacking, "bytes": size}
    (part / MANIFEST).write_text(json.dumps({**made, "format": FORMAT, "sha256": _sum(part / STORE_FILE)}))
    return StoreBackup(**made)


def _copy_store(source: Path, target: Path) -> None:
    handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    with (contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=15)) as old,
          contextlib.closing(sqlite3.connect(target)) as new):
        old.backup(new, pages=-1)
    _sync(target)


def _keep_head(folder: Path, part: Path, remembered: bytes | None, last: tuple[int, str] | None) -> None:
    """The head of the moment under the seat's key; one that does not stand is evidence and goes along as it is."""
    key = folder / "head.key"
    if not key.exists():
        return
    _copy(key, part / "head.key")
    if remembered is not None:
        (part / "head.json").write_bytes(remembered)
        try:
            number = HeadFile(part).load()
        except ValueError:
            return
        if number is not None and not _stands(part, number):
            return
    if last is not None:
        file = HeadFile(part)
        file.remember(*last)
        file.write()


def _stands(part: Path, head: tuple[int, str]) -> bool:
    with contextlib.closing(sqlite3.connect(part / STORE_FILE)) as c:
        return c.execute("SELECT 1 FROM event WHERE seat = (SELECT value FROM meta WHERE key = 'seat') AND seat_no = ? "
                         "AND hash = ?", head).fetchone() is not None


def _copy(source: Path, target: Path) -> None:
    with open(source, "rb") as old:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())


def _sync(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def _sum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(source: Path, folder: Path, clock: Clock) -> StoreBackup:
    """Bring a backup into a folder without a store and check it: sums, files, the whole chain. Raises `KnownFault`;
    then the folder is as it was. Numbers go on further on. The seat it was made of must not work on beside it: two
    would make one chain."""
    manifest = _manifest(source)
    if (folder / STORE_FILE).exists():
        raise KnownFault(Message("There is a store in {folder} already; it was left as it is.", {"folder": folder}))
    if folder.exists() and any(folder.iterdir()):
        raise KnownFault(Message("The folder {folder} is not empty; a backup is restored into a new one. Nothing was "
                                 "changed.", {"folder": folder}))
    part = folder.with_name(f"{folder.name}.part")
    broken = KnownFault(Message("{path} does not hold what it says of itself: it was damaged or changed. Nothing was "
                                "changed.", {"path": source}))
    try:
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(source, part)
        part.chmod(0o700)
        (part / MANIFEST).unlink()
        if _sum(part / STORE_FILE) != manifest["sha256"]:
            raise broken
        for one in (part / "blobs").glob("??/*"):
            if _sum(one) != one.name:
                raise broken
        with contextlib.closing(Store(part, clock)) as store:
            checked = audit.verify(store)
            if checked.faults or checked.verified != manifest["events"]:
                raise KnownFault(Message("The backup {path} is refused: {why} Nothing was changed.", {
                    "path": source, "why": checked.faults[0] if checked.faults else ""}))
            _skip_numbers(store)
        if folder.exists():
            folder.rmdir()
        os.replace(part, folder)
    except OSError as fault:
        raise KnownFault(Message("{path} cannot be written: {why}",
                                 {"path": folder, "why": fault.strerror or str(fault)})) from fault
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return StoreBackup(**{k: manifest[k] for k in ("district", "seat", "events", "files", "lacking", "bytes")})


def _skip_numbers(store: Store) -> None:
    """What was done after the backup is not here, but people and the hub know its numbers: from the backup's day to
    this one they go on `SKIPPED` further."""
    zone = ZoneInfo(store.read_meta("timezone") or "Asia/Shanghai")
    day, last = (at.astimezone(zone).date() for at in (store.last_received(), store.clock.now()))
    with store.transaction(screen="restore", actor="system") as tx:
        while day <= last:
            for mark in COUNTED:
                tx.reserve_numbers(f"{day:%Y%m%d}{mark}", SKIPPED)
            day += timedelta(days=1)


def _manifest(source: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((source / MANIFEST).read_text())
        good = found["format"] == FORMAT and isinstance(found["sha256"], str) and found["events"] >= 0
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise KnownFault(Message("{path} is no whole backup of a store.", {"path": source})) from fault
    if not good:
        raise KnownFault(Message("{path} was made by a newer version of this program; use that one.", {"path": source}))
    return found
