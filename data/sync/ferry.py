"""The hub's side of an exchange by files: acts for a seat without a line, by that seat's own role and rights."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain as chain_of
from pathlib import Path
from typing import Any

from app.domain.events import parse
from app.domain.faults import KnownFault, Message, Rejected
from app.domain.limits import to_ms
from app.ports import Clock
from app.services.sync_rules import GENESIS_CHAIN, Ordered
from data.store import wants
from data.sync import file_lists, parcel
from data.sync.blobs import CHUNK_BYTES, chunk_numbers
from data.sync.exchange import (
    FILE_BYTES,
    TRACK_PAGE,
    TRACK_POINTS,
    WAITING,
    TakenIn,
    hold,
    take_waiting,
    waiting,
)
from data.sync.keys import own_key, parse_public
from data.sync.link import Welcome
from data.sync.side_line import BlobInfo, Fix, PersonRow, SideLine

PULL_ROWS = 5_000
_BATCH, _BATCH_BYTES = 500, 2_000_000
_KEPT_FILES = 200


def _state(line: SideLine, name: str) -> tuple[str, int, int, dict[str, Any]]:
    """(public key, last that came, last that went, what the seat said) of the seat that the line is of."""
    found = line.exchange_state()
    if found is None or found[0] != name:
        raise KnownFault(Message("The hub has no key of the seat {name}: hub seat key {name} KEY first.",
                                 {"name": name}))
    return found[1], found[2], found[3], json.loads(found[4])


# -- in: files of the seat


def import_file(line: SideLine, folder: Path, file: parcel.Parcel) -> TakenIn:
    """Take a seat's file in, and those that waited for it. `folder`: where files wait that came too early.

    Raises `KnownFault` for one that is another's, was changed, or is for another hub; then nothing was changed.
    """
    done = TakenIn()
    if not _take_in(line, file, done):
        hold(folder / WAITING, file, done)
        return done
    name = file.header["name"]
    take_waiting(folder / WAITING, lambda held: held.header["name"] == name and _take_in(line, held, done), done)
    done.waiting = sum(f.header["name"] == name for f in waiting(folder / WAITING, done))
    return done


def _take_in(line: SideLine, file: parcel.Parcel, done: TakenIn) -> bool:
    h = file.header
    key, came, _, state = _state(line, str(h.get("name", "")))
    records = file.checked(parse_public(key))
    if h["to"] != parcel.HUB:
        raise parcel.FileRefused(Message("The file {name} goes to a seat, not to the hub. Nothing of it was taken in.",
                                 {"name": file.name}))
    welcome = line.hello(h["seat"], h["district"], h["centre"], 0)
    took = state.get("took", [])
    events = [(r[1], r[2]) for r in records if r[0] == "event"]
    if h["after"] and h["after_id"] not in took and events and _header(events[0][1])[0] > welcome.seat_no + 1:
        done.notes.append(_waits(h))
        return False
    new = _new(line, events)
    forked = _forks(line, h, state, new)
    if not forked:
        _append(line, new)
    whole, lists = file_lists.put(line, records)
    if not whole and h["after"] and h["after_id"] not in took:
        done.notes.append(_waits(h))
        return False
    done.lists += lists
    people = [PersonRow(*r[1:]) for r in records if r[0] == "person"]
    for start in range(0, len(people), _BATCH):
        line.put_persons(people[start : start + _BATCH])
    fixes = [Fix(*r[1:]) for r in records if r[0] == "position"]
    if fixes:
        line.put_positions(h["nature"] == "live", fixes)
    for points in (r[3] for r in records if r[0] == "tracks"):
        line.put_positions(h["nature"] == "live", [Fix(u, lon, lat, at, None, path)
                                                   for u, lon, lat, at, path in points])
        done.points += len(points)
    for record in records:
        if record[0] == "blob":
            _put_blob(line, record[1], record[2], base64.b64decode(record[3]))
    if came and h["no"] > came + 1:
        done.notes.append(Message("Files {first}–{last} of the seat {name} never came; nothing of them is lacking.",
                                  {"first": came + 1, "last": h["no"] - 1, "name": h["name"]}))
    if forked:
        done.notes.append(Message("The seat {name} was restored from a backup and has acted since: {count} of its acts "
                                  "wait until it has taken in the next file from here. Nothing is lost.",
                                  {"name": h["name"], "count": forked}))
    took = [t for t in took if t != h["id"]] + [h["id"]]
    # a store that came back from a backup counts lower than it did; its clock tells that it is the newer word
    if h["no"] > came or h["made"] > state["made"]:
        state = {"seat": h["seat"], "district": h["district"], "centre": h["centre"], "rungs": h["rungs"],
                 "last": h["last"], "own_seq": h.get("own_seq", 0), "made": h["made"], "personal": h["personal"],
                 "tracks": h["tracks"],
                 "wants": [r[1:] for r in records if r[0] == "want"],
                 "gaps": [r[1:] for r in records if r[0] == "gap"],
                 "have": {r[1]: r[2] for r in records if r[0] == "have"},
                 "forked": state.get("forked", False) and h["own"] < welcome.seat_no}
    state["forked"] = bool(forked) or state.get("forked", False)
    state["took"] = took[-_KEPT_FILES:]
    line.exchange_put(h["no"], h["came"], json.dumps(state), h["made"], h["rungs"][0][0] if h["rungs"] else 0)
    done.files.append(h["no"])
    done.rows += 0 if forked else len(new)
    return True


def _waits(h: Mapping[str, Any]) -> Message:
    return Message("File {missing} of the seat {name} is missing; file {no} is kept and taken in after it.",
                   {"missing": h["after"], "name": h["name"], "no": h["no"]})


def _new(line: SideLine, events: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that the hub has not answered. An act that was put behind others since (below) is known by its id."""
    ids = [identity for identity, _ in events]
    known = {i for start in range(0, len(ids), _BATCH) for i in line.answered(ids[start : start + _BATCH])}
    return [one for one in events if one[0] not in known]


