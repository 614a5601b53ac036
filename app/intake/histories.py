"""A past incident as events with their real times. What the file does not tell is not made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.domain.events import Json, NewEvent, machine_event_id
from app.domain.incident import Fact, IncidentState, apply
from app.domain.incident_process import PHASES
from app.domain.limits import Limit, clock_body, to_ms
from app.domain.working_time import WorkCalendar
from app.intake.records import HistoryEvent, IncidentHistory
from app.services.book import Book
from app.services.packs import limit_of

_STEPS: Mapping[str, str] = {
    "reported": "incident.reported",
    "registered": "incident.registered",
    "assigned": "incident.assigned",
    "acknowledged": "incident.acknowledged",
    "en_route": "incident.departed",
    "departed": "incident.departed",
    "on_scene": "incident.arrived",
    "arrived": "incident.arrived",
    "fed_back": "incident.fed_back",
    "verified": "incident.verified",
    "closed": "incident.closed",
    "evaluated": "incident.evaluated",
    "returned": "incident.returned",
    "recalled": "incident.recalled",
    "reworked": "incident.reworked",
    "rework": "incident.reworked",
    "held": "incident.held",
    "hold": "incident.held",
    "resumed": "incident.resumed",
    "void": "incident.voided",
    "voided": "incident.voided",
    "merged": "incident.merged",
    "absorbed": "incident.absorbed",
    "checked": "incident.site_checked",
    "site_checked": "incident.site_checked",
    "told": "incident.told",
    "chased": "incident.chased",
    "supervised": "incident.supervised",
    "raised": "incident.raised",
    "extension_requested": "incident.extension_requested",
    "extension_approved": "incident.extension_approved",
    "extension_refused": "incident.extension_refused",
    "reopened": "incident.reopened",
    "self_handled": "incident.self_handled",
    "force_closed": "incident.force_closed",
    "corrected": "incident.corrected",
    "note": "incident.noted",
    "noted": "incident.noted",
}
STEP_KINDS = frozenset(_STEPS.values()) - {"incident.corrected"}
"""the events that a file's steps become"""
DEFAULT_LEVEL = 4
UNKNOWN_UNIT = "unknown"
"""the force of a step whose file names neither department nor queue"""
_GIVEN_BACK = frozenset({"incident.returned", "incident.recalled"})
_OF_A_FORCE = _GIVEN_BACK | {"incident.acknowledged", "incident.departed", "incident.arrived", "incident.fed_back"}


class Told(NamedTuple):
    """A step of an import that is in the log. `at`: ms; `unit`: "" where it names none."""

    kind: str
    at: int
    unit: str



@dataclass(slots=True)
class Lists:
    """What the conversion reads: code lists and areas in force, the calendar, names of units by id."""

    read_book: Callable[[], Book]
    calendar: WorkCalendar
    unit_name: Callable[[str], str | None]
    _book: Book | None = None

    @property
    def book(self) -> Book:
        """The lists in force, read once; `forget` reads them anew."""
        if self._book is None:
            self._book = self.read_book()
        return self._book

    def forget(self) -> None:
        """A pack has changed the lists."""
        self._book = None


def incident_id(key: str) -> str:
    """The id of an imported incident: the same for the same row of the same source, on every seat."""
    return machine_event_id(f"import/{key}", "incident", 0)


def to_events(history: IncidentHistory, lists: Lists, number: str, reporters: list[Json]) -> list[NewEvent]:
    """All events of a history not yet known, in its own times."""
    level, kind = _level(history, lists.book), history.class_code or history.kind
    out: list[NewEvent] = []
    for event in steps_of(history, lists):
        body = dict(event.body)
        if event.kind in ("incident.reported", "incident.self_handled"):
            body = {**_facts(history, lists, kind, level), "number": number, "reporters": reporters, **body}
        if event.kind in ("incident.registered", "incident.self_handled") and "clock" not in body:
            body["clock"] = _clock(history, lists, kind, level, event.occurred_at)
        if event.kind in ("incident.closed", "incident.force_closed", "incident.self_handled") and history.verdict:
            body["verdict"] = history.verdict
        out.append(NewEvent(event.stream, event.kind, body, event.occurred_at, event.actor))
    if history.verdict and not any("verdict" in e.body for e in out):
        out[0] = NewEvent(out[0].stream, out[0].kind, {**out[0].body, "verdict": history.verdict}, out[0].occurred_at)
    return out


def steps_of(history: IncidentHistory, lists: Lists) -> list[NewEvent]:
    """The steps of a history as events without its facts. What a force does names the force, as the fold asks for: the
    step's own, else the one in hand, else the file's department; one that the file assigns nowhere is assigned with its
    first step."""
    out: list[NewEvent] = []
    in_hand: list[str] = []
    for step in history.events:
        event = _step(history, step, lists)
        if event is None:
            continue
        if event.kind in _OF_A_FORCE:
            unit = str(event.body.get("unit") or (in_hand[0] if in_hand else _own_unit(history)))
            event = replace(event, body={**event.body, **_named(history, unit, lists)})
            if event.kind not in _GIVEN_BACK and unit not in in_hand:
                body = {"imported": True, "at_unknown": True, **_named(history, unit, lists), "lead": not in_hand}
                out.append(NewEvent(event.stream, "incident.assigned", body, event.occurred_at, event.actor))
                in_hand.append(unit)
        out.append(event)
        unit = str(event.body.get("unit", ""))
        if event.kind == "incident.assigned" and unit not in in_hand:
            in_hand.append(unit)
        elif event.kind in _GIVEN_BACK and unit in in_hand:
            in_hand.remove(unit)
        elif event.kind == "incident.reopened":
            in_hand.clear()
    return out


