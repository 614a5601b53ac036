"""One incident's full view for `FakeSeat`: a history that fits its phase, and the actions of the transition table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.faults import Message
from app.domain.incident_process import INCIDENT
from app.domain.process import Need
from app.services.views import (
    ActionOption,
    AssignmentView,
    FieldOption,
    Flag,
    IncidentView,
    QueueRow,
    ReporterView,
    TimelineEntry,
    ToldView,
)

if TYPE_CHECKING:
    from tests.fakes.fake_seat import FakeSeat

_STEPS = (
    ("reported", "Report", 0.0),
    ("registered", "Accept", 0.05),
    ("assigned", "Assign", 0.1),
    ("acknowledged", "Sign for", 0.2),
    ("en_route", "En route", 0.3),
    ("on_scene", "On scene", 0.5),
    ("fed_back", "Feed back", 0.8),
    ("verified", "Verify: passed", 0.9),
    ("closed", "Close", 0.95),
)
_PRIMARY = {
    "reported": "register",
    "registered": "assign",
    "assigned": "chase",
    "acknowledged": "chase",
    "en_route": "chase",
    "on_scene": "feed_back",
    "fed_back": "verify",
    "verified": "close",
    "closed": "evaluate",
}


def assigned_unit(seat: FakeSeat, row: QueueRow) -> str | None:
    """Id of the lead force of a row."""
    if row.id in seat.given:
        return seat.given[row.id]
    return next((u.id for u in seat.unit_rows.values() if u.name == row.handler), None)


def base_timeline(seat: FakeSeat, row: QueueRow) -> list[TimelineEntry]:
    """What must have happened for the row to be where it is, then what was really done in this run."""
    names = [s[0] for s in _STEPS]
    upto = names.index(row.phase) if row.phase in names else 1
    span = max(1.0, seat.now - row.reported_at)
    made = [
        TimelineEntry(
            f"{row.id}-{i}",
            row.id,
            row.reported_at + span * share,
            f"incident.{phase}",
            Message(label),
            "",
            "调度员 02" if i else seat.book.label("channel", row.channel, "zh_CN"),
            "02",
            "desk" if i else "gateway",
            number=row.number,
            level=row.level,
        )
        for i, (phase, label, share) in enumerate(_STEPS[: upto + 1])
    ]
    return [e for e in made if row.id.startswith("i")] + seat.entries.get(row.id, []) or made[:1]


def view_of(seat: FakeSeat, row: QueueRow) -> IncidentView:
    """Everything the incident panel shows."""
    unit_id = assigned_unit(seat, row)
    assignments: tuple[AssignmentView, ...] = ()
    if row.handler and unit_id:
        unit = seat.unit_rows[unit_id]
        state = (
            row.phase if row.phase in ("assigned", "acknowledged", "en_route", "on_scene", "fed_back") else "fed_back"
        )
        at = row.reported_at + 60
        assignments = (
            AssignmentView(
                unit_id,
                unit.name,
                True,
                state,
                at,
                at + 40 if state != "assigned" else None,
                at + 400 if row.on_scene else None,
                at + 900 if state == "fed_back" else None,
                640.0,
                unit.position_at,
            ),
        )
    urgent = row.level <= 2
    told = (ToldView("119", row.reported_at + 30, "F-0312"),) if row.level == 1 and int(row.id[-1]) % 2 else ()
    missing = []
    if urgent and not row.on_scene:
        missing.append(Message("nobody on the scene"))
    if row.level == 1 and not told:
        missing.append(Message("119 not told"))
    kind = seat.book.code("kind", row.kind)
    minutes = kind.extra["minutes"] if kind else 0
    return IncidentView(
        row,
        "来电反映此处情况，请尽快处理。",
        row.place,
        (ReporterView("r1", "王**", "139****0217", True),),
        assignments,
        tuple(base_timeline(seat, row)),
        _actions(seat, row),
        (Message("{kind}: {minutes} min, continuous hours", {"kind": row.kind, "minutes": minutes}),),
        (),
        told,
        (("m1", "20261123-02-9001"),) if row.flags & Flag.HAS_MERGED else (),
        None,
        tuple(missing),
        0,
        0,
        "",
        "",
        "",
    )


def _actions(seat: FakeSeat, row: QueueRow) -> tuple[ActionOption, ...]:
    out = []
    for t in INCIDENT:
        if "" in t.sources or row.phase not in t.sources or t.guard == "imported":
            continue
        held = bool(row.flags & Flag.HELD)
        if (t.guard == "held" and not held) or (t.guard == "not_held" and held):
            continue
        why = None
        if not t.roles & seat.operator.roles:
            why = Message("your role may not do that")
        elif t.on == "assignment" and not row.handler:
            why = Message("nobody has it yet")
        elif t.guard == "request_open" and not row.flags & Flag.EXTENSION_ASKED:
            why = Message("no extension was asked for")
        fields = tuple(_field(seat, row, need) for need in t.needs)
        out.append(
            ActionOption(
                t.verb,
                Message(t.label),
                t.key,
                why is None,
                why,
                fields,
                t.irreversible,
                _PRIMARY.get(row.phase) == t.verb,
                Message(t.help) if t.help else None,
            )
        )
    return tuple(out)


def _field(seat: FakeSeat, row: QueueRow, need: Need) -> FieldOption:
    choices: tuple[tuple[str, Message | str], ...] = ()
    if need.type == "unit":
        choices = tuple((u.id, u.name) for u in list(seat.unit_rows.values())[:40])
    elif need.type.startswith("choice:"):
        choices = tuple((c, Message(c)) for c in need.type[7:].split("|"))
    elif need.type == "code:kind":
        choices = tuple((c.code, c.label("zh_CN")) for c in seat.book.codes("kind"))
    default = {"level": str(row.level), "kind": row.kind, "place": row.place}.get(need.name)
    return FieldOption(need, choices, default)
