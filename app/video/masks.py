"""Privacy masks: polygons painted over a picture before it leaves the decoding thread."""
from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.domain.masks import Mask

GREY: Final = 0x30


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
