"""The lists in force as a seat holds them between two changes: labels, areas, units' names, cameras."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter

import shapely

from app import text as texts
from app.geo.index import AreaIndex, AreaShape, NearestPoints, haversine_m
from app.ports import Reads
from app.services.book import Book
from app.services.views import AreaRow, CameraRow

OFFLINE_COSTS_M, FACING_GAINS_M = 400.0, 60.0
"""near equals: a working camera before a dead one, one that faces the place before one that does not"""


class SeatLists:
    """Read once, kept until `forget`."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self.forget()

    def forget(self) -> None:
        """A pack has changed the lists."""
        self._book: Book | None = None
        self._index: AreaIndex | None = None
        self._unit_names: dict[str, str] | None = None
        self._cameras: dict[str, CameraRow] | None = None
        self._near: dict[tuple[bool, str], NearestPoints] = {}
        self._components: dict[str, int] = {}
        self._camera_counts: dict[str, dict[str, int]] = {}

    def forget_cameras(self) -> None:
        """The states of cameras have changed."""
        self._cameras = None
        self._camera_counts = {}

    @property
    def book(self) -> Book:
        """Code lists and areas in force."""
        if self._book is None:
            self._book = self._reads.book()
            self._book.centres = self._reads.directory()
            texts.use_labels(self._book.label)
        return self._book

    def component_count(self, prefix: str) -> int:
        """Number of components below an area path."""
        if prefix not in self._components:
            self._components[prefix] = self._reads.component_count(prefix)
        return self._components[prefix]

    def inside(self, area_id: str | None, prefix: str) -> bool:
        """Whether an area lies below a path; what lies in no area is only the whole district's."""
        area = self.book.areas.get(area_id) if area_id is not None and prefix else None
        return not prefix or (area is not None and area.path.startswith(prefix))

    def camera_counts(self, prefix: str) -> dict[str, int]:
        """state → number of cameras below an area path."""
        if prefix not in self._camera_counts:
            self._camera_counts[prefix] = self._reads.camera_counts() if not prefix else dict(
                Counter(c.state for c in self.cameras.values() if self.inside(c.area_id, prefix)))
        return self._camera_counts[prefix]

    @property
    def cameras(self) -> dict[str, CameraRow]:
        """All cameras by id."""
        if self._cameras is None:
            self._cameras = {c.id: c for c in self._reads.cameras(None)}
        return self._cameras

    def area_at(self, lon: float, lat: float) -> str | None:
        """The finest area that holds the point."""
        if self._index is None:
            self._index = AreaIndex(AreaShape(a.id, a.level, a.wkb) for a in self.book.areas.values())
        return self._index.key_at(lon, lat)

    def unit_name(self, unit_id: str) -> str | None:
        """A unit's name, None when there is no such unit."""
        if self._unit_names is None:
            self._unit_names = {u.id: u.name for u in self._reads.units(None)}
        return self._unit_names.get(unit_id)

    def nearest_cameras(self, lon: float, lat: float, limit: int, *, wall: bool, prefix: str = "") -> list[CameraRow]:
        """Cameras below an area path near a point, each with distance and whether it faces it. `wall`: only those
        marked for the wall."""
        cameras = self.cameras
        if (wall, prefix) not in self._near:
            placed = [c for c in cameras.values() if c.lon is not None and not c.unit_id and (c.on_wall or not wall)
                      and self.inside(c.area_id, prefix)]
            self._near[wall, prefix] = NearestPoints(
                [c.id for c in placed], [c.lon or 0.0 for c in placed], [c.lat or 0.0 for c in placed])
        found = []
        for near in self._near[wall, prefix].nearest(lon, lat, limit * 4):
            camera = cameras.get(near.key)
            if camera is not None:
                faces = faces_point(camera, lon, lat)
                found.append(dataclasses.replace(camera, distance_m=near.distance_m, faces=faces))
        carried = [c.id for c in cameras.values() if c.unit_id and (c.on_wall or not wall)]
        for camera in self._reads.cameras(carried) if carried else ():  # where they are now
            if camera.lon is not None and camera.lat is not None:
                metres = float(haversine_m(lon, lat, camera.lon, camera.lat))
                found.append(dataclasses.replace(camera, distance_m=metres, faces=None))
        found.sort(key=_camera_rank)
        return found[:limit]


def _camera_rank(camera: CameraRow) -> float:
    rank = camera.distance_m or 0.0
    return rank + (OFFLINE_COSTS_M if camera.state == "offline" else 0.0) - (FACING_GAINS_M if camera.faces else 0.0)


def faces_point(camera: CameraRow, lon: float, lat: float) -> bool | None:
    """Whether the point lies in the camera's field of view; None when its heading is not known."""
    if camera.heading is None or camera.lon is None or camera.lat is None:
        return None
    bearing = math.degrees(math.atan2((lon - camera.lon) * math.cos(math.radians(lat)), lat - camera.lat))
    return abs((bearing - camera.heading + 180) % 360 - 180) <= (camera.fov or 60.0) / 2


def middle(area: AreaRow) -> tuple[float | None, float | None]:
    """A point inside the area, for a search result to go to."""
    shape = shapely.from_wkb(area.wkb) if area.wkb else None
    if shape is None:
        return None, None
    point = shape.representative_point()
    return float(point.x), float(point.y)
