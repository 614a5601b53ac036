"""What an import yields: one frozen record per row, typed once, at the edge.

Positions are WGS-84 degrees, geometries are WKB in WGS-84, times are aware UTC datetimes. A record's ``key`` is the
full key
``source:id`` (see :func:`full_key`), unique over the district; references between records (``parent_key``,
``area_key``) are full keys
too. ``digest`` is the digest of the record's canonical content: the same digest under the same key is the same content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

Extra: TypeAlias = Mapping[str, object]

_NOTHING: Extra = MappingProxyType({})


def _nothing() -> Extra:
    """Python 3.11 takes a mapping proxy for a mutable default."""
    return _NOTHING


class Kind(StrEnum):
    """The kinds of lists that a city brings in: ``main.py import KIND FILE``."""

    AREAS = "areas"
    COMPONENTS = "components"
    CAMERAS = "cameras"
    UNITS = "units"
    ROSTER = "roster"
    CODES = "codes"
    INCIDENTS = "incidents"
    BASE = "base"


def full_key(source: str, row_id: str) -> str:
    """Return the district-wide key of a row: ``source:id``. A source name has no colon in it, so the two never mix."""
    return f"{source}:{row_id}"


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """An area of any level, from the district (level 0) down to a grid; ``geometry`` may be missing (a list of
    names)."""

    key: str
    code: str
    name: str
    level: int
    level_name: str  # district | street | community | grid | or the file's own word
    parent_key: str | None = None
    geometry: bytes | None = None
    dedicated: bool = False
    households: int | None = None
    merchants: int | None = None
    staff: Extra = field(default_factory=_nothing)  # {"leader": ..., "deputy": ..., "members": [...]}: 1+1+N
    extra: Extra = field(default_factory=_nothing)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ComponentRecord:
    """A city component (城市部件): hydrant, lamp, tree, rack ..."""

    key: str
    class_code: str
    kind: str  # the file's own word for what it is
    name: str
    lon: float
    lat: float
    area_key: str | None = None
    state: str = ""
    dept: str = ""
    extra: Extra = field(default_factory=_nothing)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """A camera of any kind; ``heading`` and ``fov`` in degrees (heading clockwise from north), ``range_m`` in
    metres."""

    key: str
    gb_code: str
    name: str
    lon: float | None
    lat: float | None
    heading: float | None = None
    fov: float | None = None
    range_m: float | None = None
    kind: str = "fixed"  # fixed | dome | ptz | lookout | drone
    url: str = ""
    stream_kind: str = ""  # rtsp | hls | snapshot | file | wvp | onvif | ""
    tags: tuple[str, ...] = ()
    area_key: str | None = None
    on_wall: bool = False
    extra: Extra = field(default_factory=_nothing)
    digest: str = ""
    sub_url: str = ""
    """the smaller stream of the same camera, for small tiles"""
    unit_key: str = ""
    """the force that carries it (a drone): it is where that is"""


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A force or a member of staff; ``phone`` is personal data. A unit without a position has ``lon`` and ``lat``
    None."""

    key: str
    name: str
    kind: str  # grid_worker | patrol | police | volunteer | property | fire | medical | other
    team: str = ""
    skills: tuple[str, ...] = ()
    phone: str = ""
    area_key: str | None = None
    lon: float | None = None
    lat: float | None = None
    call_sign: str = ""
    extra: Extra = field(default_factory=_nothing)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class RosterRecord:
    """One person's duty: ``date`` is the local day (YYYY-MM-DD), ``start`` and ``end`` are UTC, end after start."""

    key: str
    date: str
    shift: str
    role: str
    name: str
    start: datetime | None = None
    end: datetime | None = None
    extra: Extra = field(default_factory=_nothing)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """One entry of a code list (event class, component class, level, channel ...); ``parent`` is a code of the same
    list."""

    key: str
    list: str
    code: str
    label_zh: str
    label_en: str
    parent: str | None = None
    extra: Extra = field(default_factory=_nothing)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One step of a past incident: ``step`` is the phase reached (or ``held``, ``void``), ``at`` is UTC as in the
    file."""

    step: str
    at: datetime
    params: Extra = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class IncidentHistory:
    """A past incident as a full history.

    ``events`` are in time order and begin with ``reported`` and ``registered``; ``phase`` is the phase after the
    last one. ``verdict`` is
    the file's own ("ontime", "overdue" or "" where the file gives none) and outranks what the packs would compute;
    ``target_at`` is the
    file's own deadline; ``no_limit`` says that the file says: there is no deadline. ``lon``/``lat`` None: the file
    has no (usable) place;
    ``area_key`` None with a position: a point in no area. ``reporter`` (name, phone) is personal data and stays out
    of the events.
    """

    source: str
    key: str
    number: str
    title: str
    text: str
    class_code: str
    kind: str
    phase: str
    opened_at: datetime
    events: tuple[HistoryEvent, ...]
    closed_at: datetime | None = None
    target_at: datetime | None = None
    no_limit: bool = False
    verdict: str = ""
    level: str = ""
    channel: str = ""
    dept: str = ""
    queue: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    area_key: str | None = None
    area_text: str = ""
    reporter: Extra = field(default_factory=_nothing)
    extra: Extra = field(default_factory=_nothing)
    digest: str = ""


Record: TypeAlias = AreaRecord | ComponentRecord | CameraRecord | UnitRecord | RosterRecord | CodeRecord
