"""Privacy masks: polygons painted over a picture before it leaves the decoding thread."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.domain.faults import Rejected
from app.services.streams import Mask

GREY: Final = 0x30
MOST_POINTS: Final = 64


def parse_masks(raw: object) -> dict[str, tuple[Mask, ...]]:
    """Read the setting `camera.masks`: camera id -> list of polygons, each a list of [x, y] in shares of the picture.

    Raises `Rejected` with the place of what is wrong: a mask that cannot be read must not be passed over.
    """
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise Rejected("camera.masks", raw, "polygons for each camera")
    return {str(camera): tuple(_mask(f"camera.masks.{camera}[{i}]", one) for i, one in enumerate(_list(
        f"camera.masks.{camera}", masks))) for camera, masks in raw.items()}


def _list(path: str, raw: object) -> list[object]:
    if not isinstance(raw, list | tuple):
        raise Rejected(path, raw, "a list")
    return list(raw)


def _mask(path: str, raw: object) -> Mask:
    points = _list(path, raw)
    if not 3 <= len(points) <= MOST_POINTS:
        raise Rejected(path, len(points), "3 to 64 points")
    out = []
    for i, point in enumerate(points):
        pair = _list(f"{path}[{i}]", point)
        if len(pair) != 2 or not all(isinstance(v, int | float) and 0 <= v <= 1 for v in pair):
            raise Rejected(f"{path}[{i}]", point, "two numbers from 0 to 1")
        out.append((float(pair[0]), float(pair[1])))  # type: ignore[arg-type]
    return tuple(out)


@lru_cache(maxsize=64)
def _covered(masks: tuple[Mask, ...], width: int, height: int) -> NDArray[np.bool_]:
    picture = Image.new("1", (width, height), 0)
    draw = ImageDraw.Draw(picture)
    for mask in masks:
        draw.polygon([(x * width, y * height) for x, y in mask], fill=1, outline=1)
    return np.asarray(picture, dtype=np.bool_)


def paint(pixels: NDArray[np.uint8], masks: Iterable[Mask]) -> None:
    """Paint masks over a picture of shape (height, width, 4), in place."""
    wanted = tuple(masks)
    if wanted:
        pixels[_covered(wanted, pixels.shape[1], pixels.shape[0])] = GREY
