"""MBTiles (raster): an SQLite file with one picture per tile."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import Final

from app.domain.faults import KnownFault, Message

PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")
_VECTOR: Final = ("pbf", "mvt", "application/x-protobuf", "application/vnd.mapbox-vector-tile")
_RASTER: Final = ("png", "jpg", "jpeg", "webp", "gif", "png8", "image/png", "image/jpeg", "image/webp")


LONGEST_VALUE: Final = 32 * 1024 * 1024
"""bytes of a tile or a text; more is refused"""
STEPS, MOST_TURNS = 100_000, 200
"""how much work one query may cost (20 million steps, about a second)"""
DEEPEST: Final = 30


def _words(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _zoom(value: object) -> int:
    return min(DEEPEST, max(0, int(str(value or 0))))


def is_picture(data: bytes) -> bool:
    """Tell whether bytes begin like a PNG, JPEG, WebP or GIF."""
    return data.startswith(PICTURES)


def credit(attribution: str, approval: str) -> str:
    """Return the line to show on the map: whose it is, and its approval number (审图号)."""
    return " ".join(part for part in (attribution, approval) if part)


class MBTiles:
    """A raster MBTiles file, opened read-only. Raises KnownFault for vector tiles and for what is no MBTiles file."""

    def __init__(self, path: Path, attribution: str = "", approval: str = "") -> None:
        self._path = path
        self._lock = threading.Lock()
        self._turns = 0
        if path.is_dir():
            raise KnownFault(Message("{file} is a folder; name the file in it", {"file": str(path)}))
        if not path.is_file():
            raise KnownFault(Message("There is no file {file}", {"file": str(path)}))
        try:
            uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._database.text_factory = _words
            self._database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
            self._database.set_progress_handler(self._step, STEPS)
        except sqlite3.Error as error:
            raise self._fault(error) from None
        try:
            meta = self._metadata()
            self._check_format(meta)
            self.attribution = credit(attribution or meta.get("attribution", ""), approval)
            self.name = meta.get("name", path.stem)
            self.min_zoom, self.max_zoom = self._zooms(meta)
        except (sqlite3.Error, ValueError, OverflowError) as error:
            self.close()
            raise self._fault(error) from None
        except KnownFault:
            self.close()
            raise

    def _step(self) -> int:
        """SQLite asks after each `STEPS` of its machine; true ends a query that no honest file needs."""
        self._turns += 1
        return self._turns > MOST_TURNS

    def _fault(self, error: Exception) -> KnownFault:
        return KnownFault(
            Message("{file} is no MBTiles file that can be read ({reason})",
                    {"file": self._path.name, "reason": str(error)[:80]})
        )

    def _metadata(self) -> dict[str, str]:
        rows = self._database.execute("SELECT name, value FROM metadata LIMIT 1000").fetchall()
        return {str(name): str(value) for name, value in rows}

    def _check_format(self, meta: dict[str, str]) -> None:
        form = meta.get("format", "").lower()
        first = self._database.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
        data = bytes(first[0]) if first and isinstance(first[0], bytes) else b""
        if form in _VECTOR or data.startswith((b"\x1f\x8b", b"\x1a")):
            raise KnownFault(
                Message("{file} holds vector tiles; the map's background takes raster tiles (png, jpg, webp)."
                        " Bring vector data in as .osm.pbf or GeoJSON: import base", {"file": self._path.name})
            )
        if (form and form not in _RASTER) or not is_picture(data):
            raise KnownFault(
                Message("{file}: its tiles are of the format {format}, which is no picture (png, jpg, webp)",
                        {"file": self._path.name, "format": form or "?"})
            )

    def _zooms(self, meta: dict[str, str]) -> tuple[int, int]:
        try:
            low, high = int(meta["minzoom"]), int(meta["maxzoom"])
        except (KeyError, ValueError):
            low, high = (self._database.execute(f"SELECT {which}(zoom_level) FROM tiles").fetchone()[0]
                         for which in ("min", "max"))
        return _zoom(low), _zoom(high)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the picture of an XYZ address, None where there is none. Raises OSError if the file breaks."""
        row = (1 << z) - 1 - y  # MBTiles counts rows from the south
        try:
            with self._lock:
                self._turns = 0
                found = self._database.execute(
                    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?", (z, x, row)
                ).fetchone()
        except sqlite3.Error as error:
            raise OSError(str(error)) from error
        return bytes(found[0]) if found and isinstance(found[0], bytes) and is_picture(found[0]) else None

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(sqlite3.Error):
            self._database.close()
