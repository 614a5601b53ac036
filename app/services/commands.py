"""Orders that a screen, the command line, an intake or the scenario player gives. Each is checked before it is done."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.masks import Mask
from app.services.views import DroneState
from app.services.whistle_commands import BlowWhistle, WhistleAct


@dataclass(frozen=True, slots=True)
class Reporter:
    """Personal data of who reported; kept beside the log, never in it."""

    name: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ReportIncident:
    """Take an incident in. `lon`, `lat` in WGS-84 or both None. `level` 1..4 (I..IV), None: as the kind's default.

    `accept`: register it in the same transaction (a dispatcher's own call-taking). `external`: (source, their number).
    `occurred_at` (epoch s): when it was reported, None: now. `area_id` None: found from the point.
    """

    kind: str
    channel: str
    place: str
    level: int | None = None
    description: str = ""
    lon: float | None = None
    lat: float | None = None
    area_id: str | None = None
    reporter: Reporter | None = None
    photos: tuple[str, ...] = ()
    external: tuple[str, str] | None = None
    device: str = ""
    draft_id: str | None = None
    call_id: str | None = None
    accept: bool = False
    occurred_at: float | None = None
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A verb of the incident's transition table upon one incident. `params` by the names of the verb's needs.

    `seen_seq`: the row's `changed_seq` the actor looked at; None: not checked.
    """

    incident_id: str
    verb: str
    params: Mapping[str, object] = field(default_factory=dict)
    seen_seq: int | None = None


@dataclass(frozen=True, slots=True)
class SelfHandle:
    """Found, fixed, photographed and logged in one step (自办自结)."""

    kind: str
    place: str
    result: str
    lon: float | None = None
    lat: float | None = None
    area_id: str | None = None
    photos: tuple[str, ...] = ()
    unit_id: str | None = None
    level: int | None = None
    description: str = ""
    channel: str = "patrol"
    reporter: Reporter | None = None
    draft_id: str | None = None
    call_id: str | None = None
    incident_id: str | None = None
    """as of `ReportIncident`"""


@dataclass(frozen=True, slots=True)
class SetUnitDuty:
    """A unit comes on or goes off duty."""

    unit_id: str
    on_duty: bool


@dataclass(frozen=True, slots=True)
class Position:
    """Where a unit is. `at`: epoch s of the fix; `heading` in degrees from north."""

    unit_id: str
    lon: float
    lat: float
    at: float
    heading: float | None = None


@dataclass(frozen=True, slots=True)
class ReportPositions:
    """Latest positions; not events. Older ones than known are ignored; (0,0) and out of range are left out. `fine`: the
    track is sampled often (what flies)."""

    positions: tuple[Position, ...]
    fine: bool = False


@dataclass(frozen=True, slots=True)
class CameraStates:
    """States of cameras as a sweep or gateway found them: (camera id, online|offline, epoch s)."""

    states: tuple[tuple[str, str, float], ...]
    why: Mapping[str, str] = field(default_factory=dict)
    """camera id → reason (a phase of app.services.streams) of those that are off line"""


@dataclass(frozen=True, slots=True)
class CameraPictures:
    """Pictures that a screen has shown: (camera id, epoch s). Not events; whoever gives a picture is on line."""

    pictures: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class SaveSnapshot:
    """A still of a camera was kept: a recorded act with a reason. `digest`: its sha256; `incident_id`: the incident
    that it lies in, None for one that leaves the program as a file."""

    camera_id: str
    reason: str
    digest: str
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class DroneStates:
    """What drones say of themselves; not events."""

    states: tuple[DroneState, ...]


@dataclass(frozen=True, slots=True)
class MoveCamera:
    """A camera is turned, zoomed, sent to a preset or taught one: a recorded act. `what`: the direction, "zoomin",
    "zoomout", "preset", "preset_set" or "preset_removed"; `preset`: which."""

    camera_id: str
    what: str
    reason: str
    incident_id: str | None = None
    preset: str = ""


@dataclass(frozen=True, slots=True)
class SetMasks:
    """The privacy masks of a camera are these from now on (none: nothing is covered): a recorded act. A mask is a
    polygon, its points in shares of the picture."""

    camera_id: str
    masks: tuple[Mask, ...]
    reason: str
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class CallEvent:
    """A telephone call changes: `what` is rang, answered, ended, missed, call_back, called_back; number_shown: somebody
    who calls back has seen its number."""

    call_id: str
    what: str
    phone: str = ""
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep a half-taken incident; called at each pause in typing."""

    draft_id: str
    fields: Mapping[str, object]
    call_id: str | None = None


@dataclass(frozen=True, slots=True)
class DropDraft:
    """Throw a draft away."""

    draft_id: str


@dataclass(frozen=True, slots=True)
class MarkRead:
    """This operator has looked at the incident (local, no event)."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class AnswerConflict:
    """The maker of an act that another one overtook has seen both: taken over by a new act, or left (local)."""

    event_id: str


@dataclass(frozen=True, slots=True)
class SignDuty:
    """An operator or leader signs in or out of the shift."""

    role: str
    name: str
    present: bool = True


@dataclass(frozen=True, slots=True)
class HandOver:
    """Write the hand-over of one's shift: what the next one must know. What is open is counted and kept with it; it
    waits until the incoming person signs. `items`: incidents to be named; None: those that matter most."""

    note: str
    items: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class HandoverAct:
    """A verb of the hand-over's transition table. `params` by the names of the verb's needs. `version`: of the text
    that was read, for signing and for giving back. `items`: as of `HandOver`, for another text."""

    handover_id: str
    verb: str
    params: Mapping[str, object] = field(default_factory=dict)
    version: str = ""
    items: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ViewCamera:
    """Looking at a camera is a recorded act with a user and a reason. `until` None: began now."""

    camera_id: str
    reason: str
    incident_id: str | None = None
    ended: bool = False


Command = (ReportIncident | Act | SelfHandle | SetUnitDuty | ReportPositions | CameraStates | CallEvent | SaveDraft
           | DropDraft | MarkRead | AnswerConflict | BlowWhistle | WhistleAct | SignDuty | HandOver
           | HandoverAct | ViewCamera | DroneStates | MoveCamera | CameraPictures | SaveSnapshot | SetMasks)
