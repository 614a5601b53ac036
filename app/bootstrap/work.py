"""Use cases of the command line: look, act, verify."""

from __future__ import annotations

import argparse
import dataclasses
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app import text
from app.bootstrap import seats, syncing, verbs
from app.bootstrap.output import emit, say
from app.bootstrap.photos import photo_of
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.domain.incident_process import INCIDENT
from app.domain.process import Role
from app.services.commands import Act, Command, ReportIncident, SelfHandle
from app.services.lamp import lamp, time_left_text
from app.services.needs import NeedRefused, UnknownCode
from app.services.operator import Operator
from app.services.queue_order import COUNTED, sort_rows, tabs_of
from app.services.views import QueueRow, Ratio
from app.text import mark
from data.store import audit as auditing
from data.store import ordered, people
from data.store import rebuild as rebuilding
from data.store.seat_store import SqliteSeatStore
from data.store.store import Store


@contextmanager
def seat_of(args: argparse.Namespace, role: Role | None = None) -> Iterator[seats.OpenSeat]:
    """The seat that the arguments name; closed again."""
    seat = seats.open_seat(args.data or seats.default_folder(), args.operator, screen="cli", role=role)
    try:
        yield seat
    finally:
        seat.close()


def _ratio(ratio: Ratio) -> dict[str, object]:
    return {"numerator": ratio.numerator, "denominator": ratio.denominator, "value": ratio.value}


def status(args: argparse.Namespace) -> int:
    """`main.py status`."""
    with seat_of(args) as seat:
        s = seat.status()
        book = seat.book
        result = {
            "as_of": s.as_of,
            "centre": seat.centre_name,
            "nature": s.nature,
            "events": s.seq,
            "by_phase": dict(s.by_phase),
            "by_level": {str(k): v for k, v in s.by_level.items()},
            "open": s.tabs["all"],
            "overdue": s.tabs["overdue"],
            "tabs": dict(s.tabs),
            "unacknowledged": s.unacknowledged,
            "urgent": s.urgent,
            "today": s.today,
            "yesterday_same_time": s.yesterday_same_time,
            "by_channel": {c.channel: {"today": c.count, "last_at": c.last_at} for c in s.channels},
            "hourly": list(s.hourly),
            "by_area": [
                {
                    "id": a.area_id,
                    "code": book.areas[a.area_id].code,
                    "name": book.areas[a.area_id].name,
                    "level": book.areas[a.area_id].level,
                    "open": a.open,
                    "overdue": a.overdue,
                    "on_time": _ratio(a.on_time),
                }
                for a in s.areas
            ],
            "on_time": _ratio(s.verdict_on_time),
            "handled_on_time": _ratio(s.handled_on_time),
            "closed_on_time": _ratio(s.closed_on_time),
            "closing": _ratio(s.closing),
            "satisfied": _ratio(s.satisfied),
            "period": s.period,
            "period_start": s.period_start,
            "units": dict(s.units),
            "cameras": dict(s.cameras),
            "components": s.components,
            "sync": {**dataclasses.asdict(s.sync), "why": text.render(s.sync.why) if s.sync.why else None},
            "centres": [dataclasses.asdict(c) for c in s.centres],
            "whistles": dataclasses.asdict(s.whistles),
        }
        lines = [
            f"{text.plain(seat.centre_name)} · {say(_NATURES[s.nature])}",
            " · ".join(f"{book.label('phase', p, text.language().lang)} {n}" for p, n in s.by_phase.items() if n),
        ]
        lines.append(
            say(
                mark("open {open}, overdue {overdue}, today {today}"),
                open=s.tabs["all"],
                overdue=s.tabs["overdue"],
                today=s.today,
            )
        )
        lines.append(
            say(mark("on time {good} of {all}"), good=s.verdict_on_time.numerator, all=s.verdict_on_time.denominator)
        )
        if s.whistles.open:
            lines.append(
                say(
                    mark("whistles {open} open, {to_report} departments to report in, {late} late"),
                    open=s.whistles.open,
                    to_report=s.whistles.to_report,
                    late=s.whistles.late,
                )
            )
        emit(args, result, "\n".join(lines))
    return 0


_NATURES = {"live": mark("live"), "demo": mark("demo"), "drill": mark("drill")}


def _names(names: object) -> str:
    return ", ".join(map(str, names)) if isinstance(names, list) else ""


