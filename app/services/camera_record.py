"""The record of what was done with cameras: who looked, from when to when, why; who turned, covered, kept a still."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from app.domain.events import Event
from app.domain.faults import Message, Refused
from app.domain.process import Role
from app.ports import Reads
from app.services import timeline
from app.services.operator import Operator

RECORD_ROLES: Final = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.DUTY_LEADER})
"""who may read who looked at what"""
_BEGUN, _ENDED = "camera.viewed", "camera.view_ended"
_Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class CameraAct:
    """One line. `at`, `until`: epoch seconds; `until` None: an act without a duration, a look that goes on, or one
    whose end nobody recorded."""

    camera_id: str
    what: Message
    kind: str
    at: float
    until: float | None
    actor: str
    seat: str
    screen: str
    reason: str
    incident_id: str
    name: str = ""
    """of the camera; "" where it has left the lists"""
    number: str = ""
    """of the incident"""


def read(reads: Reads, operator: Operator, since_ms: int, names: Callable[[str], str]) -> list[CameraAct]:
    """What was done since then, oldest first. A look that began before is told from its end alone. `names` gives an
    actor's display name. Raises `Refused`."""
    if not operator.roles & RECORD_ROLES:
        raise Refused(Message("Your role may not read who looked at cameras."))
    acts = paired(event for event, _, _ in reads.camera_events(since_ms))
    cameras = {c.id: c.name for c in reads.cameras({a.camera_id for a in acts})}
    numbers = reads.numbers({a.incident_id for a in acts if a.incident_id})
    return [replace(a, actor=names(a.actor), name=cameras.get(a.camera_id, ""), number=numbers.get(a.incident_id, ""))
            for a in acts]


def paired(events: Iterable[Event]) -> list[CameraAct]:
    """Each look as one line: its end belongs to the latest look of the same camera, person, place and reason that has
    none. A look whose end was never recorded (the program was killed) so takes no later one's."""
    found: list[CameraAct] = []
    going: dict[_Key, list[int]] = {}
    for event in sorted(events, key=lambda e: e.occurred_at):
        key = (event.stream, event.actor, event.seat, event.screen, str(event.body.get("reason", "")),
               str(event.body.get("incident")))
        at = event.occurred_at / 1000
        if event.kind == _ENDED and going.get(key):
            row = going[key].pop()
            found[row] = replace(found[row], until=at)
            continue
        if event.kind == _BEGUN:
            going.setdefault(key, []).append(len(found))
        found.append(_act(event, at))
    return found


def _act(event: Event, at: float) -> CameraAct:
    incident = event.body.get("incident")
    return CameraAct(event.stream.partition("/")[2], timeline.words(event), event.kind, at,
                     at if event.kind == _ENDED else None, event.actor, event.seat, event.screen,
                     str(event.body.get("reason", "")), incident if isinstance(incident, str) else "")
