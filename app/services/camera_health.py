"""What a sweep makes of its answers: states that changed, outages by area as one incident, the list of all cameras."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.faults import KnownFault, Message
from app.services import outages
from app.services.commands import Act, CameraStates, ReportIncident
from app.services.outages import Outage
from app.services.seat import Seat
from app.services.views import AreaRow, CameraRow
from app.text import render

SWEPT: Final = "video.sweep"
"""of the last sweep: at (epoch s), asked, online, offline, seconds, cpu_s"""
KINDS: Final = ("1709", "1402")
"""cameras out of order; on a store whose lists are older: power supply fault"""
CHANNEL: Final = "sensor"
LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class Health:
    """How the cameras stand. `areas`: (area, on line, off line, all) of the streets, worst first."""

    total: int
    states: Mapping[str, int]
    unconnected: int
    swept: Mapping[str, object]
    outages: int
    areas: tuple[tuple[AreaRow, int, int, int], ...]
    rows: tuple[CameraRow, ...]


def news(known: Mapping[str, CameraRow], answers: Iterable[tuple[str, str, str]], now: float) -> CameraStates | None:
    """What changed, from (camera, state, why); None when nothing did: a quiet sweep writes nothing."""
    changed = [(camera, state, why) for camera, state, why in answers
               if camera in known and known[camera].state != state]
    if not changed:
        return None
    return CameraStates(tuple((camera, state, now) for camera, state, _ in changed),
                        {camera: why for camera, _, why in changed if why})


def watch_outages(seat: Seat) -> tuple[list[Outage], list[str]]:
    """Report outages that began, note those that ended. Returns both: what began, and areas whose cameras are back."""
    cameras, areas = seat.cameras(), seat.book.areas
    raw = seat.setting(outages.SETTING)
    lasting: dict[str, list[object]] = {
        str(k): v for k, v in raw.items() if isinstance(v, list) and len(v) == 3} if isinstance(raw, Mapping) else {}
    over = [area for area in lasting if outages.is_over(area, cameras, areas)]
    begun = []
    for outage in outages.find(cameras, areas):
        path = areas[outage.area_id].path
        if any(a in areas and (path.startswith(areas[a].path) or areas[a].path.startswith(path)) for a in lasting
               if a not in over):
            continue
        _report(seat, outage)
        lasting[outage.area_id] = [outage.incident_id, outage.since, outage.offline]
        begun.append(outage)
    for area in over:
        _note_end(seat, areas.get(area), lasting.pop(area))
    if begun or over:
        seat.set_setting(outages.SETTING, lasting)
    return begun, over


def _report(seat: Seat, outage: Outage) -> None:
    area, book = seat.book.areas[outage.area_id], seat.book
    kinds = {c.code for c in book.codes("kind")}
    kind = next((k for k in KINDS if k in kinds), None)
    if kind is None:
        return
    words = render(Message("{offline} of {total} cameras of {area} went off line together.", {
        "offline": outage.offline, "total": outage.total, "area": area.name}))
    try:
        seat.do(ReportIncident(kind, CHANNEL, area.name, LEVEL, words, area_id=area.id, device=f"video/{area.id}",
                               incident_id=outage.incident_id))
    except KnownFault:
        if outage.incident_id not in {r.id for r in seat.queue([outage.incident_id], ended=True)}:
            raise  # else another seat has told of it already


def _note_end(seat: Seat, area: AreaRow | None, kept: Sequence[object]) -> None:
    minutes = max(1, round((seat.clock.now().timestamp() - float(str(kept[1]))) / 60))
    words = render(Message("The cameras of {area} are back after {minutes} min.", {
        "area": area.name if area is not None else "?", "minutes": minutes}))
    if seat.queue([str(kept[0])], ended=True):
        seat.do(Act(str(kept[0]), "note", {"note": words}))


def read_health(seat: Seat) -> Health:
    """How all cameras stand now."""
    rows, areas = seat.cameras(), seat.book.areas
    counts: dict[str, Counter[str]] = {}
    for camera in rows:
        area = areas.get(camera.area_id or "")
        street = next((p for p in area.path.split("/") if p in areas and areas[p].level == 1), None) if area else None
        if street is not None:
            counts.setdefault(street, Counter())[camera.state] += 1
    swept, lasting = seat.setting(SWEPT), seat.setting(outages.SETTING)
    streets = sorted(((areas[a], c["online"], c["offline"], sum(c.values())) for a, c in counts.items()),
                     key=lambda s: (-s[2] / s[3], s[0].name))
    return Health(len(rows), dict(Counter(c.state for c in rows)), sum(not c.source for c in rows),
                  swept if isinstance(swept, Mapping) else {}, len(lasting) if isinstance(lasting, Mapping) else 0,
                  tuple(streets), tuple(sorted(rows, key=lambda c: (c.state != "offline", c.since or 0.0, c.name))))
