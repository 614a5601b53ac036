"""Raster tile sources of a map's background, each made from a plain description that can be sent to another process.

    {"kind": "mbtiles", "path": "base.mbtiles", "attribution": "..."}
    {"kind": "xyz", "url": "https://host/{z}/{x}/{y}.png", "attribution": "...", "cache": "folder"}
    {"kind": "wmts", "url": "https://t{s}.host/vec_w/wmts", "layer": "vec", "matrix_set": "w", "key": "...",
     "approval": "GS(2024)0650号", "cache": "folder"}

``tile(z, x, y)`` takes XYZ addresses (y from the north) and returns the encoded picture, None where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from app.domain.faults import Rejected
from app.geo.tiles.mbtiles import MBTiles
from app.geo.tiles.remote import RemoteTiles, WmtsTiles


class TileSource(Protocol):
    """A raster source; ``tile`` may raise OSError when a local file breaks, never for a network that is down."""

    attribution: str
    min_zoom: int
    max_zoom: int

    def tile(self, z: int, x: int, y: int) -> bytes | None: ...

    def close(self) -> None: ...


_KEYS = {
    "mbtiles": {"kind", "path", "attribution", "approval"},
    "xyz": {
        "kind", "url", "attribution", "approval", "key", "key_env", "key_file", "subdomains", "min_zoom", "max_zoom",
        "cache", "cache_mb", "max_age_days", "timeout_s", "offline", "referer",
    },
}  # fmt: skip
_KEYS["wmts"] = _KEYS["xyz"] | {"layer", "matrix_set", "style", "format", "matrix_prefix", "key_param"}


def open_source(description: Mapping[str, Any]) -> TileSource:
    """Return the source that a description names. Raises KnownFault: what is wrong with it and what is expected."""
    kind = description.get("kind")
    if kind not in _KEYS:
        raise Rejected(path="kind", got=kind, expected="mbtiles, xyz or wmts")
    for key in description:
        if key not in _KEYS[kind]:
            raise Rejected(path=str(key), got=description[key], expected="one of " + ", ".join(sorted(_KEYS[kind])))
    if kind == "mbtiles":
        note, approval = str(description.get("attribution", "")), str(description.get("approval", ""))
        return MBTiles(Path(str(description.get("path", ""))), note, approval)
    return WmtsTiles(description) if kind == "wmts" else RemoteTiles(description)


def tianditu(layer: str, key: str, cache: str, approval: str = "") -> dict[str, Any]:
    """Return the description of a layer of 天地图 ("vec" map, "cva" its names, "img" imagery, "cia" its names).

    The approval number (审图号) belongs on the map; it changes by the year, so it is told, not built in.
    """
    return {
        "kind": "wmts",
        "url": f"https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts",
        "layer": layer,
        "matrix_set": "w",
        "format": "tiles",
        "key": key,
        "key_param": "tk",
        "subdomains": ["0", "1", "2", "3", "4", "5", "6", "7"],
        "attribution": "天地图",  # not a text: the name of the service
        "approval": approval,
        "min_zoom": 1,
        "max_zoom": 18,
        "cache": cache,
    }


__all__ = ["MBTiles", "RemoteTiles", "TileSource", "WmtsTiles", "open_source", "tianditu"]
