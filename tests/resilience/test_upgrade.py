"""Promise 24: an upgrade is all or nothing. Killed at any step it leaves the old store or the new one, never between.

Two revisions are planted in a copy of the real migration folder: they add columns and a table, move data,
and drop what they moved, so that a half-done upgrade would show.
"""
from __future__ import annotations

import contextlib
import functools
import gzip
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.faults import KnownFault
from data.store import migrate
from data.store.store import STORE_FILE, Store
from tests.resilience.workload import Ack, Writer, check, found

REVISIONS = {
    "v9001_planted.py": '''
from __future__ import annotations
import os, signal
from alembic import op

revision, down_revision, branch_labels, depends_on = "9001", "OLD", None, None

def point(name):
    if os.environ.get("DIE_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)

def upgrade():
    op.execute("ALTER TABLE incident ADD COLUMN moved TEXT")
    point("9001 after DDL")
    op.execute("UPDATE incident SET moved = place || '|' || number")
    point("9001 after data")
    op.execute("CREATE TABLE planted (id TEXT PRIMARY KEY, moved TEXT NOT NULL)")
    point("9001 after second DDL")
''',
    "v9002_planted.py": '''
from __future__ import annotations
import os, signal
from alembic import op

revision, down_revision, branch_labels, depends_on = "9002", "9001", None, None

def upgrade():
    op.execute("INSERT INTO planted SELECT id, moved FROM incident")
    if os.environ.get("DIE_AT") == "9002 after data":
        os.kill(os.getpid(), signal.SIGKILL)
    op.execute("ALTER TABLE incident DROP COLUMN moved")
    if os.environ.get("DIE_AT") == "9002 after DDL":
        os.kill(os.getpid(), signal.SIGKILL)
''',
}
OLD, NEW = migrate.HEAD, "9002"
STEPS = ["lock", "copy", "revision 9001", "9001 after DDL", "9001 after data", "9001 after second DDL", "revision 9002",
         "9002 after data", "9002 after DDL", "sync", "rename", "done"]
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "stores"


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The real migrations and the planted ones."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate._SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in REVISIONS.items():
        (folder / "versions" / name).write_text(text.replace("OLD", OLD), "utf-8")
    return folder


@pytest.fixture
def old_store(data_dir: Path) -> tuple[Path, list[Ack]]:
    """A store of this version with work in it."""
    store = found(data_dir)
    writer = Writer(store, 11)
    acks = [writer.write() for _ in range(60)]
    store.close()
    return data_dir, acks


def upgrade(path: Path, scripts: Path, die_at: str = "") -> None:
    """A program of a newer version starts on the store and perhaps dies at a step."""
    os.environ["DIE_AT"] = die_at
    migrate._SCRIPTS, migrate.HEAD = scripts, NEW

    def step(name: str) -> None:
        if name == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with contextlib.suppress(KnownFault):
        migrate.prepare(path, step=step)


def start(context: ForkServerContext, folder: Path, scripts: Path, die_at: str = "") -> BaseProcess:
    process = context.Process(target=upgrade, args=(folder / STORE_FILE, scripts, die_at), daemon=True)
    process.start()
    return process


