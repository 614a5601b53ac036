"""What is wrong with a hub is said in one sentence with what still works; nothing is lost, and what waited goes when it
is over. Each on a real server."""
from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.bootstrap import syncing
from app.cli import main
from app.domain.events import NewEvent
from data.sync import admin
from data.sync.address import write_secret_file
from data.sync.loopback import free_port
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        yield one


Ran = tuple[int, str, str]
Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def type_(*words: str) -> Ran:
        capsys.readouterr()
        status = main([*words, "--lang", "en"])
        said = capsys.readouterr()
        return status, said.out, said.err
    return type_


def trouble(run: Run, seat: TownSeat, words: str) -> None:
    """Syncing says so in one sentence, with exit 1; acts are taken as before."""
    status, out, err = run("sync", "once", "--data", str(seat.folder))
    lines = [line for line in err.splitlines() if line]
    assert status == 1
    assert out == ""
    assert len(lines) == 1, err
    assert words in lines[0]
    assert "Work goes on here; what is done is sent when it is over." in lines[0]
    assert seat.secret not in err
    unsent = seat.unsent
    seat.report()
    assert seat.unsent == unsent + 2


def mended(run: Run, place: Town, seat: TownSeat) -> None:
    """What waited is sent, all of it."""
    status, _, err = run("sync", "once", "--data", str(seat.folder))
    assert (status, err) == (0, "")
    assert seat.unsent == 0
    own = {r[0] for r in seat.store.read.exec_driver_sql("SELECT id FROM event")}
    assert {r[0] for r in place.run("SELECT event_id FROM hub.ordering WHERE verdict = 'ok'")} >= own


@contextlib.contextmanager
def at(seat: TownSeat, url: str) -> Iterator[None]:
    before = seat.store.meta.get("hub", seat.address.url)
    syncing.join(seat.folder, url, None)
    yield
    syncing.join(seat.folder, before, None)


def test_an_unreachable_hub_and_one_that_is_full_of_connections(place: Town, run: Run) -> None:
    a = place.seat("a")
    a.report()
    with at(a, a.address.url.replace(str(place.server.port), str(free_port()))):
        trouble(run, a, "The hub cannot be reached.")
        status, _, err = run("sync", "join", a.address.url.replace(str(place.server.port), str(free_port())), "--data",
                             str(a.folder))
        assert status == 1
        assert "cannot be reached" in err
    mended(run, place, a)
    place.run(f"ALTER ROLE {a.address.user} CONNECTION LIMIT 0")
    trouble(run, a, "takes no more connections")
    place.run(f"ALTER ROLE {a.address.user} CONNECTION LIMIT -1")
    mended(run, place, a)


def test_a_refused_secret_a_revoked_seat_and_another_seats_secret(place: Town, run: Run) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.report()
    a.meet()
    b.meet()
    word = a.folder / "hub.secret"
    word.write_text("wrong\n")
    trouble(run, a, "refuses this seat's secret")
    word.write_text(a.secret + "\n")
    mended(run, place, a)
    shutil.copy(b.folder / "hub.secret", word)
    with at(a, b.address.url):
        trouble(run, a, "belongs to another seat")
    word.write_text(a.secret + "\n")
    a.hang_up()
    admin.revoke_seat(place.address, place.server.SECRET, "a")
    trouble(run, a, "unknown or revoked")
    _, secret = admin.add_seat(place.address, place.server.SECRET, "a", "c")
    word.write_text(secret + "\n")
    mended(run, place, a)


def test_a_hub_of_another_district_and_a_database_that_is_none(place: Town, run: Run) -> None:
    a = place.seat("a")
    a.report()
    place.run("UPDATE hub.meta SET value = '110101' WHERE key = 'district'")
    trouble(run, a, "the hub of another district")
    place.run("UPDATE hub.meta SET value = '340803' WHERE key = 'district'")
    mended(run, place, a)
    with at(a, a.address.url + "_absent"):
        trouble(run, a, "no such database")
    bare = place.server.create(f"{place.address.database}_bare").rpartition("/")[2]
    with at(a, f"{a.address.url.rpartition('/')[0]}/{bare}"):
        trouble(run, a, "never prepared")
    mended(run, place, a)


def test_a_hub_that_is_newer_or_older_than_the_program(place: Town, run: Run, tmp_path: Path) -> None:
    a = place.seat("a")
    a.report()
    (stands,) = place.run("SELECT version_num FROM hub.alembic_version")[0]
    word = tmp_path / "owner"
    admin_words = ("hub", "init", place.address.url, "--secret-file", str(word), "--data", str(a.folder))
    write_secret_file(word, place.server.SECRET)
    place.run("UPDATE hub.alembic_version SET version_num = 'h9999'")
    trouble(run, a, "newer than this program")
    status, _, err = run(*admin_words)
    assert (status, err.count("\n")) == (1, 1)
    assert "newer than this program" in err
    place.run("UPDATE hub.alembic_version SET version_num = 'h0000'")
    trouble(run, a, "older than this program")
    place.run(f"UPDATE hub.alembic_version SET version_num = '{stands}'")
    mended(run, place, a)


