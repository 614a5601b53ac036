"""What can be wrong with a data folder: each is told with what happened and what to do, and nothing is lost."""
from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.clock import SystemClock
from app.domain.events import NewEvent
from app.domain.faults import KnownFault
from data.store import audit, backup, engine, migrate
from data.store.blobs import Blobs
from data.store.seat_store import SqliteSeatStore
from data.store.store import STORE_FILE, DiskFull, Founding, Store, _known, check_folder

FOUNDING = Founding("340803", "D", "c", "Centre", "drill")
NOBODY = 65_534


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three events."""
    folder = tmp_path_factory.mktemp("template") / "seat"
    with contextlib.closing(Store.create(folder, FOUNDING, SystemClock())) as store:
        add(store, 3)
    return folder


def add(store: Store, count: int) -> None:
    for n in range(count):
        with store.transaction(screen="test", actor="a") as tx:
            tx.append(NewEvent(f"incident/i{n}", "incident.reported", {"id": f"i{n}", "place": "Gate " * 40}, 1))


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "seat"))


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """The rights of a plain user, also where the tests run as root."""
    if os.name != "posix":
        pytest.skip("rights of folders are POSIX here")
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if was == 0:
            os.seteuid(was)


@pytest.fixture
def foreign(template: Path) -> Iterator[Path]:
    """The store of somebody else, where everybody may look."""
    base = Path(tempfile.mkdtemp(prefix="liandong-foreign-"))
    base.chmod(0o755)
    folder = Path(shutil.copytree(template, base / "seat"))
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(base)


def events(folder: Path) -> int:
    with contextlib.closing(Store(folder, SystemClock())) as store:
        return int(store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one())


def test_a_folder_without_a_store_says_how_to_make_one(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(KnownFault, match=r"There is no store in .*main.py init, or main.py demo"):
            Store(folder, SystemClock())
    assert not (tmp_path / "absent").exists()


def test_a_read_only_folder_is_told_and_left_as_it_is(foreign: Path) -> None:
    foreign.chmod(0o555)
    with as_nobody(), pytest.raises(KnownFault, match=r"cannot be written: .*choose another folder with --data"):
        Store(foreign, SystemClock())
    foreign.chmod(0o755)
    assert events(foreign) == 3


def test_a_backup_of_a_read_only_folder_names_that_folder_and_leaves_nothing(foreign: Path) -> None:
    foreign.chmod(0o555)
    with as_nobody(), pytest.raises(KnownFault, match=rf"data folder {foreign} cannot be written"):
        backup.make(foreign, foreign.parent / "copy")
    assert not (foreign.parent / "copy").exists()


def test_a_read_only_file_is_told_and_left_as_it_is(foreign: Path) -> None:
    foreign.chmod(0o777)
    (foreign / STORE_FILE).chmod(0o444)
    with as_nobody(), contextlib.closing(Store(foreign, SystemClock())) as store:
        assert store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one() == 3
        with pytest.raises(KnownFault, match=r"The store store.sqlite is read-only. Nothing was changed."):
            add(store, 1)
    assert events(foreign) == 3


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, foreign: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KnownFault, match="cannot be made"):
        Store.create(tmp_path / "file" / "seat", FOUNDING, SystemClock())
    foreign.chmod(0o555)
    with as_nobody(), pytest.raises(KnownFault, match="cannot be made"):
        Store.create(foreign / "below", FOUNDING, SystemClock())


def test_a_store_that_another_program_writes_for_too_long_is_told_and_goes_on_afterwards(
        folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.2)
    other = sqlite3.connect(folder / STORE_FILE, isolation_level=None)
    with contextlib.closing(Store(folder, SystemClock())) as store, contextlib.closing(other):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(KnownFault, match=r"locked by another program for too long. Nothing was changed; try again"):
            add(store, 1)
        assert store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one() == 3, "reading goes on"
        other.execute("ROLLBACK")
        add(store, 1)
        assert store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one() == 4


def test_a_store_of_a_newer_version_is_left_alone(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (folder / STORE_FILE).read_bytes()
    with pytest.raises(KnownFault, match=r"written by a newer version of the program \(9999; this one knows .*Install"):
        Store(folder, SystemClock())
    assert (folder / STORE_FILE).read_bytes() == before


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    for content in (path.read_bytes(), b"Dear diary,\n" * 500, b"\x00" * 4096):
        path.write_bytes(content)
        with pytest.raises(KnownFault, match=r"The file store.sqlite is not a store of this program: .*Nothing was"):
            Store(tmp_path, SystemClock())
        assert path.read_bytes() == content


def test_an_empty_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes(b"")
    with pytest.raises(KnownFault, match="no version in it"):
        Store(tmp_path, SystemClock())


def test_a_damaged_file_is_told_to_readers_and_writers(folder: Path) -> None:
    path = folder / STORE_FILE
    with contextlib.closing(Store(folder, SystemClock())) as store:
        add(store, 200)
        pages = [int(p) for p in store.read.exec_driver_sql(
            "SELECT pageno FROM dbstat WHERE name = 'event' AND pagetype = 'leaf'").scalars()]
    raw = bytearray(path.read_bytes())
    for page in pages[5:-5]:
        raw[(page - 1) * 4096:page * 4096] = b"\xa5" * 4096
    path.write_bytes(raw)
    with contextlib.closing(Store(folder, SystemClock())) as store:
        reads = SqliteSeatStore(store, "a", "test").reads
        with pytest.raises(KnownFault, match=r"The store store.sqlite is damaged on disk: .*last backup"):
            [reads.events(f"incident/i{n}") for n in range(200)]
    path.write_bytes(b"".join((raw[:4096], b"\xa5" * (len(raw) - 4096))))
    with pytest.raises(KnownFault, match=r"damaged on disk"):
        Store(folder, SystemClock())


def test_a_cut_file_is_told(folder: Path) -> None:
    path = folder / STORE_FILE
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(KnownFault, match=r"store.sqlite"):
        Store(folder, SystemClock())


def test_every_way_a_disk_is_full_is_one_fault() -> None:
    for words in ("database or disk is full", "disk I/O error"):
        assert isinstance(_known(sqlite3.OperationalError(words), Path("x")), DiskFull)
    assert not isinstance(_known(sqlite3.OperationalError("no such table"), Path("x")), DiskFull)


def test_an_unfinished_copy_of_an_upgrade_is_thrown_away(folder: Path) -> None:
    (folder / "store.new").write_bytes(b"half")
    assert events(folder) == 3
    assert not (folder / "store.new").exists()
    assert migrate.version_of(folder / STORE_FILE) == migrate.HEAD


def test_a_store_that_is_there_is_not_founded_again(folder: Path) -> None:
    with contextlib.closing(Store.create(folder, Founding("1", "other", "x", "Other"), SystemClock())) as store:
        assert (store.meta["district"], store.meta["centre_name"]) == ("340803", "Centre")
        assert store.identity.nature == "drill"
        assert store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one() == 3


def test_an_operator_and_a_password_are_asked_for_by_name(folder: Path) -> None:
    from app.domain.process import Role
    from app.services.operator import Operator
    from data.store import people

    with seats.opened(folder) as store:
        people.put_operator(store, Operator("lin", "Lin", frozenset({Role.DISPATCHER}), None),
                            seats.hash_password("long enough"))
    for who, password in (("lin", None), ("lin", "wrong")):
        with pytest.raises(KnownFault, match="password of lin is missing or wrong"):
            seats.open_seat(folder, who, screen="test", password=password)
    seats.open_seat(folder, "lin", screen="test", password="long enough").close()
    with pytest.raises(KnownFault, match=r"There is no operator x.*knows: lin"):
        seats.open_seat(folder, "x", screen="test")
    with pytest.raises(KnownFault, match=r"Say who you are.*lin"):
        seats.open_seat(folder, None, screen="test")


def test_a_file_beside_the_store_is_found_by_its_content_or_told(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = blobs.put(b"a photo")
    assert blobs.put(b"a photo") == digest
    assert blobs.get(digest) == b"a photo"
    blobs.path(digest).write_bytes(b"another")
    with pytest.raises(KnownFault, match="damaged on disk"):
        blobs.get(digest)
    with pytest.raises(KnownFault, match="not on this seat"):
        blobs.get("0" * 64)
    for name in ("../../etc/passwd", "", "A" * 64, "0" * 63):
        with pytest.raises(KnownFault, match="sha256"):
            blobs.get(name)


def test_the_remembered_head_never_goes_backwards(folder: Path) -> None:
    with contextlib.closing(Store(folder, SystemClock())) as first:
        add(first, 60)  # noted at once: far enough from what was remembered
        late = Store(folder, SystemClock())
        add(late, 2)  # the first is remembered at once, the second when it ends
        noted = late.head.load()
        assert noted is not None
        add(first, 120)
        first.head.write()
        newest = first.head.load()
        assert newest is not None
        assert newest[0] > noted[0]
        late.close()
        assert first.head.load() == newest, "a program that ends late knows an older head"
    with contextlib.closing(Store(folder, SystemClock())) as store:
        assert audit.verify(store).faults == ()
        raw = sqlite3.connect(folder / STORE_FILE)
        with raw:
            raw.execute("DELETE FROM event WHERE seat_no > ?", (newest[0] - 50,))
        raw.close()
        assert audit.verify(store).faults, "a cut tail shows"


def test_a_head_file_that_was_tampered_with_meanwhile_is_left_as_evidence(folder: Path) -> None:
    with contextlib.closing(Store(folder, SystemClock())) as store:
        (folder / "head.json").write_text("{}")
        add(store, 60)
    assert (folder / "head.json").read_text() == "{}"


def test_two_programs_that_look_at_once_whether_the_folder_can_be_written_do_not_disturb_each_other(folder: Path
                                                                                                   ) -> None:
    with ThreadPoolExecutor(4) as programs:
        for _ in programs.map(lambda _: check_folder(folder), range(400)):
            pass
    assert not list(folder.glob(".writable*"))
