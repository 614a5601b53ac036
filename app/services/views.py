"""What queries answer: plain values for any screen. Times are UTC epoch seconds (float) unless named otherwise."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.faults import Message
from app.domain.process import Need
from app.services.flags import Flag as Flag
from app.services.sync_views import SKEW_ALARM_MS as SKEW_ALARM_MS
from app.services.sync_views import SKEW_SHOWN_MS as SKEW_SHOWN_MS
from app.services.sync_views import CentreLink as CentreLink
from app.services.sync_views import Divergence as Divergence
from app.services.sync_views import SyncState as SyncState
from app.services.whistle_views import CallView as CallView
from app.services.whistle_views import WhistleCounts as WhistleCounts
from app.services.whistle_views import WhistleView as WhistleView


class QueueRow(NamedTuple):
    """One incident in a queue. Codes, not labels: `Book` of `app.services.book` gives the labels."""

    id: str
    number: str
    level: int
    kind: str
    place: str
    area_id: str | None
    channel: str
    phase: str
    flags: int
    reported_at: float
    limit_from: float | None
    warn_at: float | None
    due_at: float | None
    """None: no limit, or held. While a centre is to sign for it and that is due earlier: until when it is to sign."""
    phase_due_at: float | None
    handler: str
    """lead's name, "" while nobody has it"""
    helpers: int
    lon: float | None
    lat: float | None
    changed_seq: int
    """local sequence of the last event: greater than what this operator last saw means unread"""
    on_scene: bool
    closed_at: float | None
    passed_to: str = ""
    """the centre that is to sign for it; "" when it is on its way to none"""
    holder: str = ""
    """the centre that signed for it last; "" while it is where it lies"""
    pass_due_at: float | None = None
    """until when that centre is to sign, or to have it handled"""


class Lamp:
    """Share of the limit used: "green" ≤ 80 %, "yellow" ≤ 100 %, "red" beyond, "none" without limit, "held"."""

    GREEN, YELLOW, RED, NONE, HELD = "green", "yellow", "red", "none", "held"


@dataclass(frozen=True, slots=True)
class FieldOption:
    """A datum an action takes, with the choices that make sense now (code, label)."""

    need: Need
    choices: tuple[tuple[str, Message | str], ...] = ()
    default: object = None


@dataclass(frozen=True, slots=True)
class ActionOption:
    """A verb of the transition table for one incident and one operator. Not `enabled`: `why_not` says why."""

    verb: str
    label: Message
    key: str
    enabled: bool
    why_not: Message | None
    fields: tuple[FieldOption, ...]
    irreversible: bool
    primary: bool
    """the usual next step"""
    help: Message | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Who did what, when, on which screen. `text` is the operator's or reporter's own words (escape before HTML)."""

    event_id: str
    incident_id: str
    at: float
    kind: str
    what: Message
    text: str
    actor: str
    seat: str
    screen: str
    superseded: bool = False
    refused: Message | None = None
    """why the hub refused it: then it changed nothing anywhere"""
    unsent: bool = False
    photos: tuple[str, ...] = ()
    number: str = ""
    level: int = 4


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """One assignment: its own record with its own state. Not `confirmed`: the hub has not ordered it yet; while this
    seat is on-line the unit's phone is told only after that."""

    unit_id: str
    unit_name: str
    lead: bool
    state: str
    """assigned, acknowledged, en_route, on_scene, fed_back, returned, recalled"""
    assigned_at: float
    acknowledged_at: float | None
    arrived_at: float | None
    fed_back_at: float | None
    distance_m: float | None = None
    position_at: float | None = None
    chased: int = 0
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class PassView:
    """One pass between centres. `state`: offered, signed, refused, taken_back, lapsed."""

    to: str
    to_name: str
    source_name: str
    way: str
    state: str
    at: float
    answered_at: float | None
    binding: bool


@dataclass(frozen=True, slots=True)
class ReporterView:
    """Who reported, masked unless the viewer is the one who handles the case."""

    id: str
    name: str
    phone: str
    masked: bool
    erased: bool = False


