"""The use cases of a shift's hand-over: written by the outgoing person, signed for or given back by the incoming one.

Commands → events, by the transition table of `app.domain.handover_process`; views out of folded states.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.events import Json, NewEvent, uuid7
from app.domain.faults import Message, Refused
from app.domain.handover import HandoverState
from app.domain.handover_process import HANDOVER, INCOMING, OWN, POSTS
from app.domain.limits import at_ms
from app.domain.process import Role, Transition
from app.ports import Transaction
from app.services.acts import Setting
from app.services.commands import HandOver, HandoverAct
from app.services.duties import post_of
from app.services.duty_views import Handover, HandoverStep
from app.services.needs import read_needs
from app.services.operator import Operator
from app.services.permissions import ARBITERS
from app.services.queue_order import is_open, is_overdue, sort_rows
from app.services.views import Flag, QueueRow

MATTERS = ("to_accept", "to_assign", "to_sign", "in_hand", "returned", "to_verify", "overdue", "supervised", "held",
           "all")
"""tabs of the queue whose counts are kept with a hand-over"""
MAX_ITEMS = 40
GRAVE = 2
"""incidents of such a level or graver are named by themselves"""


@dataclass(frozen=True, slots=True)
class Open:
    """What is open at one instant: counts by tab of the queue, rows of open incidents."""

    counts: Mapping[str, int]
    rows: tuple[QueueRow, ...]
    at: float


def stream(handover_id: str) -> str:
    """The stream of a hand-over."""
    return f"handover/{handover_id}"


def worth_naming(open_: Open) -> list[QueueRow]:
    """Incidents that the next shift must know of, in the queue's order: grave, overdue, supervised, held, returned."""
    flags = Flag.SUPERVISED | Flag.HELD | Flag.RETURNED
    return sort_rows(r for r in open_.rows
                     if is_open(r) and (r.level <= GRAVE or r.flags & flags or is_overdue(r, open_.at)))[:MAX_ITEMS]


def decide(command: HandOver | HandoverAct, tx: Transaction, setting: Setting,
           open_now: Callable[[], Open]) -> list[NewEvent]:
    """The events of a command. Raises `Refused` with the reason; then nothing was made."""
    if isinstance(command, HandOver):
        return _write(command, tx, setting, open_now)
    return _act(command, tx, setting, open_now)


def _write(command: HandOver, tx: Transaction, setting: Setting, open_now: Callable[[], Open]) -> list[NewEvent]:
    row, who, post = _row("write"), setting.operator, post_of(setting.operator)
    if post is None:
        raise Refused(Message("Your role may not do this."))
    body = read_needs(row.needs, {"note": command.note}, setting.book)
    if any((h.role, h.name) == (post, who.name) for h in tx.open_handovers()):
        raise Refused(Message("Your last hand-over is not signed yet: change that one, or withdraw it."))
    handover_id = uuid7(tx.now_ms)
    day = at_ms(tx.now_ms).astimezone(ZoneInfo(setting.calendar.timezone)).strftime("%Y%m%d")
    body |= {"id": handover_id, "number": f"{day}-{setting.seat_code}-J{tx.next_number(day + 'j'):02d}",
             "role": post, "name": who.name, **_told(open_now(), command.items)}
    return [NewEvent(stream(handover_id), row.event, body, tx.now_ms)]


def _act(command: HandoverAct, tx: Transaction, setting: Setting, open_now: Callable[[], Open]) -> list[NewEvent]:
    row, who = _row(command.verb), setting.operator
    state = tx.handover(command.handover_id)
    if state is None or row.verb == "write":
        raise Refused(Message("There is no hand-over {id} on this seat.", {"id": command.handover_id[:40]}))
    reason = why_not(row, state, who)
    if reason is not None:
        raise Refused(reason)
    body = read_needs(row.needs, command.params, setting.book) | {"name": who.name}
    if row.guard == INCOMING:
        if command.version != state.version:
            raise Refused(Message("The text was changed since you read it: read it again."))
        body |= {"role": state.role, "version": state.version}
    elif row.verb == "rewrite":
        body |= _told(open_now(), command.items)
    return [NewEvent(stream(state.id), row.event, body, tx.now_ms)]


def _row(verb: str) -> Transition:
    row = HANDOVER.get(verb)
    if row is None:
        raise Refused(Message("There is no act named {verb}.", {"verb": verb[:40]}))
    return row


def _told(open_: Open, wanted: Collection[str] | None) -> dict[str, Json]:
    """Counts of the instant, and the incidents that are named, as they stand."""
    rows = worth_naming(open_)
    if wanted is not None:
        rows = sort_rows(r for r in open_.rows if r.id in frozenset(wanted) and is_open(r))[:MAX_ITEMS]
    items: list[Json] = [{"incident": r.id, "number": r.number, "kind": r.kind, "phase": r.phase, "place": r.place,
                          "level": r.level, "overdue": is_overdue(r, open_.at)} for r in rows]
    counts: dict[str, Json] = {tab: open_.counts.get(tab, 0) for tab in MATTERS}
    return {"matters": counts, "items": items}


def why_not(row: Transition, state: HandoverState, operator: Operator) -> Message | None:
    """Why the operator may not do `row` upon the hand-over now."""
    if not operator.roles & row.roles:
        return Message("Your role may not do this.")
    if state.phase not in row.sources:
        return Message("Not possible any more: {phase}.", {"phase": Message(f"handover.{state.phase}")})
    if row.guard == OWN and operator.name != state.name:
        return Message("Only {name} may do this: it is their hand-over.", {"name": state.name})
    if row.guard == INCOMING:
        if operator.name == state.name:
            return Message("Nobody signs for their own hand-over: the incoming person does.")
        if not _may_take(state.role, operator):
            return Message("Your role does not take over this post.")
    return None


def _may_take(post: str, operator: Operator) -> bool:
    """The post's own role, or a supervisor or duty leader of a higher one."""
    if post in operator.roles:
        return True
    ranks = {role: at for at, role in enumerate(POSTS)}
    mine = min((ranks[role] for role in operator.roles & ARBITERS), default=len(POSTS))
    return post in {str(role) for role in POSTS} and mine < ranks[Role(post)]


def view(state: HandoverState, operator: Operator, *, unsent: bool) -> Handover:
    """What a screen shows of a hand-over."""
    sign = _row("sign")
    return Handover(
        state.written_at / 1000,
        state.name,
        state.role,
        state.note,
        dict(state.matters),
        state.id,
        state.number,
        state.phase,
        tuple(state.items),
        state.version,
        state.reason,
        state.incoming,
        state.signed_at / 1000 if state.signed_at else None,
        tuple(HandoverStep(s.verb, s.at / 1000, s.name, s.text) for s in state.steps),
        tuple(t.verb for t in HANDOVER if t.guard and why_not(t, state, operator) is None),
        why_not(sign, state, operator) if state.open else None,
        unsent,
    )
