"""The map's colours, taken from the theme's tokens; plain strings, so that the tile process gets the same ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from PySide6.QtGui import QColor

from widgets.theme.tokens import Tokens

Four = tuple[str, str, str, str]


@dataclass(frozen=True)
class Palette:
    dark: bool
    ground: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    halo: str
    label: str
    level: Four
    on_level: Four
    edge: Four
    unit: tuple[str, str, str, str, str]
    drone: str
    load: Four
    inside: str
    border: Four
    dedicated: str
    water: str
    water_edge: str
    green: str
    building: str
    roads: Four
    road_casing: str
    camera: str
    camera_off: str
    component: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Palette:
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return cls(**fields)

    @classmethod
    def from_tokens(cls, t: Tokens) -> Palette:
        return cls(
            dark=t.dark,
            ground=t.map_ground,
            surface=t.surface,
            raised=t.raised,
            line=t.line,
            text=t.text,
            muted=t.muted,
            faint=t.faint,
            accent=t.accent,
            halo=t.map_halo,
            label=t.map_label,
            level=t.level,
            on_level=t.level_ink,
            edge=t.level_edge,
            unit=(t.unit_free, t.unit_going, t.unit_on_scene, t.unit_off, t.unknown),
            drone=t.drone,
            load=t.load_steps,
            inside=t.map_inside,
            border=(
                t.map_outline,
                mix(t.map_grid, t.map_outline, 0.45),
                mix(t.map_grid, t.map_outline, 0.2),
                t.map_grid,
            ),
            dedicated=mix(t.map_grid, t.map_label, 0.55),
            water=t.map_water,
            water_edge=t.map_water_edge,
            green=t.map_green,
            building=t.map_building,
            roads=t.map_roads,
            road_casing=t.map_road_casing,
            camera=t.camera,
            camera_off=t.camera_off,
            component=t.component,
        )


def mix(first: str, second: str, share: float) -> str:
    """``share`` of the second colour in the first, as #rrggbb."""
    a, b = QColor(first), QColor(second)
    red, green, blue = (
        round(u + (v - u) * share) for u, v in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    )
    return QColor(red, green, blue).name()


def with_alpha(colour: str, alpha: float) -> QColor:
    result = QColor(colour)
    result.setAlphaF(min(1.0, max(0.0, alpha)))
    return result