@dataclass(frozen=True, slots=True)
class ToldView:
    """One emergency service that was told: "110", "119", "120", "122"."""

    service: str
    at: float
    number: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """All that one incident's panel shows."""

    row: QueueRow
    description: str
    original_place: str
    """the caller's own words for the place, never rewritten"""
    reporters: tuple[ReporterView, ...]
    assignments: tuple[AssignmentView, ...]
    timeline: tuple[TimelineEntry, ...]
    actions: tuple[ActionOption, ...]
    due_because: tuple[Message, ...]
    photos: tuple[str, ...]
    """blob hashes"""
    told: tuple[ToldView, ...]
    merged: tuple[tuple[str, str], ...]
    """(id, number) of incidents merged into this one"""
    merged_into: tuple[str, str] | None
    missing: tuple[Message, ...]
    """what a level I/II incident still lacks (nobody on scene, 119 not told, ...)"""
    returns: int
    reworks: int
    verdict: str
    """imported verdict "ONTIME"/"OVERDUE" or "" """
    external_number: str
    satisfaction: str
    passes: tuple[PassView, ...] = ()
    """passes between centres, oldest first"""
    awaited: Mapping[str, int | None] = field(default_factory=dict)
    """photos that are not on this seat yet → size in bytes, None: not known yet"""


@dataclass(frozen=True, slots=True)
class DroneState:
    """What a drone says of itself. `link`: "ok", or "lost" when its heartbeat stayed away; `heard_at`: when its last
    heartbeat came (epoch s)."""

    unit_id: str
    link: str
    heard_at: float
    altitude_m: float | None = None
    """above the place where it took off"""
    speed_mps: float | None = None
    battery: int | None = None
    """percent; None where it does not say"""
    mode: str = ""

    @property
    def lost(self) -> bool:
        """Whether nobody hears it."""
        return self.link != "ok"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A force: a person, team, vehicle or department that takes orders."""

    id: str
    name: str
    kind: str
    team: str
    call_sign: str
    status: str
    """free, going, on_scene, off, unknown"""
    lon: float | None
    lat: float | None
    position_at: float | None
    heading: float | None
    area_id: str | None
    skills: tuple[str, ...]
    load: int
    """open assignments"""
    incidents: tuple[str, ...]
    """ids of open incidents it works on"""
    phone_masked: str
    on_duty: bool
    drone: DroneState | None = None
    """of a unit of kind drone that was heard of"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recommended unit and why: distance, expected time, age of its position, load, skill, grid ownership."""

    unit: UnitRow
    distance_m: float | None
    eta_s: float | None
    position_age_s: float | None
    owns_grid: bool
    has_skill: bool
    score: float
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Candidates, best first, and who was passed over with the reason."""

    incident_id: str
    candidates: tuple[Candidate, ...]
    passed_over: tuple[tuple[UnitRow, Message], ...]


@dataclass(frozen=True, slots=True)
class CameraRow:
    """A camera as a device: where it is and whether it works."""

    id: str
    name: str
    kind: str
    lon: float | None
    lat: float | None
    heading: float | None
    fov: float | None
    range_m: float | None
    state: str
    """online, offline, unknown"""
    state_at: float | None
    area_id: str | None
    tags: tuple[str, ...]
    on_wall: bool
    source: str
    """file path, still path or url; "" when none"""
    distance_m: float | None = None
    faces: bool | None = None
    sub_source: str = ""
    """url of the smaller stream of the same camera; "" when it has none"""
    unit_id: str = ""
    """the force that carries it; the camera is where that is"""
    since: float | None = None
    """since when it is in its state (epoch s)"""
    picture_at: float | None = None
    """when it last gave a picture"""
    why: str = ""
    """why it is off line: a phase of app.services.streams"""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area of any level with its geometry (WKB, WGS-84)."""

    id: str
    code: str
    name: str
    level: int
    """0 district, 1 street/township, 2 community, 3 grid, deeper possible"""
    parent_id: str | None
    path: str
    """ids from the root, each followed by "/": a prefix test tells what lies inside"""
    wkb: bytes | None
    dedicated: bool
    households: int | None
    merchants: int | None
    generated: bool
    staff: tuple[str, ...] = ()
    """1+1+N: head, full-time worker, the others; "" for a post that nobody holds"""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A telephone call of the hotline. `state`: ringing, talking, to_call_back, ended, missed. `missed`: it rang and
    nobody answered; `missed_at` (epoch s): when one that rings will be."""

    id: str
    state: str
    since: float
    number_masked: str
    incident_id: str | None
    operator: str
    missed: bool = False
    missed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-taken incident of one operator, kept on this seat at every keystroke. `fields` as of the report verb."""

    id: str
    operator: str
    started_at: float
    saved_at: float
    call_id: str | None
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DuplicateHit:
    """A possible duplicate: open incident near in place and time. `distance_m` None: found by its place's words."""

    row: QueueRow
    distance_m: float | None
    minutes: float
    same_kind: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result: kind "incident", "area", "unit", "camera", "component"."""

    kind: str
    id: str
    label: str
    detail: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate that shows its parts; no denominator: no rate."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """Share 0..1, or None when there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """Today's intake by one channel and when it last brought something (None: never, "not connected")."""

    channel: str
    count: int
    last_at: float | None


