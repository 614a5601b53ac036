"""All that one incident's panel shows, made from its state, its events and the transition table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.domain.events import Event
from app.domain.faults import Message
from app.domain.incident import IncidentState
from app.domain.incident_process import INCIDENT, OPEN_PHASES
from app.domain.process import Need, Transition
from app.services import timeline
from app.services.book import Book
from app.services.operator import Operator
from app.services.permissions import PERSONAL_ROLES, why_not
from app.services.sync_rules import BOOKING, OVERTAKEN, refusal
from app.services.views import (
    ActionOption,
    AssignmentView,
    FieldOption,
    IncidentView,
    PassView,
    QueueRow,
    ReporterView,
    TimelineEntry,
    ToldView,
    UnitRow,
)

_USUAL = {
    "reported": "register",
    "registered": "assign",
    "assigned": "acknowledge",
    "acknowledged": "arrive",
    "en_route": "arrive",
    "on_scene": "feed_back",
    "fed_back": "verify",
    "verified": "close",
    "closed": "evaluate",
}
_ONLY_WHEN_POSSIBLE = frozenset({"approve_extension", "refuse_extension", "resume", "sign_pass", "refuse_pass",
                                 "recall_pass", "escalate_pass"})
_PASSES = frozenset({"pass_up", "pass_down", "pass_across"})
URGENT = (1, 2)
_PARTS = {"lead": Message("lead"), "help": Message("helps")}


def entry(
    event: Event,
    unsent: bool,
    state_superseded: Sequence[str],
    names: Callable[[str], str],
    row: tuple[str, int] = ("", 4),
    verdict: str = "",
) -> TimelineEntry:
    """One line of a timeline. `names` gives an actor's display name, `row` the incident's number and level, `verdict`
    what the hub said of an event that does not stand."""
    photos = event.body.get("photos")
    return TimelineEntry(
        event.id,
        event.stream.partition("/")[2],
        event.occurred_at / 1000,
        event.kind,
        timeline.words(event),
        timeline.own_words(event),
        names(event.actor),
        event.seat,
        event.screen,
        superseded=event.id in state_superseded or verdict == OVERTAKEN,
        refused=refusal(verdict),
        unsent=unsent,
        photos=tuple(str(p) for p in photos) if isinstance(photos, list) else (),
        number=row[0],
        level=row[1],
    )


def actions(state: IncidentState, operator: Operator, book: Book) -> tuple[ActionOption, ...]:
    """Every verb that the operator's role knows in this phase first, then the ones that are not possible with why."""
    usual = _USUAL.get(state.phase)
    found = []
    for row in INCIDENT:
        if not row.key or not row.roles:
            continue
        if row.verb in _PASSES and not book.centres.of_way(row.verb.removeprefix("pass_")):
            continue
        reason = why_not(row, state, operator, book)
        if reason is not None and row.verb in _ONLY_WHEN_POSSIBLE:
            continue
        found.append(
            ActionOption(
                row.verb,
                Message(_label(row, state)),
                row.key,
                reason is None,
                reason,
                tuple(_field(n, state, row, book) for n in row.needs),
                row.irreversible,
                reason is None and (row.verb == usual or row.verb == "sign_pass"),
                Message(row.help) if row.help else None,
            )
        )
    return tuple(sorted(found, key=lambda a: (not a.primary, not a.enabled)))


def _label(row: Transition, state: IncidentState) -> str:
    lead = state.lead
    return "Send more" if row.verb == "assign" and lead is not None and lead.open else row.label


def _field(need: Need, state: IncidentState, row: Transition, book: Book) -> FieldOption:
    kind, _, rest = need.type.partition(":")
    choices: tuple[tuple[str, Message | str], ...] = ()
    default: object = None
    if kind == "choice":
        choices = tuple((c, _PARTS.get(c) or Message(f"{need.name}.{c}")) for c in rest.split("|"))
    if kind == "centre":
        choices = tuple((c.code, c.name or c.code) for c in book.centres.of_way(row.verb.removeprefix("pass_")))
    if kind == "unit" and row.on == "assignment":
        choices = tuple((a.unit, a.name or a.unit) for a in state.assignments if a.open)
        lead = state.lead
        default = lead.unit if lead is not None and lead.open else None
    if need.name in ("kind", "level", "place"):
        default = getattr(state, need.name)
    return FieldOption(need, choices, default)


