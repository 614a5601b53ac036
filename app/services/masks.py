"""Privacy masks as they are kept: the setting `camera.masks` of a seat."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.events import Json
from app.domain.faults import Rejected
from app.services.streams import Mask

SETTING: Final = "camera.masks"
MOST_POINTS: Final = 64


def parse_masks(raw: object) -> dict[str, tuple[Mask, ...]]:
    """Read the setting: camera id -> list of polygons, each a list of [x, y] in shares of the picture.

    Raises `Rejected` with the place of what is wrong: a mask that cannot be read must not be passed over.
    """
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise Rejected(SETTING, raw, "polygons for each camera")
    return {str(camera): tuple(_mask(f"{SETTING}.{camera}[{i}]", one) for i, one in enumerate(_list(
        f"{SETTING}.{camera}", masks))) for camera, masks in raw.items()}


def masks_json(masks: Mapping[str, Sequence[Mask]]) -> dict[str, Json]:
    """As the setting keeps them: points to a ten-thousandth of the picture."""
    return {camera: [[[round(x, 4), round(y, 4)] for x, y in mask] for mask in those]
            for camera, those in masks.items() if those}


def _list(path: str, raw: object) -> list[object]:
    if not isinstance(raw, list | tuple):
        raise Rejected(path, raw, "a list")
    return list(raw)


def _mask(path: str, raw: object) -> Mask:
    points = _list(path, raw)
    if not 3 <= len(points) <= MOST_POINTS:
        raise Rejected(path, len(points), "3 to 64 points")
    out: list[tuple[float, float]] = []
    for i, point in enumerate(points):
        match _list(f"{path}[{i}]", point):
            case [int() | float() as x, int() | float() as y] if 0 <= x <= 1 and 0 <= y <= 1:
                out.append((float(x), float(y)))
            case _:
                raise Rejected(f"{path}[{i}]", point, "two numbers from 0 to 1")
    return tuple(out)