@dataclass(frozen=True, slots=True)
class AreaCount:
    """Load of one area, summed over all below it."""

    area_id: str
    open: int
    overdue: int
    on_time: Ratio


@dataclass(frozen=True, slots=True)
class Conflict:
    """An own act that another one overtook, and the one that stands: who, when, at which centre, on which screen. Or
    one that the hub refused: nothing stands, `refused` says why in the hub's words, `advice` what its maker can do.

    `verb` and `params`: what doing it again would do; `why_not`: why it cannot, by the transition table. `incident_id`
    "": it was done to none, or to one that is not there. `verb` "": no act upon an incident that could be done again.
    """

    event_id: str
    incident_id: str
    number: str
    level: int
    mine: TimelineEntry
    stands: TimelineEntry | None
    """None: an act outside this seat's area"""
    stands_centre: str
    other_incident: str
    """number of the incident that the unit is booked on instead; "" when the same incident was acted upon"""
    verb: str
    params: Mapping[str, object]
    why_not: Message | None
    refused: Message | None = None
    advice: Message | None = None
    subject: Message | None = None
    """what it was done to where that is no incident"""
    camera_id: str = ""
    """the camera whose privacy masks it is about; then `number` is its name, and it was done to no incident"""


@dataclass(frozen=True, slots=True)
class Status:
    """Every number that any screen shows, counted in one place at one instant (`as_of`)."""

    as_of: float
    day_start: float
    seq: int
    by_phase: Mapping[str, int]
    """all incidents by phase"""
    tabs: Mapping[str, int]
    """to_accept, to_assign, to_sign, in_hand, returned, to_verify, overdue, mine, supervised, held, all (= open)"""
    by_level: Mapping[int, int]
    """open incidents"""
    today: int
    yesterday_same_time: int
    channels: tuple[ChannelCount, ...]
    hourly: tuple[int, ...]
    """24 counts of today's intake by local hour"""
    areas: tuple[AreaCount, ...]
    handled_on_time: Ratio
    closed_on_time: Ratio
    closing: Ratio
    satisfied: Ratio
    verdict_on_time: Ratio
    """imported verdicts plus our own, all incidents that have one"""
    period: str
    """of the four rates: "month" """
    period_start: float
    unacknowledged: int
    urgent: int
    units: Mapping[str, int]
    cameras: Mapping[str, int]
    components: int
    sync: SyncState
    centres: tuple[CentreLink, ...]
    nature: str
    """live, demo or drill"""
    whistles: WhistleCounts = field(default_factory=WhistleCounts)


@dataclass(frozen=True, slots=True)
class Warning_:
    """A public warning in force (CAP): level 1..4 red..blue. None in force: an empty tuple, said as such."""

    id: str
    level: int
    title: str
    text: str
    areas: str
    issued_at: float
    received_at: float
    until: float | None
    source: str
