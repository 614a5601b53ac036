"""Which stream plays in which mode: the most important in full, the rest in key frames, the last as snapshots. Pure."""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.services.streams import KEYFRAME, LIVE, MODES, SNAPSHOT

SHARE: Final = 0.6
"""how much of the machine pictures may take"""
KEYFRAME_COSTS: Final = 0.16
"""of the full price (MEASURED.md: 25 tiles of key frames cost a seventh)"""
SNAPSHOT_COSTS: Final = 0.03
SLACK: Final = 1.15
"""a mode once given is kept until the load is so much above the budget"""
GUESS: Final = 0.03
"""CPU-seconds a stream-second of a stream that has not been measured"""
TINY_PX: Final = 160 * 90
"""a tile smaller than this shows key frames"""


PLACE_S: Final = 0.6
"""CPU-seconds a second that one decoding place carries before pictures have to wait for it"""
PLACE_SLACK_S: Final = 0.15


@dataclass(frozen=True, slots=True)
class Load:
    """One stream. `costs`: measured CPU-seconds per stream-second in LIVE, None before it was; `area`: pixels of its
    largest tile; `mode`: what it plays now; `pinned`: what a person told."""

    key: int
    area: int
    priority: int
    mode: str
    costs: float | None = None
    pinned: str | None = None
    shown: bool = True


def choose(loads: Sequence[Load], cores: int) -> dict[int, str]:
    """Mode of each stream. Pinned ones get what was told and are paid first; then priority, then area decides.

    What a stream has, or less, it gets up to the slack above the budget; more than it has, only within the budget: the
    least steps down first, and nothing swings.
    """
    left = cores * SHARE
    chosen: dict[int, str] = {}
    for load in loads:
        if load.pinned is not None:
            chosen[load.key] = load.pinned
            left -= _price(load, load.pinned)
    free = sorted((x for x in loads if x.pinned is None), key=lambda x: (not x.shown, -x.priority, -x.area, x.key))
    slack = cores * SHARE * (SLACK - 1)
    rest = {mode: sum(_price(x, mode) for x in free) for mode in (KEYFRAME, SNAPSHOT)}
    denied = {LIVE: math.inf, KEYFRAME: math.inf}  # what a more important one could not have, none as dear gets
    for load in free:
        for mode, price in rest.items():
            rest[mode] = price - _price(load, mode)
        tiny = not load.shown or load.area < TINY_PX
        # what is left over after this one must still give all others key frames, or snapshots at least
        for mode, others in ((LIVE, rest[KEYFRAME]), (KEYFRAME, rest[SNAPSHOT]), (SNAPSHOT, 0.0)):
            room = left - others + (slack if MODES.index(mode) >= MODES.index(load.mode) else 0.0)
            full = _price(load, LIVE)
            if mode != SNAPSHOT and (full >= denied[mode] or (tiny and mode == LIVE)):
                continue
            if mode == SNAPSHOT or _price(load, mode) <= room:
                chosen[load.key] = mode
                left -= _price(load, mode)
                break
            denied[mode] = full
    return chosen


def places(used: float, cores: int, now: int) -> int:
    """How many streams may decode at once, when all together take `used` CPU-seconds a second: as few as carry the
    load, so that a core stays free for the screen where that can be. One fewer only when it would clearly do."""
    least = 1 + int(used / PLACE_S)
    if least < now:
        least = max(least, 1 + int((used + PLACE_SLACK_S) / PLACE_S))
    return max(1, min(cores, least))


def _price(load: Load, mode: str) -> float:
    full = load.costs if load.costs is not None else GUESS
    return full * {LIVE: 1.0, KEYFRAME: KEYFRAME_COSTS}.get(mode, SNAPSHOT_COSTS)
