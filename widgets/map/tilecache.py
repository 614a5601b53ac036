"""Which tiles the map holds, which it wants next, and what to show where one is missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QImage

from widgets.map.mercator import MAX_ZOOM, MIN_ZOOM, Viewport, pixels_per_unit
from widgets.map.slots import MAX_SLOTS, TILE_PX, SharedBlock, SlotLedger

TileKey = tuple[int, int, int]
Box = tuple[float, float, float, float]
MIN_LEVEL, MAX_LEVEL = int(MIN_ZOOM * 2), int(MAX_ZOOM * 2)
FALLBACK_LEVELS = (-1, 1, -2, -3, 2, -4, -5, 3, -6, -7, -8)
LENT = 12
SPARE = 12


@dataclass
class Entry:
    slot: int
    generation: int
    image: QImage
    used: int


def level_of(zoom: float) -> int:
    return min(MAX_LEVEL, max(MIN_LEVEL, round(zoom * 2.0)))


def slots_for(width: int, height: int) -> int:
    """Slots for what is seen, a ring, and the neighbouring levels of a view of this size (device pixels)."""
    across, down = math.ceil(width / TILE_PX) + 1, math.ceil(height / TILE_PX) + 1
    return min(MAX_SLOTS, round(across * down * 2.8) + LENT + SPARE + 12)


class TileCache:
    """Tiles by key, the least recently drawn dropped first; pinned coarse levels stay."""

    def __init__(self, block: SharedBlock, ledger: SlotLedger) -> None:
        self.block = block
        self.ledger = ledger
        self.entries: dict[TileKey, Entry] = {}
        self.pinned: set[TileKey] = set()
        self.generation = 0
        self.dropped = 0
        self._clock = 0

    def tick(self) -> None:
        self._clock += 1

    def get(self, key: TileKey) -> Entry | None:
        entry = self.entries.get(key)
        if entry is not None:
            entry.used = self._clock
        return entry

    def put(self, key: TileKey, generation: int, slot: int) -> bool:
        """Take a painted slot. False when a newer tile of the same key is already held (the slot is freed)."""
        self.ledger.accept(slot)
        old = self.entries.get(key)
        if old is not None:
            if old.generation > generation:
                self.ledger.release(slot)
                return False
            self.ledger.release(old.slot)
        self.entries[key] = Entry(slot, generation, self.block.image(slot), self._clock)
        return True

    def fresh(self, key: TileKey) -> bool:
        entry = self.entries.get(key)
        return entry is not None and entry.generation == self.generation

    def drop(self, key: TileKey) -> None:
        self.ledger.release(self.entries.pop(key).slot)

    def clear(self) -> None:
        for key in list(self.entries):
            self.drop(key)
        self.pinned.clear()

    def make_room(self, need: int, keep: set[TileKey]) -> None:
        """Free slots until ``need`` are free, the longest unused first; ``keep`` and pinned tiles stay."""
        missing = need - self.ledger.free()
        if missing <= 0:
            return
        candidates = sorted(
            (entry.used, key) for key, entry in self.entries.items() if key not in keep and key not in self.pinned
        )
        for _, key in candidates[:missing]:
            self.drop(key)
            self.dropped += 1

    def renew(self, generation: int, touched: Iterable[Box] | None, dpr: float, margin_px: float) -> None:
        """A new generation. With ``touched`` (world boxes) only tiles that meet one become stale."""
        before, self.generation = self.generation, generation
        if touched is None:
            return
        boxes = list(touched)
        for key, entry in self.entries.items():
            if entry.generation == before and not any(_meets(tile_box(key, dpr, margin_px), box) for box in boxes):
                entry.generation = generation

    def cover(self, key: TileKey, dpr: float) -> tuple[list[TileKey], bool]:
        """Tiles of other levels to show in place of a missing one; whether they cover it wholly: those of the nearest
        level that does (each pixel is drawn once), else of all levels together, the coarsest first."""
        found: list[TileKey] = []
        box = tile_box(key, dpr, 0.0)
        for step in FALLBACK_LEVELS:
            level = key[0] + step
            if not MIN_LEVEL <= level <= MAX_LEVEL:
                continue
            keys = keys_in(box, level, dpr)
            held = [k for k in keys if k in self.entries]
            found += held
            if len(held) == len(keys):
                return held, True
        found.reverse()
        return found, False


def tile_box(key: TileKey, dpr: float, margin_px: float) -> Box:
    """World box of a tile, widened by ``margin_px``."""
    ppu = pixels_per_unit(key[0] / 2.0, dpr)
    return (
        (key[1] * TILE_PX - margin_px) / ppu,
        (key[2] * TILE_PX - margin_px) / ppu,
        ((key[1] + 1) * TILE_PX + margin_px) / ppu,
        ((key[2] + 1) * TILE_PX + margin_px) / ppu,
    )


def _meets(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]


def keys_in(box: Box, level: int, dpr: float) -> list[TileKey]:
    """Keys of a level that a world box meets."""
    per_tile = pixels_per_unit(level / 2.0, dpr) / TILE_PX
    inset = 1e-6
    return [
        (level, x, y)
        for y in range(math.floor(box[1] * per_tile + inset), math.floor(box[3] * per_tile - inset) + 1)
        for x in range(math.floor(box[0] * per_tile + inset), math.floor(box[2] * per_tile - inset) + 1)
    ]


def wishes(
    view: Viewport, pan: tuple[float, float], have: Callable[[TileKey], bool], room: int, pinned: Iterable[TileKey]
) -> list[TileKey]:
    """What to paint next, best first: the pinned overview, what is seen from the centre out, a ring in the direction of
    the pan, the neighbouring levels. At most ``room`` keys, so that wishes never push each other out of the cache."""
    level = level_of(view.zoom)
    box = view.bounds()
    seen = keys_in(box, level, view.dpr)
    ahead = (pan[0] * TILE_PX / view.ppu, pan[1] * TILE_PX / view.ppu)
    margin = TILE_PX / view.ppu
    ring_box = (
        box[0] - margin + min(0.0, ahead[0]),
        box[1] - margin + min(0.0, ahead[1]),
        box[2] + margin + max(0.0, ahead[0]),
        box[3] + margin + max(0.0, ahead[1]),
    )
    inner = set(seen)
    ring = [key for key in keys_in(ring_box, level, view.dpr) if key not in inner]
    ordered = _centre_out(seen, view, (0.0, 0.0)) + [k for k in pinned if k not in inner] + _centre_out(ring, view, pan)
    for other in (level - 1, level + 1):
        if MIN_LEVEL <= other <= MAX_LEVEL:
            ordered += _centre_out(keys_in(box, other, view.dpr), view, pan)
    kept: dict[TileKey, None] = dict.fromkeys(ordered[: max(room, len(seen))])
    return [key for key in kept if not have(key)]


def _centre_out(keys: list[TileKey], view: Viewport, pan: tuple[float, float]) -> list[TileKey]:
    def distance(key: TileKey) -> float:
        per_tile = pixels_per_unit(key[0] / 2.0, view.dpr) / TILE_PX
        dx, dy = key[1] + 0.5 - view.cx * per_tile, key[2] + 0.5 - view.cy * per_tile
        return math.hypot(dx, dy) - 0.8 * (dx * pan[0] + dy * pan[1])

    return sorted(keys, key=distance)
