"""Promise 3: a full disk is a state, not a crash: nothing acknowledged is lost, and work goes on when there is room."""
from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.clock import SystemClock
from app.domain.faults import KnownFault
from data.store.store import DiskFull, Store
from tests.resilience.workload import Ack, Writer, check, found

SIZE_MB = 6


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of a few megabytes."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0777", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small tmpfs cannot be mounted here (it takes root on Linux)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return ballast


def write_until_full(writer: Writer, acks: list[Ack]) -> float:
    """Write until the store says that the disk is full; returns how long the refused act took (s)."""
    while True:
        begun = time.perf_counter()
        try:
            acks.append(writer.write())
        except DiskFull:
            return time.perf_counter() - begun
        assert len(acks) < 20_000, "the disk never got full"


def test_a_full_disk_is_a_state_and_loses_nothing(small_disk: Path, figure: Callable[[str], None]) -> None:
    store = found(small_disk / "data")
    acks: list[Ack] = []
    waits = []
    with contextlib.closing(store):
        writer = Writer(store, 1, photos=False)
        acks += [writer.write() for _ in range(20)]
        ballast = fill(small_disk)
        refused_s = write_until_full(writer, acks)
        # It stays a state: reading goes on, each further act is refused in the same way.
        for _ in range(5):
            assert check(store, acks).good
            with pytest.raises(DiskFull):
                writer.write()
            assert not store.disk_free_again()
        for _ in range(3):
            ballast.unlink()
            begun = time.perf_counter()
            while not store.disk_free_again():
                assert time.perf_counter() - begun < 10, "does not recover"
                time.sleep(0.05)
            acks.append(writer.write())
            waits.append(time.perf_counter() - begun)
            ballast = fill(small_disk)
            write_until_full(writer, acks)
        findings = check(store, acks)
    ballast.unlink()
    with contextlib.closing(Store(small_disk / "data", SystemClock())) as again:
        assert check(again, acks).good
        acks.append(Writer(again, 2).write())
    figure(f"promise 3: disk full 4 times, told after {refused_s * 1000:.0f} ms, {len(acks)} acknowledged, "
           f"lost {len(findings.lost)}, work goes on {max(waits) * 1000:.0f} ms after there is room")
    assert findings.good, findings
    assert refused_s < 2


def test_a_store_opens_and_reads_on_a_full_disk_or_says_what_to_do(small_disk: Path) -> None:
    store = found(small_disk / "data")
    writer = Writer(store, 1)
    acks = [writer.write() for _ in range(10)]
    store.close()
    ballast = fill(small_disk)
    with contextlib.suppress(KnownFault), contextlib.closing(Store(small_disk / "data", SystemClock())) as again:
        assert check(again, acks).good
        with pytest.raises(DiskFull):
            write_more(again)
    ballast.unlink()
    with contextlib.closing(Store(small_disk / "data", SystemClock())) as again:
        assert check(again, acks).good
        Writer(again, 3).write()


def write_more(store: Store) -> None:
    writer = Writer(store, 5, photos=False)
    for _ in range(200):
        writer.write()


def test_founding_a_store_on_a_full_disk_says_so_and_works_later(small_disk: Path) -> None:
    ballast = fill(small_disk)
    with pytest.raises(KnownFault):
        found(small_disk / "data")
    ballast.unlink()
    found(small_disk / "data").close()


def test_a_photo_that_finds_no_room_is_refused_and_leaves_no_half_file(small_disk: Path) -> None:
    with contextlib.closing(found(small_disk / "data")) as store:
        store.blobs.put(b"there is room")
        ballast = fill(small_disk)
        with pytest.raises(KnownFault):
            store.blobs.put(bytes(100_000))
        ballast.unlink()
        assert store.blobs.get(store.blobs.put(bytes(100_000))) == bytes(100_000)
        assert not list((small_disk / "data" / "blobs").rglob("*.part"))


def test_a_killed_writer_on_a_full_disk_leaves_a_store_that_opens(small_disk: Path) -> None:
    found(small_disk / "data").close()
    ballast = fill(small_disk)
    program = ("import os, pathlib, sys\nfrom app.clock import SystemClock\nfrom data.store.store import Store\n"
               "from tests.resilience.workload import Writer\n"
               "writer = Writer(Store(pathlib.Path(sys.argv[1]), SystemClock()), 1, photos=False)\n"
               "try:\n    while True:\n        print(writer.write().line(), end='', flush=True)\n"
               "finally:\n    os._exit(9)\n")
    done = subprocess.run([sys.executable, "-c", program, str(small_disk / "data")], cwd=Path(__file__).parents[2],
                          capture_output=True, text=True, timeout=60, check=False)
    acks = [Ack.of(line) for line in done.stdout.splitlines()]
    ballast.unlink()
    with contextlib.closing(Store(small_disk / "data", SystemClock())) as store:
        assert check(store, acks).good
        Writer(store, 2).write()


def test_a_screen_is_told_of_a_full_disk_within_two_seconds_and_of_room_within_ten(
        small_disk: Path, figure: Callable[[str], None]) -> None:
    folder = small_disk / "data"
    found(folder).close()
    seat = seats.open_seat(folder, None, screen="desk")
    with contextlib.closing(seat):
        seat.poll_changes()
        ballast = fill(small_disk)
        told_s = wait_for(lambda: is_down(seat), 2.0)
        ballast.unlink()
        again_s = wait_for(lambda: not is_down(seat), 10.0)
    figure(f"promise 3: a screen was told of the full disk after {told_s:.1f} s, of room after {again_s:.1f} s")


def is_down(seat: seats.OpenSeat) -> bool:
    try:
        seat.poll_changes()
    except DiskFull:
        return True
    return False


def wait_for(what: Callable[[], bool], most_s: float) -> float:
    begun = time.perf_counter()
    while not what():
        assert time.perf_counter() - begun < most_s + 1.0
        time.sleep(0.05)
    return time.perf_counter() - begun
