"""Use cases of exchange by files, on both sides of a network gap."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from filelock import FileLock, Timeout

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, say
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.text import mark
from data.sync import address as addresses
from data.sync import exchange, ferry, parcel
from data.sync.keys import own_key, public_text
from data.sync.runner import LOCK_FILE
from data.sync.side_line import SideLine

CARRIED = "exchange/carried"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")


def run(args: argparse.Namespace, folder: Path) -> int:
    """`main.py sync key|carry|export|import` and `sync join files`."""
    if args.action == "key":
        return _key(args, folder)
    if args.action == "carry":
        return _carry(args, folder)
    if args.action == "join":
        return _join(args, folder)
    if not args.url:
        raise KnownFault(Message("sync export FILE --to hub|NAME, sync import FILE"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK_FILE).acquire(timeout=0):
            return _export(args, folder) if args.action == "export" else _import(args, folder)
    except Timeout as fault:
        raise KnownFault(Message("Another program of this seat is syncing already.")) from fault


def _key(args: argparse.Namespace, folder: Path) -> int:
    key = public_text(own_key(folder))
    emit(args, {"key": key}, key)
    return 0


def _join(args: argparse.Namespace, folder: Path) -> int:
    if not args.name or not args.key or not _NAME.match(args.name):
        raise KnownFault(Message("sync join files --name NAME --key KEY"))
    with seats.opened(folder) as store:
        exchange.join(store, args.name, args.key)
        key = public_text(own_key(folder))
    emit(args, {"seat": args.name, "key": key},
         say(mark("This seat exchanges by files as {name}. Its own key, for hub seat key: {key}"), name=args.name,
             key=key))
    return 0


def _carry(args: argparse.Namespace, folder: Path) -> int:
    """Remember by which role files of a seat are taken to the hub from here."""
    if not args.url or not args.line or not _NAME.match(args.url) or args.url == parcel.HUB:
        raise KnownFault(Message("sync carry NAME URL --secret-file F"))
    address = addresses.parse_address(args.line)
    if not address.user:
        raise KnownFault(Message("The hub's address must name this seat's role, as hub seat add told it."))
    carried = folder / CARRIED
    carried.mkdir(parents=True, exist_ok=True)
    if args.secret_file is not None:
        addresses.write_secret_file(carried / f"{args.url}.secret", addresses.read_secret_file(args.secret_file))
    (carried / f"{args.url}.json").write_text(json.dumps({"url": address.url}), "utf-8")
    key = public_text(own_key(folder))
    emit(args, {"seat": args.url, "key": key},
         say(mark("Files of {name} are carried from here. The key of this side, for sync join files there: {key}"),
             name=args.url, key=key))
    return 0


def _line(folder: Path, name: str) -> SideLine:
    path = folder / CARRIED / f"{name}.json"
    if not _NAME.match(name) or not path.exists():
        raise KnownFault(Message("Files of the seat {name} are not carried from here: sync carry {name} URL first.",
                                 {"name": name[:40]}))
    address = addresses.parse_address(json.loads(path.read_text("utf-8"))["url"])
    secret = folder / CARRIED / f"{name}.secret"
    word = addresses.read_secret_file(secret) if secret.exists() else addresses.find_secret(folder, address)
    return SideLine(address, word, name="liandong ferry")


def _export(args: argparse.Namespace, folder: Path) -> int:
    target, clock = Path(args.url), SystemClock()
    if args.to is None:
        raise KnownFault(Message("sync export FILE --to hub|NAME, sync import FILE"))
    if args.to == parcel.HUB:
        with seats.opened(folder) as store:
            files = exchange.export(store, clock, target)
    else:
        with _line(folder, args.to) as line:
            files = ferry.export(line, clock, folder, args.to, target)
    emit(args, {"files": [str(f) for f in files], "bytes": sum(f.stat().st_size for f in files)},
         "\n".join(map(str, files)))
    return 0


def _import(args: argparse.Namespace, folder: Path) -> int:
    path = Path(args.url)
    file = parcel.read(path)
    if file.header.get("to") == parcel.HUB:
        with _line(folder, str(file.header.get("name", ""))) as line:
            done = ferry.import_file(line, folder, file)
    else:
        with seats.opened(folder) as store:
            done = exchange.import_file(store, SystemClock(), path)
    notes = [text.render(n) for n in done.notes]
    lists = [text.render(n) for n in done.lists]
    words = [say(mark("{files} files taken in, {rows} events, {points} points of tracks; {waiting} wait for an earlier "
                      "one."), files=len(done.files), rows=done.rows, points=done.points, waiting=done.waiting),
             *lists, *notes]
    emit(args, {"taken": done.files, "events": done.rows, "waiting": done.waiting, "track_points": done.points,
                "lists": lists, "notes": notes}, "\n".join(words))
    return 0 if done.files or not done.waiting else 1
