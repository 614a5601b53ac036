"""Privacy masks of a camera: how they are written down, and which are in force. Pure, total fold of its stream.

An act says what covers the picture from then on, and which acts its maker knew (`seen`): one that does not know all
that stand was overtaken and changes nothing. Acts of schema version 1 are from a time when masks were a setting of one
seat: those of each seat are in force beside all others, until somebody who knows them says anew what is covered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.events import Event, Json
from app.domain.faults import Rejected

Mask = tuple[tuple[float, float], ...]
"""A privacy mask: a polygon in shares of the picture's width and height (0..1), painted over before anyone sees it."""
KIND: Final = "camera.masks_set"
SCHEMA: Final = 2
MOST_POINTS: Final = 64
WHOLE: Final[Mask] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
"""covers all of a picture: what stands for a mask that cannot be read"""
_EVERY_SEAT: Final = ""


def parse(raw: object, path: str = "masks") -> tuple[Mask, ...]:
    """Read a list of polygons, each a list of [x, y]. Raises `Rejected` with the place of what is wrong."""
    return tuple(_mask(f"{path}[{i}]", one) for i, one in enumerate(_list(path, raw)))


def as_json(masks: Iterable[Mask]) -> list[Json]:
    """As events keep them: points to a ten-thousandth of the picture."""
    return [[[round(x, 4), round(y, 4)] for x, y in mask] for mask in masks]


def readable(raw: object) -> tuple[Mask, ...]:
    """As `parse`; what cannot be read covers the whole picture: a mask must not be passed over."""
    try:
        return parse(raw)
    except Rejected:
        return (WHOLE,)


def _list(path: str, raw: object) -> Sequence[object]:
    if not isinstance(raw, list | tuple):
        raise Rejected(path, raw, "a list")
    return raw


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


@dataclass(frozen=True, slots=True)
class MaskState:
    """`parts`: whose masks stand → (act, masks); "" for those that replaced all others. `superseded`: acts that were
    overtaken."""

    parts: Mapping[str, tuple[str, tuple[Mask, ...]]] = field(default_factory=dict)
    superseded: tuple[str, ...] = ()

    @property
    def in_force(self) -> tuple[Mask, ...]:
        """What is painted over the picture: all that stand, each once."""
        return tuple(dict.fromkeys(m for who in sorted(self.parts) for m in self.parts[who][1]))

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts that stand: what a maker has to know."""
        return tuple(self.parts[who][0] for who in sorted(self.parts))

    def dump(self) -> str:
        """As JSON text, the same for the same state."""
        return json.dumps({"parts": {who: [act, as_json(masks)] for who, (act, masks) in self.parts.items()},
                           "superseded": list(self.superseded)}, sort_keys=True, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> MaskState:
        """The reverse of `dump`."""
        raw = json.loads(text)
        return cls({who: (act, readable(masks)) for who, (act, masks) in raw["parts"].items()},
                   tuple(raw["superseded"]))


def apply(state: MaskState, event: Event) -> MaskState:
    """The state after an act of `KIND`; any other event changes nothing."""
    if event.kind != KIND:
        return state
    masks = readable(event.body.get("masks"))
    if event.schema_version < SCHEMA:
        return MaskState({**state.parts, event.seat: (event.id, masks)}, state.superseded)
    if not set(state.acts) <= set(event.seen):
        return MaskState(state.parts, (*state.superseded, event.id))
    return MaskState({_EVERY_SEAT: (event.id, masks)}, state.superseded)
