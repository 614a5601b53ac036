"""Use cases of the hub's keeper on the command line."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

from app.bootstrap import seats
from app.bootstrap.output import emit, say
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.domain.limits import to_ms
from app.services.views import AreaRow
from app.text import mark
from data.store import lists
from data.store.seat_store import StoreReads
from data.store.store import STORE_FILE, Store
from data.sync import address as addresses
from data.sync import admin
from data.sync.founding import publish

REMEMBERED = "hub_keeper"
"""meta key: address of the hub that this store's district was given"""
DEEPEST_CENTRE = 2
"""centres stand at three levels: district, streets, communities"""


@contextlib.contextmanager
def _store(args: argparse.Namespace) -> Iterator[Store | None]:
    folder: Path = args.data or seats.default_folder()
    if not (folder / STORE_FILE).exists():
        yield None
        return
    with seats.opened(folder) as store:
        yield store


def owner(args: argparse.Namespace, url: str | None) -> tuple[addresses.HubAddress, str | None]:
    """Address and secret of the hub's owner: as told, else the environment's, else what the store remembers."""
    given = url or os.environ.get("LIANDONG_HUB")
    if not given:
        with _store(args) as store:
            given = store.meta.get(REMEMBERED) if store is not None else None
    if not given:
        raise KnownFault(Message("Say which hub: --hub URL, or LIANDONG_HUB."))
    address = addresses.parse_address(given)
    if args.secret_file is not None:
        return address, addresses.read_secret_file(args.secret_file)
    # the data folder's own secret is the seat's, not the owner's
    return address, addresses.find_secret(Path(os.devnull), address)


def init(args: argparse.Namespace) -> int:
    """`main.py hub init URL`."""
    address, secret = owner(args, args.url)
    with _store(args) as store:
        if store is None:
            raise KnownFault(Message("A hub is prepared for a district: name its store with --data, or found one "
                                     "with: main.py init."))
        epoch = admin.init(address, secret, district=store.identity.district,
                           district_name=store.meta["district_name"], now_ms=to_ms(SystemClock().now()))
        centres = _centres(store)
        for code, name, level, parent, prefix in centres:
            admin.put_centre(address, secret, code, name, level=level, parent=parent, prefix=prefix)
        store.set_meta(REMEMBERED, address.url)
        rows = _publish(address, secret, store)
    emit(args, {"epoch": epoch, "centres": len(centres), "list_rows": rows},
         say(mark("The hub is prepared, with {count} centres and {rows} rows of lists for new seats."),
             count=len(centres), rows=f"{rows:,}"))
    return 0


def _publish(address: addresses.HubAddress, secret: str | None, store: Store) -> int:
    return publish(address, secret, lists.dump(store), nature=store.identity.nature,
                   timezone=store.meta.get("timezone", "Asia/Shanghai"))


def give_lists(args: argparse.Namespace) -> int:
    """`main.py hub lists`."""
    address, secret = owner(args, args.hub)
    with _store(args) as store:
        if store is None:
            raise KnownFault(Message("The lists are those of a store: name it with --data."))
        rows = _publish(address, secret, store)
    emit(args, {"list_rows": rows}, say(mark("{rows} rows of lists lie on the hub for seats to come."),
        rows=f"{rows:,}"))
    return 0


def _centres(store: Store) -> list[tuple[str, str, int, str | None, str]]:
    """The store's own centre over the whole district, and one for each street and community in its lists; where the
    lists mark some as centres (1+9+40), for those."""
    own = store.identity.centre
    found: list[tuple[str, str, int, str | None, str]] = [(own, store.meta["centre_name"], 0, None, "")]
    areas: dict[str, AreaRow] = {a.id: a for a in StoreReads(store.read).areas()}
    marked = {r[0] for r in store.read.exec_driver_sql("SELECT id FROM area WHERE level BETWEEN 1 AND ? AND "
                                                       "json_extract(data, '$.extra.centre') = 1", (DEEPEST_CENTRE,))}
    for area in sorted(areas.values(), key=lambda a: (a.level, a.code)):
        if 1 <= area.level <= DEEPEST_CENTRE and area.code != own and (area.id in marked or not marked):
            above = areas.get(area.parent_id or "")
            known = above is not None and above.level >= 1 and (above.id in marked or not marked)
            parent = above.code if above is not None and known else own
            found.append((area.code, area.name, area.level, parent, area.path))
    return found