def _line(seat: seats.OpenSeat, row: QueueRow) -> str:
    lang, now = text.language().lang, seat.clock.now().timestamp()
    return "  ".join(
        (
            text.plain(row.number),
            ("I", "II", "III", "IV")[row.level - 1],
            text.plain(seat.book.phase_label(row.phase, row.kind, lang)),
            text.render(time_left_text(row, now)),
            text.plain(seat.book.label("kind", row.kind, lang)),
            text.plain(row.place),
            text.plain(seat.book.area_label(row.area_id)) or say(mark("in no grid")),
            text.plain(row.handler),
        )
    )


def queue(args: argparse.Namespace) -> int:
    """`main.py queue`."""
    if args.tab not in COUNTED:
        raise KnownFault(Message("There is no tab {tab}: {tabs}", {"tab": args.tab, "tabs": ", ".join(COUNTED)}))
    with seat_of(args) as seat:
        now = seat.clock.now().timestamp()
        rows = [r for r in sort_rows(seat.queue()) if args.tab in tabs_of(r, now)][: max(args.limit, 0)]
        emit(
            args,
            {"tab": args.tab, "incidents": [{**r._asdict(), "lamp": lamp(r, now)} for r in rows]},
            "\n".join(_line(seat, r) for r in rows) or say(mark("Nothing here.")),
        )
    return 0


COUNTED_HITS = 999
"""incidents that are counted when several fit; beyond it is said that there are more"""
_NAMED_HITS = 5


def find_incident(seat: seats.OpenSeat, words: str) -> str:
    """The id of the incident that a number or its end means. Raises `KnownFault` when none or several fit: with how
    many, and the first few."""
    hits = [h for h in seat.find(words, 2) if h.kind == "incident"]
    exact = [h for h in hits if words in (h.id, h.label)]
    if not hits:
        raise KnownFault(Message("There is no incident {id} on this seat.", {"id": words[:40]}))
    if len(exact or hits) == 1:
        return (exact or hits)[0].id
    hits = [h for h in seat.find(words, COUNTED_HITS + 1)
            if h.kind == "incident" and (not exact or words in (h.id, h.label))]
    names = [f"{h.id if exact else h.label} ({text.plain(h.detail)})" for h in hits[:_NAMED_HITS]]
    told = {"count": min(len(hits), COUNTED_HITS), "text": words[:60],
            "some": ", ".join(names) + (" …" if len(hits) > _NAMED_HITS else "")}
    if exact:
        raise KnownFault(Message("{count} incidents bear the number {text}: give the id. {some}", told))
    if len(hits) > COUNTED_HITS:
        raise KnownFault(Message("More than {count} incidents match {text}: give the whole number. {some}", told))
    raise KnownFault(Message("{count} incidents match {text}: give the whole number. {some}", told))


def show(args: argparse.Namespace) -> int:
    """`main.py show NUMBER`."""
    with seat_of(args) as seat:
        view = seat.incident(find_incident(seat, args.incident))
        lines = [_line(seat, view.row), text.plain(view.description), *(text.render(m) for m in view.due_because)]
        lines += [
            f"  {seat.local_time(e.at)}  {text.render(e.what)}  {text.plain(e.actor)}  {text.plain(e.text)}"
            for e in view.timeline
        ]
        lines += [verbs.line_of(a.verb, a.key, a.label, INCIDENT.get(a.verb)) for a in view.actions if a.enabled]
        result = {
            **view.row._asdict(),
            "description": view.description,
            "due_because": [text.render(m) for m in view.due_because],
            "timeline": [
                {
                    "at": e.at,
                    "kind": e.kind,
                    "what": text.render(e.what),
                    "actor": e.actor,
                    "screen": e.screen,
                    "text": e.text,
                    "superseded": e.superseded,
                    "refused": text.render(e.refused) if e.refused else None,
                }
                for e in view.timeline
            ],
            "actions": [a.verb for a in view.actions if a.enabled],
            "assignments": [dataclasses.asdict(a) for a in view.assignments],
            "passes": [dataclasses.asdict(p) for p in view.passes],
            "verdict": view.verdict,
            "returns": view.returns,
            "reworks": view.reworks,
        }
        emit(args, result, "\n".join(line for line in lines if line))
    return 0


