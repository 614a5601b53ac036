"""`main.py video wvp sync|alarms URL`: a video platform's channels as a list of cameras, its alarms as incidents."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app import text
from app.bootstrap import city, seats
from app.bootstrap.output import emit, note, say
from app.domain.faults import KnownFault, Message, Refused, Rejected
from app.domain.process import Role
from app.intake.platform_alarms import QUIET_S, AlarmRun, PlatformAlarm, report_of
from app.intake.records import full_key
from app.intake.result import ImportResult
from app.services.commands import CameraStates
from app.services.local_seat import LocalSeat
from app.services.views import CameraRow
from app.text import mark
from app.video.catalogue import fetch, platform_address, source_of, write
from app.video.logins import Logins
from app.video.wvp import Wvp
from data.store.store import STORE_FILE

OVERLAP_S = 600.0
"""a run looks back so far before the last one: alarms come late"""
FIRST_BACK_S = 3600.0
_LAST = "platform.alarms"


def wvp(args: argparse.Namespace) -> int:
    """`main.py video wvp sync|alarms URL`."""
    return sync(args, args.url) if args.verb == "sync" else alarms(args)


def sync(args: argparse.Namespace, url: str) -> int:
    """The catalogue into the store, as an import: the same catalogue again changes nothing.

    Raises `Refused` for who may not bring lists in.
    """
    folder = args.data or seats.default_folder()
    address = platform_address(url)
    if (folder / STORE_FILE).exists():
        with seats.opened(folder) as store:
            seats.keeper(store, args.operator)  # before anybody asks the platform
    rows = fetch(Wvp(address, Logins(folder)), address)
    if not rows:
        raise KnownFault(Message("The platform {host} has no channel.", {"host": address.host}))
    if not (folder / STORE_FILE).exists():
        city.found_unnamed(folder)
    source = getattr(args, "source", None) or source_of(address)
    dry_run = bool(getattr(args, "dry_run", False))
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "wvp_channels.json"
        write(rows, file)
        result = city.import_list(folder, "cameras", file, "wvp_channels", crs="wgs84", dry_run=dry_run,
                                  operator=args.operator, source=source)
    online = sum(bool(r["online"]) for r in rows)
    if not dry_run:
        _keep_states(folder, args.operator, source, rows)
    words = say(mark("{count} channels, {online} on line"), count=len(rows), online=online)
    emit(args, {**result.to_json(), "online": online}, f"{words}\n{city.words_of(result)}")
    return 0 if _any_good(result) else 1


def _any_good(result: ImportResult) -> bool:
    return bool(result.accepted or result.duplicates)


def _keep_states(folder: Path, operator: str | None, source: str, rows: list[dict[str, object]]) -> None:
    """What the platform knows of each camera: on line or off."""
    seat = seats.open_seat(folder, operator, screen="video", role=Role.INTAKE)
    try:
        known = {c.id for c in seat.cameras()}
        now = seat.clock.now().timestamp()
        states = tuple((key, "online" if r["online"] else "offline", now) for r in rows
                       if (key := full_key(source, str(r["channel_id"]))) in known)
        if states:
            seat.do(CameraStates(states))
    finally:
        seat.close()


# ---- alarms ----------------------------------------------------------------------------------------------------------


def alarms(args: argparse.Namespace) -> int:
    """The platform's alarms since the last run; with --every S again and again until it is stopped."""
    folder = args.data or seats.default_folder()
    address = platform_address(args.url)
    platform = Wvp(address, Logins(folder))
    seat = seats.open_seat(folder, args.operator, screen="intake", role=Role.INTAKE)
    try:
        while True:
            try:
                counts = take_alarms(seat, platform, source_of(address), note)
            except KnownFault as fault:
                if args.every is None:
                    raise
                note(text.render(fault.message))
            else:
                emit(args, counts, say(mark(
                    "read {read} = incidents {incidents} + known {known} + repeats {repeats} + device faults {faults} "
                    "+ rejected {rejected} + left to the next run {again}"), **counts))
            if args.every is None:
                return 0
            time.sleep(args.every)
    finally:
        seat.close()


def take_alarms(seat: LocalSeat, platform: Wvp, source: str, tell: Callable[[str], None]) -> dict[str, int]:
    """One run: alarms become reported incidents of the channel `sensor`. Returns the counts; they add up.

    Where the store takes nothing just now (locked, disk full), that alarm and those after it are left to the next run,
    which reads from the same time on.
    """
    kept = seat.setting(_LAST)
    all_kept = dict(kept) if isinstance(kept, Mapping) else {}
    mine = all_kept.get(source)
    mine = mine if isinstance(mine, Mapping) else {}
    now = seat.clock.now().timestamp()
    upto = float(mine.get("upto", now - FIRST_BACK_S))
    zone = ZoneInfo(seat.timezone)
    run = AlarmRun(source, _times(mine.get("last")), _times(mine.get("seen")))
    new = run.reports(platform.alarms(_stamp(upto - OVERLAP_S, zone), _stamp(now, zone)), zone)
    cameras = {c.id: c for c in seat.cameras()}
    incidents = refused = 0
    there = {r.id for r in seat.queue([i for _, i in new])} if new else set()
    left: list[PlatformAlarm] = []
    for at, (alarm, incident_id) in enumerate(new):
        if incident_id in there:
            run.known += 1
            continue
        camera = cameras.get(full_key(source, alarm.channel))
        try:
            seat.do(report_of(alarm, incident_id, source, camera.name if camera else "", _place(camera), now))
            incidents += 1
        except (Refused, Rejected) as fault:
            refused += 1
            tell(text.render(fault.message))
        except KnownFault as fault:
            tell(text.render(fault.message))
            left = [one for one, _ in new[at:]]
            break
    for one in reversed(left):
        run.offer_again(one)
    for wrong in run.rejected[:20]:
        tell(text.render(wrong.message))
    run.forget(upto - OVERLAP_S - QUIET_S)
    seat.set_setting(_LAST, {**all_kept, source: {"upto": upto if left else now, "last": run.last, "seen": run.seen}})
    return {"read": run.read, "incidents": incidents, "known": run.known, "repeats": run.repeats,
            "faults": run.own_faults, "rejected": len(run.rejected) + refused, "again": len(left)}


def _times(kept: object) -> dict[str, float]:
    return {str(k): float(v) for k, v in kept.items()} if isinstance(kept, Mapping) else {}


def _place(camera: CameraRow | None) -> tuple[float, float] | None:
    return None if camera is None or camera.lon is None or camera.lat is None else (camera.lon, camera.lat)


def _stamp(at: float, zone: ZoneInfo) -> str:
    return (datetime.fromtimestamp(0, zone) + timedelta(seconds=at)).strftime("%Y-%m-%d %H:%M:%S")
