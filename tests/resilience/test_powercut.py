"""Promise 2: an acknowledged write survives a power cut.

The real store writes through a VFS that remembers every write and sync; then the power is cut at many points of that
history, what was not synced is dropped (or survives in part), and the real store is opened on what is left.
"""
from __future__ import annotations

import contextlib
import os
import random
import stat
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import pytest

from app.clock import SystemClock
from data.store import engine
from data.store.store import STORE_FILE, Store
from tests.resilience.disk_model import ApswConnection, ApswCursor, Disk, Op, Recorder
from tests.resilience.workload import Ack, Writer, check, found


class Record(Protocol):
    def __call__(self, folder: Path, count: int, forget: str = "") -> tuple[Disk, list[Op]]: ...


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Record:
    """Let the store's real code write `count` transactions; returns the disk before it and the journal."""

    def record(folder: Path, count: int, forget: str = "") -> tuple[Disk, list[Op]]:
        found(folder).close()
        before = Disk.of(folder, [STORE_FILE])
        recorder = Recorder(f"recorder-{folder.parent.name}")

        def connect(address: str, **_options: object) -> ApswConnection:
            connection = ApswConnection(address, recorder.name)
            return _Forgetful(connection, forget) if forget else connection

        with monkeypatch.context() as patch:
            patch.setattr(engine, "sqlite3", SimpleNamespace(connect=connect, Connection=ApswConnection))
            store = Store(folder, SystemClock())
            writer = Writer(store, 1)
            for _ in range(count):
                recorder.note(writer.write())
            store.close()
        recorder.unregister()
        return before, recorder.journal

    return record


class _Forgetful(ApswConnection):
    """Passes over one pragma: the planted weakness."""

    def __init__(self, connection: ApswConnection, forget: str) -> None:
        self._connection = connection._connection
        self._forget = forget

    def execute(self, sql: str, values: Sequence[Any] = ()) -> ApswCursor:
        return super().execute(sql.replace("FULL", "NORMAL") if self._forget in sql else sql, values)


def cut(before: Disk, journal: list[Op], points: int, folder: Path) -> tuple[int, int, int]:
    """Cut the power at `points` places; returns how many points lost, tore or broke something.

    Half of the places drop everything that was not synced, half keep some of it.
    """
    places = sorted(random.Random(3).sample(range(1, len(journal)), min(points, len(journal) - 1)))
    disk, acks, done = before, [], 0
    lost = torn = broken = 0
    for number, place in enumerate(places):
        for op in journal[done:place]:
            disk.take(op)
            if isinstance(op.note, Ack):
                acks.append(op.note)
        done = place
        lay_out(folder, disk.after_cut(random.Random(place) if number % 2 else None))
        with contextlib.closing(Store(folder, SystemClock())) as store:
            findings = check(store, acks)
            if number % 10 == 0:
                Writer(store, place).write()  # and it goes on
        lost += bool(findings.lost)
        torn += bool(findings.torn)
        broken += bool(findings.broken)
    return lost, torn, broken


def lay_out(folder: Path, files: dict[str, bytes]) -> None:
    for old in folder.glob(f"{STORE_FILE}*"):
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def test_an_acknowledged_write_survives_a_power_cut(
        recorded: Record, data_dir: Path, prove: bool, figure: Callable[[str], None]) -> None:
    points = 10_000 if prove else 500
    started = time.perf_counter()
    before, journal = recorded(data_dir, 1_200 if prove else 120)
    assert sum(op.what == "write" and op.name == STORE_FILE for op in journal), "no checkpoint fell into the run"
    lost, torn, broken = cut(before, journal, points, data_dir)
    figure(f"promise 2: power cut at {points} of {len(journal)} points: lost {lost}, torn {torn}, broken {broken}; "
           f"{time.perf_counter() - started:.0f} s in all")
    assert len(journal) > points
    assert (lost, torn, broken) == (0, 0, 0)


def test_a_store_that_syncs_too_little_is_caught(recorded: Record, data_dir: Path) -> None:
    before, journal = recorded(data_dir, 40, forget="PRAGMA synchronous")
    lost, _, _ = cut(before, journal, 40, data_dir)
    assert lost > 10


@pytest.mark.skipif(os.name != "posix", reason="folders are synced on POSIX only")
def test_a_photo_and_its_name_are_synced_before_it_is_told(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def heard_fsync(fd: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else "sync file")
        fsync(fd)

    def heard_replace(source: Path, target: Path) -> None:
        steps.append("name")
        replace(source, target)

    with contextlib.closing(found(data_dir)) as store:
        monkeypatch.setattr(os, "fsync", heard_fsync)
        monkeypatch.setattr(os, "replace", heard_replace)
        store.blobs.put(b"a photo")
        monkeypatch.undo()
    named = steps.index("name")
    assert "sync file" in steps[:named]
    assert "sync folder" in steps[named:]