def _forks(line: SideLine, h: Mapping[str, Any], state: Mapping[str, Any], new: Sequence[tuple[str, str]]) -> int:
    """How many events of a file must wait, because the seat's store came back from a backup and has acted since: they
    bear numbers that the hub knows for other acts, or follow on such. The seat puts them behind those (exchange)."""
    if not new:
        return 0
    last, digest = line.own_head()
    headers = [_header(content) for _, content in new]
    first_no, before = headers[0]
    splits = any(0 < no <= last for no, _ in headers) or (first_no == last + 1 and last > 0 and before != digest)
    return len(new) if splits or (state.get("forked", False) and h["own"] < last) else 0


def _header(content: str) -> tuple[int, str]:
    """(number, hash of the event before it); (0, "") for what is none: the hub refuses it in its place."""
    try:
        event = parse(content)
        return event.seat_no, event.prev_seat_hash
    except Rejected:
        return 0, ""


def _append(line: SideLine, events: Sequence[tuple[str, str]]) -> None:
    batch: list[tuple[str, str]] = []
    size = 0
    for one in events:
        if batch and (len(batch) >= _BATCH or size + len(one[1]) > _BATCH_BYTES):
            line.append([i for i, _ in batch], [c for _, c in batch])
            batch, size = [], 0
        batch.append(one)
        size += len(one[1])
    if batch:
        line.append([i for i, _ in batch], [c for _, c in batch])
        line.nudge()


def _put_blob(line: SideLine, digest: str, mime: str, data: bytes) -> None:
    held, whole = line.blob_begin(BlobInfo(digest, mime, len(data), False))
    numbers = [n for n in chunk_numbers(len(data)) if n not in held] or [0]
    for i, no in enumerate(numbers if not whole else []):
        line.blob_put(digest, no, data[no * CHUNK_BYTES : (no + 1) * CHUNK_BYTES], i == len(numbers) - 1)


# -- out: what the seat is to know


def export(line: SideLine, clock: Clock, folder: Path, name: str, target: Path, *, most_bytes: int = FILE_BYTES
           ) -> list[Path]:
    """Write what the seat has not confirmed; returns the files. Several are made only where `target` is a folder.
    `folder`: of this side's key. Raises `KnownFault`; then nothing was written under the wanted name."""
    _, came, _, state = _state(line, name)
    if "seat" not in state:
        raise KnownFault(Message("The seat {name} has sent no file yet: its first one tells what it holds.",
                                 {"name": name}))
    seq, chain = _meeting(line, state["rungs"])
    welcome = line.hello(state["seat"], state["district"], state["centre"], seq)
    parts = _parts(line, welcome, state, seq, chain, most_bytes)
    if len(parts) > 1 and not target.is_dir():
        raise KnownFault(Message("It does not fit one file: name a folder, {count} files will lie in it.",
                                 {"count": len(parts)}))
    about = {"to": name, "name": parcel.HUB, "seat": state["seat"], "district": state["district"],
             "epoch": welcome.epoch, "head": welcome.head, "own": welcome.seat_no,
             "own_comes": _own_comes(welcome, state), "code": welcome.seat_code, "centres": line.centres(),
             "directory": line.directory(), "presence": line.presence(), "took": state.get("took", []), "came": came,
             "made": to_ms(clock.now())}
    key, written, before = own_key(folder), [], 0
    for (start, start_chain), records in parts:
        no = line.exchange_goes()
        path = target / f"to-{name}-{no:06d}.ldx" if target.is_dir() else target
        header = {**about, "no": no, "after": before, "from": start, "from_chain": start_chain}
        parcel.write(path, parcel.pack(header, records, key))
        written.append(path)
        before = no
    return written


def _own_comes(welcome: Welcome, state: Mapping[str, Any]) -> bool:
    """Whether the seat's store is older than what the hub has of it."""
    return welcome.seat_no > state["last"] or bool(state.get("forked", False))


