"""What a seat knows of its telephone calls: who rings, who is to be called back, and the number for who calls back."""
from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from app.domain.events import NewEvent
from app.domain.faults import KnownFault, Message, Refused
from app.ports import Transaction
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import CallEvent, Command, ReportIncident, SelfHandle
from app.services.packs import limit_of
from app.services.permissions import PERSONAL_ROLES
from app.services.seat_levels import SeatLevels
from app.services.views import CallRow, Draft

CALLS = frozenset({"rang", "answered", "ended", "missed", "call_back", "called_back", "number_shown"})
ANSWER_SCOPE = "call_answer"
"""scope of the rule in the list "limit": after so many minutes of ringing a call is missed"""


class SeatCalls(SeatLevels):
    """A part of `LocalSeat`."""

    def do(self, command: Command) -> Changes:
        """Do one command."""
        raise NotImplementedError

    def calls(self) -> list[CallRow]:
        """Calls that ring, talk or wait to be called back. One that rang longer than the rule in force allows was
        missed and is to be called back; so is one that the exchange reports as missed."""
        allowed_s, now = ring_s(self.book), self.clock.now().timestamp()
        return [standing(row, allowed_s, now) for row in self._store.reads.calls()]

    def drafts(self) -> list[Draft]:
        """This operator's half-taken incidents."""
        return self._store.reads.drafts(self.operator.id)

    def call_number(self, call_id: str) -> str:
        """A caller's number, for who calls back; "" when it was withheld or erased. That it was shown, to whom and when
        is an event. Raises `Refused` for a role that may see no caller's number, `KnownFault` for an unknown call."""
        if not self.operator.roles & PERSONAL_ROLES:
            raise Refused(Message("Your role may not see a caller's number."))
        phone = self._store.reads.call_phone(call_id)
        if phone is None:
            raise KnownFault(Message("There is no call {id} on this seat.", {"id": call_id[:40]}))
        if phone:
            self.do(CallEvent(call_id, "number_shown"))
        return phone


def ring_s(book: Book) -> float | None:
    """How long a call may ring, in seconds; None where the lists in force have no rule for it."""
    limit = limit_of(book, ANSWER_SCOPE, "", 0)
    return limit.minutes * 60 if limit is not None and limit.minutes is not None else None


def standing(row: CallRow, allowed_s: float | None, now: float) -> CallRow:
    """A call as it stands at `now` (epoch s): what rang too long, or is told as missed, is to be called back."""
    if row.state == "missed":
        return dataclasses.replace(row, state="to_call_back", missed=True)
    if row.state != "ringing" or allowed_s is None:
        return row
    until = row.since + allowed_s
    if now < until:
        return dataclasses.replace(row, missed_at=until)
    return dataclasses.replace(row, state="to_call_back", since=until, missed=True)


def decide(command: CallEvent, tx: Transaction) -> Sequence[NewEvent]:
    """What a call's change is in the log. Raises `Refused` for an unknown one."""
    if command.what not in CALLS:
        raise Refused(Message("There is no act named {verb}.", {"verb": command.what}))
    person = tx.put_person("caller", {"phone": command.phone[:40]}) if command.phone else None
    return [NewEvent(f"call/{command.call_id}", f"call.{command.what}",
                     {"person": person, "incident": command.incident_id}, tx.now_ms)]


def with_call(command: ReportIncident | SelfHandle, incident_id: str, events: list[NewEvent], tx: Transaction
              ) -> list[NewEvent]:
    """And what becomes of the call that it came by: it is over, unless somebody noted that it is to be called back."""
    call = command.call_id
    if not call:
        return events
    kind = "call.call_back" if tx.call_state(call) == "to_call_back" else "call.ended"
    return [*events, NewEvent(f"call/{call}", kind, {"incident": incident_id}, tx.now_ms)]
