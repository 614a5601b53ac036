"""Rules of joining seats: what counts as overtaken, how the hub's chain is linked, when to try again. Pure."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection
from dataclasses import dataclass

from app.domain.events import Event
from app.domain.faults import Message
from app.domain.incident import Fact, IncidentState, apply_in_place
from app.domain.incident_process import INCIDENT

OK, OVERTAKEN, REFUSED = "ok", "overtaken", "refused"
"""Verdicts of the hub's order; a refusal carries its reason: ``refused:REASON``."""
JOINING = frozenset(
    {
        "incident.noted",
        "incident.chased",
        "incident.told",
        "incident.supervised",
        "incident.raised",
        "incident.absorbed",
        "incident.placed",
        "incident.site_checked",
        "incident.extension_requested",
        "incident.acknowledged",
        "incident.departed",
        "incident.arrived",
        "incident.fed_back",
    }
)
"""Kinds that join whatever else happened: notes, photos, what a force itself reports. All other kinds decide."""
DECIDING = frozenset(t.event for t in INCIDENT) - JOINING
BOOKING = "incident.assigned"
FREEING = frozenset({"incident.recalled", "incident.returned"})
ENDING = frozenset({"incident.closed", "incident.force_closed", "incident.voided", "incident.merged"})
"""Kinds that end a unit's booking: its own, or all on the incident."""
LEANING = "incident.absorbed"
"""the other half of a merge, on the incident that took it in: falls with the merge that it names"""
GENESIS_CHAIN = "0" * 64


@dataclass(frozen=True, slots=True)
class Ordered:
    """A row of the hub's order. `content` None: refused, own, or outside what this seat may see."""

    seq: int
    event_id: str
    verdict: str
    hash: str
    chain: str
    place: int
    """how many-th event of its stream, from 1; 0 for a refused one"""
    content: str | None


def link(previous: str, seq: int, event_id: str, verdict: str, content_hash: str) -> str:
    """The chain value of an ordering row: sha256 over the previous value and the other columns."""
    return hashlib.sha256(f"{previous}|{seq}|{event_id}|{verdict}|{content_hash}".encode()).hexdigest()


_REASONS = {
    "unreadable": Message("it cannot be read"),
    "size": Message("it is larger than 1 MB"),
    "id": Message("its number is not one"),
    "seat": Message("it was made by another seat"),
    "centre": Message("it was made in another centre"),
    "district": Message("it was made in another district"),
    "nature": Message("it is neither live nor a drill"),
    "kind": Message("its kind is unknown"),
    "structure": Message("a part of it is missing"),
    "collision": Message("another act has its number"),
    "fork": Message("another copy of this seat's data has acted already"),
}


def refusal(verdict: str) -> Message | None:
    """Why the hub refused an event; None for one that it did not refuse."""
    word, _, reason = verdict.partition(":")
    return _REASONS.get(reason, Message("the hub gave no reason")) if word == REFUSED else None


_AGAIN = Message("Do it again. Refused once more: this program and the hub differ in version; tell who keeps the hub.")
_REGISTRATION = Message("Tell who keeps the hub: this seat is registered there otherwise. Then do it again.")
_ADVICE = {
    "size": Message("Do it again in smaller parts."),
    "seat": _REGISTRATION,
    "centre": _REGISTRATION,
    "district": _REGISTRATION,
    "collision": Message("Do it again: it gets a number of its own."),
    "fork": Message("Two programs work with copies of one folder. Close one and found it anew under a name of its own, "
                    "then do it again there."),
}


def advice(verdict: str) -> Message | None:
    """What the maker of a refused event can do; None for one that was not refused."""
    word, _, reason = verdict.partition(":")
    return _ADVICE.get(reason, _AGAIN) if word == REFUSED else None


def booked_unit(event: Event) -> str:
    """The unit that an event books; "" for all others."""
    unit = event.body.get("unit")
    return unit if event.kind == BOOKING and isinstance(unit, str) else ""


def frees(event: Event, unit: str) -> bool:
    """Whether an event ends a unit's earlier booking on the same incident."""
    return event.kind in ENDING or (event.kind in FREEING and event.body.get("unit") in (unit, None, ""))


def leans_on(event: Event) -> str:
    """The event whose other half this one is; "" for all others. Where that one does not stand, neither does this."""
    act = event.body.get("act")
    return act if event.kind == LEANING and isinstance(act, str) else ""


def overtaken(kind: str, seen: Collection[str], last_act: str, booking: str) -> bool:
    """Whether another act came first that the maker did not know: on the incident, or on the unit it books.

    `seen` names what the maker knew: last event, last deciding event, for an assignment the unit's last booking.
    `booking`: one that has not ended and whose incident the maker's seat may see, else "".
    An event from a time without a hub names one at most and is not judged.
    """
    if kind not in DECIDING or len(seen) < 2:
        return False
    if last_act and last_act not in seen:
        return True
    return kind == BOOKING and bool(booking) and booking not in seen


def fold(state: IncidentState, event: Event, verdict: str) -> None:
    """Fold an event as the hub judged it: one that was overtaken stays in the timeline and changes nothing else.
    The stream names the incident, whatever its body says."""
    state.id = state.id or event.stream.partition("/")[2]
    if verdict == OVERTAKEN:
        state.events += 1
        state.last_event = event.id
        state.last_at = max(state.last_at, event.occurred_at)
        if event.kind not in JOINING:
            state.superseded = [*state.superseded, event.id]
    else:
        apply_in_place(state, Fact(event.id, event.kind, event.occurred_at, event.actor, event.body, event.seat))


FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 15.0


def wait_s(failures: int, dice: random.Random) -> float:
    """How long to wait after so many failures in a row: doubling up to the longest, with jitter so that the seats of
    a district do not all come back at one instant."""
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(failures, 10)) * dice.uniform(0.5, 1.0))
