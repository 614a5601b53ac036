"""Duty of a centre: who leads the running shift, and who has signed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.events import NewEvent
from app.domain.faults import Message, Refused
from app.domain.handover_process import POSTS
from app.ports import Transaction
from app.services.book import Book
from app.services.commands import SignDuty
from app.services.duty_views import DutyPerson, DutyView, Handover
from app.services.operator import Operator
from app.services.packs import limit_of

STREAM, SIGNED, HANDED_OVER = "duty/shift", "duty.signed", "duty.handed_over"
"""`HANDED_OVER`: told by one side, by programs from before hand-overs were signed by both"""
SIGN_SCOPE = "duty_sign"
"""scope of the rule in the list "limit": a sign-in counts for a shift that begins at most so much later"""
EARLY_MS = 3_600_000
"""for lists from before that rule"""
SUPERVISORS = ("supervisor", "shift_supervisor")
_RANK = {role: at for at, role in enumerate(("duty_leader", *SUPERVISORS, "dispatcher", "verifier"))}


def post_of(operator: Operator) -> str | None:
    """The post an operator signs in for and hands over; None when the roster has no place for them."""
    return next((str(role) for role in POSTS if role in operator.roles), None)


def view(people: Sequence[DutyPerson], last: Handover | None, waiting: Sequence[Handover] = ()) -> DutyView | None:
    """The running shift; None when nobody is planned, nobody has signed in and no hand-over waits. Whose hand-over is
    not signed stays in their post, whatever the roster says meanwhile."""
    people = _with_waiting(people, waiting)
    if not people:
        return None
    ordered = sorted(people, key=lambda p: not p.waits)
    first = {p.role: p for p in reversed(ordered)}
    leader = first.get("duty_leader")
    supervisor = next((first[role] for role in SUPERVISORS if role in first), None)
    planned = [p for p in people if p.planned]
    by_post = (p for role in (*SUPERVISORS, "duty_leader") for p in planned if p.role == role)
    shown = next(by_post, (planned or people)[0])
    return DutyView(
        shown.shift,
        leader.name if leader else "",
        supervisor.name if supervisor else "",
        sum(p.present for p in planned or people),
        len(planned),
        shown.until,
        leader.present if leader else False,
        supervisor.present if supervisor else False,
        tuple(sorted(people, key=lambda p: (not p.planned, _RANK.get(p.role, len(_RANK)), p.role, p.name))),
        last,
        tuple(waiting),
    )


def _with_waiting(people: Iterable[DutyPerson], waiting: Iterable[Handover]) -> list[DutyPerson]:
    known = {(p.role, p.name): p for p in people}
    for one in waiting:
        key = (one.role, one.name)
        known[key] = replace(known.get(key) or DutyPerson(one.role, one.name, False, True, one.at), waits=True)
    return list(known.values())


def early_ms(book: Book) -> int:
    """How long before a shift a sign-in counts for it already, in ms, by the limits in force."""
    limit = limit_of(book, SIGN_SCOPE, "", 0)
    return round(limit.minutes * 60_000) if limit is not None and limit.minutes is not None else EARLY_MS


def decide(command: SignDuty, tx: Transaction) -> list[NewEvent]:
    """The events of signing in or out. Raises `Refused` for who leaves while their hand-over is not signed yet."""
    if not command.present and any((h.role, h.name) == (command.role, command.name) for h in tx.open_handovers()):
        raise Refused(Message("Your hand-over is not signed yet: you stay responsible until it is. Withdraw it to sign "
                              "out without one."))
    return [NewEvent(STREAM, SIGNED, {"role": command.role, "name": command.name, "present": command.present},
                     tx.now_ms)]
