"""Orders about named walls, patrols, the wall's tiles and visitors: upon a seat's settings, on its own thread.

A name is meant by its beginning or its pinyin initials; what is not clear is refused (`Refused`) and changes nothing.
"""
from __future__ import annotations

from app.domain.faults import Message, Refused
from app.services import video_walls as vw
from app.services.permissions import CAMERA_ROLES
from app.services.seat import Seat
from app.services.video_walls import OnWall, Patrol, VideoWall


def walls(seat: Seat) -> tuple[VideoWall, ...]:
    """The named walls of the seat."""
    return vw.read_walls(seat.setting(vw.WALLS))


def patrols(seat: Seat) -> tuple[Patrol, ...]:
    """The named patrols of the seat."""
    return vw.read_patrols(seat.setting(vw.PATROLS))


def save_wall(seat: Seat, wall: VideoWall) -> VideoWall:
    """Keep an arrangement under its name; one of the same name is replaced."""
    _demand(seat)
    kept = vw.saved(walls(seat), wall)
    seat.set_setting(vw.WALLS, vw.walls_json(kept))
    return next(w for w in kept if w.name.casefold() == vw.clean_name(wall.name).casefold())


def rename_wall(seat: Seat, old: str, new: str) -> None:
    """Another name; the wall goes on showing it."""
    _demand(seat)
    seat.set_setting(vw.WALLS, vw.walls_json(vw.renamed(walls(seat), old, new)))
    told = vw.read_on_wall(seat.setting(vw.ON_WALL))
    if (told.show, told.name) == (vw.WALL, old):
        seat.set_setting(vw.ON_WALL, vw.on_wall_json(OnWall(vw.WALL, vw.clean_name(new), told.count, told.at)))


def delete_wall(seat: Seat, name: str) -> None:
    """Keep it no longer. A wall that shows it goes back to what it shows by itself."""
    _demand(seat)
    seat.set_setting(vw.WALLS, vw.walls_json(vw.without(walls(seat), name)))


def save_patrol(seat: Seat, patrol: Patrol) -> Patrol:
    """Keep a patrol under its name; one of the same name is replaced."""
    _demand(seat)
    kept = vw.saved_patrol(patrols(seat), patrol)
    seat.set_setting(vw.PATROLS, vw.patrols_json(kept))
    return next(p for p in kept if p.name.casefold() == vw.clean_name(patrol.name).casefold())


def rename_patrol(seat: Seat, old: str, new: str) -> None:
    """Another name."""
    _demand(seat)
    seat.set_setting(vw.PATROLS, vw.patrols_json(vw.renamed(patrols(seat), old, new)))


def delete_patrol(seat: Seat, name: str) -> None:
    """Keep it no longer."""
    _demand(seat)
    seat.set_setting(vw.PATROLS, vw.patrols_json(vw.without(patrols(seat), name)))


def put_on_wall(seat: Seat, words: str, count: int | None = None) -> OnWall:
    """Tell the wall what to show: a named wall or patrol by its name, "" or auto for what it shows by itself."""
    _demand(seat)
    before = vw.read_on_wall(seat.setting(vw.ON_WALL))
    show, name = vw.AUTO, ""
    if words.strip() and words.strip().lower() != vw.AUTO:
        try:
            show, name = vw.WALL, vw.named(walls(seat), words).name
        except Refused:
            show, name = vw.PATROL, vw.named(patrols(seat), words).name
    return _tell(seat, show, name, before.count if count is None else count)


def step_on_wall(seat: Seat, by: int) -> OnWall:
    """The next of: by itself, each named wall, each patrol."""
    before = vw.read_on_wall(seat.setting(vw.ON_WALL))
    choices = [(vw.AUTO, ""), *((vw.WALL, w.name) for w in walls(seat)), *((vw.PATROL, p.name) for p in patrols(seat))]
    here = (before.show, before.name)
    at = choices.index(here) if here in choices else 0
    show, name = choices[(at + by) % len(choices)]
    return _tell(seat, show, name, before.count)


def set_count(seat: Seat, count: int) -> OnWall:
    """How many tiles the wall shows; 0: as many as there is room for."""
    if count and count not in vw.COUNTS:
        raise Refused(Message("Layouts are: {counts}", {"counts": ", ".join(map(str, vw.COUNTS))}))
    before = vw.read_on_wall(seat.setting(vw.ON_WALL))
    return _tell(seat, before.show, before.name, count)


def _tell(seat: Seat, show: str, name: str, count: int) -> OnWall:
    told = OnWall(show, name, count, seat.clock.now().timestamp())
    seat.set_setting(vw.ON_WALL, vw.on_wall_json(told))
    return told


def set_visitors(seat: Seat, on: bool | None = None) -> bool:
    """Visitors come (True) or are gone (False); None: the other way round. It is kept until it is ended."""
    now = on if on is not None else seat.setting(vw.VISITORS) is not True
    seat.set_setting(vw.VISITORS, now)
    return now


def _demand(seat: Seat) -> None:
    if not seat.operator.roles & CAMERA_ROLES:
        raise Refused(Message("Your role may not look at cameras."))