def state_of(folder: Path, acks: list[Ack]) -> str:
    """Which version lies there; fails when it is neither whole old nor whole new."""
    path = folder / STORE_FILE
    version = migrate.version_of(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(incident)")}
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        events = {row[0] for row in connection.execute("SELECT id FROM event")}
        assert events.issuperset(event for ack in acks for event in ack.events), "events lost"
        assert "moved" not in columns, "half done"
        if version == OLD:
            assert "planted" not in tables, "half done"
        else:
            assert version == NEW, version
            moved = connection.execute("SELECT count(*) FROM planted p JOIN incident i ON i.id = p.id "
                                       "WHERE p.moved = i.place || '|' || i.number").fetchone()[0]
            assert moved == connection.execute("SELECT count(*) FROM incident").fetchone()[0]
    return version


def reopen_as_old(folder: Path, acks: list[Ack]) -> None:
    """The old program goes on with a store that was not upgraded."""
    with contextlib.closing(Store(folder, SystemClock())) as store:
        assert check(store, acks).good
        acks.append(Writer(store, 5).write())


@pytest.mark.parametrize("die_at", STEPS)
def test_an_upgrade_killed_at_a_step_leaves_the_old_store_or_the_new_one(
        context: ForkServerContext, old_store: tuple[Path, list[Ack]], scripts: Path, die_at: str) -> None:
    folder, acks = old_store
    process = start(context, folder, scripts, die_at)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    version = state_of(folder, acks)
    assert version == (NEW if die_at == "done" else OLD)
    if version == OLD:
        reopen_as_old(folder, acks)
    process = start(context, folder, scripts)
    process.join()
    assert process.exitcode == 0
    assert state_of(folder, acks) == NEW
    assert not list(folder.glob("*.new*")), "a copy was left behind"


def test_an_upgrade_killed_at_any_moment_leaves_the_old_store_or_the_new_one(
        context: ForkServerContext, old_store: tuple[Path, list[Ack]], scripts: Path, tmp_path: Path, prove: bool,
        figure: Callable[[str], None]) -> None:
    folder, acks = old_store
    before = tmp_path / "before"
    shutil.copytree(folder, before)
    begun = time.perf_counter()
    process = start(context, folder, scripts)
    process.join()
    whole_s = time.perf_counter() - begun
    seen = {OLD: 0, NEW: 0}
    cycles = 1_000 if prove else 40
    dice = random.Random(5)
    for _ in range(cycles):
        shutil.rmtree(folder)
        shutil.copytree(before, folder)
        process = start(context, folder, scripts)
        process.join(dice.uniform(0, whole_s * 1.1))
        process.kill()
        process.join()
        seen[state_of(folder, acks)] += 1
    figure(f"promise 24: upgrade killed at {len(STEPS)} steps and {cycles} random moments: {seen[OLD]} old, "
           f"{seen[NEW]} new, 0 between")
    assert seen[OLD]


def test_two_programs_that_upgrade_at_once_do_it_once(
        context: ForkServerContext, old_store: tuple[Path, list[Ack]], scripts: Path, tmp_path: Path) -> None:
    folder, acks = old_store
    before = tmp_path / "before"
    shutil.copytree(folder, before)
    for _ in range(8):
        shutil.rmtree(folder)
        shutil.copytree(before, folder)
        both = [start(context, folder, scripts) for _ in range(2)]
        for process in both:
            process.join()
        assert [process.exitcode for process in both] == [0, 0]
        assert state_of(folder, acks) == NEW


def test_an_upgrade_waits_for_the_other_screens_of_the_seat(
        context: ForkServerContext, old_store: tuple[Path, list[Ack]], scripts: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    folder, acks = old_store
    with contextlib.closing(Store(folder, SystemClock())) as store:
        acks.append(Writer(store, 3).write())
        with monkeypatch.context() as patch:
            patch.setattr(migrate, "_SCRIPTS", scripts)
            patch.setattr(migrate, "HEAD", NEW)
            with pytest.raises(KnownFault, match="Close the other screens"):
                migrate.prepare(folder / STORE_FILE)
        acks.append(Writer(store, 4).write())
        assert check(store, acks).good
    assert state_of(folder, acks) == OLD


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(old_store: tuple[Path, list[Ack]]) -> None:
    folder, _ = old_store
    path = folder / STORE_FILE
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(KnownFault, match="newer version"):
        Store(folder, SystemClock())
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no database, but long enough" * 20, b"SQLite format 3\x00" + bytes(84)])
def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(data_dir: Path, content: bytes) -> None:
    path = data_dir / STORE_FILE
    path.write_bytes(content)
    with pytest.raises(KnownFault):
        Store(data_dir, SystemClock())
    assert path.read_bytes() == content


def schema(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))


def stored(version: str, folder: Path) -> Path:
    """Lay a stored database of an old version into `folder`."""
    path = folder / STORE_FILE
    path.write_bytes(gzip.decompress((FIXTURES / f"{version}.sqlite.gz").read_bytes()))
    return path


@pytest.mark.parametrize("version", sorted(path.name.split(".")[0] for path in FIXTURES.glob("*.sqlite.gz")))
def test_a_stored_database_of_each_version_opens_with_all_that_is_in_it(data_dir: Path, version: str) -> None:
    assert migrate.version_of(stored(version, data_dir)) == version
    with contextlib.closing(Store(data_dir, SystemClock())) as store:
        findings = check(store, [])
        assert findings.good, findings
        assert findings.events >= 100
        Writer(store, 8).write()
    assert migrate.version_of(data_dir / STORE_FILE) == migrate.HEAD
    fresh = data_dir / "fresh"
    found(fresh).close()
    assert schema(data_dir / STORE_FILE) == schema(fresh / STORE_FILE)


def test_there_is_a_stored_database_of_this_version() -> None:
    """Made with `python -m tests.fixtures.stored_store` when a version is released, and never changed after that."""
    assert (FIXTURES / f"{migrate.HEAD}.sqlite.gz").is_file()


FOUNDING_STEPS = ["create", "revision 0001", "sync", "rename", "done"]


def found_and_die(folder: Path, die_at: str) -> None:
    """A program founds a store and dies at a step of it."""
    prepare = migrate.prepare

    def step(name: str) -> None:
        if name == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate.prepare = functools.partial(prepare, step=step)
    found(folder)


@pytest.mark.parametrize("die_at", FOUNDING_STEPS)
def test_a_founding_killed_at_a_step_is_done_again(context: ForkServerContext, data_dir: Path, die_at: str) -> None:
    process = context.Process(target=found_and_die, args=(data_dir, die_at), daemon=True)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with contextlib.closing(found(data_dir)) as store:
        acks = [Writer(store, 1).write()]
        assert check(store, acks).good


def test_a_half_founded_store_says_so(context: ForkServerContext, data_dir: Path) -> None:
    process = context.Process(target=found_and_die, args=(data_dir, "done"), daemon=True)
    process.start()
    process.join()
    with pytest.raises(KnownFault):
        Store(data_dir, SystemClock())
