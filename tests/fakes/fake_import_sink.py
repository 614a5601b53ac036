"""An import sink in memory, with the store's promises: staged until activated, one digest per key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.intake.records import AreaRecord, IncidentHistory, Record
from app.intake.sink import PackCounts


class MemorySink:
    """Keeps what is in force by kind and key; ``activated`` holds the counts of every pack brought into force."""

    def __init__(self) -> None:
        self.in_force: dict[str, dict[str, Any]] = {}
        self.sources: dict[tuple[str, str], dict[str, str]] = {}
        self.activated: list[PackCounts] = []
        self.abandoned = 0
        self.bases: dict[str, bytes] = {}
        self._staged: dict[str, tuple[str, str, list[Any]]] = {}
        self._bases: dict[str, tuple[str, bytes, str]] = {}

    def begin_pack(self, kind: str, source: str, version: str, profile: str) -> str:
        pack = f"pack-{len(self._staged) + 1}"
        self._staged[pack] = (kind, source, [])
        return pack

    def known_digests(self, kind: str, source: str) -> Mapping[str, str]:
        return dict(self.sources.get((kind, source), {}))

    def areas(self) -> Sequence[AreaRecord]:
        return list(self.in_force.get("areas", {}).values())

    def write_rows(self, pack: str, rows: Sequence[Record]) -> None:
        self._staged[pack][2].extend(rows)

    def append_histories(self, pack: str, rows: Sequence[IncidentHistory]) -> None:
        self._staged[pack][2].extend(rows)

    def write_base(self, pack: str, key: str, data: bytes, digest: str) -> None:
        self._bases[pack] = (key, data, digest)

    def activate(self, pack: str, counts: PackCounts) -> int:
        kind, source, rows = self._staged[pack]
        digests = self.sources.setdefault((kind, source), {})
        for row in rows:
            self.in_force.setdefault(kind, {})[row.key] = row
            digests[row.key] = row.digest
        if pack in self._bases:
            key, data, digest = self._bases[pack]
            self.bases[key] = data
            digests[key] = digest
        self.activated.append(counts)
        return 0

    def place(self) -> int:
        return 0

    def placeable(self, areas: Sequence[AreaRecord]) -> int:
        return 0

    def abandon(self, pack: str) -> None:
        self.abandoned += 1

    def rows(self, kind: str) -> list[Any]:
        """What is in force of a kind, in the order in which it came."""
        return list(self.in_force.get(kind, {}).values())