def _meeting(line: SideLine, rungs: Sequence[Sequence[Any]]) -> tuple[int, str]:
    """The highest point of the seat's order that the hub's order has too."""
    theirs = line.chain_at([r[0] for r in rungs]) if rungs else {}
    for seq, chain in rungs:
        if theirs.get(seq) == chain:
            return seq, chain
    return 0, GENESIS_CHAIN


_Part = tuple[tuple[int, str], list[list[Any]]]


def _parts(line: SideLine, welcome: Welcome, state: Mapping[str, Any], seq: int, chain: str, most_bytes: int
           ) -> list[_Part]:
    parts: list[_Part] = []
    lists = file_lists.news(line)
    news = file_lists.record(lists)
    part, size, at, last = [news], 0, (seq, chain), seq
    named: dict[tuple[str, str], str] = {(w[0], w[1]): w[2] for w in state["wants"]}
    for row in _rows(line, seq, welcome.head):
        weight = 200 + len(row.content or "")
        if size and size + weight > most_bytes:
            parts.append((at, part))
            part, size = [news], 0
            at = last, chain
        part.append(["row", row.seq, row.event_id, row.verdict, row.hash, row.chain, row.place, row.content])
        size += weight
        last, chain = row.seq, row.chain
        if row.content is not None:
            for one in wants.named(parse(row.content)):
                named.setdefault(one, row.event_id)
    for record, weight in chain_of(_beside(line, welcome, state, seq, named),
                                   file_lists.lacking(line, lists, state.get("have", {})), _tracks(line, state)):
        if size and size + weight > most_bytes:
            parts.append((at, part))
            part, size = [news], 0
            at = last, chain
        part.append(record)
        size += weight
    parts.append((at, part))
    return parts


def _rows(line: SideLine, after: int, head: int) -> Iterator[Ordered]:
    while after < head:
        rows = line.pull(after, PULL_ROWS)
        if not rows:
            return
        yield from (r for r in rows if r.seq <= head)
        after = rows[-1].seq


def _beside(line: SideLine, welcome: Welcome, state: Mapping[str, Any], met: int, named: Mapping[tuple[str, str], str]
            ) -> Iterator[tuple[list[Any], int]]:
    """Back-filled bodies, persons, positions, files: (record, about its size). `met`: up to there both orders agree."""
    if state["gaps"]:
        upto = max(g[1] for g in state["gaps"])
        for row in line.stream_bodies([g[0] for g in state["gaps"]], upto):
            yield _fill(row), len(row.content or "")
        for stream, _ in state["gaps"]:
            yield ["filled", stream], 100
    if _own_comes(welcome, state):
        # its own bodies behind the last one that it has come back in one record: what the seat has done since can be
        # put behind them when all are there
        behind = min(int(state.get("own_seq", 0)), met)
        bare = [r.event_id for r in _rows(line, behind, welcome.head) if r.content is None and r.place]
        bodies = [_fill(row)[1:] for start in range(0, len(bare), _BATCH)
                  for row in line.bodies(bare[start : start + _BATCH])]
        yield ["own", welcome.seat_no, bodies], sum(len(b[-1] or "") for b in bodies)
    people = [(key, event) for (what, key), event in named.items() if what == wants.PERSON] if state["personal"] else []
    for start in range(0, len(people), _BATCH):
        for p in line.persons(people[start : start + _BATCH]):
            yield ["person", p.id, p.role, p.data, p.created_at, p.erased], len(p.data) + 100
    for f in line.positions(0)[0]:
        yield ["position", f.unit, f.lon, f.lat, f.at, f.heading], 80
    files = {key: event for (what, key), event in named.items() if what == wants.BLOB}
    for start in range(0, len(files), _BATCH):
        some = list(files.items())[start : start + _BATCH]
        for info in sorted(line.blob_info(some), key=lambda i: i.size):
            data = _get_blob(line, info, files[info.digest]) if info.whole else None
            if data is None:
                yield ["size", info.digest, info.size], 100
            else:
                yield ["blob", info.digest, info.mime, base64.b64encode(data).decode()], len(data) * 4 // 3


def _tracks(line: SideLine, state: Mapping[str, Any]) -> Iterator[tuple[list[Any], int]]:
    """Points that the hub got since the seat's last word, so many at most; the next files go on."""
    after = int(state.get("tracks", 0))
    if after > line.tracks_head():
        after = 0  # a restored hub counts lower
    for _ in range(TRACK_POINTS // TRACK_PAGE):
        points = line.tracks_since(after, TRACK_PAGE)
        if not points:
            return
        yield ["tracks", after, points[-1][4], [p[:4] for p in points]], 80 * len(points)
        after = points[-1][4]


def _fill(row: Ordered) -> list[Any]:
    return ["fill", row.seq, row.event_id, row.verdict, row.hash, row.chain, row.place, row.content]


def _get_blob(line: SideLine, info: BlobInfo, event: str) -> bytes | None:
    out = bytearray()
    while len(out) < info.size:
        data = line.blob_get(info.digest, event, len(out), CHUNK_BYTES)
        if not data:
            return None
        out += data
    return bytes(out)