def status(args: argparse.Namespace) -> int:
    """`main.py hub status`."""
    address, secret = owner(args, args.hub)
    s = admin.standing(address, secret)
    lines = [
        say(mark("district {district}, {seq} ordered, {refused} refused, {overtaken} overtaken, {mb} MB"),
            district=s.district, seq=s.seq, refused=s.refused, overtaken=s.overtaken, mb=f"{s.bytes / 1e6:.1f}"),
        say(mark("the seat beside the hub (hub run) is at work")) if s.beside else
        say(mark("the seat beside the hub (hub run) is not at work: no new snapshots, no reference digests")),
        *(say(mark("  snapshot for {centre} at {seq}, {age} min old"), centre=c, seq=f"{n:,}", age=f"{age / 60:.0f}")
          for c, n, age in s.snapshots),
        *(_seat_line(seat, s.seq) for seat in s.seats),
    ]
    emit(args, dataclasses.asdict(s), "\n".join(lines))
    return 0


def _seat_line(seat: admin.SeatLine, head: int) -> str:
    if seat.revoked:
        return say(mark("  {name} ({centre}): shut out"), name=seat.name, centre=seat.centre)
    if seat.age_s is None:
        return say(mark("  {name} ({centre}): never heard"), name=seat.name, centre=seat.centre)
    return say(mark("  {name} ({centre}): heard {age} s ago, behind by {behind}, {unsent} unsent"), name=seat.name,
               centre=seat.centre, age=f"{seat.age_s:.0f}", behind=max(head - seat.reached, 0), unsent=seat.unsent)


def seat(args: argparse.Namespace) -> int:
    """`main.py hub seat add NAME --centre CODE` and `hub seat revoke NAME`."""
    address, secret = owner(args, args.hub)
    if args.verb == "revoke":
        admin.revoke_seat(address, secret, args.name)
        emit(args, {"seat": args.name, "revoked": True}, say(mark("{name} is shut out."), name=args.name))
        return 0
    if args.verb == "key":
        admin.set_exchange_key(address, secret, args.name, args.key or "")
        emit(args, {"seat": args.name, "key": args.key}, say(mark("Files signed by {name} are taken in from now on."),
                                                             name=args.name))
        return 0
    if not args.centre:
        raise KnownFault(Message("hub seat add NAME --centre CODE"))
    out = args.out or Path(f"{args.name}.secret")
    if out.exists():
        raise KnownFault(Message("There is a file {path} already; it was left as it is.", {"path": out}))
    seats_address, word = admin.add_seat(address, secret, args.name, args.centre)
    addresses.write_secret_file(out, word)
    if args.personal is not None:
        admin.set_personal(address, secret, args.name, args.personal == "yes")
    emit(args, {"seat": args.name, "address": seats_address.url, "secret_file": str(out)},
         say(mark("{name} may come in by {url}\nIts secret lies in {path}: carry the file over, then delete it."),
             name=args.name, url=seats_address.url, path=str(out)))
    return 0


def tracks(args: argparse.Namespace) -> int:
    """`main.py hub tracks`."""
    address, secret = owner(args, args.hub)
    admin.set_tracks(address, secret, every_s=args.every, kept_hours=args.kept_hours)
    emit(args, {"every_s": args.every, "kept_hours": args.kept_hours},
         say(mark("The hub keeps a point of each track every {every} s, for {hours} h."), every=args.every,
             hours=args.kept_hours))
    return 0


def centre(args: argparse.Namespace) -> int:
    """`main.py hub centre CODE`."""
    address, secret = owner(args, args.hub)
    prefix = ""
    if args.area:
        with _store(args) as store:
            areas = StoreReads(store.read).areas() if store is not None else []
        found = [a for a in areas if args.area in (a.code, a.id)]
        if not found:
            raise KnownFault(Message("There is no area {area}.", {"area": args.area[:60]}))
        prefix = found[0].path
    admin.put_centre(address, secret, args.code, args.name, level=args.level, parent=args.parent, prefix=prefix)
    emit(args, {"centre": args.code, "prefix": prefix}, say(mark("Centre {code} is known."), code=args.code))
    return 0
