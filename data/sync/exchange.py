"""A seat without a line: its outbox goes to the hub as signed files, the hub's order comes as such.

Every export repeats what the other side has not yet confirmed, so a lost file costs a round, nothing else. What does
not fit one file makes a series; a file of a series that comes too early is kept and taken in after the one before it.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.faults import KnownFault, Message, Rejected
from app.domain.limits import to_ms
from app.ports import Clock
from app.services.changes import Changes
from app.services.sync_rules import Ordered
from data.store import ordered, wants
from data.store.local import LocalWrites
from data.store.store import Store
from data.store.tables import META, PEER, SYNC
from data.store.transaction import Transaction
from data.sync import blobs, file_lists, parcel, people
from data.sync.keys import own_key, parse_public
from data.sync.positions import keep_tracks, own_fixes, own_tracks
from data.sync.side_line import BlobInfo, PersonRow

FILE_BYTES = 32 * 1024 * 1024
"""about how much a file holds before a next one is begun"""
BY_FILES = "files:"
"""meta `hub` of a seat that exchanges by files: this and the seat's name at the hub"""
HUB_KEY, OUT_NO, IN_NO, UNCONFIRMED = "exchange_hub_key", "exchange_out", "exchange_in", "exchange_unconfirmed"
TRACKS_IN, TRACKS_OUT = "exchange_tracks_in", "exchange_tracks_out"
"""meta keys: number of the hub's last point that is here; time (ms) up to which the hub has this seat's points"""
TRACK_PAGE, TRACK_POINTS = 5_000, 200_000
"""points in one record, and at most in one export: the next one goes on"""
LATE_MS = 600_000
"""a point that a device told so late goes with the others"""
WAITING = "exchange/waiting"
_KEPT_FILES = 200


@dataclass(slots=True)
class TakenIn:
    """What an import did. `notes`: what people should know, one sentence each. `files`: numbers taken in, in order.
    `lists`: what became of which list; `points`: of tracks."""

    files: list[int] = field(default_factory=list)
    rows: int = 0
    points: int = 0
    lists: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    waiting: int = 0


def name_of(store: Store) -> str:
    """The seat's name at the hub. Raises `KnownFault` for a seat that does not exchange by files."""
    hub: str = store.meta.get("hub", "")
    if not hub.startswith(BY_FILES):
        raise KnownFault(Message("This seat does not exchange by files: sync join files --name NAME --key KEY first."))
    return str(hub.removeprefix(BY_FILES))


def join(store: Store, name: str, hub_key: str) -> None:
    """Have the seat exchange by files from now on. Raises `KnownFault` for what is no key."""
    parse_public(hub_key)
    store.set_meta(HUB_KEY, hub_key.strip())
    store.set_meta("hub", BY_FILES + name)
    with store.transaction(screen="cli", actor="system") as tx:
        ordered.join(tx)
        _put(tx, SYNC, "mode", "files")
        tx.mark(Changes(settings=True))


# -- out: what is owed to the hub


def export(store: Store, clock: Clock, folder_or_file: Path, *, most_bytes: int = FILE_BYTES) -> list[Path]:
    """Write what the hub has not confirmed; returns the files, several only where `folder_or_file` is a folder.

    Raises `KnownFault`; then nothing was written under the wanted name.
    """
    name = name_of(store)
    while wants.look_through(store):
        pass
    parts = list(_parts(store, most_bytes))
    if len(parts) > 1 and not folder_or_file.is_dir():
        raise KnownFault(Message("It does not fit one file: name a folder, {count} files will lie in it.",
                                 {"count": len(parts)}))
    key, written, before, before_id = own_key(store.folder), list[Path](), 0, ""
    for records in parts:
        no = int(store.read_meta(OUT_NO) or 0) + 1
        store.set_meta(OUT_NO, str(no))
        identity = secrets.token_hex(8)
        header = {**_about(store, clock, name), "no": no, "id": identity, "after": before, "after_id": before_id}
        path = folder_or_file / f"{name}-{no:06d}.ldx" if folder_or_file.is_dir() else folder_or_file
        parcel.write(path, parcel.pack(header, records, key))
        _note_unconfirmed(store, identity, records)
        written.append(path)
        before, before_id = no, identity
    return written


