"""Duty of a centre: who leads the running shift, who has signed in, and the hand-over of what is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.domain.events import Json, NewEvent
from app.domain.faults import Message, Refused
from app.services.book import Book
from app.services.commands import HandOver, SignDuty
from app.services.duty_views import DutyPerson, DutyView, Handover
from app.services.needs import MAX_LINES
from app.services.packs import limit_of

STREAM, SIGNED, HANDED_OVER = "duty/shift", "duty.signed", "duty.handed_over"
MATTERS = ("to_accept", "to_assign", "to_sign", "in_hand", "returned", "to_verify", "overdue", "supervised", "held",
           "all")
"""tabs of the queue whose counts are kept with a hand-over"""
SIGN_SCOPE = "duty_sign"
"""scope of the rule in the list "limit": a sign-in counts for a shift that begins at most so much later"""
EARLY_MS = 3_600_000
"""for lists from before that rule"""
SUPERVISORS = ("supervisor", "shift_supervisor")
_RANK = {role: at for at, role in enumerate(("duty_leader", *SUPERVISORS, "dispatcher", "verifier"))}


def view(people: Sequence[DutyPerson], handover: Handover | None) -> DutyView | None:
    """The running shift; None when nobody is planned and nobody has signed in."""
    if not people:
        return None
    first = {p.role: p for p in reversed(people)}
    leader = first.get("duty_leader")
    supervisor = next((first[role] for role in SUPERVISORS if role in first), None)
    shown = next((p for p in (supervisor, leader, *people) if p is not None and p.planned), people[0])
    planned = [p for p in people if p.planned]
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
        handover,
    )


def early_ms(book: Book) -> int:
    """How long before a shift a sign-in counts for it already, in ms, by the limits in force."""
    limit = limit_of(book, SIGN_SCOPE, "", 0)
    return round(limit.minutes * 60_000) if limit is not None and limit.minutes is not None else EARLY_MS


def decide(command: SignDuty | HandOver, at_ms: int, matters: Callable[[], Mapping[str, int]]) -> list[NewEvent]:
    """The events of signing in or out and of handing over. Raises `Refused` for a hand-over that says nothing."""
    who: dict[str, Json] = {"role": command.role, "name": command.name}
    if isinstance(command, SignDuty):
        return [NewEvent(STREAM, SIGNED, {**who, "present": command.present}, at_ms)]
    note = command.note.strip()
    if not note:
        raise Refused(Message("{what} is missing.", {"what": Message("What the next shift must know")}))
    if len(note) > MAX_LINES:
        raise Refused(Message("{what}: got {got}, expected {expected}", {
            "what": Message("What the next shift must know"), "got": Message("{n} characters", {"n": len(note)}),
            "expected": Message("at most {limit} characters", {"limit": MAX_LINES})}))
    counts = matters()
    kept: dict[str, Json] = {tab: counts.get(tab, 0) for tab in MATTERS}
    return [NewEvent(STREAM, HANDED_OVER, {**who, "note": note, "matters": kept}, at_ms),
            NewEvent(STREAM, SIGNED, {**who, "present": False}, at_ms)]
