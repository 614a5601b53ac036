"""A seat's line to the hub: the functions it may call, what may be heard while it waits. Use it from one thread."""

from __future__ import annotations

import json
import selectors
import socket
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self

import psycopg

from app.clock import SystemClock
from app.services.sync_rules import Ordered
from data.sync.address import HubAddress, connect
from data.sync.faults import HubTrouble, known
from data.sync.snapshot import Offer

CHANNEL = "liandong_hub"
POINT = "point"
"""what stands in place of a verdict where a pull ended at a digest point"""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the hub answers to a seat's hello. `chain`: of the row the seat has reached; None: there is none."""

    epoch: str
    head: int
    chain: str | None
    seat_code: str
    prefix: str
    revision: str
    now: datetime
    seat_no: int


@dataclass(frozen=True, slots=True)
class Appended:
    """`verdicts` by event id; `head`: the hub's last sequence; `owed`: the trailing wake-up is this seat's to send."""

    verdicts: Mapping[str, str]
    head: int
    owed: bool


class Hub(Protocol):
    """What a seat needs of a hub. All calls raise `HubTrouble` when it cannot be used."""

    at_point: int
    """the digest point at which the last pull ended; 0: at none"""

    def hello(self, seat: str, district: str, centre: str, reached: int) -> Welcome: ...
    def append(self, ids: Sequence[str], contents: Sequence[str]) -> Appended: ...
    def pull(self, after: int, most: int) -> list[Ordered]: ...
    def bodies(self, ids: Sequence[str]) -> list[Ordered]: ...
    def stream_bodies(self, streams: Sequence[str], upto: int) -> list[Ordered]: ...
    def chain_at(self, seqs: Iterable[int]) -> dict[int, str]: ...
    def beat(self, reached: int, unsent: int, skew_ms: int) -> tuple[int, datetime, str]: ...
    def nudge(self) -> bool: ...
    def presence(self) -> list[tuple[str, str, int, float | None]]: ...
    def make_point(self, every_s: float) -> bool: ...
    def points(self, after: int) -> list[int]: ...
    def centres(self) -> list[tuple[str, str]]: ...
    def directory(self) -> list[tuple[str, str, int, str | None, str]]: ...
    def compare(self, seq: int, rows: Sequence[tuple[str, int, str]]) -> list[tuple[str, int, int]]: ...
    def differing(self) -> list[tuple[int, str]]: ...
    def digests_at(self, seq: int, centre: str) -> list[tuple[bool, str]]: ...
    def diverged(self, seq: int, centre: str, repaired: bool) -> None: ...
    def offer(self, no: int | None = None) -> Offer | None: ...
    def part(self, no: int, kind: str, number: int, piece: int) -> bytes | None: ...


class _Watch:
    """Cuts a line that has not answered in time: a proxy that swallows everything keeps TCP happy for ever."""

    def __init__(self, fd: int, limit_s: float) -> None:
        self._limit_s, self._until = limit_s, 0.0
        self._clock = SystemClock()
        self._socket = socket.socket(fileno=socket.dup(fd))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub watch", daemon=True)
        self._thread.start()

    def begin(self) -> None:
        self._until = self._clock.monotonic() + self._limit_s

    def end(self) -> None:
        self._until = 0.0

    def _run(self) -> None:
        while not self._ended.wait(0.25):
            if self._until and self._clock.monotonic() > self._until:
                self._until = 0.0
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._socket.close()