def _about(store: Store, clock: Clock, name: str) -> dict[str, Any]:
    who = store.identity
    run = store.read.exec_driver_sql
    last, own = run("SELECT coalesce(max(seat_no), 0), coalesce(max(seat_no) FILTER (WHERE hub_seq IS NOT NULL), 0) "
                    "FROM event WHERE seat = ?", (who.seat,)).one()
    return {"to": parcel.HUB, "name": name, "seat": who.seat, "district": who.district, "centre": who.centre,
            "nature": who.nature, "made": to_ms(clock.now()), "last": last, "own": own,
            "own_seq": ordered.own_reached(store.read, who.seat),
            "came": int(store.read_meta(IN_NO) or 0), "tracks": int(store.read_meta(TRACKS_IN) or 0),
            "rungs": _rungs(store), "personal": people.may_hold(store)}


def _rungs(store: Store) -> list[list[Any]]:
    """(seq, chain) of the head and of points ever further back: enough to find where a restored hub parts from it."""
    head = ordered.reached(store.read)[0]
    seqs = [head, *(head - 2**n for n in range(40) if head - 2**n > 0)] if head else []
    marks = ",".join("?" * len(seqs))
    return [[r[0], r[1]] for r in store.read.exec_driver_sql(
        f"SELECT seq, chain FROM ordering WHERE seq IN ({marks}) ORDER BY seq DESC", tuple(seqs))] if seqs else []


def _parts(store: Store, most_bytes: int) -> Iterator[list[list[Any]]]:
    """Records for one file after the other; at least one file."""
    part, size, any_yet = list(_small(store)), 0, False
    for record, weight in _large(store):
        if size and size + weight > most_bytes:
            yield part
            part, size, any_yet = [], 0, True
        part.append(record)
        size += weight
    if part or not any_yet:
        yield part


def _small(store: Store) -> Iterator[list[Any]]:
    for fix in own_fixes(store):
        yield ["position", fix.unit, fix.lon, fix.lat, fix.at, fix.heading, fix.path]
    for what, key, event in store.read.exec_driver_sql("SELECT what, \"key\", event FROM want LIMIT 5000"):
        yield ["want", what, key, event]
    for stream, upto in ordered.gaps(store.read).items():
        yield ["gap", stream, upto]
    yield from file_lists.held(store)


def _large(store: Store) -> Iterator[tuple[list[Any], int]]:
    for row in store.read.exec_driver_sql(
            "SELECT e.id, e.content FROM outbox o JOIN event e ON e.seq = o.seq ORDER BY o.seq").all():
        yield ["event", row.id, row.content], len(row.content)
    for p in people.owed(store, 100_000):
        yield ["person", p.id, p.role, p.data, p.created_at], len(p.data)
    yield from file_lists.owed(store)
    for row in store.read.exec_driver_sql("SELECT digest, mime, size FROM blob WHERE sent = 0 ORDER BY size").all():
        try:
            data = store.blobs.get(row.digest)
        except KnownFault:
            continue
        yield ["blob", row.digest, row.mime, base64.b64encode(data).decode()], len(data) * 4 // 3
    after = int(store.read_meta(TRACKS_OUT) or 0)
    points = own_tracks(store, after - LATE_MS, TRACK_POINTS)
    for start in range(0, len(points), TRACK_PAGE):
        page = points[start : start + TRACK_PAGE]
        yield ["tracks", after, max(after, page[-1].at), [[f.unit, f.lon, f.lat, f.at, f.path] for f in page]
               ], 80 * len(page)
        after = max(after, page[-1].at)


