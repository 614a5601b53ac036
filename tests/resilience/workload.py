"""Real transactions on a real store, each acknowledged after its commit; and what must be found again afterwards."""
from __future__ import annotations

import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from pathlib import Path

from app.clock import SystemClock
from app.domain.events import GENESIS, NewEvent, parse, uuid7
from app.domain.faults import KnownFault
from app.domain.incident import IncidentState
from data.store.store import Founding, Store

FOUNDING = Founding("340803", "测试区", "c1", "测试中心", nature="drill")


@dataclass(frozen=True, slots=True)
class Ack:
    """What a caller was told is kept: a transaction's token, its events, its incident, person and photo."""

    token: str
    events: tuple[str, ...]
    incident: str
    person: str
    photo: str

    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def of(cls, line: str) -> Ack:
        raw = json.loads(line)
        return cls(raw["token"], tuple(raw["events"]), raw["incident"], raw["person"], raw["photo"])


def found(folder: Path) -> Store:
    return Store.create(folder, FOUNDING, SystemClock())


class Writer:
    """Writes transactions of one to six events of every kind of stream, some with a photo."""

    def __init__(self, store: Store, seed: int, *, photos: bool = True) -> None:
        self.store = store
        self.photos = photos
        self.random = random.Random(seed)
        self.clock = SystemClock()

    def write(self) -> Ack:
        """One transaction; returns after the commit."""
        dice, now = self.random, int(self.clock.now().timestamp() * 1000)
        incident, token = uuid7(now), uuid7(now)
        stream = f"incident/{incident}"
        with_photo = dice.random() < 0.1 and self.photos
        photo = self.store.blobs.put(dice.randbytes(dice.randrange(1, 30_000))) if with_photo else ""
        count = dice.randrange(1, 7)
        with self.store.transaction(screen="desk", actor="dispatcher") as tx:
            person = tx.put_person("reporter", {"name": "反映人", "phone": f"1380000{dice.randrange(10_000):04d}"})
            bodies: list[tuple[str, str, dict[str, object]]] = [
                (stream, "incident.reported", {
                    "id": incident, "number": f"W{tx.next_number('20260101')}", "kind": "0101", "channel": "hotline",
                    "place": "人民路" * dice.randrange(1, 30), "level": dice.randrange(1, 5),
                    "lon": 117.04, "lat": 30.52, "reporters": [person], "photos": [photo] if photo else []}),
                (stream, "incident.registered", {"level": 2}),
                (stream, "incident.assigned", {"unit": f"u{dice.randrange(50)}", "lead": True}),
                (f"unit/u{dice.randrange(50)}", "unit.on_duty", {}),
                (stream, "incident.acknowledged", {"unit": "u1"}),
                (stream, "incident.noted", {"text": "备注" * dice.randrange(200)})]
            events = [tx.append(NewEvent(where, kind, {**body, "tx": token, "of": count}, now))  # type: ignore[dict-item]
                      for where, kind, body in bodies[:count]]
        return Ack(token, tuple(e.id for e in events), incident, person, photo)


@dataclass(slots=True)
class Findings:
    """What a check of a store found; all lists are empty when the promise holds."""

    events: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.lost or self.torn or self.broken)


@dataclass(slots=True)
class _Log:
    """The event log as read back."""

    ids: set[str] = field(default_factory=set)
    tokens: Counter[str] = field(default_factory=Counter)
    sizes: dict[str, int] = field(default_factory=dict)
    streams: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    persons: set[str] = field(default_factory=set)


def _read_log(store: Store, out: Findings) -> _Log:
    log = _Log()
    head = GENESIS
    rows = store.read.exec_driver_sql("SELECT seq, seat_no, hash, content FROM event ORDER BY seq")
    for number, (seq, seat_no, digest, content) in enumerate(rows, 1):
        event = parse(content)
        log.ids.add(event.id)
        if (seat_no, event.seat_no, event.prev_seat_hash) != (number, number, head):
            out.broken.append(f"chain breaks at {seat_no}")
        if hashlib.sha256(content.encode()).hexdigest() != digest:
            out.broken.append(f"hash of {seat_no}")
        head = digest
        token = str(event.body["tx"])
        log.tokens[token] += 1
        log.sizes[token] = int(str(event.body["of"]))
        log.streams[event.stream].append(seq)
        reporters = event.body.get("reporters")
        log.persons.update(str(r) for r in (reporters if isinstance(reporters, list) else []))
        out.events = number
    return log


def check(store: Store, acks: Collection[Ack]) -> Findings:
    """Every acknowledged thing is there; no transaction is there in part; chain, projections and file are whole."""
    out = Findings()
    log = _read_log(store, out)
    out.torn += [f"{token}: {count} of {log.sizes[token]} events" for token, count in log.tokens.items()
                 if count != log.sizes[token]]
    incidents = {str(key): (int(last), str(state)) for key, last, state
                 in store.read.exec_driver_sql("SELECT id, last_seq, state FROM incident")}
    folded = {stream[9:]: seqs for stream, seqs in log.streams.items() if stream.startswith("incident/")}
    out.torn += [f"incident {key} without its projection" for key in folded.keys() - incidents.keys()]
    out.torn += [f"projection {key} without its events" for key in incidents.keys() - folded.keys()]
    out.torn += [f"projection of {key} is not that of its events" for key, (last, state) in incidents.items()
                 if key in folded and (last, IncidentState.load(state).events) != (max(folded[key]), len(folded[key]))]
    persons = {str(row[0]) for row in store.read.exec_driver_sql("SELECT id FROM person")}
    out.torn += [f"person {key}" for key in log.persons ^ persons]
    for ack in acks:
        if not log.ids.issuperset(ack.events) or ack.incident not in incidents or ack.person not in persons:
            out.lost.append(ack.token)
        out.lost += _lost_photo(store, ack.photo)
    verdict = store.read.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    if verdict != "ok":
        out.broken.append(str(verdict))
    return out


def _lost_photo(store: Store, digest: str) -> list[str]:
    if digest:
        try:
            store.blobs.get(digest)
        except KnownFault as fault:
            return [f"photo {digest[:12]}: {fault}"]
    return []
