"""The use cases of the incident loop: a command and the state it meets → the events it makes. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from app.domain.events import Json, NewEvent, uuid7
from app.domain.faults import Message, Refused
from app.domain.incident import Assignment, IncidentState, may_step
from app.domain.incident_process import OPEN_PHASES, REGISTERED, REPORTED
from app.domain.limits import Limit, at_ms, clock_body, extended_clock, regranted, resumed_clock
from app.domain.passing import REFUSALS_BEFORE_ARBITER
from app.domain.process import Transition
from app.domain.working_time import WorkCalendar
from app.ports import Transaction
from app.services.book import Book
from app.services.commands import Act, ReportIncident, SelfHandle
from app.services.needs import MAX_LINES, MAX_TEXT, UnknownCode, read_needs, read_point
from app.services.operator import Operator
from app.services.packs import limit_of
from app.services.permissions import ARBITERS, DESK_ROLES, demand, may_see, transition
from app.services.sync_rules import LEANING

DEFAULT_LEVEL = 4
NO_LIMIT = Limit(None, "continuous", "none", "")


@dataclass(frozen=True, slots=True)
class Setting:
    """What every decision may read: who acts, the lists in force, the calendar, and where a point lies."""

    operator: Operator
    book: Book
    calendar: WorkCalendar
    area_at: Callable[[float, float], str | None]
    unit_name: Callable[[str], str | None]
    seat_code: str = "01"


def stream(incident_id: str) -> str:
    """The stream of an incident."""
    return f"incident/{incident_id}"


def new_number(tx: Transaction, setting: Setting, at: int) -> str:
    """date-seat code-counter, e.g. 20261123-01-0312: never given twice, never changed."""
    day = at_ms(at).astimezone(ZoneInfo(setting.calendar.timezone)).strftime("%Y%m%d")
    return f"{day}-{setting.seat_code}-{tx.next_number(day):04d}"


def phase_clock(setting: Setting, phase: str, kind: str, level: int, at: int) -> dict[str, Json]:
    """The clock of one phase as the limits in force say; {} without one."""
    limit = limit_of(setting.book, phase, kind, level)
    return clock_body(setting.calendar, limit, at) if limit is not None and limit.minutes is not None else {}


def case_clock(setting: Setting, kind: str, level: int, at: int) -> dict[str, Json]:
    """The clock of the whole case; without a rule it has no limit and says so."""
    return clock_body(setting.calendar, limit_of(setting.book, "case", kind, level) or NO_LIMIT, at)


def _area_facts(setting: Setting, area_id: str | None) -> dict[str, Json]:
    area = setting.book.areas.get(area_id) if area_id else None
    return {"area": area.id if area else None, "area_path": area.path if area else ""}


def _kind_facts(setting: Setting, kind: str) -> tuple[int, bool]:
    entry = setting.book.code("kind", kind)
    if entry is None and setting.book.codes("kind"):
        raise UnknownCode("Kind", kind, "kind")
    level = entry.extra.get("level", DEFAULT_LEVEL) if entry else DEFAULT_LEVEL
    return (level if isinstance(level, int) else DEFAULT_LEVEL), bool(entry and entry.extra.get("sensitive"))


def _limit_text(name: str, text: str, most: int) -> str:
    if len(text) > most:
        raise Refused(
            Message(
                "{what}: got {got}, expected {expected}",
                {"what": Message(name), "got": Message("{n} characters", {"n": len(text)}),
                 "expected": Message("at most {limit} characters", {"limit": most})},
            )
        )
    return text.strip()


def report(command: ReportIncident, tx: Transaction, setting: Setting) -> tuple[str, list[NewEvent]]:
    """The events that take an incident in (and register it, when asked). Returns its id and them.

    Raises `Refused` for a role that may not do either, an unknown kind or channel, a blank place, an impossible point.
    """
    row = transition("report")
    wanted = (row, transition("register")) if command.accept else (row,)
    if not all(setting.operator.roles & one.roles for one in wanted):
        raise Refused(Message("Your role may not do this."))
    usual, sensitive = _kind_facts(setting, command.kind)
    place = _limit_text("Place", command.place, MAX_TEXT)
    if not place:
        raise Refused(Message("{what} is missing.", {"what": Message("Place")}))
    level = _checked_level(command, setting, usual)
    point = read_point((command.lon, command.lat)) if command.lon is not None or command.lat is not None else None
    area_id = command.area_id or (setting.area_at(*point) if point else None)
    at = _occurred(command.occurred_at, tx)
    description = _limit_text("Description", command.description, MAX_LINES)
    incident_id = command.incident_id
    if incident_id is None:
        incident_id = uuid7(tx.now_ms)
        tx.expect_new(incident_id)
    elif tx.incident(incident_id) is not None:
        raise Refused(Message("This incident was already taken in."))
    reporters = _reporters(command, tx)
    body: dict[str, Json] = {
        "id": incident_id,
        "number": new_number(tx, setting, at),
        "kind": command.kind,
        "channel": command.channel,
        "place": place,
        "level": level,
        "description": description,
        "sensitive": sensitive,
        "reporters": reporters,
        "photos": list(command.photos),
        "phase_clock": phase_clock(setting, REPORTED, command.kind, level, at),
        **_area_facts(setting, area_id),
    }
    if point:
        body["lon"], body["lat"] = point
    if command.external:
        body["source"], body["external"] = command.external
    if command.device:
        body["device"] = command.device
    events = [NewEvent(stream(incident_id), row.event, body, at)]
    if command.accept:
        events.append(
            NewEvent(
                stream(incident_id),
                "incident.registered",
                {
                    "clock": case_clock(setting, command.kind, level, at),
                    "phase_clock": phase_clock(setting, REGISTERED, command.kind, level, at),
                },
                max(at, tx.now_ms),
            )
        )
    return incident_id, events


def _checked_level(command: ReportIncident | SelfHandle, setting: Setting, usual: int) -> int:
    """The level as given or as usual. Raises `Refused` for another one, and for an unknown channel."""
    if setting.book.codes("channel") and setting.book.code("channel", command.channel) is None:
        raise UnknownCode("Source", command.channel, "channel")
    level = command.level if command.level is not None else usual
    if level not in (1, 2, 3, 4):
        raise Refused(
            Message(
                "{what}: got {got}, expected {expected}",
                {"what": Message("Level"), "got": level, "expected": "1, 2, 3, 4"},
            )
        )
    return level


def _occurred(at: float | None, tx: Transaction) -> int:
    """When it was reported, in ms; nothing is reported before 1970 or after tomorrow."""
    if at is None:
        return tx.now_ms
    if not 0 <= at <= tx.now_ms / 1000 + 86_400:
        raise Refused(
            Message(
                "{what}: got {got}, expected {expected}",
                {"what": Message("Time"), "got": f"{at:g}", "expected": Message("a time up to now")},
            )
        )
    return round(at * 1000)


def _reporters(command: ReportIncident | SelfHandle, tx: Transaction) -> list[Json]:
    who = command.reporter
    if who is None or not (who.name or who.phone or who.address):
        return []
    return [tx.put_person("reporter", {"name": who.name[:100], "phone": who.phone[:40], "address": who.address[:300]})]


def self_handle(command: SelfHandle, tx: Transaction, setting: Setting) -> tuple[str, list[NewEvent]]:
    """Found, fixed and logged in one step."""
    row = transition("self_handle")
    if not setting.operator.roles & row.roles:
        raise Refused(Message("Your role may not do this."))
    usual, sensitive = _kind_facts(setting, command.kind)
    level = _checked_level(command, setting, usual)
    if not command.place.strip() or not command.result.strip():
        raise Refused(
            Message("{what} is missing.", {"what": Message("Place" if not command.place.strip() else "Result")})
        )
    point = read_point((command.lon, command.lat)) if command.lon is not None or command.lat is not None else None
    place, result = _limit_text("Place", command.place, MAX_TEXT), _limit_text("Result", command.result, MAX_LINES)
    unit = command.unit_id or setting.operator.unit_id or ""
    description = _limit_text("Description", command.description, MAX_LINES)
    incident_id, at = command.incident_id or uuid7(tx.now_ms), tx.now_ms
    if command.incident_id is not None and tx.incident(incident_id) is not None:
        raise Refused(Message("This incident was already taken in."))
    body: dict[str, Json] = {
        "id": incident_id,
        "number": new_number(tx, setting, at),
        "kind": command.kind,
        "channel": command.channel,
        "place": place,
        "level": level,
        "description": description,
        "reporters": _reporters(command, tx),
        "sensitive": sensitive,
        "result": result,
        "photos": list(command.photos),
        "unit": unit,
        "unit_name": setting.unit_name(unit) or "",
        **_area_facts(setting, command.area_id or (setting.area_at(*point) if point else None)),
    }
    if point:
        body["lon"], body["lat"] = point
    return incident_id, [NewEvent(stream(incident_id), row.event, body, at)]


def act(command: Act, tx: Transaction, setting: Setting) -> list[NewEvent]:
    """The events of one verb upon one incident. Raises `Refused` with the reason; then nothing was made."""
    row = transition(command.verb)
    state = tx.incident(command.incident_id)
    if state is None:
        raise Refused(Message("There is no incident {id} on this seat.", {"id": command.incident_id[:40]}))
    demand(row, state, setting.operator, setting.book)
    body = read_needs(row.needs, command.params, setting.book)
    own = _OWN.get(row.verb)
    behalf = ""
    if row.on == "assignment":
        assignment = _assignment(row, state, body, setting)
        body["unit"], body["unit_name"] = assignment.unit, assignment.name
        if setting.operator.unit_id != assignment.unit:
            behalf = assignment.unit
    extra = own(row, state, body, tx, setting) if own else []
    _add_clocks(row, state, body, tx, setting)
    act = uuid7(tx.now_ms) if extra else ""
    return [NewEvent(stream(state.id), row.event, body, tx.now_ms, on_behalf_of=behalf, id=act),
            *(replace(e, body={**e.body, "act": act}) if e.kind == LEANING else e for e in extra)]


def _assignment(row: Transition, state: IncidentState, body: Mapping[str, Json], setting: Setting) -> Assignment:
    """The open assignment meant: the named unit's, else the actor's own, else the lead's or the first that can."""
    named = body.get("unit")
    open_ones = [a for a in state.assignments if a.open]
    if not setting.operator.roles & DESK_ROLES:
        if named and named != setting.operator.unit_id:
            raise Refused(Message("It is not assigned to your unit."))
        named = setting.operator.unit_id
    if named:
        open_ones = [a for a in open_ones if a.unit == named]
        if not open_ones:
            unit = setting.unit_name(str(named)) or str(named)[:60]
            raise Refused(Message("{unit} has no open assignment here.", {"unit": unit}))
    found = sorted((a for a in open_ones if may_step(a, row.to)), key=lambda a: not a.lead)
    if not found:
        raise Refused(Message("This step was already taken."))
    return found[0]


