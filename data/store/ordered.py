"""What the hub ordered, taken into a seat's store: bodies kept, projections rebased, own unsent events on top.

A projection is the fold of a stream's ordered events by the hub's sequence, then of this seat's own unsent ones. Most
batches need no rebase: others' events on streams without own unsent ones are folded onward, and own events that come
back as they lay change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from app.domain import masks
from app.domain.events import Event, content_hash, parse
from app.domain.faults import KnownFault, Message, Rejected
from app.domain.incident import IncidentState
from app.services import sync_rules
from app.services.changes import Changes
from app.services.sync_rules import GENESIS_CHAIN, OK, OVERTAKEN, Ordered
from data.store import conflicts
from data.store.transaction import Transaction

_MARKS = 500
_SIDE_ROWS = {"unit": ("unit_duty", "unit"), "call": ("call", "id"), "whistle": ("whistle", "id"),
              "handover": ("handover", "id"), "camera": ("camera_mask", "camera")}
"""family of streams beside incidents → the row that its fold keeps"""
STANDING = f"(hub_seq IS NOT NULL OR seat = ? OR kind = '{masks.KIND}') AND verdict NOT LIKE 'refused%'"
"""events that a projection is made of: ordered ones and own ones, and others' privacy masks that a restored hub lacks
(it uncovers nothing; their maker offers them again), without those that the hub refused"""


class OrderBroken(KnownFault):
    """The rows do not follow what this seat pulled before: the hub was rewound, or somebody changed its order."""


@dataclass(slots=True)
class _Batch:
    """What one batch does to the streams."""

    foreign: dict[str, list[tuple[Event, int, str, int]]] = field(default_factory=dict)
    """stream → (event, local seq, verdict, place in its stream), in the hub's order"""
    confirmed: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """stream → (own event's local seq, verdict), in the hub's order"""
    moved: set[str] = field(default_factory=set)
    """streams whose held events got another place: folded anew"""
    booked: list[tuple[str, str, str]] = field(default_factory=list)
    """(unit, event id, verdict) of ordered assignments"""


def reached(connection: Connection) -> tuple[int, str]:
    """(sequence, chain) of the last row of the hub's order that this seat holds."""
    row = connection.exec_driver_sql("SELECT seq, chain FROM ordering ORDER BY seq DESC LIMIT 1").first()
    return (row[0], row[1]) if row is not None else (0, GENESIS_CHAIN)


