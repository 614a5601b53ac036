"""Command line of whistles, and of acts that another one overtook or the hub refused."""

from __future__ import annotations

import argparse
import dataclasses

from app import text
from app.bootstrap import seats, verbs
from app.bootstrap.output import emit, say
from app.bootstrap.work import find_incident, seat_of
from app.domain.faults import KnownFault, Message
from app.services.commands import AnswerConflict
from app.services.conflicting import command_of
from app.services.views import Conflict, WhistleView
from app.services.whistle_commands import BlowWhistle, WhistleAct
from app.text import mark


def whistle(args: argparse.Namespace) -> int:
    """`main.py whistle list|blow|call_more|report_in|answer|rate|withdraw`."""
    with seat_of(args) as seat:
        if args.action == "blow":
            incident = find_incident(seat, args.incident) if args.incident else None
            units = tuple(_unit(seat, u) for u in args.unit)
            changed = seat.do(BlowWhistle(args.matter, units, args.level, incident))
            found = [w for w in seat.whistles() if w.id in changed.whistles]
        elif args.action == "list":
            found = seat.whistles()
        else:
            one = _whistle(seat, args.number or "")
            params: dict[str, object] = {"unit": _unit(seat, args.unit[0])} if args.unit else {}
            for name, value in verbs.read(args.params).items():
                params[name] = _unit(seat, value) if name == "unit" else value
            seat.do(WhistleAct(one.id, args.action, params))
            found = [w for w in seat.whistles() if w.id == one.id]
        emit(args, {"whistles": [_plain(w) for w in found]},
             "\n".join(_lines(w) for w in found) or say(mark("Nothing here.")))
    return 0


def _unit(seat: seats.OpenSeat, words: str) -> str:
    """A department by id or name; whatever else is left for the use case to refuse."""
    return next((u.id for u in seat.departments() if words in (u.id, u.name)), words)


def _whistle(seat: seats.OpenSeat, number: str) -> WhistleView:
    fitting = [w for w in seat.whistles() if w.number.endswith(number)]
    if not number:
        raise KnownFault(Message("Name the whistle by its number or the end of it. main.py whistle list shows "
                                 "them all."))
    if not fitting:
        raise KnownFault(Message("There is no whistle whose number ends in {number}. main.py whistle list shows them "
                                 "all.", {"number": number[:40]}))
    if len(fitting) > 1:
        raise KnownFault(Message("{count} whistles have a number that ends in {number}: give more of it.",
                                 {"count": len(fitting), "number": number[:40]}))
    return fitting[0]


def _plain(one: WhistleView) -> dict[str, object]:
    return {**dataclasses.asdict(one), "due_because": [text.render(m) for m in one.due_because]}


def _lines(one: WhistleView) -> str:
    level = ("I", "II", "III", "IV")[one.level - 1]
    head = "  ".join((text.plain(one.number), level, text.render(Message(f"whistle.{one.phase}")),
                      text.plain(one.matter)))
    calls = (
        "    " + "  ".join(
            (
                text.plain(c.name),
                text.render(Message(f"whistle_call.{c.state}")),
                f"{c.score:g}" if c.score is not None else "",
                ", ".join(c.verbs),
            )
        ).rstrip()
        for c in one.calls
    )
    return "\n".join((head, *calls))


def conflicts(args: argparse.Namespace) -> int:
    """`main.py conflicts list`, `take-over NUMBER`, `keep NUMBER`."""
    with seat_of(args) as seat:
        found = seat.conflicts()
        if args.action != "list":
            # what was refused without a number is named by the line that the list shows
            fitting = [c for c in found if args.number and (c.number or "-").endswith(args.number)]
            if not fitting:
                raise KnownFault(Message("None of your acts upon {number} waits for an answer.",
                                         {"number": (args.number or "")[:40]}))
            one = fitting[0]
            if args.action == "take-over" and not one.verb:
                raise KnownFault(one.advice or Message("Enter it again."))
            if args.action == "take-over":
                seat.do(command_of(one))
            seat.do(AnswerConflict(one.event_id))
            found = seat.conflicts()
        emit(args, {"conflicts": [_told(c) for c in found]},
             "\n".join(_words(c) for c in found) or say(mark("Nothing here.")))
    return 0


def _told(one: Conflict) -> dict[str, object]:
    stands = one.stands
    return {"incident": one.incident_id, "number": one.number, "level": one.level, "verb": one.verb,
            "params": dict(one.params), "mine": text.render(one.mine.what), "at": one.mine.at,
            "stands": text.render(stands.what) if stands else None, "by": stands.actor if stands else None,
            "centre": one.stands_centre, "stands_at": stands.at if stands else None, "on": one.other_incident,
            "why_not": text.render(one.why_not) if one.why_not else None,
            "refused": text.render(one.refused) if one.refused else None,
            "advice": text.render(one.advice) if one.advice else None}


def _words(one: Conflict) -> str:
    if one.refused is not None:
        return say(mark("{number}: refused by the hub: {mine}: {why}. {advice}"), number=one.number or "-",
                   mine=text.plain(text.render(one.mine.what)), why=text.render(one.refused),
                   advice=text.render(one.advice) if one.advice else "")
    stands = text.render(one.stands.what) if one.stands else say(mark("an act outside the area of this seat"))
    return say(mark("{number}: mine: {mine}; it stands: {stands} ({who}, {centre})"), number=one.number,
               mine=text.plain(text.render(one.mine.what)), stands=text.plain(stands),
               who=text.plain(one.stands.actor) if one.stands else "", centre=text.plain(one.stands_centre))
