"""A past incident as events with their real times. What the file does not tell is not made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.events import Json, NewEvent, machine_event_id
from app.domain.incident import IncidentState
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
DEFAULT_LEVEL = 4


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
    stream = f"incident/{incident_id(history.key)}"
    for step in history.events:
        event = _step(history, step, lists, stream)
        if event is None:
            continue
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


def to_update(history: IncidentHistory, lists: Lists, state: IncidentState) -> list[NewEvent]:
    """What a changed row adds to an incident that is already here: its facts as they are now, and later steps."""
    level, kind = _level(history, lists.book), history.class_code or history.kind
    facts = {
        **_facts(history, lists, kind, level),
        "clock": _clock(history, lists, kind, level, state.registered_at or state.reported_at),
    }
    if history.verdict:
        facts["verdict"] = history.verdict
    facts.pop("id")
    later = [
        e
        for e in (_step(history, s, lists, f"incident/{state.id}") for s in history.events)
        if e is not None and e.occurred_at > state.last_at and e.kind != "incident.reported"
    ]
    corrected = NewEvent(
        f"incident/{state.id}",
        "incident.corrected",
        facts,
        min([state.last_at, *(e.occurred_at for e in later)]) if later else state.last_at,
    )
    return [corrected, *later]


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


def _step(history: IncidentHistory, step: HistoryEvent, lists: Lists, stream: str) -> NewEvent | None:
    kind = _STEPS.get(step.step)
    if kind is None:
        return None
    body: dict[str, Json] = {"imported": True}
    for name, value in step.params.items():
        if isinstance(value, str | int | float | bool | list | dict):
            body[name] = value
    if kind == "incident.assigned":
        unit = str(body.get("unit") or history.queue or history.dept or "")
        body["unit"] = unit or "unknown"
        body.setdefault("unit_name", lists.unit_name(unit) or history.dept or unit)
        body.setdefault("lead", True)
    elif isinstance(body.get("unit"), str) and "unit_name" not in body:
        body["unit_name"] = lists.unit_name(str(body["unit"])) or str(body["unit"])
    actor = str(body.pop("actor", "")) or "import"
    return NewEvent(stream, kind, body, to_ms(step.at), actor)
