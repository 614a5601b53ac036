"""A hub on paper: the rules of `app.services.sync_rules` and a line that loses, repeats and cuts, by one seed."""
from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.events import Event, content_hash, parse
from app.domain.faults import Message
from app.ports import Clock
from app.services import sync_rules
from app.services.sync_rules import Ordered
from data.sync.faults import HubTrouble
from data.sync.link import Appended, Welcome
from data.sync.migrations import HUB_HEAD
from data.sync.snapshot import Offer


@dataclass
class PaperHub:
    """The order and what follows from it. `lose_tail` is a restore from an older backup."""

    clock: Clock
    rows: list[Ordered] = field(default_factory=list)
    events: dict[str, Event] = field(default_factory=dict)
    epoch: int = 1
    points: set[int] = field(default_factory=set)
    digests: dict[tuple[int, str, str], tuple[int, str]] = field(default_factory=dict)
    """(point, seat, centre) → (rows, digest)"""
    diverged: list[tuple[str, int, bool]] = field(default_factory=list)

    def place_of(self, event_id: str, digest: str) -> Ordered | None:
        return next((r for r in reversed(self.rows) if (r.event_id, r.hash) == (event_id, digest)), None)

    def take(self, event_id: str, content: str) -> Ordered:
        known = self.place_of(event_id, content_hash(content))
        if known is not None:
            return known
        event = parse(content)
        stream = [r for r in self.rows if self.events[r.event_id].stream == event.stream]
        acts = [r for r in stream if r.verdict == sync_rules.OK and self.events[r.event_id].kind in sync_rules.DECIDING]
        unit = sync_rules.booked_unit(event)
        over = sync_rules.overtaken(event.kind, event.seen, acts[-1].event_id if acts else "",
                                    self.booking(unit) if unit else "")
        act = sync_rules.leans_on(event)
        over = over or any(r.event_id == act and r.verdict != sync_rules.OK for r in self.rows)
        verdict = sync_rules.OVERTAKEN if over else sync_rules.OK
        seq, previous = len(self.rows) + 1, self.rows[-1].chain if self.rows else sync_rules.GENESIS_CHAIN
        digest = content_hash(content)
        row = Ordered(seq, event_id, verdict, digest, sync_rules.link(previous, seq, event_id, verdict, digest),
                      len(stream) + 1, content)
        self.events[event_id] = event
        self.rows.append(row)
        return row

    def booking(self, unit: str) -> str:
        """The unit's last booking that has not ended."""
        last = None
        for row in self.rows:
            event = self.events[row.event_id]
            if row.verdict != sync_rules.OK:
                continue
            if sync_rules.booked_unit(event) == unit:
                last = event
            elif last is not None and event.stream == last.stream and sync_rules.frees(event, unit):
                last = None
        return last.id if last is not None else ""

    def lose_tail(self, count: int) -> None:
        """Restored from a backup that lacks the last rows."""
        for row in self.rows[len(self.rows) - count :] if count else []:
            del self.events[row.event_id]
        del self.rows[len(self.rows) - count :]
        self.points = {p for p in self.points if p <= len(self.rows)}
        self.digests = {k: d for k, d in self.digests.items() if k[0] <= len(self.rows)}
        self.epoch += 1


