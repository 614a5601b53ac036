"""Verifying the seat's chain: every byte of every event, its order, and that no tail was cut."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.events import GENESIS, content_hash
from app.domain.faults import Message, Rejected
from app.services.sync_rules import GENESIS_CHAIN, link
from data.store.store import Store
from data.store.tables import EVENT

_READ = (
    "SELECT seq, id, stream, kind, seat, seat_no, occurred_at, received_at, hash, content FROM event "
    "WHERE seq > ? ORDER BY seq LIMIT ?"
)
_SEAT, _SEAT_NO, _HASH = 4, 5, 8
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class AuditResult:
    """`verified` events; the head that stands and the one remembered; what is wrong, with where."""

    verified: int
    head: tuple[int, str]
    remembered: tuple[int, str] | None
    faults: tuple[Message, ...]


def verify(store: Store) -> AuditResult:
    """Check hash, chain, place and columns of every event of every seat in this store, and the remembered head."""
    heads: dict[str, tuple[int, str]] = {}
    faults: list[Message] = []
    count, last_seq = 0, 0
    own_seat = store.identity.seat
    while True:
        rows = store.read.exec_driver_sql(_READ, (last_seq, _CHUNK)).all()
        if not rows:
            break
        for row in rows:
            count += 1
            number, head = heads.get(row[_SEAT], (0, GENESIS))
            fault = _check(row, number, head, last_seq, own_seat)
            if fault is not None:
                faults.append(fault)
            heads[row[_SEAT]] = (row[_SEAT_NO], row[_HASH])
            last_seq = row[0]
    own = heads.get(own_seat, (0, GENESIS))
    remembered, complaint = _remembered(store)
    if complaint is not None:
        faults.append(complaint)
    if remembered is not None:
        stands = store.read.execute(
            select(EVENT.c.hash).where(EVENT.c.seat == own_seat, EVENT.c.seat_no == remembered[0])
        ).scalar_one_or_none()
        if stands is None:
            faults.append(
                Message(
                    "The log was cut: it ends at {is_no}, the remembered head is {was_no}.",
                    {"is_no": own[0], "was_no": remembered[0]},
                )
            )
        elif stands != remembered[1]:
            faults.append(Message("Event {no} is not the one that is remembered as head.", {"no": remembered[0]}))
    return AuditResult(count, own, remembered, (*faults, *_verify_order(store)))


def _verify_order(store: Store) -> list[Message]:
    """Check the hub's order as pulled: every link, and that each held event stands in it as it is."""
    faults: list[Message] = []
    seq, chain = 0, GENESIS_CHAIN
    while True:
        rows = store.read.exec_driver_sql(
            "SELECT o.seq, o.event_id, o.verdict, o.hash, o.chain, e.hash, e.verdict FROM ordering o LEFT JOIN event e "
            "ON e.hub_seq = o.seq AND e.id = o.event_id WHERE o.seq > ? ORDER BY o.seq LIMIT ?", (seq, _CHUNK)).all()
        for row in rows:
            if row[0] != seq + 1 or link(chain, row[0], row[1], row[2], row[3]) != row[4]:
                faults.append(Message("Row {seq} of the hub's order does not follow the one before it.",
                                      {"seq": row[0]}))
            if row[5] is not None and (row[5], row[6]) != (row[3], row[2]):
                faults.append(Message("The event of row {seq} of the hub's order is not the one that was ordered.",
                                      {"seq": row[0]}))
            seq, chain = row[0], row[4]
        if not rows:
            break
    strays = store.read.exec_driver_sql(
        "SELECT count(*) FROM event e WHERE e.hub_seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ordering o WHERE "
        "o.seq = e.hub_seq AND o.event_id = e.id)").scalar_one()
    if strays:
        faults.append(Message("{count} events claim a place that the hub's order does not give them.",
                              {"count": strays}))
    return faults


def _remembered(store: Store) -> tuple[tuple[int, str] | None, Message | None]:
    try:
        found = store.head.load()
    except ValueError as fault:
        return None, Message("The remembered head cannot be trusted: {why}", {"why": str(fault)})
    if found is None and store.head.has_key():
        return None, Message("The remembered head is gone.")
    return found, None


def _check(row: Sequence[Any], number: int, head: str, before: int, own_seat: str) -> Message | None:
    """What is wrong with one row. `number`, `head`: of its seat's event before it; `before`: seq of the row before."""
    seq, id_, stream, kind, seat, seat_no, occurred_at, received_at, digest, content = row
    where = {"no": seat_no, "seq": seq}
    try:
        raw = json.loads(content)
        told = (raw["id"], raw["stream"], raw["kind"], raw["seat"], raw["seat_no"], raw["occurred_at"])
        previous, found = raw["prev_seat_hash"], content_hash(content)
    except (Rejected, TypeError, ValueError, KeyError, RecursionError):
        return Message("Event {no} (row {seq}) cannot be read.", where)
    if found != digest:
        return Message("Event {no} (row {seq}) was changed: its content does not match its hash.", where)
    # of another seat only what concerns this one is here: the hub's order vouches for its place
    broken = seat == own_seat and (previous != head or told[4] != number + 1)
    if broken or seq != before + 1:
        return Message(
            "Event {no} (row {seq}) does not follow the one before it: a row was dropped, swapped or put in.", where
        )
    if told != (id_, stream, kind, seat, seat_no, occurred_at):
        return Message("Event {no} (row {seq}): its columns do not match its content.", where)
    if seat == own_seat and id_[14:15] == "7" and received_at != int(id_[:8] + id_[9:13], 16):
        # the id of an event that this seat made holds the time of its commit
        return Message("Event {no} (row {seq}): its columns do not match its content.", where)
    return None
