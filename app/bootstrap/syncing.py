"""Use cases of a seat's syncing: joining a hub, the syncing program beside a screen or by itself."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, note, progress, say
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.services import sync_rules
from app.text import mark
from data.store import lists, ordered
from data.store.local import TRACKS_KEPT, kept_ms
from data.store.seat_store import StoreReads
from data.store.store import STORE_FILE, Store
from data.sync import address as addresses
from data.sync import blobs, digest, exchange, starting
from data.sync.founding import fetch
from data.sync.link import HubLink
from data.sync.runner import LOCK_FILE, SyncRunner
from data.sync.seat_sync import SeatSync, catch_up
from data.sync.side_line import SideLine

HUB = seats.HUB
_MODES = {"alone": mark("alone, no hub"), "connected": mark("connected"), "behind": mark("connected, behind"),
          "off": mark("off the hub"), "files": mark("by files")}
"""what `SyncState.mode` is called"""


def join(folder: Path, url: str, secret_file: Path | None) -> None:
    """Have the seat in `folder` belong to a hub from now on; "off": be alone again, what is unsent stays.

    The address names the seat's role. A folder without a store gets one, founded as the hub says. Raises `KnownFault`
    for a bad address or secret file; then nothing was changed.
    """
    if url != "off" and not (folder / STORE_FILE).exists():
        _found(folder, _seats_address(url), secret_file)
    with seats.opened(folder) as store:
        if url == "off":
            with store.transaction(screen="cli", actor="system") as tx:
                tx.connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (HUB,))
                tx.connection.exec_driver_sql("DELETE FROM sync WHERE key = 'mode'")
            starting.end_alone(store)
            return
        address = _seats_address(url)
        if secret_file is not None:
            addresses.write_secret_file(folder / addresses.SECRET_FILE, addresses.read_secret_file(secret_file))
        store.set_meta(HUB, address.url)
        with store.transaction(screen="cli", actor="system") as tx:
            ordered.join(tx)


def _seats_address(url: str) -> addresses.HubAddress:
    address = addresses.parse_address(url)
    if not address.user:
        raise KnownFault(Message("The hub's address must name this seat's role, as hub seat add told it."))
    return address


def _found(folder: Path, address: addresses.HubAddress, secret_file: Path | None) -> None:
    """Found this seat's store as its hub says, with the lists in force; half of one is never left."""
    if folder.exists() and any(folder.iterdir()):
        raise KnownFault(Message("There is no store in {folder}, and it is not empty: a new seat takes a new folder.",
                                 {"folder": folder}))
    secret = (addresses.read_secret_file(secret_file) if secret_file is not None
              else addresses.find_secret(folder, address))
    with contextlib.closing(HubLink(address, secret)) as link:
        founding, pieces = fetch(link)
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        seats.found(part, founding)
        with seats.opened(part) as store:
            rows = lists.load(store, pieces) if pieces else 0
        if folder.exists():
            folder.rmdir()
        os.replace(part, folder)
    except OSError as fault:
        raise KnownFault(Message("{path} cannot be written: {why}",
                                 {"path": folder, "why": fault.strerror or str(fault)})) from fault
    finally:
        shutil.rmtree(part, ignore_errors=True)
    note(say(mark("Founded in {folder} for {centre} of {district}, with {rows} rows of lists from the hub."),
             folder=str(folder), centre=founding.centre_name, district=founding.district_name, rows=f"{rows:,}"))


def join_if_told(folder: Path, args: argparse.Namespace) -> None:
    """`--hub URL` of a screen."""
    if getattr(args, "hub", None):
        join(folder, args.hub, args.secret_file)


def runner(folder: Path) -> SyncRunner | None:
    """The syncing program of the seat, not started; None when it is alone."""
    with seats.opened(folder) as store:
        url = store.meta.get(HUB)
    if not url or url.startswith(exchange.BY_FILES):
        return None
    address = addresses.parse_address(url)
    return SyncRunner(folder, lambda: seats.open_store(folder),
                      lambda: HubLink(address, addresses.find_secret(folder, address)),
                      connect_beside=lambda: SideLine(address, addresses.find_secret(folder, address)))


@contextlib.contextmanager
def beside(folder: Path) -> Iterator[None]:
    """Sync while the block runs, unless the seat is alone."""
    found = runner(folder)
    if found is not None:
        found.start()
    try:
        yield
    finally:
        if found is not None:
            found.stop()


def sync(args: argparse.Namespace) -> int:
    """`main.py sync join|run|once|status|digest|limits`."""
    folder = args.data or seats.default_folder()
    if args.action in ("key", "carry", "export", "import") or (args.action, args.url) == ("join", "files"):
        from app.bootstrap import exchanging

        return exchanging.run(args, folder)
    if args.action == "join":
        if not args.url:
            raise KnownFault(Message("sync join URL [--secret-file F]"))
        join(folder, args.url, args.secret_file)
        if args.url != "off":
            _, reached, head = _meet(folder)
            note(say(mark("Joined: holds {reached} of {head}. Its screens and sync run keep it so."),
                     reached=f"{reached:,}", head=f"{head:,}"))
        return _status(args, folder)
    if args.action == "status":
        return _status(args, folder)
    if args.action == "digest":
        return _digest(args, folder)
    if args.action == "once":
        return _once(args, folder)
    if args.action == "limits":
        return _limits(args, folder)
    found = runner(folder)
    if found is None:
        raise KnownFault(Message("This seat belongs to no hub: sync join URL first."))
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda _number, _frame: ended.set())
    note(say(mark("Syncing; Ctrl+C ends it.")))
    found.start()
    try:
        while not ended.wait(0.5):
            pass
    finally:
        found.stop()
    return 0