def own_reached(connection: Connection, seat: str) -> int:
    """The sequence of the last own event that stands here: what a restored store lacks of its own lies behind it."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(hub_seq), 0) FROM event WHERE seat = ? AND verdict NOT "
                                          "LIKE 'refused%'", (seat,)).scalar_one())


def apply(tx: Transaction, rows: Sequence[Ordered]) -> None:
    """Take rows in that follow the last one held. Raises `OrderBroken` when they do not; then nothing was changed."""
    if not rows:
        return
    connection = tx.connection
    seq, chain = reached(connection)
    for row in rows:
        if row.seq != seq + 1 or sync_rules.link(chain, row.seq, row.event_id, row.verdict, row.hash) != row.chain:
            raise OrderBroken(Message("The hub's order does not follow what this seat holds (row {seq}).",
                                      {"seq": row.seq}))
        seq, chain = row.seq, row.chain
    connection.exec_driver_sql(
        "INSERT INTO ordering (seq, event_id, verdict, hash, chain) VALUES (?, ?, ?, ?, ?)",
        [(r.seq, r.event_id, r.verdict, r.hash, r.chain) for r in rows])
    batch = _Batch()
    held = _held(connection, [r.event_id for r in rows])
    placed: list[tuple[int, str, int]] = []
    for row in rows:
        if row.event_id in held:
            _place(tx, batch, row, held[row.event_id], placed)
        elif row.content is not None:
            _take(tx, batch, row)
    if placed:
        connection.exec_driver_sql("UPDATE event SET hub_seq = ?, verdict = ? WHERE seq = ?", placed)
        connection.exec_driver_sql("DELETE FROM outbox WHERE seq = ?", [(p[2],) for p in placed])
    tx.write_events()
    _settle(tx, batch)


def fill(tx: Transaction, rows: Sequence[Ordered], streams: Iterable[str]) -> None:
    """Bodies that were lacking, each checked against the order held; their streams are folded anew."""
    connection = tx.connection
    held = _held(connection, [r.event_id for r in rows])
    touched = set(streams)
    for row in rows:
        known = connection.exec_driver_sql("SELECT event_id, verdict, hash FROM ordering WHERE seq = ?",
                                           (row.seq,)).first()
        if row.event_id in held or row.content is None or known is None:
            continue
        if tuple(known) != (row.event_id, row.verdict, row.hash):
            raise OrderBroken(Message("The hub's order does not follow what this seat holds (row {seq}).",
                                      {"seq": row.seq}))
        event = _read(row)
        tx.receive(event, row.hash, row.content, row.seq, row.verdict)
        touched.add(event.stream)
    tx.write_events()
    for stream in touched:
        refold(tx, stream)
    _drop_gaps(connection, touched)


def _held(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for start in range(0, len(ids), _MARKS):
        part = tuple(ids[start : start + _MARKS])
        marks = ",".join("?" * len(part))
        for r in connection.exec_driver_sql(
                f"SELECT id, seq, seat, stream, hash, kind, content, hub_seq FROM event WHERE id IN ({marks})", part):
            found[r.id] = r
    return found


def _place(tx: Transaction, batch: _Batch, row: Ordered, mine: Any, placed: list[tuple[int, str, int]]) -> None:
    """A held event gets its place in the order."""
    if mine.hash != row.hash or mine.hub_seq is not None:
        return  # the same id with another content: one was refused, the other is the one that stands elsewhere
    placed.append((row.seq, row.verdict, mine.seq))
    if mine.seat == tx.identity.seat:
        if row.verdict == OK and mine.stream.startswith("incident/"):
            state = tx.incident(mine.stream[9:])
            if state is not None and row.event_id in state.superseded:
                # on top it lay as overtaken, by what this seat knew then; the hub says otherwise
                batch.moved.add(mine.stream)
        batch.confirmed.setdefault(mine.stream, []).append((mine.seq, row.verdict))
    else:
        batch.moved.add(mine.stream)
    if mine.kind == sync_rules.BOOKING:
        unit = sync_rules.booked_unit(parse(mine.content))
        if unit:
            batch.booked.append((unit, row.event_id, row.verdict))


def _read(row: Ordered) -> Event:
    assert row.content is not None
    try:
        event = parse(row.content)
        good = content_hash(row.content) == row.hash and event.id == row.event_id
    except Rejected:
        good = False
    if not good:
        raise OrderBroken(Message("The body of row {seq} is missing or was changed.", {"seq": row.seq}))
    return event


def _take(tx: Transaction, batch: _Batch, row: Ordered) -> None:
    event = _read(row)
    assert row.content is not None
    local = tx.receive(event, row.hash, row.content, row.seq, row.verdict)
    batch.foreign.setdefault(event.stream, []).append((event, local, row.verdict, row.place))
    unit = sync_rules.booked_unit(event)
    if unit:
        batch.booked.append((unit, event.id, row.verdict))


def _settle(tx: Transaction, batch: _Batch) -> None:
    streams = {*batch.foreign, *batch.confirmed, *batch.moved}
    unsent = _unsent(tx, streams)
    anew = set(batch.moved) | _overbooked(tx, batch)
    for stream in streams - anew:
        foreign, confirmed = batch.foreign.get(stream, []), batch.confirmed.get(stream, [])
        moved = any(verdict != OK for _, verdict in confirmed) or not _as_they_lay(confirmed, unsent.get(stream))
        if moved or (foreign and (confirmed or stream in unsent or not _fold_on(tx, stream, foreign))):
            anew.add(stream)
        elif confirmed and not stream.startswith("camera/"):
            tx.mark(_changes_of(stream))
    for stream in anew:
        foreign = batch.foreign.get(stream, []) if stream.startswith("incident/") else []
        if foreign and _ordered_count(tx.connection, stream) < foreign[-1][3]:
            _note_gap(tx.connection, stream)
        refold(tx, stream)
    conflicts.note(tx, batch.confirmed.items())


def _as_they_lay(confirmed: Sequence[tuple[int, str]], first_unsent: int | None) -> bool:
    """Whether own events were ordered as they were made, none of the unsent ones before them."""
    made = [seq for seq, _ in confirmed]
    return made == sorted(made) and (not made or first_unsent is None or first_unsent > made[-1])


def _ordered_count(connection: Connection, stream: str) -> int:
    return int(connection.exec_driver_sql(
        "SELECT count(*) FROM event WHERE stream = ? AND hub_seq IS NOT NULL AND verdict NOT LIKE 'refused%'",
        (stream,)).scalar_one())


def _unsent(tx: Transaction, streams: Iterable[str]) -> dict[str, int]:
    """Stream → local sequence of the first event without a place that lies on top there."""
    found: dict[str, int] = {}
    names = sorted(streams)
    for start in range(0, len(names), _MARKS):
        part = tuple(names[start : start + _MARKS])
        marks = ",".join("?" * len(part))
        found |= {r[0]: r[1] for r in tx.connection.exec_driver_sql(
            f"SELECT stream, min(seq) FROM event WHERE stream IN ({marks}) AND hub_seq IS NULL AND (seat = ? OR kind = "
            f"'{masks.KIND}') GROUP BY stream", (*part, tx.identity.seat))}
    return found


def _overbooked(tx: Transaction, batch: _Batch) -> set[str]:
    """Note the bookings; returns the streams of own unsent bookings that another one overtook."""
    connection, streams = tx.connection, set()
    for unit, event_id, verdict in batch.booked:
        row = connection.exec_driver_sql("SELECT confirmed, own FROM booking WHERE unit = ?", (unit,)).first()
        confirmed, own = (row[0], row[1]) if row is not None else ("", "")
        if verdict == OK:
            confirmed = event_id
        if own == event_id:
            own = ""
        elif own and verdict == OK:
            found = connection.exec_driver_sql("SELECT stream FROM event WHERE id = ? AND hub_seq IS NULL",
                                               (own,)).scalar_one_or_none()
            streams |= {found} if found else set()
        connection.exec_driver_sql("INSERT INTO booking (unit, confirmed, own) VALUES (?, ?, ?) ON CONFLICT (unit) DO "
                                   "UPDATE SET confirmed = excluded.confirmed, own = excluded.own",
                                   (unit, confirmed, own))
    return streams


def _fold_on(tx: Transaction, stream: str, foreign: Sequence[tuple[Event, int, str, int]]) -> bool:
    """Fold others' events onto the projection. False: earlier ones are lacking, so it must be folded anew."""
    if stream.startswith("incident/"):
        state = tx.incident(stream[9:])
        if (state.events if state is not None else 0) != foreign[0][3] - 1:
            _note_gap(tx.connection, stream)
            return False
    for event, seq, verdict, _ in foreign:
        tx.fold(event, seq, verdict)
        if verdict == OK and event.kind in sync_rules.DECIDING:
            tx.set_last_act(stream, event.id)
    return True