def missing(state: IncidentState) -> tuple[Message, ...]:
    """What a level I/II incident still lacks, the gravest first."""
    if state.level not in URGENT or state.phase not in OPEN_PHASES:
        return ()
    out = []
    if not state.registered_at:
        out.append(Message("nobody has accepted it"))
    lead = state.lead
    if state.registered_at and lead is None:
        out.append(Message("nobody is assigned"))
    elif lead is not None and lead.open and not lead.acknowledged_at:
        out.append(Message("not signed for"))
    if lead is not None and lead.open and not state.on_scene:
        out.append(Message("nobody on the scene"))
    if state.level == 1 and not state.told:
        out.append(Message("110/119/120 not told"))
    if state.lon is None:
        out.append(Message("no position"))
    return tuple(out)


def due_because(state: IncidentState, book: Book, zone_time: Callable[[int], str]) -> tuple[Message, ...]:
    """Why the case is due when it is, and why the phase is."""
    out = []
    clock = state.clock
    if state.verdict:
        out.append(Message("The imported verdict holds: {verdict}", {"verdict": state.verdict}))
    if isinstance(clock.get("due"), int):
        out.append(
            Message(
                "due {due} because {rule}: {amount}, {calendar}, from {start}",
                {
                    "due": zone_time(int(str(clock["due"]))),
                    "rule": _rule(clock, book),
                    "amount": _amount(clock),
                    "calendar": Message(f"calendar.{clock.get('calendar')}"),
                    "start": zone_time(int(str(clock.get("from") or 0))),
                },
            )
        )
    elif clock:
        out.append(Message("no limit: {rule}", {"rule": _rule(clock, book)}))
    phase = state.phase_clock
    if isinstance(phase.get("due"), int):
        out.append(
            Message(
                "this phase is due {due} because {rule}: {amount}",
                {"due": zone_time(int(str(phase["due"]))), "rule": _rule(phase, book), "amount": _amount(phase)},
            )
        )
    out += _pass_because(state, book, zone_time)
    if state.extensions:
        out.append(Message("extended {count} times", {"count": state.extensions}))
    if state.held_at:
        out.append(Message("on hold since {at}: the clocks stand still", {"at": zone_time(state.held_at)}))
    return tuple(out)


def clock_because(text: Message, book: Book, clock: Mapping[str, object], zone_time: Callable[[int], str]) -> Message:
    """A message of its own with {due}, {rule}, {amount} and {calendar} filled from a clock that has a due time."""
    return Message(text.id, {**text.params, "due": zone_time(int(str(clock["due"]))), "rule": _rule(clock, book),
                             "amount": _amount(clock), "calendar": Message(f"calendar.{clock.get('calendar')}")})


def _pass_because(state: IncidentState, book: Book, zone_time: Callable[[int], str]) -> list[Message]:
    """Until when another centre has to sign for it, or to have it handled, and why."""
    clock, waiting = state.pass_clock, state.open_pass
    if not isinstance(clock.get("due"), int):
        return []
    params = {"centre": waiting.to_name or waiting.to if waiting is not None else book.centres.name(state.holder)}
    said = (
        Message("{centre} is to sign for it by {due} because {rule}: {amount}, {calendar}", params)
        if waiting is not None
        else Message("{centre} is to have it handled by {due} because {rule}: {amount}, {calendar}", params)
    )
    return [clock_because(said, book, clock, zone_time)]


def _rule(clock: Mapping[str, object], book: Book) -> Message:
    rule = str(clock.get("rule") or "none")
    return Message(f"limit.{rule}") if book.code("limit", rule) else Message("{rule}", {"rule": Message(rule)})


