"""Lists of the city in exchange files, there and back: whole news of them in every file, pieces as the other side lacks
them, in their order. Whose right ends where is the hub's word, as on the line."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.faults import KnownFault, Message
from data.store.store import Store
from data.sync.packs import ACTIVE, COMING, UNREADABLE, Lists, crosses
from data.sync.side_line import PackNews, SideLine

NEWEST = "exchange_lists"
"""meta key: the lists that concern this seat, as the newest file of the hub told"""
ALL = -1
"""in place of a number of pieces: the list is here, or was and is wanted no more"""
_OWN = ("SELECT p.id, p.kind, p.source FROM pack p WHERE p.status = ? AND EXISTS (SELECT 1 FROM event e WHERE "
        "e.stream = 'pack/' || p.id AND e.kind = 'pack.activated' AND e.seat = ?) ORDER BY p.activated_at, p.id")
Records = Sequence[Sequence[Any]]


def _about(one: PackNews) -> dict[str, object]:
    return {name: str(one.body.get(name, "")) for name in ("kind", "version", "source")}


# -- the seat's side


def newest(store: Store) -> list[PackNews]:
    """What the hub told last, in its order."""
    return [PackNews(*n) for n in json.loads(store.read_meta(NEWEST) or "[]")]


def told(records: Records) -> str | None:
    """The news in a file, to be kept under `NEWEST`; None: it has none."""
    return next((json.dumps(r[1], ensure_ascii=False) for r in records if r[0] == "lists"), None)


def held(store: Store) -> Iterator[list[Any]]:
    """What is here, for the hub's side: pieces by list, or `ALL`."""
    lists = Lists(store)
    for pack, status in lists.here().items():
        yield ["have", pack, lists.have(pack) if status == COMING else ALL]


def owed(store: Store) -> Iterator[tuple[list[Any], int]]:
    """Pieces of own lists that the hub has not confirmed: (record, its size)."""
    news, lists = {n.pack: n for n in newest(store)}, Lists(store)
    for pack, kind, source in store.read.exec_driver_sql(_OWN, (ACTIVE, store.identity.seat)).all():
        one = news.get(pack)
        if not crosses({"kind": kind, "source": source}) or (one is not None and one.pieces):
            continue
        pieces = lists.pieces(pack, kind)
        for no in range(one.held if one is not None else 0, len(pieces)):
            data = base64.b64encode(pieces[no]).decode()
            yield ["piece", pack, no, len(pieces), data], len(data)


def too_early(store: Store, records: Records, fresh: str | None) -> bool:
    """Whether pieces before those of the file are lacking. `fresh`: news that are newer than those here."""
    news = {n.pack: n for n in ([PackNews(*n) for n in json.loads(fresh)] if fresh is not None else newest(store))}
    lists = Lists(store)
    here = lists.here()
    first: dict[str, int] = {}
    for record in records:
        if record[0] == "piece":
            first.setdefault(record[1], record[2])
    return any(pack in news and _wanted(news[pack], here.get(pack, "")) and no > lists.have(pack)
               for pack, no in first.items())


def _wanted(one: PackNews, status: str) -> bool:
    return one.back is None and one.pieces > 0 and status in ("", COMING)


def take(store: Store, records: Records) -> list[Message]:
    """Keep the pieces that came, bring into force what is whole, take back what the hub says was taken back. Returns
    what became of which list."""
    lists, news = Lists(store), newest(store)
    by_pack, here, out, bad = {n.pack: n for n in news}, lists.here(), list[Message](), set[str]()
    came = set[str]()
    for _, pack, no, pieces, data in (r for r in records if r[0] == "piece"):
        one = by_pack.get(pack)
        if one is None or pack in bad or not _wanted(one, here.get(pack, "")) or pieces != one.pieces:
            continue
        if no != lists.begun(one):
            continue
        try:
            lists.keep(pack, base64.b64decode(data), no + 1)
            came.add(pack)
        except (*UNREADABLE, binascii.Error) as fault:
            bad.add(pack)
            out.append(_broken(one, str(fault)))
    order = {n.pack: n.seq for n in news}
    here = lists.here()
    for one in news:
        out += _settle(lists, one, here.get(one.pack, ""), order, told=one.pack in came)
    return out


def _settle(lists: Lists, one: PackNews, status: str, order: Mapping[str, int], *, told: bool) -> list[Message]:
    about = _about(one)
    if one.back is not None and status == ACTIVE:
        lists.take_back(one)
        return [Message("List taken back: {kind}, {version}, of {source}.", about)]
    if status != COMING or not _wanted(one, status):
        return []
    have = lists.have(one.pack)
    if have < one.pieces:
        return [Message("List {kind}, {version}, of {source}: {have} of {pieces} pieces are here.",
                        {**about, "have": have, "pieces": one.pieces})] if told else []
    try:
        lists.bring(one, order)
    except KnownFault as fault:
        return [_broken(one, fault.message)]
    return [Message("List in force: {kind}, {version}, of {source}.", about)]


def _broken(one: PackNews, why: object) -> Message:
    return Message("List {kind}, {version}, of {source} cannot be brought into force: {why}",
                   {**_about(one), "why": why})


# -- the hub's side


def news(line: SideLine) -> list[PackNews]:
    """The lists that concern the seat of the line."""
    return [n for n in line.packs() if crosses(n.body)]


def record(found: Sequence[PackNews]) -> list[Any]:
    """What every file tells of them."""
    return ["lists", [[n.pack, n.body, n.seq, n.back, n.mine, n.pieces, n.held] for n in found]]


def lacking(line: SideLine, found: Sequence[PackNews], have: Mapping[str, int]) -> Iterator[tuple[list[Any], int]]:
    """Pieces that the seat has not: (record, its size)."""
    for one in found:
        here = have.get(one.pack, 0)
        if one.back is not None or here == ALL:
            continue
        for no in range(here, one.pieces):
            data = line.pack_piece(one.pack, no)
            if data is None:
                break
            text = base64.b64encode(data).decode()
            yield ["piece", one.pack, no, one.pieces, text], len(text)


def put(line: SideLine, records: Records) -> tuple[bool, list[Message]]:
    """Hand in pieces of the seat's lists; what became of them. False: some before them are lacking at the hub. Those of
    a list of which the hub does not know that it is in force are left: they are sent again."""
    own = {n.pack: n for n in line.packs() if n.mine}
    at = {pack: one.pieces or one.held for pack, one in own.items()}
    touched, whole = dict[str, int](), True
    for _, pack, no, pieces, data in (r for r in records if r[0] == "piece"):
        if pack not in own or no < at[pack]:
            continue
        if no > at[pack]:
            whole = False
            continue
        line.put_pack(pack, no, pieces, base64.b64decode(data))
        at[pack], touched[pack] = no + 1, pieces
    return whole, [Message("List {kind}, {version}, of {source}: {have} of {pieces} pieces are at the hub.",
                           {**_about(own[pack]), "have": at[pack], "pieces": pieces})
                   for pack, pieces in touched.items()]