def report_incident(args: argparse.Namespace) -> int:
    """`main.py report-incident`."""
    with seat_of(args, Role.DISPATCHER) as seat:
        photos = tuple(photo_of(seat, word) for word in args.photo)
        command: Command = ReportIncident(
            args.kind, args.channel, args.place, args.level, args.description, args.at[0], args.at[1],
            photos=photos, accept=args.accept,
        )
        if args.self_handled is not None:
            if args.channel != "patrol" or args.level is not None or args.description or args.accept:
                raise KnownFault(Message("What was handled on the spot takes --kind, --place, --at, --photo and --unit "
                                         "only."))
            command = SelfHandle(args.kind, args.place, args.self_handled, args.at[0], args.at[1], photos=photos,
                                 unit_id=args.unit)
        try:
            changed = seat.do(command)
        except UnknownCode as wrong:
            raise verbs.told_where(wrong) from wrong
        rows = seat.queue(changed.incidents, ended=True)
        if rows:
            emit(args, rows[0]._asdict(), _line(seat, rows[0]))
        else:
            emit(args, {"ids": sorted(changed.incidents), "seen": False},
                 say(mark("Taken in; it lies outside the area that this operator sees.")))
    return 0


def act(args: argparse.Namespace) -> int:
    """`main.py act NUMBER VERB name=value ...`."""
    row = INCIDENT.get(args.verb)
    if row is None:
        raise KnownFault(
            Message(
                "There is no act named {verb}. Known: {verbs}",
                {"verb": args.verb[:40], "verbs": ", ".join(t.verb for t in INCIDENT if t.roles)},
            )
        )
    with seat_of(args) as seat:
        incident = find_incident(seat, args.incident)
        given = verbs.read(args.params)
        for need in row.needs:
            if need.type == "incident" and given.get(need.name):
                given[need.name] = find_incident(seat, given[need.name])
        try:
            seat.do(Act(incident, args.verb, verbs.resolved(seat, row, given)))
        except NeedRefused as wrong:
            raise verbs.told_how(row, wrong) from wrong
        rows = seat.queue([incident], ended=True)
        if rows:
            emit(args, rows[0]._asdict(), _line(seat, rows[0]))
        else:  # it was passed on, given back or moved: out of sight, and done all the same
            emit(args, {"id": incident, "seen": False}, say(mark("Done; this operator sees the incident no longer.")))
    return 0


def operator(args: argparse.Namespace) -> int:
    """`main.py operator list|add`."""
    with seats.opened(args.data or seats.default_folder()) as store:
        if args.action == "add":
            if not args.name or not args.role:
                raise KnownFault(Message("operator add NAME --role ROLE [--role ROLE] [--area AREA]"))
            _demand_admin(store, args)
            unknown = [r for r in args.role if r not in {x.value for x in Role}]
            if unknown:
                raise KnownFault(
                    Message(
                        "There is no role {role}. Known: {roles}",
                        {"role": unknown[0][:40], "roles": ", ".join(r.value for r in Role)},
                    )
                )
            one = Operator(args.name, args.display or args.name, frozenset(Role(r) for r in args.role),
                           *_place_of(store, args.area, args.unit))
            people.put_operator(store, one, seats.hash_password(_password(args)))
        found = [
            {
                "id": o.id,
                "name": o.name,
                "roles": sorted(r.value for r in o.roles),
                "area": o.area_id,
                "unit": o.unit_id,
                "password": bool(secret),
            }
            for o, secret in people.operators(store)
        ]
        emit(
            args,
            {"operators": found},
            "\n".join(f"{text.plain(str(o['id']))}  {text.plain(str(o['name']))}  {_names(o['roles'])}" for o in found)
            or say(mark("No operators yet: the store is open to whoever uses this machine.")),
        )
    return 0


def _place_of(store: Store, area: str | None, unit: str | None) -> tuple[str | None, str | None]:
    """The ids of an operator's area (by id or code) and force. Raises `KnownFault` for what the lists do not know."""
    reads = SqliteSeatStore(store, "cli", "cli").reads
    if area is not None:
        found = [a.id for a in reads.book().areas.values() if area in (a.id, a.code)]
        if len(found) != 1:
            raise KnownFault(Message("There is no area {area} in the lists.", {"area": area[:60]}))
        area = found[0]
    if unit is not None and not reads.units([unit]):
        raise KnownFault(Message("There is no force {unit} in the lists.", {"unit": unit[:60]}))
    return area, unit


