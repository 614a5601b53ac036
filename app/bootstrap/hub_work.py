"""Use cases beside a hub on the command line: the seat beside it, its check, its backup and its restoring."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from app import text
from app.bootstrap import hub, seats
from app.bootstrap.output import emit, note, say, transient
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.domain.limits import to_ms
from app.text import mark
from data.store import ordered
from data.store.store import STORE_FILE, Founding, Store
from data.sync import backup as backups
from data.sync.audit import Head, verify_chain
from data.sync.hub_run import HubRun
from data.sync.keeper_link import KeeperLink
from data.sync.runner import LOCK_FILE


def _folder(args: argparse.Namespace, database: str) -> Path:
    given: Path | None = args.store
    return given or Path(platformdirs.user_data_dir("liandong", appauthor=False)) / f"hub-{database}"


def run(args: argparse.Namespace) -> int:
    """`main.py hub run`: until Ctrl+C; with --once until all is done once."""
    address, secret = hub.owner(args, args.hub)

    def connect() -> KeeperLink:
        return KeeperLink(address, secret, **({"part_rows": args.part_rows} if args.part_rows else {}))

    link = connect()
    try:
        meta = link.meta()
        centre = link.run("SELECT code FROM hub.centre ORDER BY level, code LIMIT 1")
    finally:
        link.close()
    folder = _folder(args, address.database)
    founding = Founding(meta["district"], meta["district_name"], centre[0][0] if centre else "hub", "", "live")
    Store.create(folder, founding, SystemClock()).close()
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda _number, _frame: ended.set())
    try:
        with FileLock(folder / LOCK_FILE).acquire(timeout=0), seats.opened(folder) as store:
            note(say(mark("Beside the hub, store in {folder}; Ctrl+C ends it."), folder=str(folder)))
            made = HubRun(store, connect, lambda m: note(text.render(m))).run(ended, once=args.once)
    except Timeout as fault:
        raise KnownFault(Message("Another program runs beside this hub already (hub run); one is enough.")) from fault
    emit(args, dataclasses.asdict(made),
         say(mark("Ended: holds {reached}; {snapshots} snapshots made, {digests} times digests published."),
             reached=made.reached, snapshots=made.snapshots, digests=made.digests))
    return 0


def backup(args: argparse.Namespace) -> int:
    """`main.py hub backup FILE`."""
    address, secret = hub.owner(args, args.hub)
    made = backups.make(address, secret, args.file, _told(args))
    emit(args, {**dataclasses.asdict(made), "file": str(args.file)}, "\n".join([
        say(mark("{file}: the hub at {seq}, {mb} MB."), file=str(args.file), seq=f"{made.seq:,}",
            mb=f"{made.bytes / 1e6:.1f}"),
        say(mark("The seats' log-ins are in it; keep it where only you may read.")) if made.seats else
        say(mark("The seats' log-ins are not in it (only a superuser reads them): after restoring elsewhere each seat "
                 "needs a new secret (hub seat add)."))]))
    return 0


def restore(args: argparse.Namespace) -> int:
    """`main.py hub restore FILE URL`."""
    address, secret = hub.owner(args, args.url)
    made = backups.restore(args.file, address, secret, now_ms=to_ms(SystemClock().now()), told=_told(args))
    emit(args, {**dataclasses.asdict(made), "file": str(args.file)}, "\n".join([
        say(mark("Restored: {seq} rows of the order, {bodies} bodies, chain and counts verified; epoch {epoch}."),
            seq=f"{made.seq:,}", bodies=f"{made.rows.get('event', 0):,}", epoch=made.epoch),
        *([] if made.seats else [say(mark("No log-ins were in it: each seat that this server does not know yet needs a "
                                          "new secret (hub seat add)."))]),
        *([say(mark("Shut out on this server, and still so: {names}. Let one in again with: main.py hub seat add "
                     "NAME."),
               names=", ".join(made.shut_out))] if made.shut_out else [])]))
    return 0


def _told(args: argparse.Namespace) -> backups.Told:
    clock, last = SystemClock(), [0.0]

    def tell(table: str, done: int, of: int) -> None:
        now = clock.monotonic()
        if now - last[0] >= 1.0 and not args.json:
            last[0] = now
            transient(f"{table} {max(done, of):,}")

    return tell


def verify(args: argparse.Namespace) -> int:
    """`main.py hub verify`: exit 1 when anything is wrong."""
    address, secret = hub.owner(args, args.hub)
    heads = list(_remembered(args, address.database))
    rows, faults = verify_chain(address, secret, heads)
    told = [text.render(f) for f in faults]
    emit(args, {"rows": rows, "ok": not told, "faults": told, "heads": [h[0] for h in heads]}, "\n".join([
        say(mark("{rows} rows of the hub's order verified, their bodies too, against {count} remembered heads."),
            rows=f"{rows:,}", count=len(heads)), *told]))
    return 1 if told else 0


def _remembered(args: argparse.Namespace, database: str) -> Iterator[Head]:
    """Heads of the order as stores on this machine hold them: of the seat beside the hub, of this seat."""
    own: Path = args.data or seats.default_folder()
    for folder in dict.fromkeys((_folder(args, database), own)):
        if (folder / STORE_FILE).exists():
            with seats.opened(folder) as store:
                seq, chain = ordered.reached(store.read)
                if seq:
                    yield folder.name, seq, chain
