"""OpenStreetMap extracts (.osm.pbf) → base map, by pyosmium (the optional extra ``osm``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely

from app.domain.faults import KnownFault, Message
from app.geo.base import BaseBuilder, BaseMap, classify

OSM_ATTRIBUTION: Final = "© OpenStreetMap contributors (ODbL)"
_KEYS: Final = ("highway", "waterway", "water", "natural", "landuse", "leisure", "building")


@dataclass(frozen=True, slots=True)
class OsmCounts:
    """What an extract held: features with a layer, those taken, and (OSM id, name) of those broken or cut at the
    border."""

    read: int
    taken: int
    broken: tuple[tuple[int, str], ...] = ()


def read_osm(path: Path, progress: Callable[[int], None] | None = None) -> tuple[BaseMap, OsmCounts]:
    """Return the base map of an extract. Raises KnownFault if it cannot be read or pyosmium is not installed."""
    try:
        import osmium
    except ImportError:
        raise KnownFault(
            Message("Reading .osm.pbf needs pyosmium: pip install liandong[osm], or bring in GeoJSON instead", {})
        ) from None
    builder = BaseBuilder(OSM_ATTRIBUTION)
    factory: Any = osmium.geom.WKBFactory()
    read = taken = 0
    broken: list[tuple[int, str]] = []
    try:
        keys = osmium.filter.KeyFilter(*_KEYS)
        features = osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys)
        for item in features:
            what: Any = item
            if what.is_node() or what.is_relation():
                continue
            tags = {tag.k: tag.v for tag in what.tags}
            layer = classify(tags)
            # A closed way comes twice, as a way and as an area: filled layers take the area, roads the way.
            filled = layer is not None and _is_filled(layer[0], what)
            if layer is None or what.is_area() != filled or (what.is_area() and layer[0] == "roads"):
                continue
            read += 1
            try:
                wkb = factory.create_multipolygon(what) if filled else factory.create_linestring(what)
                shape = shapely.from_wkb(bytes.fromhex(wkb))
            except (RuntimeError, ValueError, osmium.InvalidLocationError, shapely.errors.ShapelyError):
                shape = shapely.Point()
            if builder.add(shape, layer, tags.get("name", "")):
                taken += 1
            else:
                broken.append((int(what.orig_id() if what.is_area() else what.id), tags.get("name", "")))
            if progress is not None and read % 5000 == 0:
                progress(read)
    except (RuntimeError, OSError, ValueError) as error:
        raise KnownFault(
            Message("{file} is no OpenStreetMap extract that can be read ({reason})",
                    {"file": path.name, "reason": str(error)[:100]})
        ) from None
    return builder.build(), OsmCounts(read, taken, tuple(broken))


def _is_filled(layer: str, item: Any) -> bool:
    """True for what is drawn as a surface: areas, and closed ways, which come again as an area."""
    if layer == "water":
        return bool(item.is_area() or (item.is_way() and item.is_closed()))
    return layer in ("buildings", "greens")