def _note_gap(connection: Connection, stream: str) -> None:
    connection.exec_driver_sql("INSERT INTO gap (stream, upto) SELECT ?, max(seq) FROM ordering WHERE true "
                               "ON CONFLICT (stream) DO UPDATE SET upto = excluded.upto", (stream,))


def gaps(connection: Connection) -> Mapping[str, int]:
    """Streams whose earlier bodies are lacking → the sequence up to which they are to be fetched."""
    return {r[0]: r[1] for r in connection.exec_driver_sql("SELECT stream, upto FROM gap LIMIT 200")}


def _drop_gaps(connection: Connection, streams: Iterable[str]) -> None:
    rows = [(s,) for s in streams]
    if rows:
        connection.exec_driver_sql("DELETE FROM gap WHERE stream = ?", rows)


def refold(tx: Transaction, stream: str) -> None:
    """Fold a stream anew: its ordered events by the hub's sequence, own unsent ones on top as the hub would judge them.
    """
    family, _, key = stream.partition("/")
    # of a camera's many views nothing is folded
    only = f"AND kind = '{masks.KIND}' " if family == "camera" else ""
    rows = tx.connection.exec_driver_sql(
        f"SELECT content, seq, hub_seq, verdict FROM event WHERE stream = ? {only}AND {STANDING} "
        "ORDER BY hub_seq IS NULL, hub_seq, seq", (stream, tx.identity.seat)).all()
    if family != "incident":
        if family in _SIDE_ROWS:
            table, column = _SIDE_ROWS[family]
            if tx.connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = ?", (key,)).rowcount:
                # where nothing of it stands any more no fold tells of it
                tx.mark(_changes_of(stream))
        for r in rows:
            tx.fold(parse(r.content), r.seq, r.verdict)
        return
    state, last_act = fold_rows(tx.connection, rows)
    tx.put_incident(key, state if rows else None, max((r.seq for r in rows), default=0))
    tx.set_last_act(stream, last_act)


