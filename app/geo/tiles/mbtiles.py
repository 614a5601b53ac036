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
        if not path.is_file():
            raise KnownFault(Message("There is no file {file}", {"file": str(path)}))
        try:
            uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._fault(error) from None
        try:
            meta = self._metadata()
            self._check_format(meta)
            self.attribution = credit(attribution or meta.get("attribution", ""), approval)
            self.name = meta.get("name", path.stem)
            self.min_zoom, self.max_zoom = self._zooms(meta)
        except sqlite3.Error as error:
            self.close()
            raise self._fault(error) from None
        except KnownFault:
            self.close()
            raise

    def _fault(self, error: Exception) -> KnownFault:
        return KnownFault(
            Message("{file} is no MBTiles file that can be read ({reason})",
                    {"file": self._path.name, "reason": str(error)[:80]})
        )

    def _metadata(self) -> dict[str, str]:
        rows = self._database.execute("SELECT name, value FROM metadata").fetchall()
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
            low, high = self._database.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        return int(low or 0), int(high or 0)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return the picture of an XYZ address, None where there is none. Raises OSError if the file breaks."""
        row = (1 << z) - 1 - y  # MBTiles counts rows from the south
        try:
            with self._lock:
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
