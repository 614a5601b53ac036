"""Promise 25 on a lone seat: an online backup under load restores to what was acknowledged before it began, and is
whole."""
from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.faults import KnownFault
from data.store import audit, backup, rebuild
from data.store.store import STORE_FILE, Store
from tests.conftest import ROOT
from tests.resilience.workload import Ack, Writer, check, found

_LOAD = """
import sys
from pathlib import Path
from app.clock import SystemClock
from data.store.store import Store
from tests.resilience.workload import Writer
writer = Writer(Store(Path(sys.argv[1]), SystemClock()), 5)
while True:
    sys.stdout.write(writer.write().line())
    sys.stdout.flush()
"""


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.prove)])
def test_a_backup_under_load_restores_to_what_was_acknowledged(rounds: int, data_dir: Path, tmp_path: Path,
                                                               figure: Callable[[str], None]) -> None:
    seat = data_dir / "seat"
    found(seat).close()
    lines = tmp_path / "acks.txt"
    with lines.open("w") as out:
        load = subprocess.Popen([sys.executable, "-c", _LOAD, str(seat)], cwd=ROOT, stdout=out)
    slowest, compared, newest = 0.0, 0, 0.0
    try:
        while len(lines.read_text().splitlines()) < 50:
            assert load.poll() is None
            time.sleep(0.02)
        for n in range(rounds):
            acks = [Ack.of(line + "\n") for line in lines.read_text().splitlines(keepends=False)[:-1]]
            began = time.time()
            made = backup.make(seat, data_dir / f"backup {n}")
            took = time.time() - began
            slowest = max(slowest, took)
            back = data_dir / f"back {n}"
            assert backup.restore(data_dir / f"backup {n}", back, SystemClock()) == made
            with contextlib.closing(Store(back, SystemClock())) as store:
                assert check(store, acks).good
                assert audit.verify(store).faults == ()
                shown = rebuild.dump(store.read)
                rebuild.rebuild(store)
                assert rebuild.dump(store.read) == shown
                last = store.read.exec_driver_sql("SELECT max(received_at) FROM event").scalar_one() / 1000
                newest = max(newest, began + took - last)
                held = [tuple(r) for r in store.read.exec_driver_sql("SELECT seq, hash FROM event ORDER BY seq")]
            with contextlib.closing(sqlite3.connect(f"{(seat / STORE_FILE).as_uri()}?mode=ro", uri=True)) as live:
                assert live.execute("SELECT seq, hash FROM event WHERE seq <= ? ORDER BY seq", (held[-1][0],)
                                    ).fetchall() == held, "the backup is a beginning of what the seat went on to write"
                compared += len(held)
        after = len(lines.read_text().splitlines())
        time.sleep(0.3)
        assert len(lines.read_text().splitlines()) > after, "the writer goes on"
    finally:
        load.kill()
        load.wait()
    assert newest <= 60, "RPO"
    figure(f"promise 25: {rounds} store backups under load, at most {slowest:.2f} s each, newest event {newest:.2f} "
           f"s old at "
           f"the end; {compared} events restored and equal")


def test_a_restored_seat_works_on_and_its_secrets_stay_where_they_were(data_dir: Path) -> None:
    seat = data_dir / "seat"
    with contextlib.closing(found(seat)) as store:
        writer = Writer(store, 1)
        acks = [writer.write() for _ in range(20)]
    (seat / "hub.secret").write_text("secret")
    (seat / "calendars").mkdir()
    (seat / "calendars" / "own.toml").write_text("# own")
    (seat / "base.npz").write_bytes(b"ground")
    backup.make(seat, data_dir / "backup")
    kept = {p.name for p in (data_dir / "backup").rglob("*") if p.is_file()}
    assert {"store.sqlite", "head.json", "head.key", "own.toml", "base.npz"} <= kept
    assert "hub.secret" not in kept
    assert all(p.stat().st_mode & 0o077 == 0 for p in (data_dir / "backup").glob("*.key"))
    assert (data_dir / "backup").stat().st_mode & 0o777 == 0o700
    backup.restore(data_dir / "backup", data_dir / "back", SystemClock())
    with contextlib.closing(Store(data_dir / "back", SystemClock())) as store:
        writer = Writer(store, 2)
        acks += [writer.write() for _ in range(20)]
        assert check(store, acks).good
        store.head.write()
        assert audit.verify(store).faults == ()


def test_a_backup_that_was_damaged_or_made_of_a_cut_log_is_refused(data_dir: Path) -> None:
    seat = data_dir / "seat"
    with contextlib.closing(found(seat)) as store:
        writer = Writer(store, 1)
        for _ in range(30):
            writer.write()
    backup.make(seat, data_dir / "backup")
    dice = random.Random(3)
    for name in ("store.sqlite", next(p for p in (data_dir / "backup" / "blobs").glob("??/*")).relative_to(
            data_dir / "backup")):
        path = data_dir / "backup" / name
        raw = path.read_bytes()
        at = dice.randrange(len(raw))
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        with pytest.raises(KnownFault, match="damaged or changed"):
            backup.restore(data_dir / "backup", data_dir / "back", SystemClock())
        path.write_bytes(raw)
    assert not (data_dir / "back").exists()
    with contextlib.closing(sqlite3.connect(seat / STORE_FILE)) as c, c:
        c.execute("DELETE FROM event WHERE seq > (SELECT max(seq) - 5 FROM event)")
    backup.make(seat, data_dir / "cut")
    with pytest.raises(KnownFault, match="was cut"):
        backup.restore(data_dir / "cut", data_dir / "back", SystemClock())


def test_nothing_is_written_over(data_dir: Path) -> None:
    seat = data_dir / "seat"
    found(seat).close()
    backup.make(seat, data_dir / "backup")
    with pytest.raises(KnownFault, match="already"):
        backup.make(seat, data_dir / "backup")
    with pytest.raises(KnownFault, match="already"):
        backup.restore(data_dir / "backup", seat, SystemClock())
    with pytest.raises(KnownFault, match="no whole backup"):
        backup.restore(seat, data_dir / "back", SystemClock())
    with pytest.raises(KnownFault, match="no store"):
        backup.make(data_dir / "nothing", data_dir / "other")


def test_the_command_line_backs_up_and_restores(data_dir: Path) -> None:
    seat = data_dir / "seat"
    with contextlib.closing(found(seat)) as store:
        Writer(store, 1).write()
    for words in (["backup", str(data_dir / "b"), "--data", str(seat)],
                  ["restore", str(data_dir / "b"), "--data", str(data_dir / "back")],
                  ["audit", "verify", "--data", str(data_dir / "back")]):
        done = subprocess.run([sys.executable, "main.py", *words, "--json"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)
