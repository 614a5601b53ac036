"""Verifying the hub: its order link by link, every body, every seat's own chain, and that no tail was cut.

What the hub's owner changes with all sums made anew shows where somebody else remembers: the seats' own chains in the
bodies, the places the seats have reached, heads that stores hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import psycopg

from app.domain.events import GENESIS, content_hash
from app.domain.faults import Message, Rejected
from app.services.sync_rules import GENESIS_CHAIN, link
from data.store import ordered
from data.store.store import Store
from data.sync.address import HubAddress
from data.sync.admin import keeper
from data.sync.link import Hub

MOST_FAULTS = 1_000
Head = tuple[str, int, str]
"""(who remembers, sequence, chain) of a hub's order"""


def verify_chain(address: HubAddress, secret: str | None, heads: Iterable[Head] = ()) -> tuple[int, list[Message]]:
    """Check the hub as one moment saw it; returns (rows, what is wrong: at most `MOST_FAULTS`). Raises `KnownFault`."""
    with keeper(address, secret) as c, c.transaction():
        c.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return check(c, heads)


def against_hub(store: Store, hub: Hub) -> list[Message]:
    """Hold the place that a seat has reached against the hub; what is wrong. Raises `HubTrouble`."""
    who = store.identity
    seq, chain = ordered.reached(store.read)
    welcome = hub.hello(who.seat, who.district, who.centre, seq)
    if not seq or welcome.chain == chain:
        return []
    if welcome.chain is None:
        return [Message("The hub's order was cut: it ends at {seq}, {who} had held {reached}.",
                        {"seq": welcome.head, "who": Message("this seat"), "reached": seq})]
    return [Message("Row {seq} of the hub's order is not the one that {who} holds: the order was made anew.",
                    {"seq": seq, "who": Message("this seat")})]


def check(c: psycopg.Connection[Any], heads: Iterable[Head] = ()) -> tuple[int, list[Message]]:
    """As `verify_chain`, within the caller's transaction."""
    look = _Look()
    with c.cursor("audit") as cursor:
        cursor.itersize = 5_000
        cursor.execute("SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place, e.content, e.stream, "
                       "e.kind, e.seat, e.seat_no, e.centre FROM hub.ordering o LEFT JOIN hub.event e ON e.id = "
                       "o.event_id AND e.hash = o.content_hash ORDER BY o.seq")
        for row in cursor:
            look.row(row)
    _ends(c, look, heads)
    return look.seq, look.faults


def _ends(c: psycopg.Connection[Any], look: _Look, heads: Iterable[Head]) -> None:
    head = c.execute("SELECT seq, chain FROM hub.head").fetchone()
    if head is None or tuple(head) != (look.seq, look.chain):
        look.add(Message("The hub's order was cut: it ends at {seq}, its head says otherwise.", {"seq": look.seq}))
    stray = c.execute("SELECT count(*) FROM hub.event e WHERE NOT EXISTS (SELECT 1 FROM hub.ordering o WHERE "
                      "o.event_id = "
                      "e.id AND o.content_hash = e.hash)").fetchone()
    if stray is not None and stray[0]:
        look.add(Message("{count} bodies on the hub have no place in its order.", {"count": stray[0]}))
    for name, reached in c.execute("SELECT name, reached FROM hub.seat WHERE reached > %s ORDER BY name",
                                   (look.seq,)).fetchall():
        look.add(Message("The hub's order was cut: it ends at {seq}, {who} had held {reached}.", {"seq": look.seq,
            "who": name, "reached": reached}))
    for who, seq, chain in heads:
        row = c.execute("SELECT chain FROM hub.ordering WHERE seq = %s", (seq,)).fetchone()
        if seq and row is None:
            look.add(Message("The hub's order was cut: it ends at {seq}, {who} had held {reached}.",
                {"seq": look.seq, "who": who, "reached": seq}))
        elif seq and row is not None and row[0] != chain:
            look.add(Message("Row {seq} of the hub's order is not the one that {who} holds: the order was made "
                             "anew.", {"seq": seq, "who": who}))


class _Look:
    """Goes through the order row by row."""

    def __init__(self) -> None:
        self.seq, self.chain = 0, GENESIS_CHAIN
        self.faults: list[Message] = []
        self._places: dict[str, int] = {}
        self._seats: dict[str, tuple[int, str]] = {}

    def add(self, fault: Message) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)

    def row(self, row: tuple[Any, ...]) -> None:
        seq, event_id, verdict, digest, chain, place, content = row[:7]
        if seq != self.seq + 1:
            self.add(Message("The hub's order has a gap before {seq}.", {"seq": seq}))
        if link(self.chain, seq, event_id, verdict, digest) != chain:
            self.add(Message("Row {seq} of the hub's order does not follow the one before it.", {"seq": seq}))
        self.seq, self.chain = seq, chain
        if verdict.startswith("refused"):
            if place:
                self.add(Message("The body of row {seq} is missing or was changed.", {"seq": seq}))
            return
        if content is None or not self._is(content, digest):
            self.add(Message("The body of row {seq} is missing or was changed.", {"seq": seq}))
            return
        self._event(row)

    @staticmethod
    def _is(content: str, digest: str) -> bool:
        try:
            return content_hash(content) == digest
        except Rejected:
            return False

    def _event(self, row: tuple[Any, ...]) -> None:
        seq, event_id, _, digest, _, place, content, stream, kind, seat, seat_no, centre = row
        try:
            raw = json.loads(content)
            told = tuple(raw[k] for k in ("id", "stream", "kind", "seat", "seat_no", "centre"))
            previous = raw["prev_seat_hash"]
        except (ValueError, KeyError, TypeError, RecursionError):
            told, previous = (), ""
        self._places[stream] = self._places.get(stream, 0) + 1
        if told != (event_id, stream, kind, seat, seat_no, centre) or place != self._places[stream]:
            self.add(Message("Row {seq} of the hub's order: its columns do not match its body.", {"seq": seq}))
        number, head = self._seats.get(seat, (0, GENESIS))
        if seat_no == number + 1 and previous != head:
            self.add(Message("The body of row {seq} does not follow its seat's event before it.", {"seq": seq}))
        self._seats[seat] = (seat_no, digest)
