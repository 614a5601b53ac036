"""The centres of a district as the hub told this seat: which are above, below and beside its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre. `level`: 0 district, 1 street, 2 community; `path`: of its area, "" for the whole district."""

    code: str
    name: str
    level: int
    parent: str | None
    path: str


class Directory:
    """Immutable. Without a hub it is empty and `own` is ""."""

    def __init__(self, own: str = "", centres: Iterable[Centre] = ()) -> None:
        self.own = own
        self._by_code = {c.code: c for c in centres}

    def get(self, code: str) -> Centre | None:
        """A centre or None."""
        return self._by_code.get(code)

    def name(self, code: str) -> str:
        """A centre's name, its code where it is not known."""
        found = self._by_code.get(code)
        return (found.name or code) if found is not None else code

    @property
    def own_path(self) -> str:
        """Path of this seat's own area; "" for the whole district, or without a hub."""
        found = self._by_code.get(self.own)
        return found.path if found is not None else ""

    def way(self, code: str) -> str:
        """"up", "down" or "across" from this seat's centre to another one, by their levels; "" for none."""
        here, there = self._by_code.get(self.own), self._by_code.get(code)
        if here is None or there is None or here.code == there.code:
            return ""
        return "up" if there.level < here.level else "down" if there.level > here.level else "across"

    def of_way(self, way: str) -> tuple[Centre, ...]:
        """Centres in one direction: those of the own line first, then by code."""
        here = self._by_code.get(self.own)
        found = [c for c in self._by_code.values() if self.way(c.code) == way]

        def near(c: Centre) -> bool:
            return here is not None and (c.path.startswith(here.path) if way == "down" else
                                         here.path.startswith(c.path) if way == "up" else c.parent == here.parent)

        return tuple(sorted(found, key=lambda c: (not near(c), c.level, c.code)))