class PaperLink:
    """Implements `data.sync.link.Hub` for one seat over a line that fails as the dice say, before or after the act."""

    def __init__(self, hub: PaperHub, dice: random.Random, trouble: float) -> None:
        self.hub, self.dice, self.trouble, self.seat, self.epoch = hub, dice, trouble, "", hub.epoch
        self.at_point = 0

    def _line(self) -> None:
        if self.epoch != self.hub.epoch or self.dice.random() < self.trouble:
            raise HubTrouble(Message("The hub cannot be reached."))

    def hello(self, seat: str, district: str, centre: str, reached: int) -> Welcome:
        self._line()
        self.seat, rows = seat, self.hub.rows
        chain = sync_rules.GENESIS_CHAIN if reached == 0 else rows[reached - 1].chain if reached <= len(rows) else None
        return Welcome(str(self.hub.epoch), len(rows), chain, "01", "", HUB_HEAD, self.hub.clock.now(), 0)

    def append(self, ids: Sequence[str], contents: Sequence[str]) -> Appended:
        self._line()
        taken = [self.hub.take(i, c) for i, c in zip(ids, contents, strict=True)]
        self._line()
        return Appended({r.event_id: r.verdict for r in taken}, len(self.hub.rows), False)

    def pull(self, after: int, most: int) -> list[Ordered]:
        self._line()
        till = min((p for p in self.hub.points if p > after), default=len(self.hub.rows))
        found = self.hub.rows[after : min(after + min(most, self.dice.randrange(1, 9)), till)]
        self.at_point = after + len(found) if after + len(found) in self.hub.points else 0
        return [Ordered(r.seq, r.event_id, r.verdict, r.hash, r.chain, r.place,
                        None if self.hub.events[r.event_id].seat == self.seat else r.content) for r in found]

    def bodies(self, ids: Sequence[str]) -> list[Ordered]:
        self._line()
        return [r for r in self.hub.rows if r.event_id in ids]

    def stream_bodies(self, streams: Sequence[str], upto: int) -> list[Ordered]:
        self._line()
        return [r for r in self.hub.rows[:upto] if self.hub.events[r.event_id].stream in streams]

    def chain_at(self, seqs: Iterable[int]) -> dict[int, str]:
        self._line()
        return {s: self.hub.rows[s - 1].chain for s in seqs if 0 < s <= len(self.hub.rows)}

    def beat(self, reached: int, unsent: int, skew_ms: int) -> tuple[int, datetime, str]:
        self._line()
        return len(self.hub.rows), self.hub.clock.now(), str(self.hub.epoch)

    def nudge(self) -> bool:
        return True

    def presence(self) -> list[tuple[str, str, int, float | None]]:
        return []

    def make_point(self, every_s: float) -> bool:
        self._line()
        self.hub.points |= {len(self.hub.rows), len(self.hub.rows) + 1} - {0}
        return True

    def points(self, after: int) -> list[int]:
        self._line()
        return sorted(p for p in self.hub.points if p >= after)

    def centres(self) -> list[tuple[str, str]]:
        self._line()
        return [("c", "")]

    def directory(self) -> list[tuple[str, str, int, str | None, str]]:
        return []

    def compare(self, seq: int, rows: Sequence[tuple[str, int, str]]) -> list[tuple[str, int, int]]:
        self._line()
        for centre, count, digest in rows:
            self.hub.digests[seq, self.seat, centre] = (count, digest)
        return [(c, self._others(seq, c, d, same=True), self._others(seq, c, d, same=False)) for c, _, d in rows]

    def _others(self, seq: int, centre: str, digest: str, *, same: bool) -> int:
        return sum((d == digest) is same for (at, seat, c), (_, d) in self.hub.digests.items()
                   if (at, c) == (seq, centre) and seat != self.seat)

    def differing(self) -> list[tuple[int, str]]:
        self._line()
        return sorted((at, c) for (at, seat, c), (_, d) in self.hub.digests.items()
                      if seat == self.seat and self._others(at, c, d, same=False))

    def digests_at(self, seq: int, centre: str) -> list[tuple[bool, str]]:
        self._line()
        return [(seat == self.seat, d) for (at, seat, c), (_, d) in self.hub.digests.items()
                if (at, c) == (seq, centre)]

    def diverged(self, seq: int, centre: str, repaired: bool) -> None:
        self.hub.diverged.append((centre, seq, repaired))

    def offer(self, no: int | None = None) -> Offer | None:
        return None

    def part(self, no: int, kind: str, number: int, piece: int) -> bytes | None:
        return None
