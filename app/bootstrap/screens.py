"""Starting what shows something. `widgets` is imported by the functions here and by nothing else of `app`."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from app import text
from app.bootstrap import health, reference, seats, video
from app.bootstrap.output import emit, say
from app.bootstrap.work import find_incident
from app.domain.faults import KnownFault, Message
from app.domain.process import Role
from app.reports.situation import read_situation
from app.services.seat import Seat
from app.text import mark

_ROLES = {"desk": Role.DISPATCHER, "wall": Role.WALL}


def situation_map(seat: Seat) -> Callable[[Path], int]:
    """Read the situation; what comes back draws it into a file and asks no seat. `app.reports.situation_map` is loaded
    when it is first asked for: folium is most of a second of a desk's start."""
    situation = read_situation(seat)

    def draw(path: Path) -> int:
        from app.reports.situation_map import draw_situation

        return draw_situation(situation, path)

    return draw


def handover_page(seat: Seat) -> Callable[[Path], int]:
    """Read the last hand-overs; what comes back writes them into a file and asks no seat."""
    from app.reports.handover_page import draw_handovers, read_handovers

    page = read_handovers(seat)
    return lambda path: draw_handovers(page, path)


def _opener(folder: Path, operator: str | None, screen: str, role: Role, password: str | None = None
            ) -> Callable[[], Seat]:
    return lambda: seats.open_seat(folder, operator, screen=screen, role=role, password=password)


def _check(folder: Path, operator: str | None, role: Role) -> None:
    # a fault that can be told before a window opens is told on the command line
    seats.open_seat(folder, operator, screen="check", role=role).close()


def _look(folder: Path, theme: str | None, lang: str | None) -> tuple[str, str]:
    """Theme and language: as told, else as the desk was left, else dark and the language in use."""
    left = seats.setting(folder, "desk.look")
    left = left if isinstance(left, dict) else {}
    chosen = theme or (left.get("theme") if left.get("theme") in ("dark", "light") else "dark")
    spoken = lang or (left.get("lang") if left.get("lang") in text.LANGUAGES else text.language().lang)
    text.set_language(str(spoken))
    return str(chosen), str(spoken)


def _join_if_told(folder: Path, args: argparse.Namespace) -> None:
    """`--hub URL` of a screen."""
    if getattr(args, "hub", None):
        from app.bootstrap import syncing

        syncing.join_if_told(folder, args)


@contextlib.contextmanager
def _synced(folder: Path) -> Iterator[None]:
    """Sync while the block runs. A seat that is alone does not load what syncs: a tenth of a start."""
    if not seats.has_hub(folder):
        yield
        return
    from app.bootstrap import syncing

    with syncing.beside(folder):
        yield


def desk(args: argparse.Namespace) -> int:
    """`main.py desk`."""
    from widgets.screens import launch

    folder = args.data or seats.default_folder()
    reference.beside(folder)
    _join_if_told(folder, args)
    theme, lang = _look(folder, args.theme, args.lang if args.lang_given else None)
    names = seats.sign_in_names(folder)
    who: tuple[str | None, str | None] = (args.operator, None)
    if names and args.operator is None:
        launch.application(theme, lang)
        given = launch.sign_in(names, seats.centre_name(folder), lambda name, password: seats.open_seat(
            folder, name, screen="check", password=password).close())
        if given is None:
            return 1
        who = given
    else:
        _check(folder, args.operator, Role.DISPATCHER)
        launch.application(theme, lang)
    seats.wake(folder)
    with _synced(folder), health.beside(folder), video.streams(folder) as streams:
        return launch.show(_opener(folder, who[0], "desk", Role.DISPATCHER, who[1]),
                           launch.make_desk(theme, lang, situation_map, handover_page, streams=streams,
                                            export_cameras=health.export))


def wall(args: argparse.Namespace) -> int:
    """`main.py wall`."""
    from widgets.screens import launch

    folder, theme = args.data or seats.default_folder(), args.theme or "dark"
    if (args.distance is None) != (args.height is None):
        raise KnownFault(Message("The size of texts follows from both: --distance M and --height M of the wall."))
    settings: dict[str, object] = {}
    if args.distance:
        settings = {"wall.distance_m": args.distance, "wall.height_m": args.height}
    reference.beside(folder)
    _join_if_told(folder, args)
    _check(folder, args.operator, Role.WALL)
    launch.application(theme, args.lang)
    seats.wake(folder)
    with _synced(folder), health.beside(folder), video.streams(folder) as streams:
        make = launch.make_wall(theme, args.lang, settings, kiosk=args.kiosk, screen=args.screen, streams=streams)
        return launch.show(_opener(folder, args.operator, "wall", Role.WALL), make, full=args.kiosk)


def shot(args: argparse.Namespace) -> int:
    """`main.py shot desk|wall|faces`."""
    from widgets.screens import launch

    if args.select is not None and args.what != "desk":
        raise KnownFault(Message("--select is for the desk: the wall shows the most urgent incident by itself, and the "
                                 "states of a tile know none."))
    if args.what == "faces":
        launch.application(args.theme, args.lang, offscreen=True)
        launch.paint_faces(args.size, args.out)
        emit(args, {"out": str(args.out), "width": args.size[0], "height": args.size[1]},
             say(mark("{file} painted."), file=str(args.out)))
        return 0
    folder = args.data or seats.default_folder()
    _check(folder, args.operator, _ROLES[args.what])
    select = _incident(folder, args.operator, args.select) if args.select is not None else ""
    launch.application(args.theme, args.lang, offscreen=True)
    seconds = paint(folder, args.what, args.size, args.theme, args.lang, args.out, operator=args.operator,
                    select=select)
    emit(args, {"out": str(args.out), "width": args.size[0], "height": args.size[1], "seconds": round(seconds, 2)},
         say(mark("{file} painted."), file=str(args.out)))
    return 0


def _incident(folder: Path, operator: str | None, words: str) -> str:
    """The id of the incident that a number, or its end, names: an open one before ended ones. Raises `KnownFault` when
    none or several fit."""
    seat = seats.open_seat(folder, operator, screen="check", role=_ROLES["desk"])
    try:
        fitting = [row.id for row in seat.queue() if words and row.number.endswith(words)]
        return fitting[0] if len(fitting) == 1 else find_incident(seat, words)
    finally:
        seat.close()


def paint(folder: Path, what: str, size: tuple[int, int], theme: str, lang: str, out: Path, *,
          operator: str | None = None, select: str = "") -> float:
    """Paint a screen's real state into a PNG, `select`: with this incident (id) chosen; returns the seconds it took.
    Needs an application."""
    from widgets.screens import launch

    with video.streams(folder) as streams:
        make = (launch.make_desk(theme, lang, situation_map, handover_page, streams=streams) if what == "desk"
                else launch.make_wall(theme, lang, {}, streams=streams))
        return launch.paint(_opener(folder, operator, "shot", _ROLES[what]), make, size, theme, lang, out,
                            select=select)