def fold_rows(connection: Connection, rows: Sequence[Any]) -> tuple[IncidentState, str]:
    """The state that rows (content, seq, hub_seq, verdict) make, and the last deciding event among them."""
    state, last_act = IncidentState(), ""
    for content, _, hub_seq, verdict in rows:
        event = parse(content)
        judged = verdict
        if hub_seq is None:
            unit = sync_rules.booked_unit(event)
            booking = confirmed_booking(connection, unit) if unit else ""
            over = sync_rules.overtaken(event.kind, event.seen, last_act, booking)
            judged = OVERTAKEN if over or _leans_on_fallen(connection, event) else OK
        sync_rules.fold(state, event, judged)
        if judged != OVERTAKEN and event.kind in sync_rules.DECIDING:
            last_act = event.id
    return state, last_act


def _leans_on_fallen(connection: Connection, event: Event) -> bool:
    act = sync_rules.leans_on(event)
    return bool(act) and connection.exec_driver_sql(
        "SELECT 1 FROM event WHERE id = ? AND hub_seq IS NOT NULL AND verdict <> ?", (act, OK)).first() is not None


def confirmed_booking(connection: Connection, unit: str) -> str:
    """The unit's last booking in the hub's order that has not ended, as far as this seat holds it; "" when none."""
    row = connection.exec_driver_sql("SELECT e.id, e.stream, e.hub_seq FROM booking b JOIN event e ON e.id = "
                                     "b.confirmed WHERE b.unit = ?", (unit,)).first()
    if row is None:
        return ""
    kinds = ",".join(f"'{k}'" for k in sorted(sync_rules.ENDING | sync_rules.FREEING))
    later = connection.exec_driver_sql(f"SELECT content FROM event WHERE stream = ? AND hub_seq > ? AND verdict = "
                                       f"'{OK}' AND kind IN ({kinds})", (row.stream, row.hub_seq))
    return "" if any(sync_rules.frees(parse(r.content), unit) for r in later) else str(row.id)


def _changes_of(stream: str) -> Changes:
    family, _, key = stream.partition("/")
    one = frozenset({key})
    if family == "incident":
        return Changes(incidents=one)
    if family == "whistle":
        return Changes(whistles=one)
    if family == "handover":
        return Changes(duty=True)
    if family == "camera":
        return Changes(masks=one)
    return Changes(units=one) if family == "unit" else Changes()


def rewind(tx: Transaction, common: int) -> int:
    """Forget the order after `common`: own events are offered again, others' wait for their makers. Returns the rows
    forgotten."""
    connection, own = tx.connection, tx.identity.seat
    streams = [r[0] for r in connection.exec_driver_sql("SELECT DISTINCT stream FROM event WHERE hub_seq > ?",
                                                        (common,))]
    gone = connection.exec_driver_sql("DELETE FROM ordering WHERE seq > ?", (common,)).rowcount
    connection.exec_driver_sql("INSERT OR IGNORE INTO outbox (seq) SELECT seq FROM event WHERE hub_seq > ? AND "
                               "seat = ?", (common, own))
    conflicts.forget(connection, common)
    connection.exec_driver_sql("UPDATE event SET hub_seq = NULL, verdict = '' WHERE hub_seq > ?", (common,))
    reckon_bookings(connection, own)
    for stream in streams:
        refold(tx, stream)
    return int(gone)