def test_a_hub_that_is_read_only(place: Town, run: Run) -> None:
    a = place.seat("a")
    a.meet()
    a.hang_up()
    a.report()
    with place.server.connect() as c:
        c.execute(f"ALTER DATABASE {place.address.database} SET default_transaction_read_only = on")
    trouble(run, a, "read-only")
    with place.server.connect() as c:
        c.execute(f"ALTER DATABASE {place.address.database} RESET default_transaction_read_only")
    mended(run, place, a)


class OlderServer:
    """Between a seat and a real server: the server gives itself out as an older version."""

    def __init__(self, target: int, version: bytes) -> None:
        self._target, self._version = target, version
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        self._lines: list[socket.socket] = []

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                inner, _ = self._server.accept()
                outer = socket.create_connection(("127.0.0.1", self._target))
                self._lines += [inner, outer]
                for one, two, back in ((inner, outer, False), (outer, inner, True)):
                    self._threads.append(threading.Thread(target=self._carry, args=(one, two, back), daemon=True))
                    self._threads[-1].start()

    def _carry(self, one: socket.socket, two: socket.socket, back: bool) -> None:
        name = b"server_version\x00"
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                if back and name in data:
                    begin = data.index(name) + len(name)
                    end = data.index(b"\x00", begin)
                    data = data[:begin] + self._version.ljust(end - begin, b"0")[: end - begin] + data[end:]
                two.sendall(data)
            two.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        for thread in self._threads:
            thread.join(5)


def test_a_server_that_is_too_old_is_not_prepared(place: Town, run: Run, tmp_path: Path) -> None:
    a = place.seat("a")
    name = place.server.create(f"{place.address.database}_old").rpartition("/")[2]
    old = OlderServer(place.server.port, b"13.")
    try:
        write_secret_file(tmp_path / "owner", place.server.SECRET)
        status, _, err = run("hub", "init", f"postgresql://keeper@127.0.0.1:{old.port}/{name}", "--secret-file",
                             str(tmp_path / "owner"), "--data", str(a.folder))
    finally:
        old.close()
    assert status == 1
    assert "needs PostgreSQL 14 or later; this is 13" in err
    with place.server.connect(name) as c:
        assert c.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'hub'").fetchone() is None


@contextlib.contextmanager
def small_disk(server: Postgres) -> Iterator[Path]:
    """A file system of a few megabytes that the server may write to."""
    folder = Path(tempfile.mkdtemp(prefix="liandong-small-"))
    folder.chmod(0o755)
    disk = folder / "disk"
    disk.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=0777", "tmpfs", str(disk)], check=True,
                       capture_output=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip("a small tmpfs cannot be mounted here (it takes root on Linux)")
    try:
        space = disk / "space"
        space.mkdir()
        if server._user:
            shutil.chown(space, server._user)
        yield space
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def test_a_hub_whose_disk_is_full_takes_what_waited_when_there_is_room(server: Postgres, tmp_path: Path, run: Run
                                                                       ) -> None:
    with small_disk(server) as space, town(server, tmp_path / "town") as place:
        a = place.seat("a")
        a.meet()
        a.hang_up()
        name = place.address.database
        with server.connect() as c:
            c.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
            c.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            c.execute(f"ALTER DATABASE {name} SET TABLESPACE small")
        try:
            ballast = space.parent / "ballast"
            with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(bytes(4096)):
                    pass
            for _ in range(400):
                # as long as the pages at hand have room it goes on
                a.do(*[_note(a, n) for n in range(5)])
                if run("sync", "once", "--data", str(a.folder))[0]:
                    break
            trouble(run, a, "The hub's disk is full.")
            status, out, _ = run("sync", "status", "--data", str(a.folder), "--json")
            assert status == 0
            assert '"unsent": 0' not in out
            ballast.unlink()
            mended(run, place, a)
        finally:
            with server.connect() as c:
                c.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
                c.execute(f"ALTER DATABASE {name} SET TABLESPACE pg_default")
                c.execute("DROP TABLESPACE small")


def _note(seat: TownSeat, n: int) -> NewEvent:
    return NewEvent(f"incident/full{n}", "incident.noted", {"note": os.urandom(6_000).hex()}, seat.now())
