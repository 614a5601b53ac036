"""How a new seat comes by the past: parts of the order with their bodies, folded rows, then what each seat pulls
anyway.

It may be cut anywhere and goes on where it was. Each part is held against the hub's own chain before it is kept, the
folded rows against the digests that were published with them; where they differ this seat folds for itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from app.services.sync_rules import Ordered
from data.store import bulk, ordered
from data.store.store import Store
from data.sync import digest
from data.sync.snapshot import BODY, FOLD, ORDER, Offer, PartBroken, broken, read_bodies, read_fold, read_order

log = logging.getLogger(__name__)

STREAMS_AT_ONCE, EVENTS_AT_ONCE = 500, 5_000
PULL_AT_ONCE = 1_000
JUMP_ROWS = 200_000
"""a seat that is farther behind goes on from a snapshot, like a new one, instead of folding row by row"""


class Past(Protocol):
    """What a hub offers to new seats. All calls raise `HubTrouble` when it cannot be used."""

    def offer(self, no: int | None = None) -> Offer | None: ...
    def part(self, no: int, kind: str, number: int, piece: int) -> bytes | None: ...
    def chain_at(self, seqs: list[int]) -> dict[int, str]: ...
    def centres(self) -> list[tuple[str, str]]: ...
    def pull(self, after: int, most: int) -> list[Ordered]: ...


Told = Callable[[int, int], None]
"""hears (done, of how many) rows of the hub's order"""


def _nobody(_done: int, _of: int) -> None:
    return


def begin(store: Store, hub: Past, *, seat_no: int, head: int = 0, told: Told = _nobody) -> int:
    """Start from the hub's newest snapshot, or go on with a start that was cut; returns the sequence reached by it, 0
    when there was nothing to do. A seat that is very far behind the hub's `head` starts so too, from where it is.
    `seat_no`: the hub's last number of this seat. Raises `HubTrouble`; then call it again.
    """
    state = bulk.under_way(store.read)
    if state is None:
        here = ordered.reached(store.read)[0]
        if (seat_no or here) and (not here or head - here <= JUMP_ROWS):
            return 0
        offer = hub.offer()
        if offer is None or (here and offer.seq - here <= JUMP_ROWS // 2):
            return 0
        if here:
            here = _to_whole_part(store, hub, offer.part_rows)
        state = {"no": offer.no, "seq": offer.seq, "folds": 0, "own": offer.form != bulk.FORM or not offer.folds}
        if here:
            state |= {"from": here, "rest": here}
        with store.transaction(screen="sync", actor="system") as tx:
            bulk.note(tx, state)
    else:
        offer = hub.offer(state["no"])
    return _Start(store, hub, offer, state, told).run()


def _to_whole_part(store: Store, hub: Past, part_rows: int) -> int:
    """Pull as ever until a part begins; returns where."""
    here = ordered.reached(store.read)[0]
    while here % part_rows:
        rows = hub.pull(here, min(PULL_AT_ONCE, part_rows - here % part_rows))
        if not rows:
            raise broken()
        with store.transaction(screen="sync", actor="system", durable=False) as tx:
            ordered.apply(tx, rows)
        here = rows[-1].seq
    return here


def end_alone(store: Store) -> None:
    """Fold what a start that was cut has brought so far: the seat goes on without its hub."""
    state = bulk.under_way(store.read)
    if state is not None:
        _Start(store, None, None, state, _nobody).run()


class _Start:
    def __init__(self, store: Store, hub: Past | None, offer: Offer | None, state: dict[str, Any], told: Told) -> None:
        self._store, self._hub, self._offer, self._state, self._told = store, hub, offer, state, told
        self._since: int | None = state.get("from")

    def run(self) -> int:
        try:
            if self._offer is None or self._hub is None:
                raise broken()
            self._order(self._hub, self._offer)
            if not self._state["own"]:
                self._folds(self._hub, self._offer)
        except PartBroken as fault:
            if self._hub is not None:
                log.warning("%s", fault)
            self._state["own"] = True
        self._fold_here(all_=self._state["own"])
        self._rest()
        with self._store.transaction(screen="sync", actor="system") as tx:
            bulk.settle(tx, self._since)
        if not self._state["own"] and self._hub is not None and self._offer is not None:
            self._check(self._hub, self._offer)
        with self._store.transaction(screen="sync", actor="system") as tx:
            bulk.note(tx, None)
        return ordered.reached(self._store.read)[0]

    def _order(self, hub: Past, offer: Offer) -> None:
        """The order and the bodies, part by part."""
        seq, chain = ordered.reached(self._store.read)
        if seq % offer.part_rows or seq > offer.seq or hub.chain_at([offer.seq]).get(offer.seq) != offer.chain:
            raise broken()
        while seq < offer.seq:
            number = seq // offer.part_rows
            data = hub.part(offer.no, ORDER, number, 0)
            if data is None:
                raise broken()
            order = read_order(data, seq, chain)
            last, chain = order[-1][0], order[-1][4]
            if last != seq + offer.part_rows or hub.chain_at([last]).get(last) != chain:
                raise broken()
            events = []
            piece = 0
            while (data := hub.part(offer.no, BODY, number, piece)) is not None:
                events += read_bodies(data, order)
                piece += 1
            with self._store.transaction(screen="sync", actor="system") as tx:
                bulk.take(tx, order, events, joined=self._since is not None)
            seq = last
            self._told(seq, offer.seq)

    def _folds(self, hub: Past, offer: Offer) -> None:
        """The folded rows, piece by piece."""
        while self._state["folds"] < offer.folds:
            data = hub.part(offer.no, FOLD, 0, self._state["folds"])
            if data is None:
                raise broken()
            table, columns, rows = read_fold(data)
            self._state["folds"] += 1
            with self._store.transaction(screen="sync", actor="system") as tx:
                if not bulk.put(tx, table, columns, rows, replace=self._since is not None):
                    raise broken()
                bulk.note(tx, self._state)
            self._told(offer.seq, offer.seq)

    def _fold_here(self, *, all_: bool) -> None:
        after = ""
        while streams := bulk.unfolded(self._store.read, after, STREAMS_AT_ONCE, all_=all_, since=self._since or 0):
            with self._store.transaction(screen="sync", actor="system") as tx:
                bulk.fold(tx, streams)
            after = streams[-1]
            self._told(self._state["seq"], self._state["seq"])

    def _rest(self) -> None:
        """What is no incident's, each event once: these folds go on from where they stand."""
        after: int | None = self._state.get("rest", 0)
        while after is not None:
            with self._store.transaction(screen="sync", actor="system") as tx:
                after = bulk.rest(tx, after, EVENTS_AT_ONCE)
                if after is not None:
                    self._state["rest"] = after
                    bulk.note(tx, self._state)

    def _check(self, hub: Past, offer: Offer) -> None:
        """Hold what this seat shows against the digests that were published with the snapshot."""
        centres = hub.centres()
        seq, found = digest.digests(self._store, {prefix for _, prefix in centres})
        if seq != offer.seq:
            return
        for centre, rows, value in digest.by_centre(centres, found):
            published = offer.digests.get(centre)
            if published is not None and published != (rows, value):
                log.warning("folded rows of the hub's snapshot differ in %s from what it published: folded here",
                            centre)
                self._state["own"] = True
                self._since = None
                self._fold_here(all_=True)
                return
