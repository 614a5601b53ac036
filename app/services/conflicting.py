"""Acts that another one overtook or the hub refused, as their maker sees them: mine, what stands, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain import masks
from app.domain.events import Event
from app.domain.faults import Message
from app.domain.handover import HandoverState
from app.domain.incident import IncidentState
from app.domain.incident_process import INCIDENT
from app.domain.process import Transition
from app.ports import Reads
from app.services import incident_view
from app.services.book import Book
from app.services.commands import Act, SetMasks
from app.services.operator import Operator
from app.services.permissions import MASK_ROLES, MASKS_REFUSED, why_not
from app.services.sync_rules import REFUSED, advice, refusal
from app.services.views import Conflict

_BY_EVENT: Mapping[str, Transition] = {t.event: t for t in INCIDENT if t.roles}


def views(reads: Reads, operator: Operator, book: Book, names: Callable[[str], str]) -> list[Conflict]:
    """The operator's unanswered ones, oldest first."""
    found = []
    for mine, verdict, stands in reads.conflicts(operator.id):
        if mine.kind == masks.KIND:
            found.append(_masks(reads, mine, verdict, stands, operator, book, names))
            continue
        family, _, incident_id = mine.stream.partition("/")
        known = reads.state(incident_id) if family == "incident" else None
        row = _BY_EVENT.get(mine.kind)
        if verdict.startswith(REFUSED):
            found.append(_refused(mine, verdict, known[0] if known is not None else None, reads, operator, book, names))
            continue
        if family == "handover":
            found.append(_of_handover(mine, stands, reads, book, names))
            continue
        if known is None or row is None:
            continue
        state = known[0]
        other = stands.stream.partition("/")[2] if stands is not None else incident_id
        mark = (state.number, state.level)
        found.append(
            Conflict(
                mine.id,
                incident_id,
                state.number,
                state.level,
                incident_view.entry(mine, False, (mine.id,), names, mark),
                incident_view.entry(stands, False, (), names, mark) if stands is not None else None,
                book.centres.name(stands.centre) if stands is not None else "",
                reads.numbers([other]).get(other, "") if other != incident_id else "",
                row.verb,
                again(row, mine),
                why_not(row, state, operator, book),
            )
        )
    return found


def _of_handover(mine: Event, stands: Event | None, reads: Reads, book: Book, names: Callable[[str], str]) -> Conflict:
    """Acts upon a hand-over are not done again unseen: its text is read anew in the duty panel."""
    state = reads.handover(mine.stream.partition("/")[2])
    number = state.number if state is not None else ""
    return Conflict(
        mine.id, "", number, 4,
        incident_view.entry(mine, False, (mine.id,), names, (number, 4)),
        incident_view.entry(stands, False, (), names, (number, 4)) if stands is not None else None,
        book.centres.name(stands.centre) if stands is not None else "",
        "", "", {}, None,
        subject=_subject(mine, state),
    )


def _subject(mine: Event, state: HandoverState | None) -> Message:
    name = state.name if state is not None and state.name else mine.body.get("name")
    return Message("the hand-over of {name}", {"name": name if isinstance(name, str) else ""})


def command_of(conflict: Conflict) -> Act | SetMasks:
    """What does it once more."""
    if conflict.camera_id:
        return SetMasks(conflict.camera_id, masks.readable(conflict.params["masks"]), str(conflict.params["reason"]))
    return Act(conflict.incident_id, conflict.verb, conflict.params)


def _masks(
    reads: Reads, mine: Event, verdict: str, stands: Event | None, operator: Operator, book: Book,
    names: Callable[[str], str]
) -> Conflict:
    """Masks that are in force nowhere: other ones were set first, or the hub refused them."""
    camera_id = mine.stream.partition("/")[2]
    camera = next(iter(reads.cameras({camera_id})), None)
    name = camera.name if camera is not None else camera_id
    refused = verdict.startswith(REFUSED)
    return Conflict(
        mine.id,
        "",
        name,
        4,
        incident_view.entry(mine, False, () if refused else (mine.id,), names, verdict=verdict),
        incident_view.entry(stands, False, (), names) if stands is not None else None,
        book.centres.name(stands.centre) if stands is not None else "",
        "",
        "masks",
        {"masks": mine.body.get("masks"), "reason": str(mine.body.get("reason", ""))},
        None if operator.roles & MASK_ROLES else MASKS_REFUSED,
        refusal(verdict),
        advice(verdict),
        Message("the privacy masks of {name}", {"name": name}),
        camera_id,
    )


def _refused(
    mine: Event, verdict: str, state: IncidentState | None, reads: Reads, operator: Operator, book: Book,
    names: Callable[[str], str]
) -> Conflict:
    row = _BY_EVENT.get(mine.kind) if state is not None else None
    number, level = (state.number, state.level) if state is not None else _told(mine)
    return Conflict(
        mine.id,
        state.id if state is not None else "",
        number,
        level,
        incident_view.entry(mine, False, (), names, (number, level), verdict),
        None,
        "",
        "",
        row.verb if row is not None else "",
        again(row, mine) if row is not None else {},
        why_not(row, state, operator, book) if row is not None and state is not None else None,
        refusal(verdict),
        advice(verdict),
        _subject(mine, reads.handover(mine.stream.partition("/")[2])) if mine.stream.startswith("handover/") else None,
    )


def _told(mine: Event) -> tuple[str, int]:
    """Number and level that the event itself gives: its incident is not there without it."""
    number, level = mine.body.get("number"), mine.body.get("level")
    return (number if isinstance(number, str) else ""), (level if isinstance(level, int) else 4)


def again(row: Transition, event: Event) -> dict[str, object]:
    """The data to do an act once more, from its event. A part is left out: who leads has changed meanwhile."""
    params: dict[str, object] = {}
    for need in row.needs:
        if need.type == "point" and "lon" in event.body:
            params[need.name] = (event.body["lon"], event.body["lat"])
        elif need.type == "centre" and event.body.get("to"):
            params[need.name] = event.body["to"]
        elif need.name != "part" and event.body.get(need.name) not in (None, ""):
            value = event.body[need.name]
            params[need.name] = str(value) if need.type.startswith("choice:") else value
    return params