def _demand_admin(store: Store, args: argparse.Namespace) -> None:
    """Only a security administrator adds operators; the first one added must be one, or nobody could add the next."""
    known = people.operators(store)
    if not known:
        if Role.SECURITY_ADMIN.value not in args.role:
            raise KnownFault(Message("The first operator must be the one who adds the others: "
                                     "operator add NAME --role security_admin"))
        return
    who = seats.sign_in(store, args.operator, Role.SECURITY_ADMIN, None)
    if Role.SECURITY_ADMIN not in who.roles:
        raise KnownFault(Message("Only a security administrator adds or changes operators."))
    if not args.change and any(o.id == args.name for o, _ in known):
        raise KnownFault(Message("There is an operator {operator} already; --change changes them.",
                                 {"operator": args.name[:60]}))


def _password(args: argparse.Namespace) -> str:
    if args.password_file is not None:
        password = args.password_file.read_text(encoding="utf-8").strip()
    else:
        password = os.environ.get("LIANDONG_PASSWORD") or (getpass.getpass() if sys.stdin.isatty() else "")
    if len(password) < 8:
        raise KnownFault(
            Message(
                "A password needs at least 8 characters; give it by --password-file, LIANDONG_PASSWORD "
                "or at the prompt."
            )
        )
    return str(password)


def person(args: argparse.Namespace) -> int:
    """`main.py person erase ID` and `erase-older DAYS`."""
    with seats.opened(args.data or seats.default_folder()) as store:
        who = seats.sign_in(store, args.operator, Role.SECURITY_ADMIN, None)
        known = people.operators(store)
        if known and Role.SECURITY_ADMIN not in who.roles:
            raise KnownFault(Message("Only a security administrator erases personal data."))
        if args.action == "erase":
            people.erase(store, args.value, actor=who.id, reason=args.reason)
            count, files = 1, 0
        else:
            if not (args.value.isascii() and args.value.isdigit() and len(args.value) < 6):
                raise KnownFault(Message("{value}: expected a number of days", {"value": args.value[:40]}))
            days = int(args.value)
            count = people.erase_older_than(store, days, actor=who.id)
            # the machine's clock: files bear its times, also in a drill
            files = people.remove_rejected(store.folder, SystemClock().now().timestamp() - days * 86_400)
        emit(args, {"erased": count, "files_removed": files},
             say(mark("{count} personal records erased, {files} files of refused rows removed."), count=count,
                 files=files))
    return 0


def audit(args: argparse.Namespace) -> int:
    """`main.py audit verify`: exit 1 when anything is wrong."""
    with seats.opened(args.data or seats.default_folder()) as store:
        result = auditing.verify(store)
        hub = dict(zip(("seq", "chain"), ordered.reached(store.read), strict=True)) if "hub" in store.meta else None
        found = list(result.faults)
        if hub is not None:
            hub["bodies"] = store.read.exec_driver_sql("SELECT count(*) FROM event WHERE hub_seq > 0").scalar_one()
        if args.with_hub:
            found += syncing.against_hub(store.folder, store)
        faults = [text.render(f) for f in found]
        emit(
            args,
            {
                "verified": result.verified,
                "head": list(result.head),
                "ok": not faults,
                "faults": faults,
                "remembered": list(result.remembered) if result.remembered else None,
                "hub": hub,
            },
            "\n".join(
                [
                    say(
                        mark("{count} events verified; the chain's head is {no} {hash}"),
                        count=result.verified,
                        no=result.head[0],
                        hash=result.head[1][:16],
                    ),
                    *([say(mark("the hub's order is held and verified up to {seq}, with {bodies} bodies of this "
                                "seat's area"),
                           seq=hub["seq"], bodies=hub["bodies"])] if hub is not None else []),
                    *faults,
                ]
            ),
        )
        return 1 if faults else 0


def rebuild(args: argparse.Namespace) -> int:
    """`main.py rebuild`: fold the whole log anew; exit 1 when the projections had differed."""
    with seats.opened(args.data or seats.default_folder()) as store:
        before = rebuilding.dump(store.read)
        events = rebuilding.rebuild(store)
        same = before == rebuilding.dump(store.read)
        emit(
            args,
            {"events": events, "equal": same},
            say(mark("{count} events folded; the projections were equal."), count=events)
            if same
            else say(mark("{count} events folded; the projections had differed and are mended."), count=events),
        )
        return 0 if same else 1
