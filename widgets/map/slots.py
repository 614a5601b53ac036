"""Tile memory that both processes see: one block, cut into slots of one 512 px RGB32 tile each.

The block is sparse: a slot costs memory only once it has been painted. On Linux it has no name that could stay behind
after a crash; elsewhere it is a named mapping or a file that is removed at the end.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
import tempfile
from enum import IntEnum
from pathlib import Path

from PySide6.QtGui import QImage

TILE_PX = 512
TILE_BYTES = TILE_PX * TILE_PX * 4
MAX_SLOTS = 512


class SharedBlock:
    """``MAX_SLOTS`` tiles of shared memory; ``handle`` is what the other process opens it by."""

    def __init__(self, handle: str | None = None, slots: int = MAX_SLOTS) -> None:
        self.size = slots * TILE_BYTES
        self._file: Path | None = None
        self._fd = -1
        if sys.platform == "win32":
            self.handle = handle or f"liandong-map-{os.getpid()}-{id(self):x}"
            self.memory = mmap.mmap(-1, self.size, tagname=self.handle)
        elif handle is None:
            self._create()
        else:
            self.handle = handle
            self._fd = os.dup(int(handle[3:])) if handle.startswith("fd:") else os.open(handle, os.O_RDWR)
            self.memory = mmap.mmap(self._fd, self.size)

    def _create(self) -> None:
        if hasattr(os, "memfd_create"):
            self._fd = os.memfd_create("liandong-map", 0)
            self.handle = f"fd:{self._fd}"
        else:
            self._fd, name = tempfile.mkstemp(prefix="liandong-map-")
            self._file = Path(name)
            self.handle = name
        os.ftruncate(self._fd, self.size)
        self.memory = mmap.mmap(self._fd, self.size)

    def image(self, slot: int) -> QImage:
        """The slot as an image over the shared memory itself, not a copy."""
        start = slot * TILE_BYTES
        view = memoryview(self.memory)[start : start + TILE_BYTES]
        return QImage(view, TILE_PX, TILE_PX, TILE_PX * 4, QImage.Format.Format_RGB32)

    def give_back(self, slot: int) -> None:
        """Return a free slot's pages to the system (where the system can)."""
        advice = getattr(mmap, "MADV_REMOVE", None)
        if advice is not None:
            with contextlib.suppress(OSError):
                self.memory.madvise(advice, slot * TILE_BYTES, TILE_BYTES)

    def close(self) -> None:
        with contextlib.suppress(BufferError):  # images of the last frame may still look at it: freed with them
            self.memory.close()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.unlink()
            self._file = None


class Owner(IntEnum):
    FREE = 0
    LENT = 1
    CACHED = 2


class SlotFault(Exception):
    """A slot was handed over by someone who did not own it: shown pixels would be wrong, so this never passes
    silently."""


class SlotLedger:
    """Who owns each slot. A slot has exactly one owner, and each hand-over names the owner it leaves."""

    def __init__(self, count: int) -> None:
        self._owner = [Owner.FREE] * MAX_SLOTS
        self._count = 0
        self._free: list[int] = []
        self.lent = 0
        self.resize(count)

    @property
    def count(self) -> int:
        return self._count

    def owner(self, slot: int) -> Owner:
        return self._owner[slot]

    def number(self, owner: Owner) -> int:
        return sum(1 for slot in self._owner[: self._count] if slot is owner)

    def free(self) -> int:
        return len(self._free)

    def resize(self, count: int) -> None:
        """Only grows: a slot once in use stays in the ledger."""
        count = min(MAX_SLOTS, count)
        self._free.extend(range(self._count, count))
        self._count = max(self._count, count)

    def lend(self) -> int | None:
        """A free slot for the tile process, or None."""
        if not self._free:
            return None
        slot = self._free.pop()
        self._pass(slot, Owner.FREE, Owner.LENT)
        return slot

    def accept(self, slot: int) -> None:
        """The tile process hands a painted slot over."""
        self._pass(slot, Owner.LENT, Owner.CACHED)

    def release(self, slot: int) -> None:
        """The cache drops a tile."""
        self._pass(slot, Owner.CACHED, Owner.FREE)
        self._free.append(slot)

    def recall(self) -> None:
        """The tile process is gone: what it held is free."""
        for slot in range(self._count):
            if self._owner[slot] is Owner.LENT:
                self._owner[slot] = Owner.FREE
                self._free.append(slot)
        self.lent = 0

    def _pass(self, slot: int, giver: Owner, taker: Owner) -> None:
        if not 0 <= slot < self._count or self._owner[slot] is not giver:
            raise SlotFault(f"slot {slot} is not {giver.name.lower()}")
        self.lent += (taker is Owner.LENT) - (giver is Owner.LENT)
        self._owner[slot] = taker