def _once(args: argparse.Namespace, folder: Path) -> int:
    """Send and fetch everything once, with the faults told."""
    sent, reached, head = _meet(folder)
    emit(args, {"sent": sent, "reached": reached, "head": head},
         say(mark("{sent} sent; holds {reached} of {head}."), sent=sent, reached=reached, head=head))
    return 0


def _meet(folder: Path) -> tuple[int, int, int]:
    """Send and fetch everything, a new seat's start with its progress told; (sent, held, the hub's head)."""
    with seats.opened(folder) as store:
        address = _address(store)
        try:
            with FileLock(folder / LOCK_FILE).acquire(timeout=0):
                link = HubLink(address, addresses.find_secret(folder, address))
                try:
                    one = SeatSync(store, SystemClock())
                    one.on_start = _told()
                    welcome = one.begin(link)
                    catch_up(one, link, welcome.head)
                    one.recover_own(link, welcome)
                    sent = 0
                    while (count := one.push(link)[0]) > 0:
                        sent += count
                        catch_up(one, link, one.head)
                    while one.mend_on(link, 1.0):
                        pass
                    one.beat(link)
                    one.left()
                finally:
                    link.close()
        except Timeout as fault:
            raise KnownFault(Message("Another program of this seat is syncing already.")) from fault
        return sent, one.reached, one.head


def _told() -> Callable[[int, int], None]:
    clock, last = SystemClock(), [0.0, -1.0]

    def tell(done: int, of: int) -> None:
        now = clock.monotonic()
        if done != last[1] and (done == of or now - last[0] >= 0.5):
            last[:] = [now, done]
            progress(say(mark("starting from the hub's snapshot")), done, of)

    return tell


def _limits(args: argparse.Namespace, folder: Path) -> int:
    """Show or set how much of the line files take and how long tracks are kept; what runs takes it up within a while.
    """
    with seats.opened(folder) as store:
        for key, value in ((blobs.RATE, args.files_kb_per_s), (TRACKS_KEPT, args.tracks_kept_hours)):
            if value is not None:
                store.set_meta(key, str(value))
        rate = int(store.read_meta(blobs.RATE) or blobs.USUAL_KB_PER_S)
        hours = kept_ms(store.read) // 3_600_000
        owed = store.read.exec_driver_sql("SELECT count(*), coalesce(sum(size), 0) FROM blob WHERE sent = 0").one()
        wanted = store.read.exec_driver_sql(
            "SELECT count(*), coalesce(sum(size), 0) FROM want WHERE what = 'blob'").one()
        emit(args, {"files_kb_per_s": rate, "tracks_kept_hours": hours, "files_to_send": list(owed),
                    "files_to_fetch": list(wanted)},
             say(mark("files: at most {rate} kB/s, {owed} to send, {wanted} to fetch; tracks are kept for {hours} h"),
                 rate=rate, owed=owed[0], wanted=wanted[0], hours=hours))
    return 0


def _digest(args: argparse.Namespace, folder: Path) -> int:
    """The digest per centre at the sequence that this seat holds."""
    with seats.opened(folder) as store:
        told = store.read.exec_driver_sql("SELECT value FROM sync WHERE key = 'centres'").scalar_one_or_none()
        centres = [(str(c), str(p)) for c, p in json.loads(told)] if told else [(store.identity.centre, "")]
        seq, found = digest.digests(store, {p for _, p in centres})
        rows = digest.by_centre(centres, found)
        emit(args, {"seq": seq, "centres": {c: {"rows": n, "digest": d} for c, n, d in rows}},
             "\n".join([str(seq), *(f"{c}  {n:,}  {d[:16]}" for c, n, d in rows)]))
    return 0


def against_hub(folder: Path, store: Store) -> list[Message]:
    """What is wrong with the hub as this seat remembers it. Raises `KnownFault`."""
    address = _address(store)
    with contextlib.closing(HubLink(address, addresses.find_secret(folder, address))) as link:
        from data.sync import audit

        return audit.against_hub(store, link)


def _address(store: Store) -> addresses.HubAddress:
    url = store.meta.get(HUB)
    if not url:
        raise KnownFault(Message("This seat belongs to no hub: sync join URL first."))
    if url.startswith(exchange.BY_FILES):
        raise KnownFault(Message("This seat has no line, it exchanges by files: sync export, sync import."))
    return addresses.parse_address(url)


def _status(args: argparse.Namespace, folder: Path) -> int:
    with seats.opened(folder) as store:
        reads = StoreReads(store.read)
        state = reads.sync(HUB in store.meta)
        reached, chain = ordered.reached(store.read)
        why = text.render(state.why) if state.why is not None else None
        refused = [(at, kind, stream, sync_rules.refusal(verdict) or Message(""))
                   for at, kind, stream, verdict in reads.refused(store.identity.seat)]
        lines = [say(mark("{mode}: holds {reached}, behind by {behind}, {unsent} unsent"), mode=say(_MODES[state.mode]),
                     reached=reached, behind=state.behind, unsent=state.unsent), *([why] if why else [])]
        lines += [say(mark("refused by the hub: {kind} on {stream}, {why}"), kind=kind, stream=stream, why=reason)
                  for _, kind, stream, reason in refused]
        emit(args, {**dataclasses.asdict(state), "why": why, "reached": reached, "chain": chain,
                    "hub": store.meta.get(HUB), "centres": [dataclasses.asdict(c) for c in reads.centres()],
                    "refused": [{"at": at / 1000, "kind": kind, "stream": stream, "why": text.render(reason)}
                                for at, kind, stream, reason in refused]}, "\n".join(lines))
    return 0
