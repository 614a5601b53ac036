"""Named video walls and patrols (轮巡) of a seat: kept as settings, read without trust, chosen by name. Pure.

Settings: `video.walls` and `video.patrols` are lists in the order of their making; `video.on_wall` is what the wall
shows; `video.visitors` says that visitors are in the room.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from app.domain.faults import Message, Refused
from app.services.command_words import initials
from app.services.views import AreaRow, CameraRow
from app.text import plain

WALLS, PATROLS, ON_WALL, VISITORS, BOARD = (
    "video.walls", "video.patrols", "video.on_wall", "video.visitors", "video.board")
COUNTS: Final = (1, 4, 6, 9, 16, 25)
"""tiles of a layout; six is one large and five small"""
MOST_NAMED: Final = 200
MOST_NAME: Final = 40
BY_LIST, BY_AREA, BY_TAG = "list", "area", "tag"
LEAST_DWELL_S, MOST_DWELL_S, DWELL_S = 5.0, 3_600.0, 15.0
AUTO, WALL, PATROL = "auto", "wall", "patrol"


@dataclass(frozen=True, slots=True)
class VideoWall:
    """A named arrangement: `cameras` by place, "" for an empty one, as many as `count`."""

    name: str
    count: int
    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patrol:
    """A round: cameras of a list (ids), of areas (ids, with all below them) or of tags, each for `dwell_s`."""

    name: str
    by: str
    what: tuple[str, ...]
    dwell_s: float = DWELL_S


Named = TypeVar("Named", VideoWall, Patrol)


@dataclass(frozen=True, slots=True)
class OnWall:
    """What somebody told the wall to show, and when (epoch s). `count` 0: as many tiles as there is room for."""

    show: str = AUTO
    name: str = ""
    count: int = 0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was told to the wall: a named wall with its cameras by place, or a patrol with all cameras of its round.

    Cameras that are not marked for the wall are left out of both.
    """

    on_wall: OnWall = OnWall()
    wall: VideoWall | None = None
    patrol: Patrol | None = None
    cameras: tuple[CameraRow | None, ...] = ()

    @property
    def count(self) -> int:
        """Tiles that were asked for; 0: as many as there is room for."""
        return self.on_wall.count or (self.wall.count if self.wall is not None else 0)


NOTHING_CHOSEN: Final = Chosen()


@dataclass(frozen=True, slots=True)
class Round:
    """The cameras of a patrol that can be shown, and how many were passed over."""

    cameras: tuple[CameraRow, ...]
    offline: int = 0
    unconnected: int = 0


def clean_name(name: object) -> str:
    """A name as it may stand in lists; "" when nothing is left of it."""
    return " ".join(plain(str(name)).split())[:MOST_NAME]


def count_for(wanted: int) -> int:
    """The smallest layout that holds so many tiles."""
    return next((c for c in COUNTS if c >= wanted), COUNTS[-1])


# ---- reading what was kept ---------------------------------------------------------------------------------------


def read_walls(raw: object) -> tuple[VideoWall, ...]:
    """The named walls; what cannot be read is left out."""
    found: dict[str, VideoWall] = {}
    for one in raw if isinstance(raw, list) else ():
        if not isinstance(one, Mapping):
            continue
        name, count, cameras = clean_name(one.get("name", "")), one.get("count"), one.get("cameras")
        if name and count in COUNTS and isinstance(cameras, list):
            found.setdefault(name.casefold(), VideoWall(name, int(count), _fill(cameras, int(count))))
    return tuple(found.values())


def read_patrols(raw: object) -> tuple[Patrol, ...]:
    """The named patrols; what cannot be read is left out."""
    found: dict[str, Patrol] = {}
    for one in raw if isinstance(raw, list) else ():
        if not isinstance(one, Mapping):
            continue
        name, what, dwell = clean_name(one.get("name", "")), one.get("what"), one.get("dwell_s", DWELL_S)
        if name and one.get("by") in (BY_LIST, BY_AREA, BY_TAG) and isinstance(what, list) and what \
                and isinstance(dwell, int | float):
            ids = tuple(str(w) for w in what)
            found.setdefault(name.casefold(), Patrol(name, str(one["by"]), ids, dwell_of(dwell)))
    return tuple(found.values())


def read_on_wall(raw: object) -> OnWall:
    """What the wall is told to show; AUTO when nothing readable was kept."""
    if not isinstance(raw, Mapping) or raw.get("show") not in (AUTO, WALL, PATROL):
        return OnWall()
    count, at = raw.get("count", 0), raw.get("at", 0.0)
    return OnWall(str(raw["show"]), clean_name(raw.get("name", "")), int(count) if count in COUNTS else 0,
                  float(at) if isinstance(at, int | float) else 0.0)


def _fill(cameras: Sequence[object], count: int) -> tuple[str, ...]:
    ids = [str(c) if c else "" for c in cameras[:count]]
    return (*ids, *[""] * (count - len(ids)))


def dwell_of(seconds: float) -> float:
    """A dwell time within its bounds; what is no number counts as the usual one."""
    return min(MOST_DWELL_S, max(LEAST_DWELL_S, float(seconds))) if seconds == seconds else DWELL_S


# ---- writing -----------------------------------------------------------------------------------------------------


def walls_json(walls: Iterable[VideoWall]) -> list[dict[str, object]]:
    """As the setting holds them."""
    return [{"name": w.name, "count": w.count, "cameras": list(w.cameras)} for w in walls]