class HubLink:
    """Implements `Hub` over PostgreSQL."""

    def __init__(self, address: HubAddress, secret: str | None, *, answer_s: float = 10.0, name: str = "liandong seat"
                 ) -> None:
        """Connect and listen. Raises `HubTrouble`."""
        self.heard = 0
        """highest sequence a wake-up told of"""
        self.at_point = 0
        self._woken = False
        try:
            self._connection = connect(address, secret, seconds=answer_s, name=name)
        except psycopg.Error as fault:
            raise known(fault) from None
        self._watch = _Watch(self._connection.fileno(), answer_s)
        self._connection.add_notify_handler(self._on_notify)
        try:
            self._rows(f"LISTEN {CHANNEL}")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        self._watch.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _on_notify(self, told: psycopg.Notify) -> None:
        self._woken = True
        if told.payload.isdigit():
            self.heard = max(self.heard, int(told.payload))

    def wait(self, seconds: float) -> bool:
        """Wait for a wake-up; True when one came. Raises `HubTrouble` when the line is cut."""
        if not self._woken:
            try:
                if self._readable(seconds):
                    line = self._connection.pgconn
                    line.consume_input()
                    while (note := line.notifies()) is not None:
                        self._on_notify(psycopg.Notify(CHANNEL, note.extra.decode(), note.be_pid))
            except (psycopg.Error, OSError):
                raise HubTrouble(known(psycopg.OperationalError()).message) from None
        woken, self._woken = self._woken, False
        return woken

    def _readable(self, seconds: float) -> bool:
        # not select.select: it refuses descriptors from 1024 on, which a screen with many files and lines open reaches
        with selectors.DefaultSelector() as looks:
            looks.register(self._connection.fileno(), selectors.EVENT_READ)
            return bool(looks.select(seconds))

    def _rows(self, words: str, *arguments: object, binary: bool = False) -> list[Any]:
        self._watch.begin()
        try:
            cursor = self._connection.execute(words, arguments, prepare=bool(arguments), binary=binary)
            return list(cursor.fetchall()) if cursor.description is not None else []
        except psycopg.Error as fault:
            raise known(fault) from None
        finally:
            self._watch.end()

    def hello(self, seat: str, district: str, centre: str, reached: int) -> Welcome:
        """Say who this is. Raises `HubTrouble` for a hub that is not this seat's."""
        return Welcome(*self._rows("SELECT * FROM hub.hello(%s, %s, %s, %s)", seat, district, centre, reached)[0])

    def append(self, ids: Sequence[str], contents: Sequence[str]) -> Appended:
        """Have events ordered; what was ordered before is answered as it was. What is answered is on the hub's disk."""
        verdicts, head, owed = self._rows("CALL hub.append(%b::text[], %b::text[])", list(ids), list(contents))[0]
        return Appended(dict(zip(ids, verdicts, strict=True)), head, owed)

    def pull(self, after: int, most: int) -> list[Ordered]:
        """The rows after a sequence; they end at a digest point that lies between, and `at_point` says so."""
        rows = [Ordered(*r) for r in self._rows("SELECT * FROM hub.pull(%s, %s)", after, most)]
        self.at_point = rows.pop().seq if rows and rows[-1].verdict == POINT else 0
        return rows

    def bodies(self, ids: Sequence[str]) -> list[Ordered]:
        """Bodies by event id, of what this seat may see."""
        return [Ordered(*r) for r in self._rows("SELECT * FROM hub.bodies(%s::text[])", list(ids))]

    def stream_bodies(self, streams: Sequence[str], upto: int) -> list[Ordered]:
        """All bodies of streams up to a sequence."""
        return [Ordered(*r) for r in self._rows("SELECT * FROM hub.stream_bodies(%s::text[], %s)", list(streams), upto)]

    def chain_at(self, seqs: Iterable[int]) -> dict[int, str]:
        """The chain values at sequences; those that the hub does not have are left out."""
        return dict(self._rows("SELECT * FROM hub.chain_at(%s::bigint[])", list(seqs)))

    def beat(self, reached: int, unsent: int, skew_ms: int) -> tuple[int, datetime, str]:
        """Tell how this seat stands; (head, the hub's clock, epoch)."""
        row = self._rows("SELECT * FROM hub.beat(%s, %s, %s)", reached, unsent, skew_ms)[0]
        return row[0], row[1], row[2]

    def nudge(self) -> bool:
        """Send the trailing wake-up; False: not yet."""
        return bool(self._rows("SELECT hub.nudge()")[0][0])

    def presence(self) -> list[tuple[str, str, int, float | None]]:
        """(centre, name, level, seconds since any of its seats was heard)."""
        return [tuple(r) for r in self._rows("SELECT * FROM hub.presence()")]

    def make_point(self, every_s: float) -> bool:
        """Set a digest point unless one was set lately."""
        return bool(self._rows("SELECT hub.make_point(%s)", every_s)[0][0])

    def points(self, after: int) -> list[int]:
        """Digest points from a sequence on."""
        return [r[0] for r in self._rows("SELECT * FROM hub.points(%s)", after)]

    def centres(self) -> list[tuple[str, str]]:
        """(centre, path of its area) of this centre and those below."""
        return [(r[0], r[1]) for r in self._rows("SELECT * FROM hub.centres()")]

    def directory(self) -> list[tuple[str, str, int, str | None, str]]:
        """All centres of the district: (code, name, level, parent, path of its area)."""
        return [(r[0], r[1], r[2], r[3], r[4]) for r in self._rows("SELECT * FROM hub.directory()")]

    def compare(self, seq: int, rows: Sequence[tuple[str, int, str]]) -> list[tuple[str, int, int]]:
        """Hand in digests (centre, rows, digest) at a point; how many other seats agree and differ by centre."""
        names, counts, digests = ([r[i] for r in rows] for i in range(3))
        return [tuple(r) for r in self._rows("SELECT * FROM hub.compare(%s, %s::text[], %s::int[], %s::text[])", seq,
                                             names, counts, digests)]

    def differing(self) -> list[tuple[int, str]]:
        """(point, centre) of late where another seat's digest is not this seat's."""
        return [(r[0], r[1]) for r in self._rows("SELECT * FROM hub.differing()")]

    def digests_at(self, seq: int, centre: str) -> list[tuple[bool, str]]:
        """(this seat's, digest as it was handed in) of a centre at a point."""
        return [(r[0], r[1]) for r in self._rows("SELECT * FROM hub.digests_at(%s, %s)", seq, centre)]

    def diverged(self, seq: int, centre: str, repaired: bool) -> None:
        """Have a divergence recorded."""
        self._rows("SELECT hub.diverged(%s, %s, %s)", seq, centre, repaired)

    def offer(self, no: int | None = None) -> Offer | None:
        """The newest snapshot for this seat's centre, or the one of a number; None: there is none."""
        rows = self._rows("SELECT * FROM hub.offer(%s::bigint)", no)
        if not rows:
            return None
        no_, seq, chain, part_rows, folds, form, digests = rows[0]
        return Offer(no_, seq, chain, part_rows, folds, form, {c: (n, d) for c, (n, d) in json.loads(digests).items()})

    def part(self, no: int, kind: str, number: int, piece: int) -> bytes | None:
        """A piece of a snapshot's part; None: there is no such piece."""
        rows = self._rows("SELECT hub.part_of(%s, %s, %s, %s)", no, kind, number, piece, binary=True)
        return rows[0][0] if rows else None

    def founding(self) -> tuple[str, str, str, str, str, str, int]:
        """(district, its name, centre, its name, nature, time zone, pieces of lists) for a new seat."""
        found: tuple[str, str, str, str, str, str, int] = tuple(self._rows("SELECT * FROM hub.founding()")[0])
        return found

    def list_piece(self, no: int) -> bytes | None:
        """A piece of the lists in force."""
        rows = self._rows("SELECT hub.list_piece(%s)", no, binary=True)
        return rows[0][0] if rows else None
