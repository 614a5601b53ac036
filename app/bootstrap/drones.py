"""`main.py drone run LINK --unit ID`: a drone's position, height, battery and link into the seat."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, note, say
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.domain.process import Role
from app.intake.drone_link import DroneLink
from app.intake.mavlink import MavlinkReader
from app.intake.mavlink_source import MavlinkSource, open_source
from app.services.commands import Command, DroneStates, ReportPositions
from app.services.drone_watch import is_low, limits_of
from app.services.local_seat import LocalSeat
from app.services.views import DroneState, UnitRow
from app.text import mark

COUNTS = ("messages", "bad", "heartbeats", "positions", "written", "lost", "others")


def drone(args: argparse.Namespace) -> int:
    """`main.py drone run LINK --unit ID`."""
    folder = args.data or seats.default_folder()
    seat = seats.open_seat(folder, args.operator, screen="intake", role=Role.INTAKE)
    counts: dict[str, int] = dict.fromkeys(COUNTS, 0)
    try:
        unit = unit_named(seat, args.unit)
        source = open_source(args.link, speed=args.speed)
        note(say(mark("{unit}: waiting for {link} (Ctrl+C ends)"), unit=text.plain(unit.name), link=args.link))
        try:
            run(seat, source, DroneLink(unit.id, args.system, limits_of(seat.book)), counts, note, seconds=args.seconds)
        except KeyboardInterrupt:
            pass
        finally:
            source.close()
    finally:
        seat.close()
    emit(args, {"unit": unit.id, **counts}, say(mark(
        "{messages} messages, {bad} broken; {heartbeats} heartbeats, {positions} positions, {written} written; link "
        "lost {lost} times"), **counts))
    return 0 if counts["heartbeats"] else 1


def unit_named(seat: LocalSeat, name: str) -> UnitRow:
    """The force of kind drone with this id or name. Raises `KnownFault` that names those there are."""
    drones = [u for u in seat.units() if u.kind == "drone"]
    found = [u for u in drones if name in (u.id, u.name, u.id.partition(":")[2])]
    if len(found) != 1:
        there = ", ".join(text.plain(f"{u.id} ({u.name})") for u in drones[:20])
        raise KnownFault(Message("There is no drone {name}; forces of kind drone: {there}", {
            "name": text.plain(name)[:60], "there": there or "–"}))
    return found[0]


def run(seat: LocalSeat, source: MavlinkSource, link: DroneLink, counts: dict[str, int], tell: Callable[[str], None], *,
        seconds: float | None = None) -> None:
    """Read until the source ends (or for `seconds`), write what is due, say once when the link is lost or back and when
    the battery is low."""
    clock, reader = SystemClock(), MavlinkReader(whole=source.whole)
    end = None if seconds is None else clock.monotonic() + seconds
    was = ""
    low = down = False
    while end is None or clock.monotonic() < end:
        data = source.read()
        if (source.trouble is not None) != down:
            down = not down
            tell(text.render(source.trouble) if source.trouble is not None else say(mark("reached again")))
        now, epoch = clock.monotonic(), seat.clock.now().timestamp()
        for reading in reader.feed(data or b""):
            link.hear(reading, now, epoch)
        link.tick(now)
        state = link.state(now)
        _write(seat, link, state, now, epoch, counts)
        if link.link != was:
            counts["lost"] += link.link == "lost"
            tell(say(mark("link lost") if link.link == "lost" else mark("link stands")))
            was = link.link
        if state is not None and is_low(state, link.limits) != low:
            low = not low
            if low:
                tell(say(mark("battery low: {percent} % (limit {limit} %)"), percent=state.battery,
                         limit=link.limits.battery_low))
            else:
                tell(say(mark("battery fine again, or on the ground")))
        counts.update(messages=reader.messages, bad=reader.bad, heartbeats=link.heartbeats, positions=link.fixes,
                      others=link.others)
        if data is None:
            return


def _write(seat: LocalSeat, link: DroneLink, state: DroneState | None, now: float, epoch: float,
           counts: dict[str, int]) -> None:
    commands: list[Command] = []
    position = link.position(now, epoch)
    if position is not None:
        commands.append(ReportPositions((position,), fine=True))
        counts["written"] += 1
    if state is not None:
        commands.append(DroneStates((state,)))
    if commands:
        _, faults = seat.do_all(commands)
        for fault in faults:
            if fault is not None:
                raise fault
