"""What people do with cameras, as events of the camera's stream: looking, turning, keeping a still, masking."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain import masks
from app.domain.events import Json, NewEvent
from app.domain.faults import KnownFault, Message, Refused
from app.domain.process import Role
from app.ports import Transaction
from app.services import permissions
from app.services.commands import MoveCamera, SaveSnapshot, SetMasks, ViewCamera
from app.services.operator import Operator
from app.services.views import CameraRow

CameraAct = SaveSnapshot | ViewCamera | MoveCamera | SetMasks
Cameras = Mapping[str, CameraRow]
Inside = Callable[[str | None], bool]
"""whether an area is one that the operator sees"""


def decide(command: CameraAct, tx: Transaction, operator: Operator, cameras: Cameras, inside: Inside) -> list[NewEvent]:
    """The events of an act. Raises `Refused` without the right or a reason, and outside the operator's area."""
    stream, now = f"camera/{command.camera_id}", tx.now_ms
    camera = cameras.get(command.camera_id)
    ends = isinstance(command, ViewCamera) and command.ended  # what began is ended, wherever the area's border lies now
    if camera is not None and not camera.unit_id and not ends and not inside(camera.area_id):
        raise Refused(Message("This camera lies outside your area."))
    if isinstance(command, SaveSnapshot):
        permissions.demand_reason(command.reason)
        return [NewEvent(stream, "camera.snapshot_saved",
                         {"reason": command.reason[:500], "blob": command.digest[:64],
                          "incident": command.incident_id}, now)]
    if isinstance(command, ViewCamera):
        _demand_view(command, operator, cameras)
        return [NewEvent(stream, "camera.view_ended" if command.ended else "camera.viewed",
                         {"reason": command.reason[:500], "incident": command.incident_id}, now)]
    _demand_view(ViewCamera(command.camera_id, command.reason), operator, cameras)
    if isinstance(command, SetMasks):
        return _set_masks(command, tx, cameras)
    body: dict[str, Json] = {"what": command.what, "preset": command.preset[:100], "reason": command.reason[:500],
                             "incident": command.incident_id}
    return [NewEvent(stream, "camera.moved", body, now)]


def _set_masks(command: SetMasks, tx: Transaction, cameras: Cameras) -> list[NewEvent]:
    """The event says what they were and what they are, and which acts its maker knew: every seat that holds it paints
    the same."""
    if command.camera_id not in cameras:
        raise KnownFault(Message("There is no such camera any more."))
    old = tx.masks(command.camera_id)
    body: dict[str, Json] = {"masks": masks.as_json(masks.parse(command.masks)),
                             "before": masks.as_json(old.in_force),
                             "reason": command.reason[:500], "incident": command.incident_id}
    return [NewEvent(f"camera/{command.camera_id}", "camera.masks_set", body, tx.now_ms, seen=old.acts,
                     schema_version=masks.SCHEMA)]


def _demand_view(command: ViewCamera, operator: Operator, cameras: Cameras) -> None:
    """Looking needs the right and a reason; the wall sees only cameras marked for it (DISTRICT.md)."""
    permissions.demand_reason(command.reason)
    if not operator.roles & permissions.CAMERA_ROLES:
        raise Refused(Message("Your role may not look at cameras."))
    camera = cameras.get(command.camera_id)
    if operator.roles == {Role.WALL} and camera is not None and not camera.on_wall:
        raise Refused(Message("This camera is not marked for the wall."))
