"""What a mutation changed: the only thing that a view needs to know to refresh itself."""
from __future__ import annotations

from dataclasses import dataclass

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what changed, by kind. An empty one is false. `positions` and `settings` carry no ids."""

    incidents: frozenset[str] = _NONE
    units: frozenset[str] = _NONE
    cameras: frozenset[str] = _NONE
    areas: frozenset[str] = _NONE
    alarms: frozenset[str] = _NONE
    packs: frozenset[str] = _NONE
    calls: frozenset[str] = _NONE
    whistles: frozenset[str] = _NONE
    masks: frozenset[str] = _NONE
    """cameras of which other privacy masks are in force"""
    duty: bool = False
    positions: bool = False
    settings: bool = False

    def merged(self, other: Changes) -> Changes:
        """The union of both."""
        return Changes(self.incidents | other.incidents, self.units | other.units, self.cameras | other.cameras,
                       self.areas | other.areas, self.alarms | other.alarms, self.packs | other.packs,
                       self.calls | other.calls, self.whistles | other.whistles, self.masks | other.masks,
                       self.duty or other.duty, self.positions or other.positions,
                       self.settings or other.settings)

    def __bool__(self) -> bool:
        return bool(self.incidents or self.units or self.cameras or self.areas or self.alarms or self.packs
                    or self.calls or self.whistles or self.masks or self.duty or self.positions or self.settings)
