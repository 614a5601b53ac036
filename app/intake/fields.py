"""The fields that a profile can fill for each kind of list: their names, what they hold, which are needed."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.intake.records import Kind


class Field(NamedTuple):
    """One field of a kind: its documentation and whether a row without it is refused."""

    doc: str
    required: bool = False


PERSONAL_FIELDS: Final = frozenset({"phone", "reporter_name", "reporter_phone"})
"""fields that hold personal data: kept beside the log, masked wherever they are written"""
POSITION_FIELDS: Final = frozenset({"lon", "lat", "point", "geometry"})
_POSITION: Final[dict[str, Field]] = {
    "lon": Field("longitude (or easting x)"),
    "lat": Field("latitude (or northing y)"),
    "point": Field('both in one column: WKT "POINT (lon lat)", "(lat, lon)" or "lon,lat" (see point_order)'),
    "geometry": Field("a GeoJSON, WKT or hexadecimal WKB geometry; in GeoJSON and Shapefiles taken by itself"),
}

AREAS: Final[dict[str, Field]] = {
    "key": Field("the id in the source; the code, else the name, where there is none"),
    "code": Field("the area's code: 6, 9, 12 or 15 digits by GB/T 2260 and GB/T 30428, or the city's own"),
    "name": Field("the name", required=True),
    "level": Field("0 district, 1 street, 2 community, 3 grid, deeper ones 4 and up (-1 city), or a word"),
    "level_name": Field("the level's own word where it is none of those"),
    "parent": Field("key, code or name of the area above"),
    "geometry": _POSITION["geometry"],
    "dedicated": Field("a dedicated grid (专属网格): yes or no"),
    "households": Field("number of households"),
    "merchants": Field("number of merchants"),
    "staff_leader": Field("the grid's head: the first 1 of 1+1+N"),
    "staff_deputy": Field("the full-time grid worker: the second 1"),
    "staff_members": Field("the others: N names in one field, separated"),
}

COMPONENTS: Final[dict[str, Field]] = {
    "key": Field("the id in the source"),
    "class_code": Field("the component's code (list component: 4 digits, class and kind)"),
    "kind": Field("the source's own word for what it is"),
    "name": Field("the name; the kind where there is none"),
    **_POSITION,
    "state": Field("its state: normal, damaged, missing, removed, or the source's own word"),
    "dept": Field("who looks after it"),
}

CAMERAS: Final[dict[str, Field]] = {
    "key": Field("the id in the source; the GB code where there is none"),
    "gb_code": Field("the 20-digit device id of GB/T 28181"),
    "name": Field("the name"),
    **_POSITION,
    "heading": Field("where it looks: degrees clockwise from north, or a compass word"),
    "fov": Field("horizontal field of view in degrees"),
    "range_m": Field("how far it sees, metres"),
    "kind": Field("fixed, dome, ptz, lookout, drone, or a word for one of them"),
    "url": Field("the stream's address, without a password in it"),
    "unit": Field("the force that carries it (a drone, a vehicle): its id, or source:id; the camera is where that is"),
    "sub_url": Field("the address of the smaller stream of the same camera, for small tiles"),
    "stream_kind": Field("rtsp, hls, snapshot, file, wvp, onvif"),
    "tags": Field("several words in one field, separated"),
    "on_wall": Field("may be shown on the wall: yes or no"),
}

UNITS: Final[dict[str, Field]] = {
    "key": Field("the id in the source"),
    "name": Field("the name", required=True),
    "kind": Field("grid_worker, patrol, police, volunteer, property, fire, medical ... (list unit_kind), or a word"),
    "team": Field("the team it belongs to"),
    "skills": Field("several words in one field, separated"),
    "phone": Field("telephone (personal data)"),
    "area": Field("code or name of its area"),
    **_POSITION,
    "call_sign": Field("radio call sign"),
}

ROSTER: Final[dict[str, Field]] = {
    "key": Field("the id in the source; date, shift, role and name where there is none"),
    "date": Field("the day of duty", required=True),
    "shift": Field("the shift: day, evening, night (list shift), or the source's own word"),
    "role": Field("the role: duty_leader, supervisor, dispatcher, verifier, liaison (list duty_role), or a word"),
    "name": Field("who is on duty", required=True),
    "start": Field("begin: a time of day or a full time; an end before the begin is on the next day"),
    "end": Field("end, in the same way"),
}

CODES: Final[dict[str, Field]] = {
    "key": Field("the id in the source; list and code where there is none"),
    "list": Field("the list that the code belongs to: kind, kind_class, component, channel ..."),
    "code": Field("the code", required=True),
    "label_zh": Field("the Chinese label"),
    "label_en": Field("the English label"),
    "parent": Field("the code above, in the same list or its list of classes"),
}

STEPS: Final = (
    "reported", "registered", "assigned", "acknowledged", "en_route", "on_scene", "fed_back", "verified", "closed",
    "evaluated",
)
PHASES: Final = (*STEPS, "voided", "merged")

INCIDENTS: Final[dict[str, Field]] = {
    "key": Field("the case number in the source"),
    "number": Field("the number shown; the key where there is none"),
    "title": Field("a short title; the kind where there is none"),
    "text": Field("what was reported or found, in the source's words"),
    "class_code": Field("the event's code (list kind: 4 digits, class and sub-class)"),
    "kind": Field("the source's own word for what it is"),
    "phase": Field("the status: open (as far as the times tell), a phase (registered ... closed) or a word for one"),
    "opened_at": Field("when it was reported", required=True),
    "closed_at": Field("when it was closed"),
    "target_at": Field("the source's deadline"),
    "verdict": Field("the source's verdict: ontime or overdue, or a word for one"),
    "level": Field("1 to 4 (I to IV), or a word"),
    "channel": Field("the way in (list channel), or a word"),
    "dept": Field("the department or unit that handles it"),
    "queue": Field("the queue or desk within it"),
    "address": Field("the place in words"),
    "area": Field("the area in words"),
    **_POSITION,
    "reporter_name": Field("who reported it (personal data)"),
    "reporter_phone": Field("the reporter's telephone (personal data)"),
    **{
        f"{step}_at": Field(f"when it was {step.replace('_', ' ')}")
        for step in STEPS
        if step not in {"reported", "closed"}
    },
}

BASE: Final[dict[str, Field]] = {
    "class": Field("road, water, building, green, rail, boundary: where the properties do not tell by themselves"),
    "name": Field("the name"),
    "geometry": _POSITION["geometry"],
}

FIELDS: Final[dict[Kind, dict[str, Field]]] = {
    Kind.AREAS: AREAS,
    Kind.COMPONENTS: COMPONENTS,
    Kind.CAMERAS: CAMERAS,
    Kind.UNITS: UNITS,
    Kind.ROSTER: ROSTER,
    Kind.CODES: CODES,
    Kind.INCIDENTS: INCIDENTS,
    Kind.BASE: BASE,
}

# Fields with a closed vocabulary: a value that is none of these and has no translation is refused (or takes "*").
VOCABULARY: Final[dict[tuple[Kind, str], tuple[str, ...]]] = {
    (Kind.INCIDENTS, "phase"): ("open", *PHASES),
    (Kind.INCIDENTS, "verdict"): ("ontime", "overdue", ""),
    (Kind.CAMERAS, "kind"): ("fixed", "dome", "ptz", "lookout", "drone"),
}


def kind_of(name: str) -> Kind:
    """Return the kind for its name; raises ValueError."""
    return Kind(name)
