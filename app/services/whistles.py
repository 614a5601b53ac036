"""The use cases of the whistle: a community calls departments, who report in, answer, and are rated.

Commands → events, by the transition table of `app.domain.whistle_process`; views out of folded states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from app.domain.events import Json, NewEvent, uuid7
from app.domain.faults import Message, Refused
from app.domain.limits import at_ms
from app.domain.process import Transition
from app.domain.whistle import Call, WhistleState
from app.domain.whistle_process import CALLED, DONE, ENDED, REPORTED_IN, SCORED, WHISTLE
from app.ports import Transaction
from app.services.acts import Setting, phase_clock
from app.services.book import Book
from app.services.incident_view import clock_because
from app.services.needs import read_needs
from app.services.operator import Operator
from app.services.permissions import DESK_ROLES, area_prefix
from app.services.whistle_commands import BlowWhistle, WhistleAct
from app.services.whistle_views import CallView, WhistleCounts, WhistleView


def stream(whistle_id: str) -> str:
    """The stream of a whistle."""
    return f"whistle/{whistle_id}"


def may_see(operator: Operator, book: Book, state: WhistleState) -> bool:
    """A whistle of the operator's area, or one that calls their unit."""
    if operator.unit_id and state.call(operator.unit_id) is not None:
        return True
    return state.area_path.startswith(area_prefix(operator, book))


def decide(command: BlowWhistle | WhistleAct, tx: Transaction, setting: Setting) -> list[NewEvent]:
    """The events of a command. Raises `Refused` with the reason; then nothing was made."""
    return _blow(command, tx, setting) if isinstance(command, BlowWhistle) else _act(command, tx, setting)


def _row(verb: str) -> Transition:
    row = WHISTLE.get(verb)
    if row is None:
        raise Refused(Message("There is no act named {verb}.", {"verb": verb[:40]}))
    return row


def _blow(command: BlowWhistle, tx: Transaction, setting: Setting) -> list[NewEvent]:
    row, who = _row("blow"), setting.operator
    if not who.roles & row.roles:
        raise Refused(Message("Your role may not do this."))
    params: dict[str, object] = {"matter": command.matter, "units": list(command.units), "level": command.level,
                                 "incident": command.incident_id, "area": command.area_id}
    body = read_needs(row.needs, params, setting.book)
    body["units"] = _named(body["units"], setting)
    level = int(str(body["level"]))
    body |= _place(command, tx, setting)
    body |= _clocks(setting, level, tx.now_ms)
    whistle_id = uuid7(tx.now_ms)
    day = at_ms(tx.now_ms).astimezone(ZoneInfo(setting.calendar.timezone)).strftime("%Y%m%d")
    centres = setting.book.centres
    body |= {"id": whistle_id, "number": f"{day}-{setting.seat_code}-W{tx.next_number(day + 'w'):03d}",
             "centre": centres.own, "centre_name": centres.name(centres.own)}
    return [NewEvent(stream(whistle_id), row.event, body, tx.now_ms)]


def _named(units: Json, setting: Setting) -> list[Json]:
    out: list[Json] = []
    for unit in dict.fromkeys(str(u) for u in units) if isinstance(units, list) else ():
        name = setting.unit_name(unit)
        if name is None:
            raise Refused(Message("There is no force {unit}.", {"unit": unit[:60]}))
        out.append({"unit": unit, "name": name})
    return out


def _place(command: BlowWhistle, tx: Transaction, setting: Setting) -> dict[str, Json]:
    """The incident it is about and the area it lies in."""
    book, who = setting.book, setting.operator
    out: dict[str, Json] = {}
    area = command.area_id or who.area_id
    path = area_prefix(who, book)
    if command.incident_id:
        state = tx.incident(command.incident_id)
        if state is None:
            raise Refused(Message("There is no incident {id} on this seat.", {"id": command.incident_id[:40]}))
        out = {"incident": state.id, "incident_number": state.number}
        area, path = command.area_id or state.area, state.area_path or path
    if area is not None:
        found = book.areas.get(area)
        if found is None:
            raise Refused(Message("There is no area {area}.", {"area": area[:60]}))
        path = found.path
    if not path.startswith(area_prefix(who, book)):
        raise Refused(Message("This area lies outside your own."))
    return {**out, "area": area, "area_path": path}


def _clocks(setting: Setting, level: int, at: int) -> dict[str, Json]:
    """The limits in force for reporting in and for the result."""
    return {"report_clock": phase_clock(setting, "whistle_report", "*", level, at),
            "result_clock": phase_clock(setting, "whistle_result", "*", level, at)}


def _act(command: WhistleAct, tx: Transaction, setting: Setting) -> list[NewEvent]:
    row, who = _row(command.verb), setting.operator
    state = tx.whistle(command.whistle_id)
    if state is None or not may_see(who, setting.book, state):
        raise Refused(Message("There is no whistle {id} on this seat.", {"id": command.whistle_id[:40]}))
    reason = why_not(row, state, who)
    if reason is not None:
        raise Refused(reason)
    params = dict(command.params)
    if row.on == "call" and not params.get("unit"):
        params["unit"] = _own_call(row, state, who)
    body = read_needs(row.needs, params, setting.book)
    behalf = ""
    if row.verb == "call_more":
        if state.call(str(body["unit"])) is not None:
            raise Refused(Message("{unit} was called already.", {"unit": setting.unit_name(str(body["unit"])) or ""}))
        body["units"] = _named([body.pop("unit")], setting)
        body |= _clocks(setting, state.level, tx.now_ms)
    elif row.on == "call":
        call = state.call(str(body["unit"]))
        if call is None:
            raise Refused(Message("{unit} was not called.", {"unit": str(body["unit"])[:60]}))
        reason = _call_why_not(row, call, who)
        if reason is not None:
            raise Refused(reason)
        body["unit_name"] = call.name
        if row.verb == "rate":
            body |= score(call, str(body["satisfaction"]), setting.book)
        elif who.unit_id != call.unit:
            behalf = call.unit
    return [NewEvent(stream(state.id), row.event, body, tx.now_ms, on_behalf_of=behalf)]


