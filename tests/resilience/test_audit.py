"""Promise 21: the audit is whole and tamper-evident."""
from __future__ import annotations

import contextlib
import hashlib
import json
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.events import GENESIS, Event, Json, NewEvent, canonical, content_hash, uuid7
from data.store import audit
from data.store.store import STORE_FILE, Store
from tests.resilience.workload import Writer, found

TRIALS = 200
Tamper = Callable[[sqlite3.Connection, random.Random], str]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with some 2,000 events of every kind, closed as usual: its head is remembered."""
    folder = tmp_path_factory.mktemp("audit") / "seat"
    with contextlib.closing(found(folder)) as store:
        writer = Writer(store, 21, photos=False)
        while store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one() < 2_000:
            writer.write()
        assert audit.verify(store).faults == ()
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return folder


def some_seq(connection: sqlite3.Connection, dice: random.Random) -> int:
    return int(dice.randrange(1, connection.execute("SELECT max(seq) FROM event").fetchone()[0] + 1))


def value(connection: sqlite3.Connection, column: str, seq: int) -> str:
    return str(connection.execute(f"SELECT {column} FROM event WHERE seq = ?", (seq,)).fetchone()[0])


def other_character(text: str, at: int, dice: random.Random) -> str:
    return text[:at] + dice.choice([c for c in "0123456789abcdef {}\":," if c != text[at]]) + text[at + 1:]


def byte_of(column: str) -> Tamper:
    def tamper(connection: sqlite3.Connection, dice: random.Random) -> str:
        seq = some_seq(connection, dice)
        old = value(connection, column, seq)
        new = other_character(old, dice.randrange(len(old)), dice)
        connection.execute(f"UPDATE event SET {column} = ? WHERE seq = ?", (new, seq))
        return f"a byte of {column}"
    return tamper


def number_of(column: str) -> Tamper:
    def tamper(connection: sqlite3.Connection, dice: random.Random) -> str:
        change = dice.choice([-1, 1, 1000, -86_400_000])
        if column == "seq":
            change = 1_000_000
        seat_no = f"{column} + {change}" if column != "seat_no" else "seat_no + 1000000"
        connection.execute(f"UPDATE event SET {column} = {seat_no} WHERE seq = ?", (some_seq(connection, dice),))
        return f"column {column}"
    return tamper


def drop(connection: sqlite3.Connection, dice: random.Random) -> str:
    connection.execute("DELETE FROM event WHERE seq = ?", (some_seq(connection, dice),))
    return "a row dropped"


def drop_and_close_the_gap(connection: sqlite3.Connection, dice: random.Random) -> str:
    seq = some_seq(connection, dice)
    connection.execute("DELETE FROM event WHERE seq = ?", (seq,))
    connection.execute("UPDATE event SET seq = -(seq - 1), seat_no = seat_no - 1 WHERE seq > ?", (seq,))
    connection.execute("UPDATE event SET seq = -seq WHERE seq < 0")
    return "a row dropped, the others moved up"


def swap(connection: sqlite3.Connection, dice: random.Random) -> str:
    one = some_seq(connection, dice)
    two = dice.choice([one - 1, one + 1, some_seq(connection, dice)])
    last = connection.execute("SELECT max(seq) FROM event").fetchone()[0]
    if two in (0, one) or two > last:
        two = one - 1 if one > 1 else 2
    connection.execute("UPDATE event SET seq = -1 WHERE seq = ?", (one,))
    connection.execute("UPDATE event SET seq = ? WHERE seq = ?", (one, two))
    connection.execute("UPDATE event SET seq = ? WHERE seq = -1", (two,))
    return "two rows swapped"


def forge(connection: sqlite3.Connection, dice: random.Random) -> str:
    """A content that is changed cleverly: with its own hash."""
    seq = some_seq(connection, dice)
    raw = json.loads(value(connection, "content", seq))
    raw["actor"] = "somebody else"
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    connection.execute("UPDATE event SET content = ?, hash = ? WHERE seq = ?",
                       (text, hashlib.sha256(text.encode()).hexdigest(), seq))
    return "content and hash forged"


def put_in(connection: sqlite3.Connection, dice: random.Random) -> str:
    """A whole event at the end, in the right shape, that does not follow the last one."""
    seat, last = connection.execute("SELECT seat, max(seq) FROM event").fetchone()
    event = Event(uuid7(1_790_000_000_000), "incident/x", "incident.noted", "d", "c", seat, last + 1,
                  dice.choice([GENESIS, "f" * 64]), "desk", "nobody", 1, "drill", {"note": "x"})
    text = canonical(event)
    connection.execute(
        "INSERT INTO event (seq, id, stream, kind, seat, seat_no, occurred_at, received_at, hash, content) VALUES "
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (last + 1, event.id, event.stream, event.kind, seat, event.seat_no, 1,
                                           1_790_000_000_000, content_hash(text), text))
    return "a row put in"


def cut(connection: sqlite3.Connection, dice: random.Random) -> str:
    connection.execute("DELETE FROM event WHERE seq > (SELECT max(seq) FROM event) - ?",
                       (dice.choice([1, 1, 2, 50, 500]),))
    return "the tail cut"


TAMPERINGS: tuple[Tamper, ...] = (
    *(byte_of(c) for c in ("content", "content", "content", "hash", "id", "stream", "kind", "seat")),
    *(number_of(c) for c in ("occurred_at", "received_at", "seat_no", "seq")),
    drop, drop, drop_and_close_the_gap, swap, swap, forge, put_in, cut, cut)


def verdict(folder: Path) -> int:
    with contextlib.closing(Store(folder, SystemClock())) as store:
        return len(audit.verify(store).faults)


def test_every_tampering_is_found(whole: Path, tmp_path: Path, figure: Callable[[str], None]) -> None:
    assert verdict(whole) == 0, "a whole log is found whole"
    found_of, missed = Counter[str](), []
    for trial in range(TRIALS):
        dice = random.Random(trial)
        folder = Path(shutil.copytree(whole, tmp_path / f"t{trial}"))
        connection = sqlite3.connect(folder / STORE_FILE)
        with contextlib.closing(connection), connection:
            connection.execute("PRAGMA synchronous=OFF")
            what = TAMPERINGS[trial % len(TAMPERINGS)](connection, dice)
        faults = verdict(folder)
        found_of[what] += faults > 0
        if not faults:
            missed.append((trial, what))
        shutil.rmtree(folder)
    figure(f"promise 21: {sum(found_of.values())} of {TRIALS} tamperings of {len(found_of)} kinds found")
    assert not missed


def test_a_cut_that_is_written_over_stays_visible(whole: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "seat"))
    with contextlib.closing(sqlite3.connect(folder / STORE_FILE)) as connection, connection:
        connection.execute("DELETE FROM event WHERE seq > 1990")
    with contextlib.closing(Store(folder, SystemClock())) as store:
        for _ in range(80):
            with store.transaction(screen="desk", actor="a") as tx:
                tx.append(NewEvent("call/c", "call.rang", {}, tx.now_ms))
    assert verdict(folder) > 0, "new events do not hide the old cut"


@pytest.mark.parametrize("content", ["", "{}", "nonsense", '{"seat_no": 1, "hash": "x", "mac": "y"}',
                                     '{"seat_no": 99999, "hash": "' + "0" * 64 + '", "mac": "' + "0" * 64 + '"}'])
def test_a_forged_or_missing_head_is_told(whole: Path, tmp_path: Path, content: str) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "seat"))
    (folder / "head.json").write_text(content)
    assert verdict(folder) > 0
    (folder / "head.json").unlink()
    assert verdict(folder) > 0
    shutil.copy(whole / "head.json", folder / "head.json")
    assert verdict(folder) == 0
    (folder / "head.key").write_text("00" * 32)
    assert verdict(folder) > 0


def fill(folder: Path, count: int) -> None:
    """So many chained events, put in at the speed of the disk: only the log, no projections."""
    with contextlib.closing(found(folder)) as store:
        who, now = store.identity, 1_790_000_000_000
    head = GENESIS
    connection = sqlite3.connect(folder / STORE_FILE)
    with contextlib.closing(connection):
        connection.execute("PRAGMA synchronous=OFF")
        for start in range(0, count, 10_000):
            rows = []
            for n in range(start + 1, min(start + 10_000, count) + 1):
                at = now + n
                body: dict[str, Json] = {"note": "The lamp at the corner is out again, as told last week.",
                                         "unit": f"t:{n % 99}", "phase_clock": {"due": at, "minutes": 15.0}}
                event = Event(uuid7(at), f"incident/{n // 8}", "incident.noted", who.district, who.centre, who.seat, n,
                              head, "desk", "dispatcher", at, "drill", body)
                text = canonical(event)
                head = content_hash(text)
                rows.append((n, event.id, event.stream, event.kind, who.seat, n, at, at, head, text))
            with connection:
                connection.executemany(
                    "INSERT INTO event (seq, id, stream, kind, seat, seat_no, occurred_at, received_at, hash, content) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def verify_timed(folder: Path, count: int) -> float:
    with contextlib.closing(Store(folder, SystemClock())) as store:
        began = time.perf_counter()
        result = audit.verify(store)
        took_s = time.perf_counter() - began
    assert (result.verified, result.faults) == (count, ())
    return took_s


def test_verifying_is_quick(data_dir: Path, figure: Callable[[str], None]) -> None:
    fill(data_dir, 20_000)
    took_s = verify_timed(data_dir, 20_000)
    figure(f"promise 21: 20,000 events verified in {took_s:.2f} s ({20_000 / took_s:,.0f} a second)")


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_a_million_events_are_verified_within_a_minute(data_dir: Path, figure: Callable[[str], None]) -> None:
    fill(data_dir, 1_000_000)
    took_s = verify_timed(data_dir, 1_000_000)
    figure(f"promise 21: 1,000,000 events verified in {took_s:.1f} s")
    assert took_s <= 60.0
