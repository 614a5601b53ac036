"""Who acts."""
from __future__ import annotations

from dataclasses import dataclass

from app.domain.process import Role


@dataclass(frozen=True, slots=True)
class Operator:
    """A login, a shown name (a role name in the demo), roles, the area they may act in (None: the whole district)."""

    id: str
    name: str
    roles: frozenset[Role]
    area_id: str | None
    unit_id: str | None = None