def _note_unconfirmed(store: Store, identity: str, records: Sequence[Sequence[Any]]) -> None:
    known = json.loads(store.read_meta(UNCONFIRMED) or "{}")
    known[identity] = {what: [r[1] for r in records if r[0] == what] for what in ("person", "blob")}
    known[identity]["tracks"] = [r[1:3] for r in records if r[0] == "tracks"]
    kept = list(known)[-_KEPT_FILES:]
    store.set_meta(UNCONFIRMED, json.dumps({k: known[k] for k in kept}))


# -- in: what the hub ordered


def import_file(store: Store, clock: Clock, path: Path) -> TakenIn:
    """Take a file in, and those that waited for it. Raises `KnownFault` for one that is another's, was changed, or does
    not follow; then nothing was changed."""
    name_of(store)
    key = parse_public(store.meta.get(HUB_KEY, ""))
    done = TakenIn()
    first = parcel.read(path)
    if not _take_in(store, clock, first, key, done):
        hold(store.folder / WAITING, first, done)
        return done
    take_waiting(store.folder / WAITING, lambda held: _take_in(store, clock, held, key, done), done)
    done.waiting = len(waiting(store.folder / WAITING, done))
    return done


def _take_in(store: Store, clock: Clock, file: parcel.Parcel, key: Ed25519PublicKey, done: TakenIn) -> bool:
    """False: it comes too early."""
    h, name, records = file.header, name_of(store), file.checked(key)
    if h.get("to") == parcel.HUB:
        raise parcel.FileRefused(Message("The file {name} goes to the hub, not to a seat. Nothing of it was taken in.",
                                 {"name": file.name}))
    if h["to"] != name or h["seat"] != store.identity.seat or h["district"] != store.identity.district:
        raise parcel.FileRefused(Message("The file {name} is for the seat {theirs}; this is {ours}. Nothing of it was "
                                         "taken in.", {"name": file.name, "theirs": h["to"], "ours": name}))
    reached = ordered.reached(store.read)[0]
    rows = [Ordered(*r[1:]) for r in records if r[0] == "row"]
    latest = h["no"] > int(store.read_meta(IN_NO) or 0)
    if h["from"] > reached or (h["after"] and file_lists.too_early(
            store, records, file_lists.told(records) if latest else None)):
        done.notes.append(Message("File {missing} to this seat is missing; file {no} is kept and taken in after it.",
                                  {"missing": h["after"] or h["no"] - 1, "no": h["no"]}))
        return False
    common = _common(store, h["from"], h["from_chain"], rows, reached)
    if latest:
        # a hub that holds less than this seat was restored
        common = min(common, h["head"])
    elif common < reached:
        done.notes.append(Message("File {no} is of an order that the hub has no more; nothing of it was taken in.",
                                  {"no": h["no"]}))
        return True
    kept = _keep_blobs(store, records)
    ahead = [r for r in rows if r.seq > common]
    with store.transaction(screen="sync", actor="system") as tx:
        if common < reached:
            ordered.rewind(tx, common)
        if ahead:
            ordered.apply(tx, ahead)
        mended = sum(ordered.put_back(tx, r[1], [Ordered(*b) for b in r[2]]) for r in records if r[0] == "own")
        _fill(tx, records)
        people.take(tx, [PersonRow(*r[1:]) for r in records if r[0] == "person"])
        for digest, mime, size in kept:
            blobs.came(tx, digest, mime, size)
        blobs.note_sizes(tx, [BlobInfo(r[1], "", r[2], False) for r in records if r[0] == "size"])
        done.points += _take_tracks(tx, records, latest=latest)
        _confirm(tx, h)
        if latest:
            _note(tx, h, to_ms(clock.now()))
            _put(tx, META, file_lists.NEWEST, file_lists.told(records) or "[]")
    _conclude(store, h, records, mended, latest=latest, done=done)
    done.files.append(h["no"])
    done.rows += len(ahead)
    return True