def patrols_json(patrols: Iterable[Patrol]) -> list[dict[str, object]]:
    """As the setting holds them."""
    return [{"name": p.name, "by": p.by, "what": list(p.what), "dwell_s": p.dwell_s} for p in patrols]


def on_wall_json(on_wall: OnWall) -> dict[str, object]:
    """As the setting holds it."""
    return {"show": on_wall.show, "name": on_wall.name, "count": on_wall.count, "at": on_wall.at}


def saved(walls: Sequence[VideoWall], wall: VideoWall) -> tuple[VideoWall, ...]:
    """The walls with one put in; one of the same name is replaced in its place. Raises `Refused` without a name."""
    named = VideoWall(_demand_name(wall.name), wall.count, _fill(wall.cameras, wall.count))
    return _put(walls, named)


def saved_patrol(patrols: Sequence[Patrol], patrol: Patrol) -> tuple[Patrol, ...]:
    """The patrols with one put in; one of the same name is replaced."""
    if not patrol.what:
        raise Refused(Message("A patrol needs cameras, an area or a tag."))
    return _put(patrols, Patrol(_demand_name(patrol.name), patrol.by, patrol.what, dwell_of(patrol.dwell_s)))


def renamed(things: Sequence[Named], old: str, new: str) -> tuple[Named, ...]:
    """With another name. Raises `Refused` when the name is taken, is none, or nothing has the old one."""
    wanted = _demand_name(new)
    if not any(t.name == old for t in things):
        raise Refused(Message("Nothing is named {name}.", {"name": old}))
    if any(t.name.casefold() == wanted.casefold() and t.name != old for t in things):
        raise Refused(Message("The name {name} is taken.", {"name": wanted}))
    return tuple(replace(t, name=wanted) if t.name == old else t for t in things)


def without(things: Sequence[Named], name: str) -> tuple[Named, ...]:
    """All but the one of this name."""
    return tuple(t for t in things if t.name != name)


def named(things: Iterable[Named], words: str) -> Named:
    """The one that people mean: by its name, by how its name begins, or by pinyin initials.

    Raises `Refused` when none or several fit.
    """
    wanted, all_ = clean_name(words).casefold(), list(things)
    low = wanted.replace(" ", "")
    exact = [t for t in all_ if t.name.casefold() == wanted]
    found = exact or [t for t in all_ if low and (t.name.casefold().replace(" ", "").startswith(low)
                                                  or initials(t.name).startswith(low))]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(Message("Nothing is named {name}.", {"name": words[:MOST_NAME]}))
    raise Refused(Message("{count} names fit {name}.", {"count": len(found), "name": words[:MOST_NAME]}))


def _demand_name(name: str) -> str:
    clean = clean_name(name)
    if not clean:
        raise Refused(Message("It needs a name."))
    return clean


def _put(things: Sequence[Named], thing: Named) -> tuple[Named, ...]:
    if any(t.name.casefold() == thing.name.casefold() for t in things):
        return tuple(thing if t.name.casefold() == thing.name.casefold() else t for t in things)
    if len(things) >= MOST_NAMED:
        raise Refused(Message("No more than {count} can be kept.", {"count": MOST_NAMED}))
    kept = list(things)
    kept.append(thing)
    return tuple(kept)


# ---- the cameras of a round --------------------------------------------------------------------------------------


def chosen_of(on_wall: object, walls: object, patrols: object, wall_cameras: Collection[CameraRow],
              areas: Mapping[str, AreaRow]) -> Chosen:
    """What the wall is to show, from the three settings and the cameras that are marked for it."""
    told = read_on_wall(on_wall)
    if told.show == WALL:
        wall = next((w for w in read_walls(walls) if w.name == told.name), None)
        if wall is not None:
            by_id = {c.id: c for c in wall_cameras}
            return Chosen(told, wall, None, tuple(by_id.get(i) for i in wall.cameras))
    elif told.show == PATROL:
        patrol = next((p for p in read_patrols(patrols) if p.name == told.name), None)
        if patrol is not None:
            return Chosen(told, None, patrol, tuple(members(patrol, wall_cameras, areas)))
    return Chosen(replace(told, show=AUTO, name=""))


def members(patrol: Patrol, cameras: Collection[CameraRow], areas: Mapping[str, AreaRow]) -> list[CameraRow]:
    """All cameras of a patrol, whatever their state: in the order of its list, else by name."""
    if patrol.by == BY_LIST:
        by_id = {c.id: c for c in cameras}
        return [by_id[i] for i in patrol.what if i in by_id]
    if patrol.by == BY_TAG:
        chosen = [c for c in cameras if set(c.tags) & set(patrol.what)]
    else:
        paths = tuple(areas[a].path for a in patrol.what if a in areas)
        chosen = [c for c in cameras if c.area_id in areas and areas[str(c.area_id)].path.startswith(paths)] \
            if paths else []
    return sorted(chosen, key=lambda c: (c.name, c.id))


def round_of(patrol: Patrol, cameras: Collection[CameraRow], areas: Mapping[str, AreaRow]) -> Round:
    """The cameras of a patrol that can be shown; those off line or without an address are passed over and counted."""
    return able(members(patrol, cameras, areas))


def able(cameras: Iterable[CameraRow]) -> Round:
    """Those that can be shown, in their order, and how many cannot."""
    shown: list[CameraRow] = []
    offline = unconnected = 0
    for camera in cameras:
        if not camera.source:
            unconnected += 1
        elif camera.state == "offline":
            offline += 1
        else:
            shown.append(camera)
    return Round(tuple(shown), offline, unconnected)
