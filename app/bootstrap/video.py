"""Camera streams: for the screens, and `main.py video probe`."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, say
from app.domain.process import Role
from app.services import video_orders, video_walls
from app.services.streams import Streams
from app.text import mark


@contextlib.contextmanager
def streams(folder: Path) -> Iterator[Streams]:
    """The streams of one program; all connections end with it. Log-ins: app.video.logins."""
    from app.video.logins import Logins
    from app.video.supervisor import Supervisor

    supervisor = Supervisor(Logins(folder))
    try:
        yield supervisor
    finally:
        supervisor.close()


def video(args: argparse.Namespace) -> int:
    """`main.py video probe URL`: exit 1 when there is no picture, with the reason."""
    from app.video.logins import Logins
    from app.video.probe import probe

    found = probe(args.url, Logins(args.data or seats.default_folder()), seconds=args.seconds)
    emit(args, found.as_json(), text.render(found.told) if found.why is None else say(
        mark("No picture: {why}"), why=text.render(found.why)))
    return 0 if found.why is None else 1


def discover(args: argparse.Namespace) -> int:
    """`main.py video discover --interface IP`: exit 1 when no camera answered."""
    from app.video.discovery import discover as ask

    found = ask(args.interface, args.seconds)
    words = "\n".join("  ".join(w for w in (one.address, one.name, one.hardware) if w) for one in found)
    emit(args, {"cameras": [{"address": f.address, "name": f.name, "hardware": f.hardware} for f in found]},
         words or say(mark("No camera answered.")))
    return 0 if found else 1


def walls(args: argparse.Namespace) -> int:
    """`main.py video walls`."""
    with contextlib.closing(_seat(args)) as seat:
        named, patrols = video_orders.walls(seat), video_orders.patrols(seat)
        told, visitors_ = video_walls.read_on_wall(seat.setting(video_walls.ON_WALL)), \
            seat.setting(video_walls.VISITORS) is True
    lines = [say(mark("wall {name}: {count} tiles, {cameras} cameras"), name=w.name, count=w.count,
                 cameras=sum(bool(c) for c in w.cameras)) for w in named]
    lines += [say(mark("patrol {name}: {seconds} s at each stop"), name=p.name, seconds=f"{p.dwell_s:.0f}")
              for p in patrols]
    lines.append(say(mark("on the wall: {name}"), name=told.name or video_walls.AUTO))
    if visitors_:
        lines.append(say(mark("Visitors' mode is on: pictures are blurred.")))
    emit(args, {"walls": video_walls.walls_json(named), "patrols": video_walls.patrols_json(patrols),
                "on_wall": video_walls.on_wall_json(told), "visitors": visitors_}, "\n".join(lines))
    return 0


def show(args: argparse.Namespace) -> int:
    """`main.py video show NAME`: exit 1 when nothing is named so."""
    with contextlib.closing(_seat(args)) as seat:
        if args.tiles is not None:
            video_orders.set_count(seat, args.tiles)
        told = video_orders.put_on_wall(seat, args.name)
    emit(args, video_walls.on_wall_json(told), say(mark("on the wall: {name}"), name=told.name or video_walls.AUTO))
    return 0


def visitors(args: argparse.Namespace) -> int:
    """`main.py video visitors on|off`."""
    with contextlib.closing(_seat(args)) as seat:
        on = video_orders.set_visitors(seat, args.state == "on")
    emit(args, {"visitors": on}, say(mark("Visitors' mode is on: pictures are blurred.") if on
                                     else mark("Visitors' mode is over.")))
    return 0


def _seat(args: argparse.Namespace) -> seats.OpenSeat:
    return seats.open_seat(args.data or seats.default_folder(), args.operator, screen="cli", role=Role.DISPATCHER)
