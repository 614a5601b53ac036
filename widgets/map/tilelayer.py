"""The static part of the picture: joins cache and tile process, draws what is there, asks for what is missing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QRegion

from widgets.map.mercator import Viewport, pixels_per_unit
from widgets.map.slots import TILE_PX, SharedBlock, SlotLedger
from widgets.map.tilecache import (
    LENT,
    SPARE,
    Box,
    TileCache,
    TileKey,
    keys_in,
    level_of,
    slots_for,
    tile_box,
    wishes,
)
from widgets.map.tileprocess import TileProcess, stop_with

ASK_EVERY_MS = 16
TOUCH_MARGIN_PX = 64.0
PINNED_TILES = 6


class TileLayer(QObject):
    """``changed`` says that a tile of the present view arrived (its world box); ``state_changed`` that the process came
    or went. ``draw`` never waits."""

    changed = Signal(object)
    state_changed = Signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.block = SharedBlock()
        self.cache = TileCache(self.block, SlotLedger(64))
        self.process = TileProcess(self.block)
        self.background = QColor()
        self.missing = 0
        self.stale = 0
        self._view: Viewport | None = None
        self._pan = (0.0, 0.0)
        self._target: Viewport | None = None
        self._bad: set[tuple[TileKey, int]] = set()
        self._overview: tuple[Box, float] | None = None
        self._keep: set[TileKey] = set()
        self._ask = QTimer(self, singleShot=True, interval=ASK_EVERY_MS)
        self._ask.timeout.connect(self._on_ask)
        self.process.tile.connect(self._on_tile)
        self.process.failed.connect(self._on_failed)
        self.process.raster_arrived.connect(self._on_raster)
        self.process.started.connect(self._on_started)
        self.process.lost.connect(self._on_lost)
        stop_with(owner, self.process)

    def start(self) -> None:
        self.process.start()

    def send(self, kind: str, body: dict[str, Any], touched: Iterable[Box] | None = None) -> None:
        """Change the scene. With ``touched`` only the tiles that meet these world boxes are painted again."""
        generation = self.cache.generation + 1
        dpr = self._view.dpr if self._view is not None else 1.0
        self.cache.renew(generation, touched, dpr, TOUCH_MARGIN_PX * dpr)
        self._bad.clear()
        self.process.send_scene(kind, body, generation)
        self.ask()

    def forget(self) -> None:
        """Drop every tile (the device pixel ratio changed: no cached pixel fits any more)."""
        self.cache.clear()
        self._overview = None

    def look_at(self, view: Viewport, pan: tuple[float, float] = (0.0, 0.0), target: Viewport | None = None) -> None:
        """Where the map looks, how it moves (unit vector), and where a running zoom will end."""
        if self._view is None or (view.width, view.height) != (self._view.width, self._view.height):
            self.cache.ledger.resize(slots_for(view.width, view.height))
        self._view, self._pan, self._target = view, pan, target
        self.ask()

    def pin(self, bounds: Box) -> None:
        """Keep a coarse level of this world box, so that there is always something to show."""
        self._overview = (bounds, 0.0)
        self.ask()

    def ask(self) -> None:
        if not self._ask.isActive():
            self._ask.start()

    def settled(self) -> bool:
        """Everything seen is there and fresh."""
        view = self._view
        if view is None:
            return False
        return all(
            self.cache.fresh(key) or (key, self.cache.generation) in self._bad
            for key in keys_in(view.bounds(), level_of(view.zoom), view.dpr)
        )

    def draw(self, painter: QPainter, view: Viewport, clip: QRect) -> None:
        """Draw the tiles of the view in device pixels; the nearest level stands in for a missing one."""
        cache = self.cache
        cache.tick()
        self.missing = self.stale = 0
        level = self._level_to_draw(view)
        exact = level / 2.0 == view.zoom
        box = view.bounds()
        for key in keys_in(box, level, view.dpr):
            target = self._target_rect(key, view)
            if not target.intersects(clip):
                continue
            entry = cache.get(key)
            if entry is None:
                self.missing += 1
                self._draw_cover(painter, view, key, target)
                continue
            if entry.generation != cache.generation:
                self.stale += 1
            if exact:
                painter.drawImage(target.topLeft(), entry.image)
            else:
                painter.drawImage(target, entry.image)

    def _level_to_draw(self, view: Viewport) -> int:
        """The nearest level; while a zoom runs, one near it that is complete is better than a patchwork: the picture is
        of one piece, and each pixel is drawn once."""
        level = level_of(view.zoom)
        if level / 2.0 != view.zoom:
            box = view.bounds()
            entries = self.cache.entries
            for near in (level, level - 1, level + 1, level - 2, level - 3, level - 4):
                if all(key in entries for key in keys_in(box, near, view.dpr)):
                    return near
        return level

    def _target_rect(self, key: TileKey, view: Viewport) -> QRect:
        size = TILE_PX * view.ppu / pixels_per_unit(key[0] / 2.0, view.dpr)
        left, top = math.floor(key[1] * size - view.left + 0.5), math.floor(key[2] * size - view.top + 0.5)
        right, bottom = (
            math.floor((key[1] + 1) * size - view.left + 0.5),
            math.floor((key[2] + 1) * size - view.top + 0.5),
        )
        return QRect(left, top, right - left, bottom - top)

    def _draw_cover(self, painter: QPainter, view: Viewport, key: TileKey, target: QRect) -> None:
        covers, whole = self.cache.cover(key, view.dpr)
        if not whole:
            painter.fillRect(target, self.background)
        if not covers:
            return
        painter.save()
        mode = Qt.ClipOperation.IntersectClip if painter.hasClipping() else Qt.ClipOperation.ReplaceClip
        painter.setClipRegion(QRegion(target), mode)
        for other in covers:
            entry = self.cache.get(other)
            if entry is not None:
                painter.drawImage(self._target_rect(other, view), entry.image)
        painter.restore()

    @Slot()
    def _on_ask(self) -> None:
        view = self._target or self._view
        if view is None or not self.process.alive:
            return
        self._pin_overview(view)
        cache = self.cache
        seen = set(keys_in(view.bounds(), level_of(view.zoom), view.dpr))
        room = cache.ledger.count - LENT - SPARE - len(cache.pinned)
        keys = wishes(view, self._pan, self._held, room, cache.pinned)
        self._keep = seen
        self._lend()
        self.process.wish(keys)

    def _pin_overview(self, view: Viewport) -> None:
        if self._overview is None or self._overview[1] == view.dpr:
            return
        box = self._overview[0]
        level = level_of(20.0)
        while level > 14 and len(keys_in(box, level, view.dpr)) > PINNED_TILES:
            level -= 1
        self.cache.pinned = set(keys_in(box, level, view.dpr))
        self._overview = (box, view.dpr)

    def _held(self, key: TileKey) -> bool:
        return self.cache.fresh(key) or (key, self.cache.generation) in self._bad

    def _lend(self) -> None:
        """Keep the process supplied with LENT free slots."""
        cache = self.cache
        need = LENT - cache.ledger.lent
        if need <= 0:
            return
        cache.make_room(need, self._keep)
        slots = [slot for slot in (cache.ledger.lend() for _ in range(need)) if slot is not None]
        self.process.lend(slots)

    @Slot(object, int, int)
    def _on_tile(self, key: TileKey, generation: int, slot: int) -> None:
        taken = self.cache.put(key, generation, slot)
        self._lend()
        view = self._view
        if view is None or not taken:
            return
        if key[0] == level_of(view.zoom) or self.missing:
            box = tile_box(key, view.dpr, 0.0)
            seen = view.bounds()
            if box[0] <= seen[2] and box[2] >= seen[0] and box[1] <= seen[3] and box[3] >= seen[1]:
                self.changed.emit(box)
        if self.settled():
            self.process.answered()

    @Slot(object, int, str)
    def _on_failed(self, key: TileKey, generation: int, why: str) -> None:
        self._bad.add((key, generation))

    @Slot(object)
    def _on_raster(self, addresses: list[tuple[int, int, int]]) -> None:
        """Raster tiles arrived from the network: what shows them is painted again."""
        boxes = [(x / 2.0**z, y / 2.0**z, (x + 1) / 2.0**z, (y + 1) / 2.0**z) for z, x, y in addresses]
        dpr = self._view.dpr if self._view is not None else 1.0
        for key, entry in self.cache.entries.items():
            a = tile_box(key, dpr, 0.0)
            if any(a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1] for b in boxes):
                entry.generation = min(entry.generation, self.cache.generation - 1)
        self.ask()

    @Slot()
    def _on_started(self) -> None:
        self.ask()
        self.state_changed.emit()

    @Slot()
    def _on_lost(self) -> None:
        self.cache.ledger.recall()
        self.state_changed.emit()
