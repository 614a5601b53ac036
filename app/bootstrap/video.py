"""Camera streams: for the screens, and `main.py video probe`."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, say
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