def to_update(history: IncidentHistory, lists: Lists, state: IncidentState, told: Sequence[Told]) -> list[NewEvent]:
    """What a changed row adds to an incident that is already here: its facts as they are now, and the steps that it did
    not tell before (`told`: those in the log).

    What was done here since does not keep a step out, however late the file tells it. A step is left out only where the
    incident cannot take it any more: it has ended, or a step that is older than the file's last one would set it back.
    """
    level, kind = _level(history, lists.book), history.class_code or history.kind
    facts = {
        **_facts(history, lists, kind, level),
        "clock": _clock(history, lists, kind, level, state.registered_at or state.reported_at),
    }
    if history.verdict:
        facts["verdict"] = history.verdict
    facts.pop("id")
    newest = max((one.at for one in told), default=0)
    known = set(told)
    steps, after = [], state
    for event in steps_of(history, lists):
        if event.kind == "incident.reported" or told_of(event) in known:
            continue
        then = apply(after, Fact("", event.kind, event.occurred_at or 0, event.actor, event.body))
        refused = len(then.superseded) > len(after.superseded)
        if not refused and (event.occurred_at > newest or _order(then) >= _order(after)):
            steps.append(event)
            after = then
    at = min([state.last_at, *(e.occurred_at for e in steps)])
    return [NewEvent(f"incident/{state.id}", "incident.corrected", facts, at), *steps]


def told_of(event: NewEvent) -> Told:
    """How an event of an import is known again in the log."""
    return Told(event.kind, event.occurred_at, str(event.body.get("unit", "")))


def brings_nothing_else(history: IncidentHistory, later: IncidentHistory, lists: Lists, told: Sequence[Told]) -> bool:
    """Whether `later`, which was put upon `history`, brought no step of its own and no fact that `history` leaves open:
    then the facts of `history` alone bring back what there was. `told`: the steps in the log."""
    own = {(e.kind, e.occurred_at) for e in steps_of(history, lists)}
    if any((one.kind, one.at) not in own for one in told):
        return False
    return not ((later.verdict and not history.verdict) or (later.lon is not None and history.lon is None))


def _order(state: IncidentState) -> int:
    return PHASES.index(state.phase) if state.phase in PHASES else -1


def _own_unit(history: IncidentHistory) -> str:
    return history.queue or history.dept or UNKNOWN_UNIT


def _named(history: IncidentHistory, unit: str, lists: Lists) -> dict[str, Json]:
    name = lists.unit_name(unit) or history.dept or ("—" if unit == UNKNOWN_UNIT else unit)
    return {"unit": unit, "unit_name": name}


def _level(history: IncidentHistory, book: Book) -> int:
    if history.level.strip() in ("1", "2", "3", "4"):
        return int(history.level)
    entry = book.code("kind", history.class_code)
    usual = entry.extra.get("level", DEFAULT_LEVEL) if entry else DEFAULT_LEVEL
    return usual if isinstance(usual, int) and 1 <= usual <= 4 else DEFAULT_LEVEL


def _facts(history: IncidentHistory, lists: Lists, kind: str, level: int) -> dict[str, Json]:
    area = lists.book.areas.get(history.area_key) if history.area_key else None
    body: dict[str, Json] = {
        "id": incident_id(history.key),
        "kind": kind,
        "level": level,
        "channel": history.channel or "import",
        "place": history.address or history.area_text or history.title,
        "description": history.text or history.title,
        "source": history.source,
        "external": history.number or history.key.partition(":")[2],
        "imported": True,
        "sensitive": lists.book.is_sensitive(kind),
        "area": area.id if area else None,
        "area_path": area.path if area else "",
    }
    if history.lon is not None and history.lat is not None:
        body["lon"], body["lat"] = history.lon, history.lat
    return body


def _clock(history: IncidentHistory, lists: Lists, kind: str, level: int, start_ms: int) -> dict[str, Json]:
    """The file's own deadline, its "no limit", else what the limits in force say (unless the file gave its verdict)."""
    if history.target_at is not None:
        due = to_ms(history.target_at)
        return {
            "from": start_ms,
            "warn": start_ms + round((due - start_ms) * 0.8),
            "due": due,
            "minutes": None,
            "calendar": "continuous",
            "rule": "imported",
            "source": history.source,
        }
    if history.no_limit or history.verdict:
        return {
            "from": start_ms,
            "warn": None,
            "due": None,
            "minutes": None,
            "calendar": "continuous",
            "rule": "imported: no limit",
            "source": history.source,
        }
    limit = limit_of(lists.book, "case", kind, level) or Limit(None, "continuous", "none", "")
    return clock_body(lists.calendar, limit, start_ms)


def _step(history: IncidentHistory, step: HistoryEvent, lists: Lists) -> NewEvent | None:
    kind = _STEPS.get(step.step)
    if kind is None:
        return None
    body: dict[str, Json] = {"imported": True}
    for name, value in step.params.items():
        if isinstance(value, str | int | float | bool | list | dict):
            body[name] = value
    if kind == "incident.assigned":
        body = {**_named(history, str(body.get("unit") or _own_unit(history)), lists), **body}
        body["unit"] = body["unit"] or _own_unit(history)
        body.setdefault("lead", True)
    elif isinstance(body.get("unit"), str) and "unit_name" not in body:
        body["unit_name"] = lists.unit_name(str(body["unit"])) or str(body["unit"])
    actor = str(body.pop("actor", "")) or "import"
    return NewEvent(f"incident/{incident_id(history.key)}", kind, body, to_ms(step.at), actor)