def take_up(tx: Transaction) -> list[Event]:
    """Take own events that wait for the hub out of the log, in their order, for `make_anew` in the same transaction."""
    run = tx.connection.exec_driver_sql
    rows = run("SELECT e.seq, e.content FROM outbox o JOIN event e ON e.seq = o.seq ORDER BY e.seq").all()
    events = [parse(r.content) for r in rows]
    run("DELETE FROM outbox")
    run("DELETE FROM event WHERE seq = ?", [(r.seq,) for r in rows])
    # rows of the log are numbered without a gap: what came in between moves up
    moved = run("SELECT seq, stream FROM event WHERE seq > ? ORDER BY seq", (rows[0].seq,)).all()
    for seq, row in enumerate(moved, rows[0].seq):
        run("UPDATE event SET seq = ? WHERE seq = ?", (seq, row.seq))
    tx.read_head()
    reckon_bookings(tx.connection, tx.identity.seat)
    for stream in {e.stream for e in events} | {r.stream for r in moved}:
        refold(tx, stream)
    return events


def put_back(tx: Transaction, last: int, rows: Sequence[Ordered]) -> int:
    """Own events come back to a store that was restored from a backup; `last`: the last number that the hub knows.

    What this seat did since under numbers that the hub knows for other acts is taken up and made anew behind them, with
    its ids, makers and times. Returns how many acts that are.
    """
    forked = tx.connection.exec_driver_sql("SELECT 1 FROM outbox o JOIN event e ON e.seq = o.seq WHERE e.seat_no <= ? "
                                           "LIMIT 1", (last,)).first() is not None
    taken = take_up(tx) if forked else []
    fill(tx, rows, ())
    make_anew(tx, taken)
    return len(taken)


def make_anew(tx: Transaction, events: Sequence[Event]) -> None:
    """Give events that were taken up the next places of the seat's chain."""
    tx.read_head()
    for event in events:
        tx.renumber(event)
    tx.write_events()
    for stream in {e.stream for e in events if e.stream.startswith("incident/")}:
        refold(tx, stream)


def reckon_bookings(connection: Connection, own_seat: str) -> None:
    """The bookings as the log says."""
    connection.exec_driver_sql("DELETE FROM booking")
    unit = "json_extract(content, '$.body.unit')"
    chosen = f"kind = '{sync_rules.BOOKING}' AND {unit} IS NOT NULL"
    connection.exec_driver_sql(
        f"INSERT INTO booking (unit, confirmed) SELECT u, id FROM (SELECT {unit} AS u, id, max(hub_seq) FROM event "
        f"WHERE {chosen} AND hub_seq IS NOT NULL AND verdict = '{OK}' GROUP BY u)")
    connection.exec_driver_sql(
        f"INSERT INTO booking (unit, own) SELECT u, id FROM (SELECT {unit} AS u, id, max(seq) FROM event WHERE "
        f"{chosen} AND hub_seq IS NULL AND seat = ? GROUP BY u) WHERE true "
        "ON CONFLICT (unit) DO UPDATE SET own = excluded.own",
        (own_seat,))


def join(tx: Transaction) -> int:
    """Begin to owe: every own event without a place goes into the outbox, what was seen is reckoned from the log.
    Returns how many events are owed."""
    connection, own = tx.connection, tx.identity.seat
    joined = connection.exec_driver_sql("SELECT value FROM sync WHERE key = 'joined'").scalar_one_or_none()
    last = connection.exec_driver_sql("SELECT max(seat_no) FROM event WHERE seat = ? AND hub_seq IS NOT NULL",
                                      (own,)).scalar_one() if joined is not None else None
    connection.exec_driver_sql("INSERT OR IGNORE INTO outbox (seq) SELECT seq FROM event WHERE seat = ? AND "
                               "seat_no > ? AND hub_seq IS NULL AND verdict = ''", (own, last or 0))
    if joined is not None:
        return int(connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one())
    connection.exec_driver_sql("INSERT INTO sync (key, value) VALUES ('joined', '1')")
    kinds = ",".join(f"'{k}'" for k in sorted(sync_rules.DECIDING))
    connection.exec_driver_sql(
        f"INSERT OR IGNORE INTO act (stream, event) SELECT stream, id FROM (SELECT stream, id, max(seq) FROM event "
        f"WHERE kind IN ({kinds}) AND verdict IN ('', '{OK}') GROUP BY stream)")
    reckon_bookings(connection, own)
    return int(connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one())
