"""An event in words: one message per kind, made from its body. Labels of codes are put in by the reader's book."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.events import Event
from app.domain.faults import Message

_WORDS: Mapping[str, str] = {
    "incident.reported": "Reported: {place}",
    "incident.self_handled": "Found and fixed: {result}",
    "incident.site_checked": "Checked on site: {finding}",
    "incident.registered": "Accepted",
    "incident.assigned": "Assigned to {unit_name} ({part})",
    "incident.recalled": "Recalled from {unit_name}",
    "incident.acknowledged": "{unit_name} signed for it",
    "incident.departed": "{unit_name} is en route",
    "incident.arrived": "{unit_name} is on the scene",
    "incident.fed_back": "{unit_name} fed back",
    "incident.returned": "{unit_name} returned it",
    "incident.verified": "Verified: passed",
    "incident.reworked": "Not passed: back to the force",
    "incident.closed": "Closed",
    "incident.evaluated": "Evaluated: {satisfaction}",
    "incident.chased": "Chased",
    "incident.told": "Told {service}",
    "incident.extension_requested": "Extension asked for: {minutes} min",
    "incident.extension_approved": "Extension approved: {minutes} min",
    "incident.extension_refused": "Extension refused",
    "incident.held": "Put on hold",
    "incident.resumed": "Resumed",
    "incident.supervised": "Supervised: {ground}",
    "incident.raised": "Raised to the next level",
    "incident.passed_up": "Passed up to {to_name}",
    "incident.passed_down": "Passed down to {to_name}",
    "incident.passed_across": "Passed across to {to_name}",
    "incident.pass_signed": "{centre_name} signed for it",
    "incident.pass_refused": "{centre_name} gave it back",
    "incident.pass_recalled": "{centre_name} took it back",
    "incident.pass_escalated": "{centre_name} escalated it: {to_name} must sign for it",
    "incident.merged": "Merged into {into_number}",
    "incident.absorbed": "{number} was merged into this one",
    "incident.voided": "Voided",
    "incident.force_closed": "Closed by force",
    "incident.reopened": "Reopened",
    "incident.corrected": "Corrected",
    "incident.noted": "Note",
    "incident.placed": "Placed in {area_name}",
    "incident.withdrawn": "Withdrawn (imported by mistake)",
    "unit.on_duty": "Force {key} on duty",
    "unit.off_duty": "Force {key} off duty",
    "duty.signed": "Signed for duty: {name}",
    "duty.handed_over": "Shift handed over: {name}",
    "handover.written": "Hand-over {number} written: {name}",
    "handover.rewritten": "Hand-over changed: {name}",
    "handover.signed": "Hand-over signed for: {name}",
    "handover.returned": "Hand-over given back: {name}",
    "handover.withdrawn": "Hand-over withdrawn: {name}",
    "call.rang": "A call came in",
    "call.answered": "Call taken",
    "call.ended": "Call ended",
    "call.missed": "Call missed",
    "call.call_back": "Call to be called back",
    "call.called_back": "Called back",
    "call.number_shown": "A caller's number was shown",
    "whistle.blown": "Whistle blown: {matter}",
    "whistle.called": "Whistle: another department called",
    "whistle.reported_in": "Whistle: reported in",
    "whistle.answered": "Whistle: answered",
    "whistle.rated": "Whistle: rated",
    "whistle.withdrawn": "Whistle withdrawn",
    "camera.viewed": "Camera looked at",
    "camera.view_ended": "Camera left",
    "camera.moved": "Camera turned",
    "camera.snapshot_saved": "Still of a camera saved",
    "camera.masks_set": "Privacy masks of a camera changed",
    "pack.activated": "List brought into force",
    "pack.rolled_back": "List taken back",
    "person.erased": "Personal data erased",
}
_CODED = {"finding": "finding", "satisfaction": "satisfaction", "ground": "ground"}
_TEXTS = ("note", "reason", "basis", "result", "description", "remark")


def words(event: Event) -> Message:
    """What happened, as a message."""
    params: dict[str, object] = {}
    for name, value in event.body.items():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            params[name] = f"{value:g}" if isinstance(value, float) else value
    for name, family in _CODED.items():
        if name in params:
            params[name] = Message(f"{family}.{params[name]}")
    params["key"] = event.stream.partition("/")[2]
    params["part"] = Message("lead") if event.body.get("lead") is True else Message("helps")
    for name in ("unit_name", "place", "result", "into_number", "number", "minutes", "service", "to_name",
                 "centre_name", "area_name", "matter", "name"):
        params.setdefault(name, "")
    if not params["unit_name"]:
        params["unit_name"] = event.body.get("unit") or ""
    for name in ("finding", "satisfaction", "ground"):
        params.setdefault(name, "")
    if event.kind == "incident.placed" and not params["area_name"]:
        return Message("In no area any more")
    if event.kind == "incident.merged" and not event.body.get("into"):
        return Message("Merged; into which one is not told")
    if event.kind == "incident.told" and params["number"]:
        return Message("Told {service}, their number {number}", params)
    return Message(_WORDS.get(event.kind, event.kind), params)


def own_words(event: Event) -> str:
    """What the person who acted wrote, joined; "" when nothing."""
    found = [str(event.body[name]) for name in _TEXTS if isinstance(event.body.get(name), str) and event.body[name]]
    return "\n".join(found)
