"""`main.py video views`: the record of who looked at which camera, from when to when and why."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, say, write_table
from app.domain.process import Role
from app.services.camera_record import CameraAct
from app.services.view_reasons import shown
from app.text import escape_csv_cell, mark


def show(args: argparse.Namespace) -> int:
    """`main.py video views [--camera TEXT] [--hours N] [--export F]`."""
    folder = args.data or seats.default_folder()
    with contextlib.closing(seats.open_seat(folder, args.operator, screen="cli", role=Role.SUPERVISOR)) as seat:
        acts = [a for a in seat.camera_record(seat.clock.now().timestamp() - args.hours * 3600)
                if args.camera.casefold() in f"{a.camera_id} {a.name}".casefold()]
        zone = seat.timezone
    if args.export is not None:
        write_table(_table(acts, zone), args.export)
    emit(args, {"acts": [_told(a) for a in acts], "export": str(args.export) if args.export is not None else None},
         "\n".join("  ".join(line) for line in _lines(acts, zone)) or say(mark("Nothing here.")))
    return 0


def _told(act: CameraAct) -> dict[str, object]:
    return {"camera": act.camera_id, "name": act.name, "kind": act.kind,
            "what": text.render(act.what), "from": act.at, "to": act.until, "who": act.actor, "seat": act.seat,
            "screen": act.screen, "reason": text.render(shown(act.reason)), "incident": act.number}


def _lines(acts: Sequence[CameraAct], zone: str) -> Iterator[list[str]]:
    """For people: from, to, who, which camera, what, why."""
    here = ZoneInfo(zone)

    def time_(at: float | None, form: str) -> str:
        return datetime.fromtimestamp(at, here).strftime(form) if at is not None else "–"

    for act in acts:
        yield [time_(act.at, "%Y-%m-%d %H:%M:%S"), time_(act.until, "%H:%M:%S"), text.plain(act.actor),
               text.plain(act.name or act.camera_id), text.render(act.what), text.render(shown(act.reason)),
               text.plain(act.number)]


def _table(acts: Sequence[CameraAct], zone: str) -> Iterator[list[str]]:
    """Header and rows of the export, every cell through the escaping door; times in the district's zone."""
    here = ZoneInfo(zone)

    def time_(at: float | None) -> str:
        return datetime.fromtimestamp(at, here).strftime("%Y-%m-%d %H:%M:%S") if at is not None else ""

    yield [say(w) for w in (mark("From"), mark("To"), mark("Who"), mark("Camera"), mark("Name"), mark("What"),
                            mark("Why"), mark("Incident"), mark("Screen"), mark("Seat"))]
    for act in acts:
        yield [escape_csv_cell(v) for v in (
            time_(act.at), time_(act.until), act.actor, act.camera_id, act.name, text.render(act.what),
            text.render(shown(act.reason)), act.number, act.screen, act.seat)]
