"""The shipped code lists in a store that an older program founded: newer ones are brought into force when a screen is
started, but for lists that the district has of its own. What those lack is told, and added only when somebody says so.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from app.bootstrap import seats
from app.bootstrap.output import emit, note, say
from app.domain.faults import KnownFault, Message
from app.services.packs import Pack, load_packs
from app.text import language, mark, plain, render
from data.store.seat_store import SqliteSeatStore
from data.store.store import STORE_FILE, Store

log = logging.getLogger(__name__)
KEPT = "reference"
"""meta key: digest of the shipped lists that this store was last compared with"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A shipped list and what of it is in this store. `version` "": none of it was ever brought in. `own`: the district
    has such a list of its own. `missing`: shipped codes that are not in force here."""

    name: str
    shipped: str
    version: str
    own: bool
    missing: tuple[str, ...]

    @property
    def newer(self) -> bool:
        """Whether the program ships a newer one than was ever brought in."""
        return _order(self.shipped) > _order(self.version)


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def shipped_digest() -> str:
    """Of all shipped lists: the same for as long as the program is."""
    whole = sha256()
    for path in sorted((seats.REFERENCE / "codes").glob("*.toml")):
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def standings(store: Store, packs: list[Pack]) -> list[Standing]:
    """How each shipped list stands in a store. One that was taken back counts as brought in: somebody decided so. Where
    the lists came with the hub, nothing tells whose they are: they count as the district's own."""
    run = store.read.exec_driver_sql
    versions: dict[str, str] = {}
    for (text,) in run("SELECT version FROM pack WHERE kind = 'codes' AND source = ? AND status IN ('active', "
                       "'rolled_back')", (seats.ROOT_SOURCE,)):
        name, _, version = str(text).rpartition(" ")
        if _order(version) >= _order(versions.get(name, "")):
            versions[name] = version
    own = {str(r[0]) for r in run(
        "SELECT DISTINCT json_extract(p.data, '$.list') FROM ref r JOIN pack_row p ON p.pack = r.pack AND "
        "p.key = r.key WHERE r.kind = 'codes' AND r.source <> ?", (seats.ROOT_SOURCE,))}
    there: dict[str, set[str]] = {}
    for list_, code in run("SELECT list, code FROM code"):
        there.setdefault(str(list_), set()).add(str(code))
    return [Standing(p.name, p.version, versions.get(p.name, ""),
                     p.name in own or (p.name in there and p.name not in versions),
                     tuple(c.code for c in p.codes if c.code not in there.get(p.name, ())))
            for p in packs]


def bring_up_to_date(store: Store) -> list[Standing]:
    """Bring newer shipped lists into force where the district has none of its own; returns those brought in. Looked at
    once for each version of the shipped lists. A store that was founded without them stays so; where another program
    brings a list in just now, the next start does it."""
    digest = shipped_digest()
    founded = store.read.exec_driver_sql("SELECT 1 FROM pack WHERE kind = 'codes' AND source = ? LIMIT 1",
                                         (seats.ROOT_SOURCE,)).first()
    if founded is None or store.read_meta(KEPT) == digest:
        return []
    packs = load_packs(seats.REFERENCE)
    due = [s for s in standings(store, packs) if s.newer and not s.own]
    if due:
        try:
            sink = seats.pack_sink(store, actor="system")
        except KnownFault as fault:
            log.info("shipped lists are brought up to date at the next start: %s", fault)
            return []
        for one in due:
            seats.bring_reference(sink, next(p for p in packs if p.name == one.name))
    store.set_meta(KEPT, digest)
    return due


def beside(folder: Path) -> None:
    """As `bring_up_to_date`, before a screen opens the store in `folder`; says what was brought in."""
    if not (folder / STORE_FILE).exists():
        return
    with seats.opened(folder) as store:
        for one in bring_up_to_date(store):
            note(say(mark("Shipped list {list}: {version} is in force now (before: {before})."), list=one.name,
                     version=one.shipped, before=one.version or "-"))


def update(args: argparse.Namespace) -> int:
    """`main.py pack update [LIST]`: without a list, newer ones where the district has none of its own; with one, what
    of it is missing here. `main.py pack shipped`: how each stands."""
    with seats.opened(args.data or seats.default_folder()) as store:
        packs = load_packs(seats.REFERENCE)
        actor = seats.keeper(store, args.operator) if args.action == "update" else ""
        if args.action == "update":
            _update(store, packs, args.id or "", actor)
        found = standings(store, packs)
        emit(args, {"lists": [{**asdict(s), "newer": s.newer} for s in found]}, "\n".join(map(_words, found)))
    return 0


def codes(args: argparse.Namespace) -> int:
    """`main.py pack codes LIST`: the codes in force with their labels, the district's own ones among them; without a
    list, which lists there are. Raises `KnownFault` for a list that there is not."""
    lang = language().lang
    with seats.opened(args.data or seats.default_folder()) as store:
        book = SqliteSeatStore(store, "cli", "cli").reads.book()
    if not args.id:
        counts = {name: len(book.codes(name)) for name in sorted(book.lists)}
        emit(args, {"lists": counts}, "\n".join(f"{plain(name)}  {count}" for name, count in counts.items())
             or say(mark("Nothing here.")))
        return 0
    found = book.codes(args.id)
    if not found:
        raise KnownFault(Message("There is no list {list}. These are: {names}",
                                 {"list": args.id[:40], "names": ", ".join(sorted(book.lists))}))
    emit(args, {"list": args.id, "codes": [
        {"code": c.code, "label": c.label(lang), "label_zh": c.label_zh, "label_en": c.label_en, "parent": c.parent}
        for c in found]}, "\n".join(f"{plain(c.code)}  {plain(c.label(lang))}" for c in found))
    return 0


def _update(store: Store, packs: list[Pack], name: str, actor: str) -> None:
    found = {s.name: s for s in standings(store, packs)}
    if name and name not in found:
        raise KnownFault(Message("There is no shipped list {list}. These are: {names}",
                                 {"list": name[:40], "names": ", ".join(found)}))
    sink = seats.pack_sink(store, actor=actor)
    for pack in packs:
        one = found[pack.name]
        if not name and one.newer and not one.own:
            seats.bring_reference(sink, pack)
        elif name == pack.name and one.own and one.missing:
            seats.bring_reference(sink, pack, one.missing)
        elif name == pack.name and not one.own and (one.newer or one.missing):
            seats.bring_reference(sink, pack)


def _words(one: Standing) -> str:
    if one.own:
        state = Message("a list of its own; {n} shipped codes are not in it", {"n": len(one.missing)})
    elif one.newer:
        state = Message("older than the shipped one ({version})", {"version": one.version or "-"})
    else:
        state = Message("as shipped")
    shown = ", ".join(one.missing[:8]) + (" …" if len(one.missing) > 8 else "")
    return "  ".join(p for p in (one.name, one.shipped, render(state), plain(shown)) if p)