def _conclude(store: Store, h: Mapping[str, Any], records: Sequence[Sequence[Any]], mended: int, *, latest: bool,
              done: TakenIn) -> None:
    """What follows when the file is taken in."""
    if mended:
        # another program of the seat may remember a head that was taken up: this one lies beyond it
        store.head.write()
        done.notes.append(Message("{count} acts made since this store was restored were put behind those that the hub "
                                  "has: they go with the next file.", {"count": mended}))
    if latest and store.meta["seat_code"] != h["code"]:
        store.set_meta("seat_code", h["code"])
    LocalWrites(lambda: store.transaction(screen="sync", actor="system")).put_positions(
        [tuple(r[1:]) for r in records if r[0] == "position"], own=False)
    done.lists += file_lists.take(store, records)
    missing = _missing(store, h, latest)
    if missing:
        done.notes.append(Message("File {missing} to this seat never came; nothing of it is lacking.",
                                  {"missing": missing}))
    if latest and not h["own_comes"] and _is_older(store, h):
        done.notes.append(Message("This store was restored from a backup: the hub has later acts of this seat. Nothing "
                                  "is lost: send a file (sync export) and fetch another one."))


def _common(store: Store, start: int, start_chain: str, rows: Sequence[Ordered], reached: int) -> int:
    """The last sequence up to which the file and what is here agree."""
    at = {r[0]: r[1] for r in store.read.exec_driver_sql("SELECT seq, chain FROM ordering WHERE seq >= ?", (start,))}
    if start and at.get(start) != start_chain:
        raise parcel.FileRefused(Message("The hub was restored since this file was written: send a file there and "
                                         "fetch another one. Nothing of it was taken in."))
    common = start
    for row in rows:
        if row.seq > reached or at.get(row.seq) != row.chain:
            return common if row.seq <= reached else reached
        common = row.seq
    # what is here beyond the file's end stands: it only tells less
    return reached


def _is_older(store: Store, h: Mapping[str, Any]) -> bool:
    """Whether the hub has own events that are not here, after all that it ordered was taken in."""
    held = store.read.exec_driver_sql("SELECT coalesce(max(seat_no), 0) FROM event WHERE seat = ? AND hub_seq IS NOT "
                                      "NULL", (store.identity.seat,)).scalar_one()
    return bool(h["own"] > held and ordered.reached(store.read)[0] >= h["head"])


def _take_tracks(tx: Transaction, records: Sequence[Sequence[Any]], *, latest: bool) -> int:
    """Keep points that others' units left; what follows on what is here is not asked for again."""
    here = int(tx.connection.execute(select(META.c.value).where(META.c.key == TRACKS_IN)).scalar_one_or_none() or 0)
    count = 0
    for _, start, end, points in (r for r in records if r[0] == "tracks"):
        keep_tracks(tx, [tuple(p) for p in points])
        count += len(points)
        if start <= here:
            # a restored hub counts lower
            here = end if latest else max(here, end)
    _put(tx, META, TRACKS_IN, str(here))
    return count


def _fill(tx: Transaction, records: Sequence[Sequence[Any]]) -> None:
    fills = [Ordered(*r[1:]) for r in records if r[0] == "fill"]
    streams = [r[1] for r in records if r[0] == "filled"]
    head = ordered.reached(tx.connection)[0]
    good = [f for f in fills if f.seq <= head]
    if good or streams:
        ordered.fill(tx, good, streams)


def _keep_blobs(store: Store, records: Sequence[Sequence[Any]]) -> list[tuple[str, str, int]]:
    out = []
    for record in records:
        if record[0] == "blob":
            data = base64.b64decode(record[3])
            try:
                good = store.blobs.put(data) == record[1]
            except Rejected:
                good = False
            if good:
                out.append((record[1], record[2], len(data)))
    return out


