"""A folder of fetched tiles: so that a background stays when the network goes."""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_DAY_S: Final = 86_400.0
_PRUNE_EVERY: Final = 500
_PRUNE_TO: Final = 0.8


@dataclass(frozen=True, slots=True)
class Cached:
    """A tile from the folder: its bytes (empty: the source has no such tile) and its age."""

    data: bytes
    age_days: float


class TileCache:
    """Tiles under ``folder/z/x/y.tile``, written whole or not at all, bounded in size (the oldest go first)."""

    def __init__(self, folder: Path, limit_mb: float) -> None:
        self._folder = folder
        self._limit = int(limit_mb * 2**20)
        self._writes = 0
        self._lock = threading.Lock()

    def _path(self, z: int, x: int, y: int) -> Path:
        return self._folder / str(z) / str(x) / f"{y}.tile"

    def get(self, z: int, x: int, y: int, now_s: float) -> Cached | None:
        """Return a kept tile, None if there is none (or it cannot be read)."""
        path = self._path(z, x, y)
        try:
            data = path.read_bytes()
            age = max(now_s - path.stat().st_mtime, 0.0) / _DAY_S
        except OSError:
            return None
        return Cached(data, age)

    def put(self, z: int, x: int, y: int, data: bytes, now_s: float) -> None:
        """Keep a tile; a full or read-only disk only means that it is not kept."""
        path = self._path(z, x, y)
        part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            os.utime(part, (now_s, now_s))
            part.replace(path)
        with self._lock:
            self._writes += 1
            due = self._writes % _PRUNE_EVERY == 1
        if due:
            self.prune()

    def prune(self) -> int:
        """Remove the oldest tiles beyond the limit; return how many went."""
        kept: list[tuple[float, int, Path]] = []
        for path in self._folder.rglob("*.tile"):
            with contextlib.suppress(OSError):
                info = path.stat()
                kept.append((info.st_mtime, info.st_size, path))
        size = sum(item[1] for item in kept)
        gone = 0
        if size <= self._limit:
            return 0
        for _, length, path in sorted(kept):
            if size <= self._limit * _PRUNE_TO:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                size -= length
                gone += 1
        return gone
