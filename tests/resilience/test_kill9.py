"""Promise 1: an acknowledged write survives kill -9."""
from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.events import NewEvent, uuid7
from data.store.store import Store
from tests.resilience.workload import Ack, Writer, check, found

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


def write_until_killed(folder: Path, told: Path, seed: int) -> None:
    """The writer process: tells each acknowledgement only after its commit."""
    writer = Writer(Store(folder, SystemClock()), seed)
    with open(told, "ab", buffering=0) as out:
        out.write(b"open\n")
        while True:
            out.write(writer.write().line().encode())


def run_and_kill(context: ForkServerContext, folder: Path, seed: int, most_s: float) -> list[Ack]:
    """Let a writer write, kill it at a random moment; returns what it acknowledged."""
    told = folder / "told.txt"
    told.unlink(missing_ok=True)
    process = context.Process(target=write_until_killed, args=(folder, told, seed), daemon=True)
    process.start()
    while not (told.exists() and told.stat().st_size):
        assert process.is_alive(), "the writer ended by itself"
        time.sleep(0.002)
    time.sleep(random.Random(seed).uniform(0, most_s))
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    process.close()
    # The last line may be half: then it was not told.
    return [Ack.of(line.decode()) for line in told.read_bytes().splitlines(keepends=True)[1:] if line.endswith(b"\n")]


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def test_an_acknowledged_write_survives_kill_9(
        context: ForkServerContext, data_dir: Path, prove: bool, figure: Callable[[str], None]) -> None:
    found(data_dir).close()
    cycles = 2_000 if prove else 100
    acks: list[Ack] = []
    started = time.perf_counter()
    slowest_s = 0.0
    for cycle in range(cycles):
        acks += run_and_kill(context, data_dir, cycle, most_s=0.2)
        begun = time.perf_counter()
        store = Store(data_dir, SystemClock())
        slowest_s = max(slowest_s, time.perf_counter() - begun)
        if cycle % 10 == 9:
            findings = check(store, acks)
            assert findings.good, (cycle, findings)
        store.close()
    store = Store(data_dir, SystemClock())
    with contextlib.closing(store):
        findings = check(store, acks)
    figure(f"promise 1: {cycles} cycles of kill -9, {len(acks)} acknowledged transactions: lost {len(findings.lost)}, "
           f"torn {len(findings.torn)}; slowest reopening {slowest_s * 1000:.0f} ms; "
           f"{time.perf_counter() - started:.0f} s in all")
    assert len(acks) > cycles
    assert findings.good, findings


def test_the_check_bites(data_dir: Path) -> None:
    """A lost event, a half transaction, a projection behind its log, a lost photo: each is found."""
    store = found(data_dir)
    with contextlib.closing(store):
        writer = Writer(store, 7)
        acks = [writer.write() for _ in range(40)]
        assert check(store, acks).good
        assert any(ack.photo for ack in acks)
        photo = next(ack.photo for ack in acks if ack.photo)
        whole = max(acks, key=lambda ack: len(ack.events))
        store.blobs.path(photo).write_bytes(b"half")
        with store._writer.begin():
            store._writer.exec_driver_sql("DELETE FROM event WHERE id = ?", (whole.events[-1],))
        findings = check(store, acks)
        assert whole.token in findings.lost
        assert any(photo[:12] in line for line in findings.lost)
        assert any(whole.token in line for line in findings.torn)
        assert any(whole.incident in line for line in findings.torn)
        assert findings.broken


@pytest.mark.prove
def test_a_killed_store_of_100000_incidents_is_usable_within_two_seconds(
        context: ForkServerContext, data_dir: Path, figure: Callable[[str], None]) -> None:
    store = found(data_dir)
    now = int(SystemClock().now().timestamp() * 1000)
    for _ in range(100):
        with store.transaction(screen="import", actor="import") as tx:
            for _ in range(1_000):
                key = uuid7(now)
                tx.append(NewEvent(f"incident/{key}", "incident.reported", {
                    "id": key, "kind": "0101", "channel": "hotline", "place": "人民路", "level": 3,
                    "tx": key, "of": 1}, now))
    store.close()
    acks = run_and_kill(context, data_dir, 1, most_s=3.0)
    begun = time.perf_counter()
    store = Store(data_dir, SystemClock())
    with contextlib.closing(store):
        assert store.read.exec_driver_sql("SELECT count(*) FROM incident WHERE ended = 0").scalar_one() >= 100_000
        Writer(store, 2).write()
        took_s = time.perf_counter() - begun
        findings = check(store, acks)
    figure(f"promise 1: usable {took_s:.2f} s after kill -9 with 100,000 incidents, lost {len(findings.lost)}")
    assert findings.good, findings
    assert took_s <= 2.0