def _add_clocks(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> None:
    """Put the clock of the phase entered into the body: a fold reads no limits."""
    level, kind = body.get("level", state.level), body.get("kind", state.kind)
    to = row.to
    if row.verb in ("recall", "return"):
        heirs = [a for a in state.assignments if a.open and a.unit != body.get("unit")]
        to = heirs[0].state if heirs else REGISTERED
    if to is not None and to in OPEN_PHASES and "phase_clock" not in body:
        body["phase_clock"] = phase_clock(setting, to, str(kind), int(str(level)), tx.now_ms)


_Own = Callable[[Transition, IncidentState, dict[str, Json], Transaction, Setting], list[NewEvent]]


def _register(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    kind, level = str(body.get("kind", state.kind)), int(str(body.get("level", state.level)))
    _, body["sensitive"] = _kind_facts(setting, kind)
    _place_in_area(body, setting)
    body["clock"] = case_clock(setting, kind, level, tx.now_ms)
    if not state.number:
        body["number"] = new_number(tx, setting, tx.now_ms)
    return []


def _place_in_area(body: dict[str, Json], setting: Setting) -> None:
    area = body.pop("area", None)
    if isinstance(area, str):
        if area not in setting.book.areas:
            raise Refused(Message("There is no area {area}.", {"area": area[:60]}))
        body.update(_area_facts(setting, area))


def _assign(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    unit = str(body["unit"])
    name = setting.unit_name(unit)
    if name is None:
        raise Refused(Message("There is no force {unit}.", {"unit": unit[:60]}))
    if any(a.unit == unit and a.open for a in state.assignments):
        raise Refused(Message("{unit} has it in hand already.", {"unit": name}))
    part = body.pop("part", None)
    lead = state.lead
    has_lead = lead is not None and lead.open
    if part == "lead" and has_lead:
        raise Refused(
            Message(
                "{unit} leads it; recall that order first, or send further forces to help.",
                {"unit": lead.name if lead else ""},
            )
        )
    body["lead"] = not has_lead if part is None else part == "lead"
    if not has_lead and part == "help":
        raise Refused(Message("The first force leads; there is nobody to help yet."))
    body["unit_name"] = name
    return []


def _correct(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    if not set(body) - {"reason"}:
        raise Refused(Message("Nothing to correct was given."))
    kind, level = str(body.get("kind", state.kind)), int(str(body.get("level", state.level)))
    if "kind" in body:
        _, body["sensitive"] = _kind_facts(setting, kind)
    if "lon" in body and "area" not in body:
        body.update(_area_facts(setting, setting.area_at(float(str(body["lon"])), float(str(body["lat"])))))
    else:
        _place_in_area(body, setting)
    if state.registered_at and ("kind" in body or "level" in body) and not state.imported:
        began = state.clock.get("from")
        fresh = case_clock(setting, kind, level, began if isinstance(began, int) else state.registered_at)
        body["clock"] = regranted(setting.calendar, fresh, state.clock, _unnoted(state, setting))
    return []


def _unnoted(state: IncidentState, setting: Setting) -> float:
    """Minutes approved before clocks kept them: what the clock has beyond its limit as it stands in the lists."""
    limit, minutes = limit_of(setting.book, "case", state.kind, state.level), state.clock.get("minutes")
    if not state.extensions or limit is None or limit.minutes is None or not isinstance(minutes, int | float):
        return 0.0
    return max(0.0, minutes - limit.minutes)


def _approve(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    minutes = (state.extension or {}).get("minutes")
    body["clock"] = extended_clock(setting.calendar, state.clock, float(str(minutes or 0)))
    body["minutes"] = minutes
    return []


def _resume(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    body["clock"] = resumed_clock(setting.calendar, state.clock, state.held_at, tx.now_ms)
    body["phase_clock"] = resumed_clock(setting.calendar, state.phase_clock, state.held_at, tx.now_ms)
    if state.pass_clock:
        body["pass_clock"] = resumed_clock(setting.calendar, state.pass_clock, state.held_at, tx.now_ms)
    return []


def _force_close(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    """A hold ends with it: the time that it took is not counted against the case."""
    if state.held_at:
        body["clock"] = resumed_clock(setting.calendar, state.clock, state.held_at, tx.now_ms)
    return []


def _merge(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    target = tx.incident(str(body["into"]))
    if target is None or not may_see(setting.operator, setting.book, target):
        raise Refused(Message("There is no incident {id} on this seat.", {"id": str(body["into"])[:40]}))
    if target.id == state.id:
        raise Refused(Message("An incident cannot be merged into itself."))
    if target.phase not in OPEN_PHASES:
        raise Refused(
            Message("{number} is ended; reopen it before others are merged into it.", {"number": target.number})
        )
    body["into_number"] = target.number
    absorbed: dict[str, Json] = {"incident": state.id, "number": state.number, "reporters": list(state.reporters)}
    return [NewEvent(stream(target.id), "incident.absorbed", absorbed, tx.now_ms)]


def _pass(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    """To another centre, which has its own time to sign for it; what an arbiter decides after refusals is binding."""
    centres, to = setting.book.centres, str(body.pop("centre"))
    found = centres.get(to)
    if found is None or centres.way(to) != row.verb.removeprefix("pass_"):
        raise Refused(Message("There is no centre {centre} in that direction.", {"centre": to[:60]}))
    body["to"], body["to_name"] = found.code, found.name
    body["from"], body["from_name"] = centres.own, centres.name(centres.own)
    body["binding"] = state.pass_refusals >= REFUSALS_BEFORE_ARBITER and bool(setting.operator.roles & ARBITERS)
    body["pass_clock"] = phase_clock(setting, "pass_sign", state.kind, state.level, tx.now_ms)
    return []


def _answer_pass(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    body["centre"] = setting.book.centres.own
    body["centre_name"] = setting.book.centres.name(setting.book.centres.own)
    if row.verb == "sign_pass":
        body["pass_clock"] = phase_clock(setting, "pass_handle", state.kind, state.level, tx.now_ms)
    return []


def _escalate_pass(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    """Once the time to sign is over (or where there is none): a new one begins. While it is held, that stands still."""
    waiting, due = state.open_pass, state.pass_clock.get("due")
    if waiting is not None and isinstance(due, int) and (state.held_at or tx.now_ms) <= due:
        raise Refused(Message("{centre} still has time to sign for it.", {"centre": waiting.to_name or waiting.to}))
    _answer_pass(row, state, body, tx, setting)
    body["to_name"] = waiting.to_name or waiting.to if waiting is not None else ""
    body["pass_clock"] = phase_clock(setting, "pass_sign", state.kind, state.level, tx.now_ms)
    return []


def _reopen(
    row: Transition, state: IncidentState, body: dict[str, Json], tx: Transaction, setting: Setting
) -> list[NewEvent]:
    body["clock"] = case_clock(setting, state.kind, state.level, tx.now_ms)
    return []


_OWN: Mapping[str, _Own] = {
    "register": _register,
    "assign": _assign,
    "correct": _correct,
    "approve_extension": _approve,
    "resume": _resume,
    "force_close": _force_close,
    "merge": _merge,
    "pass_up": _pass,
    "pass_down": _pass,
    "pass_across": _pass,
    "sign_pass": _answer_pass,
    "refuse_pass": _answer_pass,
    "recall_pass": _answer_pass,
    "escalate_pass": _escalate_pass,
    "reopen": _reopen,
}
