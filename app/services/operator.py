"""Who acts."""
from __future__ import annotations

from dataclasses import dataclass

from app.domain.incident_state import maker_of
from app.domain.process import Role


@dataclass(frozen=True, slots=True)
class Operator:
    """A login, a shown name (a role name in the demo), roles, the area they may act in (None: the whole district)."""

    id: str
    name: str
    roles: frozenset[Role]
    area_id: str | None
    unit_id: str | None = None
    seat: str = ""
    """the seat that the login is of"""

    @property
    def maker(self) -> str:
        """As a maker of events: an id means somebody only together with its seat."""
        return maker_of(self.id, self.seat)