def _own_call(row: Transition, state: WhistleState, who: Operator) -> str | None:
    """The call meant when none is named: the operator's own, else the only one that the step fits."""
    if who.unit_id and state.call(who.unit_id) is not None:
        return who.unit_id
    fitting = [c.unit for c in state.calls if _call_why_not(row, c, who) is None]
    return fitting[0] if len(fitting) == 1 else None


def why_not(row: Transition, state: WhistleState, operator: Operator) -> Message | None:
    """Why the operator may not do `row` upon the whistle now; of steps of a call: upon none of its calls."""
    if not operator.roles & row.roles:
        return Message("Your role may not do this.")
    if state.phase not in row.sources:
        return Message("Not possible any more: {phase}.", {"phase": Message(f"whistle.{state.phase}")})
    if row.on == "call":
        reasons = [_call_why_not(row, c, operator) for c in state.calls]
        if None not in reasons:
            return reasons[0]
    return None


_TOO_EARLY = {CALLED: 0, REPORTED_IN: 1, DONE: 2, SCORED: 3}


def _call_why_not(row: Transition, call: Call, operator: Operator) -> Message | None:
    if row.verb in ("report_in", "answer") and not operator.roles & DESK_ROLES and operator.unit_id != call.unit:
        return Message("Another department was called, not yours.")
    if row.verb == "rate" and operator.unit_id == call.unit:
        return Message("No department rates itself.")
    if call.state != row.guard:
        if _TOO_EARLY[call.state] > _TOO_EARLY[row.guard]:
            return Message("This step was already taken.")
        return Message("{unit} has not reported in yet.", {"unit": call.name}) if call.state == CALLED else Message(
            "{unit} has given no result yet.", {"unit": call.name})
    return None


def score(call: Call, satisfaction: str, book: Book) -> dict[str, Json]:
    """Points of 100 by the list whistle_score in force: on time there, on time with the result, and the rating."""
    earned = {
        "arrival": call.reported_at > 0 and (call.report_due is None or call.reported_at <= call.report_due),
        "result": call.answered_at > 0 and (call.result_due is None or call.answered_at <= call.result_due),
        satisfaction: True,
    }
    points: dict[str, Json] = {}
    total = 0
    for name, on in earned.items():
        entry = book.code("whistle_score", name)
        value = entry.extra.get("points") if entry is not None else None
        if not isinstance(value, int):
            return {}
        points[name] = value if on else 0
        total += value if on else 0
    return {"points": points, "score": total}


def view(state: WhistleState, operator: Operator, book: Book, names: Callable[[str], str],
         because: tuple[Message, ...]) -> WhistleView:
    """What a screen shows of a whistle."""
    of_call = [t for t in WHISTLE if t.on == "call" and operator.roles & t.roles and state.phase in t.sources]
    return WhistleView(
        state.id, state.number, state.phase, state.matter, state.level, state.incident, state.incident_number,
        state.area, state.centre_name or book.area_label(state.area, 2), names(state.by), state.blown_at / 1000,
        tuple(
            CallView(
                c.unit, c.name, c.state, c.called_at / 1000, _s(c.report_due), _s(c.result_due), _s(c.reported_at),
                _s(c.answered_at), c.who, c.result, c.satisfaction, c.score,
                tuple(t.verb for t in of_call if _call_why_not(t, c, operator) is None),
            )
            for c in state.calls
        ),
        tuple(t.verb for t in WHISTLE if "" not in t.sources and why_not(t, state, operator) is None),
        because,
    )


def because(state: WhistleState, book: Book, zone_time: Callable[[int], str]) -> tuple[Message, ...]:
    """Until when departments are to report in and to answer, and why."""
    out = []
    for clock, said in (
        (state.report_clock, Message("report in by {due} because {rule}: {amount}, {calendar}")),
        (state.result_clock, Message("result by {due} because {rule}: {amount}, {calendar}")),
    ):
        if isinstance(clock.get("due"), int):
            out.append(clock_because(said, book, clock, zone_time))
    return tuple(out)


def counts(states: Iterable[WhistleState], now_ms: int, period_ms: int) -> WhistleCounts:
    """The numbers out of the whistles an operator sees."""
    opened = to_report = to_answer = late = 0
    scores: list[float] = []
    for state in states:
        if state.phase not in ENDED:
            opened += 1
            for call in state.calls:
                to_report += call.state == CALLED
                to_answer += call.state == REPORTED_IN
                due = {CALLED: call.report_due, REPORTED_IN: call.result_due}.get(call.state)
                late += due is not None and due < now_ms
        if state.blown_at >= period_ms:
            scores += [c.score for c in state.calls if c.score is not None]
    return WhistleCounts(opened, to_report, to_answer, late, len(scores),
                         round(sum(scores) / len(scores), 1) if scores else None)


def _s(ms: int | None) -> float | None:
    return ms / 1000 if ms else None