def _confirm(tx: Transaction, h: Mapping[str, Any]) -> None:
    """What the hub's side has taken in is owed no more."""
    run = tx.connection.exec_driver_sql
    known = json.loads(tx.connection.execute(select(META.c.value).where(META.c.key == UNCONFIRMED))
                       .scalar_one_or_none() or "{}")
    sent = int(tx.connection.execute(select(META.c.value).where(META.c.key == TRACKS_OUT)).scalar_one_or_none() or 0)
    for identity in [i for i in known if i in h["took"]]:
        gone = known.pop(identity)
        for what, column in (("person", "id"), ("blob", "digest")):
            if gone[what]:
                run(f"UPDATE {what} SET sent = 1 WHERE {column} = ? AND sent = 0", [(k,) for k in gone[what]])
        for start, end in gone.get("tracks", ()):
            sent = end if start <= sent < end else sent
    _put(tx, META, TRACKS_OUT, str(sent))
    _put(tx, META, UNCONFIRMED, json.dumps(known))
    # numbers go on where the hub's side counts, also in a store that came back from a backup
    own = int(tx.connection.execute(select(META.c.value).where(META.c.key == OUT_NO)).scalar_one_or_none() or 0)
    _put(tx, META, OUT_NO, str(max(own, h["came"])))


def _note(tx: Transaction, h: Mapping[str, Any], now_ms: int) -> None:
    _put(tx, META, IN_NO, str(h["no"]))
    for key, value in (("epoch", h["epoch"]), ("centres", json.dumps(h["centres"])),
                       ("directory", json.dumps({"own": tx.identity.centre, "centres": h["directory"]},
                                                ensure_ascii=False)),
                       ("head", str(h["head"])),
                       ("mode", "files"), ("since", str(h["made"])), ("trouble", ""), ("alive_at", str(now_ms))):
        _put(tx, SYNC, key, value)
    tx.mark(Changes(settings=True, packs=frozenset({"centres"})))
    for centre, name, level, age_s in h["presence"]:
        seen = None if age_s is None else h["made"] - round(age_s * 1000)
        row = {"centre": centre, "name": name, "level": level, "seen_at": seen}
        tx.connection.execute(upsert(PEER).values(row).on_conflict_do_update(index_elements=["centre"], set_=row))


def _put(tx: Transaction, table: Any, key: str, value: str) -> None:
    tx.connection.execute(upsert(table).values(key=key, value=value).on_conflict_do_update(
        index_elements=["key"], set_={"value": value}))


def _missing(store: Store, h: Mapping[str, Any], latest: bool) -> str:
    """Numbers that were passed over, as text."""
    if not latest:
        return ""
    before = int(store.read_meta("exchange_in_seen") or 0)
    store.set_meta("exchange_in_seen", str(h["no"]))
    gone = range(before + 1, h["no"]) if before else range(0)
    return f"{gone[0]}" if len(gone) == 1 else f"{gone[0]}–{gone[-1]}" if gone else ""


# -- files that came too early


def hold(folder: Path, file: parcel.Parcel, done: TakenIn) -> None:
    """Keep a checked file until the one before it comes."""
    folder.mkdir(parents=True, exist_ok=True)
    parcel.write(folder / f"{file.header['to']}-{file.header['name']}-{file.header['no']:06d}.ldx", file.raw)
    done.waiting = len(waiting(folder, done))


def waiting(folder: Path, done: TakenIn) -> list[parcel.Parcel]:
    """Files that wait, by number. One that is damaged is set aside and told in `done`."""
    found = []
    for path in sorted(folder.glob("*.ldx")) if folder.is_dir() else []:
        try:
            found.append(parcel.read(path))
        except parcel.FileRefused as fault:
            _set_aside(path, fault, done)
    return sorted(found, key=lambda f: int(f.header["no"]))


def take_waiting(folder: Path, take: Callable[[parcel.Parcel], bool], done: TakenIn) -> None:
    """Take in what waits, in order. `take`: False for one that still comes too early. One that can never be taken in
    is set aside, and holds up no other."""
    for held in waiting(folder, done):
        try:
            if take(held):
                (folder / held.name).unlink()
        except parcel.FileRefused as fault:
            _set_aside(folder / held.name, fault, done)


def _set_aside(path: Path, fault: KnownFault, done: TakenIn) -> None:
    os.replace(path, path.with_suffix(".refused"))
    done.notes.append(Message("The file {name} had waited and was set aside ({folder}): {why}",
                              {"name": path.name, "folder": path.parent, "why": fault.message}))
