"""Command line of the duty: who has the shift, signing in and out, hand-overs that both sides sign."""

from __future__ import annotations

import argparse
import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, say
from app.bootstrap.work import seat_of
from app.domain.faults import KnownFault, Message
from app.domain.handover_process import HANDOVER
from app.services.commands import HandOver, HandoverAct, SignDuty
from app.services.duties import post_of
from app.services.duty_views import DutyPerson, Handover
from app.text import mark


def duty(args: argparse.Namespace) -> int:
    """`main.py duty show|sign-in|sign-out|list|write|read|rewrite|sign|object|withdraw`."""
    with seat_of(args) as seat:
        if args.action in ("show", "sign-in", "sign-out"):
            return _shift(args, seat)
        if args.action == "list":
            found = seat.handovers()
        elif args.action == "write":
            before = {h.id for h in seat.handovers()}
            seat.do(HandOver(args.text))
            found = [h for h in seat.handovers() if h.id not in before]
        else:
            one = _named(seat, args.number or "")
            if args.action != "read":
                seat.do(HandoverAct(one.id, args.action, _params(args), one.version))
            found = [h for h in seat.handovers() if (h.id, h.number) == (one.id, one.number)]
        whole = args.action != "list"
        emit(args, {"handovers": [_plain(h) for h in found]},
             "\n".join(_lines(h, seat, whole=whole) for h in found) or say(mark("Nothing here.")))
    return 0


def _params(args: argparse.Namespace) -> dict[str, object]:
    row = HANDOVER.get(args.action)
    if not args.text or row is None or not row.needs:
        return {}
    return {row.needs[0].name: args.text}


def _shift(args: argparse.Namespace, seat: seats.OpenSeat) -> int:
    if args.action != "show":
        post = post_of(seat.operator)
        if post is None:
            raise KnownFault(Message("Your role is on no roster: others sign in."))
        seat.do(SignDuty(post, seat.operator.name, args.action == "sign-in"))
    view = seat.duty()
    if view is None:
        emit(args, {"duty": None}, say(mark("Nobody is on the roster now, and nobody has signed in.")))
        return 0
    result = {"shift": view.shift, "leader": view.leader, "supervisor": view.supervisor, "present": view.present,
              "planned": view.planned, "until": view.until, "people": [dataclasses.asdict(p) for p in view.people],
              "waiting": [_plain(h) for h in view.waiting],
              "handover": _plain(view.handover) if view.handover else None}
    lines = [_person(p, seat) for p in view.people]
    lines += [_lines(h, seat, whole=False) for h in (*view.waiting, *([view.handover] if view.handover else []))]
    emit(args, {"duty": result}, "\n".join(lines))
    return 0


def _person(one: DutyPerson, seat: seats.OpenSeat) -> str:
    state = mark("waits to be relieved") if one.waits else mark("signed in") if one.present else mark("not signed in")
    return "  ".join((_role(one.role, seat), text.plain(one.name), say(state)))


def _named(seat: seats.OpenSeat, number: str) -> Handover:
    """The hand-over whose number is `number` or ends so. Raises `KnownFault` when there is not just one."""
    if not number:
        raise KnownFault(Message("Which hand-over? Add its number, or the end of it: main.py duty list shows "
                                 "them all."))
    fitting = [h for h in seat.handovers() if h.number and h.number.endswith(number)]
    if not fitting:
        raise KnownFault(Message("No hand-over has a number that ends in \"{number}\". main.py duty list shows them "
                                 "all.", {"number": number[:40]}))
    if len(fitting) > 1:
        raise KnownFault(Message("{count} hand-overs have a number that ends in \"{number}\". main.py duty list shows "
                                 "them all.", {"count": len(fitting), "number": number[:40]}))
    return fitting[0]


def _role(role: str, seat: seats.OpenSeat) -> str:
    return text.plain(seat.book.label("duty_role", role, text.language().lang))


def _plain(one: Handover) -> dict[str, object]:
    return {**dataclasses.asdict(one), "matters": dict(one.matters), "items": [i._asdict() for i in one.items],
            "why_unsigned": text.render(one.why_unsigned) if one.why_unsigned else None}


def _lines(one: Handover, seat: seats.OpenSeat, *, whole: bool) -> str:
    at = datetime.fromtimestamp(one.at, ZoneInfo(seat.timezone))
    state = text.render(Message(f"handover.{one.phase}"))
    head = "  ".join(p for p in (text.plain(one.number), f"{at:%Y-%m-%d %H:%M}", _role(one.role, seat),
                                 text.plain(one.name), state, text.plain(one.incoming)) if p)
    if not whole:
        return head
    items = (f"    {('I', 'II', 'III', 'IV')[i.level - 1]} {text.plain(i.number)} {text.plain(i.place)}"
             for i in one.items)
    reason = [say(mark("given back: {reason}"), reason=one.reason)] if one.reason else []
    return "\n".join((head, text.plain(one.note, lines=True), *reason, *items))
