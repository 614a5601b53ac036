"""The port through which an import reaches the store; implemented in data/store, faked in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.intake.records import AreaRecord, IncidentHistory, Record


@dataclass(frozen=True, slots=True)
class PackCounts:
    """The counts that go into the one event that activates a pack; read = accepted + rejected + duplicates."""

    read: int = 0
    accepted: int = 0
    updated: int = 0
    rejected: int = 0
    duplicates: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


class ImportSink(Protocol):
    """Where the good rows of one import go.

    Order of calls: ``areas`` and ``known_digests``; then, when not a dry run and at the first row to write,
    ``begin_pack``; then ``write_rows`` (``append_histories`` for incidents, ``write_base`` for a base map) in chunks;
    last ``activate`` or ``abandon``. A dry run and a file whose rows are all known never begin a pack. Rows that are
    in force and absent from the file stay in force.
    """

    def begin_pack(self, kind: str, source: str, version: str, profile: str) -> str:
        """Open a staging version and return its pack id. ``version`` names the content (date + digest of the file)."""
        ...

    def known_digests(self, kind: str, source: str) -> Mapping[str, str]:
        """Return {record key: digest} of everything in force of this kind from this source."""
        ...

    def areas(self) -> Sequence[AreaRecord]:
        """Return the areas in force, of all sources and levels, with their geometries."""
        ...

    def write_rows(self, pack: str, rows: Sequence[Record]) -> None:
        """Stage new or changed rows (an upsert by ``key``)."""
        ...

    def append_histories(self, pack: str, rows: Sequence[IncidentHistory]) -> None:
        """Stage past incidents, new or changed; they become events with their real times when the pack is activated."""
        ...

    def write_base(self, pack: str, key: str, data: bytes, digest: str) -> None:
        """Stage a base map: the content of an app.geo.base file. Bases of several sources are in force together
        (``BaseMap.merged``); a new one under the same key takes the old one's place.
        """
        ...

    def activate(self, pack: str, counts: PackCounts) -> int:
        """Bring the staged rows into force by one event; then place the incidents that new areas hold. Returns how many
        those were. Raises `KnownFault` for a pack that is staged no longer.
        """
        ...

    def place(self) -> int:
        """Place the incidents that lie in no area in force though one holds their point; returns how many."""
        ...

    def placeable(self, areas: Sequence[AreaRecord]) -> int:
        """Return how many incidents would be placed if these areas came into force."""
        ...

    def abandon(self, pack: str) -> None:
        """Drop the staged rows of a pack of which nothing is in force. One that is in force in part stays, to go on or
        to be taken back."""
        ...
