"""Orders about whistles (基层吹哨、部门报到)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_LEVEL = 3


@dataclass(frozen=True, slots=True)
class BlowWhistle:
    """Call departments for a matter. `area_id` None: the operator's own area, else the centre's."""

    matter: str
    units: tuple[str, ...]
    level: int = DEFAULT_LEVEL
    incident_id: str | None = None
    area_id: str | None = None


@dataclass(frozen=True, slots=True)
class WhistleAct:
    """A verb of the whistle's transition table. `params` by the names of the verb's needs."""

    whistle_id: str
    verb: str
    params: Mapping[str, object] = field(default_factory=dict)
