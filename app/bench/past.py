"""A past of any length for measurements: incidents worked on to their end, as the seats of a district make them."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.events import Event, Json, canonical, content_hash, uuid7

_STEPS: tuple[tuple[str, dict[str, Json]], ...] = (
    ("incident.reported", {"kind": "0102", "channel": "hotline", "level": 3, "lon": 117.05, "lat": 30.52,
                           "description": "路灯不亮，影响夜间通行，请尽快处理"}),
    ("incident.registered", {"clock": {"calendar": "continuous", "rule": "limit"}}),
    ("incident.assigned", {"unit_name": "U", "lead": True}),
    ("incident.acknowledged", {}),
    ("incident.noted", {"note": "已联系现场人员，预计二十分钟内到达"}),
    ("incident.departed", {}),
    ("incident.arrived", {}),
    ("incident.fed_back", {"result": "已更换灯具，恢复照明"}),
    ("incident.verified", {"passed": True}),
    ("incident.closed", {"result": "done"}),
)
STEPS = len(_STEPS)
SEATS, OPEN_AT_ONCE, UNITS = 4, 50, 997
START_MS = 1_750_000_000_000


def past(count: int, district: str, centre: str, *, areas: int = 49) -> Iterator[tuple[Event, str, str]]:
    """(event, canonical text, hash) of `count` events in the hub's order: always `OPEN_AT_ONCE` incidents in hand, the
    work of `SEATS` seats interleaved, each with its chain whole."""
    heads = ["0" * 64] * SEATS
    numbers = [0] * SEATS
    keys = [""] * OPEN_AT_ONCE
    last = [""] * OPEN_AT_ONCE
    for n in range(count):
        round_, slot = divmod(n, OPEN_AT_ONCE)
        step = round_ % STEPS
        seat, at = slot % SEATS, START_MS + n * 700
        kind, body = _STEPS[step]
        whole: dict[str, Json] = dict(body)
        if step == 0:
            keys[slot] = uuid7(at)
            incident = n // STEPS
            whole |= {"id": keys[slot], "number": f"{incident:010d}", "place": f"人民路{incident % 700}号", "area":
                      f"g{incident % areas}", "area_path": f"d/s{incident % 9}/g{incident % areas}/"}
        elif 2 <= step <= 7:
            whole["unit"] = f"u{(n // (STEPS * OPEN_AT_ONCE) * OPEN_AT_ONCE + slot) % UNITS}"
        seen = (last[slot],) if step else ()
        numbers[seat] += 1
        event = Event(uuid7(at), f"incident/{keys[slot]}", kind, district, centre, f"seat-{seat}", numbers[seat],
                      heads[seat], "desk", f"operator{seat}", at, "drill", whole, seen=seen)
        text = canonical(event)
        heads[seat] = content_hash(text)
        last[slot] = event.id
        yield event, text, heads[seat]