def _amount(clock: Mapping[str, object]) -> Message:
    minutes = clock.get("minutes")
    if not isinstance(minutes, int | float):
        return Message("time as given")
    if minutes >= 1440 and minutes % 1440 == 0:
        return Message("{days} days", {"days": int(minutes // 1440)})
    if minutes >= 60 and minutes % 60 == 0:
        return Message("{hours} h", {"hours": int(minutes // 60)})
    return Message("{minutes} min", {"minutes": f"{minutes:g}"})


def reporters(
    state: IncidentState,
    people: Mapping[str, tuple[dict[str, str], bool]],
    operator: Operator,
    mask: Callable[[str], str],
) -> tuple[ReporterView, ...]:
    """Who reported; phone and name masked but to the one who handles the case."""
    mine = (
        (state.dispatcher == operator.maker
        and bool(operator.roles & PERSONAL_ROLES))
        or any(operator.unit_id and a.unit == operator.unit_id and a.open for a in state.assignments)
    )
    out = []
    for person in state.reporters:
        data, erased = people.get(person, ({}, True))
        name, phone = data.get("name", ""), data.get("phone", "")
        out.append(
            ReporterView(
                person,
                name if mine else name[:1] + "*" * max(0, len(name) - 1),
                phone if mine else mask(phone),
                not mine,
                erased,
            )
        )
    return tuple(out)


def build(
    state: IncidentState,
    row: QueueRow,
    events: Sequence[tuple[Event, int, bool]],
    operator: Operator,
    book: Book,
    *,
    units: Mapping[str, UnitRow],
    people: Mapping[str, tuple[dict[str, str], bool]],
    numbers: Mapping[str, str],
    names: Callable[[str], str],
    mask: Callable[[str], str],
    zone_time: Callable[[int], str],
    distance: Callable[[UnitRow], float | None],
    awaited: Mapping[str, int | None],
    verdicts: Mapping[str, str],
) -> IncidentView:
    """The whole view."""
    assignments = []
    unconfirmed = {e.body.get("unit") for e, _, unsent in events if unsent and e.kind == BOOKING}
    for a in state.assignments:
        unit = units.get(a.unit)
        assignments.append(
            AssignmentView(
                a.unit,
                a.name or a.unit,
                a.lead,
                a.state,
                a.assigned_at / 1000,
                _s(a.acknowledged_at),
                _s(a.arrived_at),
                _s(a.fed_back_at),
                distance(unit) if unit else None,
                unit.position_at if unit else None,
                a.chased,
                not (a.open and a.unit in unconfirmed),
            )
        )
    return IncidentView(
        row=row,
        description=state.description,
        original_place=state.original_place,
        reporters=reporters(state, people, operator, mask),
        assignments=tuple(assignments),
        timeline=tuple(
            entry(e, unsent, state.superseded, names, (state.number, state.level), verdicts.get(e.id, ""))
            for e, _, unsent in events
        ),
        actions=actions(state, operator, book),
        due_because=due_because(state, book, zone_time),
        photos=tuple(state.photos),
        told=tuple(ToldView(str(t[0]), float(str(t[1])) / 1000, str(t[2])) for t in state.told),
        merged=tuple((i, numbers.get(i, "")) for i in state.merged),
        merged_into=(state.merged_into, numbers.get(state.merged_into, "")) if state.merged_into else None,
        missing=missing(state),
        returns=state.returns,
        reworks=state.reworks,
        verdict=state.verdict,
        external_number=state.external,
        satisfaction=state.satisfaction,
        passes=tuple(
            PassView(p.to, p.to_name or p.to, p.source_name or p.source, p.way, p.state, p.at / 1000, _s(p.answered_at),
                     p.binding)
            for p in state.passes
        ),
        awaited=awaited,
    )


def _s(ms: int) -> float | None:
    return ms / 1000 if ms else None
