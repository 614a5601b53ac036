"""Verifying the seat's chain: every byte of every event, its order, and that no tail was cut."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.events import GENESIS, content_hash, parse
from app.domain.faults import Message, Rejected
from data.store.store import Store
from data.store.tables import EVENT


@dataclass(frozen=True, slots=True)
class AuditResult:
    """`verified` events; the head that stands and the one remembered; what is wrong, with where."""

    verified: int
    head: tuple[int, str]
    remembered: tuple[int, str] | None
    faults: tuple[Message, ...]


def verify(store: Store) -> AuditResult:
    """Check hash, chain and columns of every event of every seat in this store, and the remembered head."""
    heads: dict[str, tuple[int, str]] = {}
    faults: list[Message] = []
    count, last_seq = 0, 0
    while True:
        rows = store.read.execute(select(EVENT).where(EVENT.c.seq > last_seq).order_by(EVENT.c.seq).limit(5_000)).all()
        if not rows:
            break
        for row in rows:
            count += 1
            number, head = heads.get(row.seat, (0, GENESIS))
            fault = _check(row, number, head)
            if fault is not None:
                faults.append(fault)
            heads[row.seat] = (row.seat_no, row.hash)
        last_seq = rows[-1].seq
    own = heads.get(store.identity.seat, (0, GENESIS))
    remembered, complaint = _remembered(store)
    if complaint is not None:
        faults.append(complaint)
    if remembered is not None:
        stands = store.read.execute(
            select(EVENT.c.hash).where(EVENT.c.seat == store.identity.seat, EVENT.c.seat_no == remembered[0])
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
    return AuditResult(count, own, remembered, tuple(faults))


def _remembered(store: Store) -> tuple[tuple[int, str] | None, Message | None]:
    try:
        found = store.head.load()
    except ValueError as fault:
        return None, Message("The remembered head cannot be trusted: {why}", {"why": str(fault)})
    if found is None and store.head.has_key():
        return None, Message("The remembered head is gone.")
    return found, None


def _check(row: object, number: int, head: str) -> Message | None:
    r = row
    where = {"no": r.seat_no, "seq": r.seq}  # type: ignore[attr-defined]
    try:
        event = parse(r.content)  # type: ignore[attr-defined]
        digest = content_hash(r.content)  # type: ignore[attr-defined]
    except Rejected:
        return Message("Event {no} (row {seq}) cannot be read.", where)
    if digest != r.hash:  # type: ignore[attr-defined]
        return Message("Event {no} (row {seq}) was changed: its content does not match its hash.", where)
    if event.prev_seat_hash != head or event.seat_no != number + 1:
        return Message(
            "Event {no} (row {seq}) does not follow the one before it: a row was dropped, swapped or put in.", where
        )
    columns = (r.id, r.stream, r.kind, r.seat, r.seat_no, r.occurred_at)  # type: ignore[attr-defined]
    if columns != (event.id, event.stream, event.kind, event.seat, event.seat_no, event.occurred_at):
        return Message("Event {no} (row {seq}): its columns do not match its content.", where)
    return None
