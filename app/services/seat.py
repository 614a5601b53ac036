"""What a screen holds: one operator on one seat. All calls are made on one thread (the bridge's database thread)."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.masks import Mask
from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import Command
from app.services.duty_views import DutyView, Handover
from app.services.handovers import Open
from app.services.operator import Operator as Operator
from app.services.views import (
    AreaRow,
    CallRow,
    CameraRow,
    Conflict,
    Draft,
    DuplicateHit,
    Hit,
    IncidentView,
    QueueRow,
    Recommendation,
    Status,
    TimelineEntry,
    UnitRow,
    Warning_,
    WhistleView,
)


class Seat(Protocol):
    """Commands in, views out. Commands raise `Refused` or `KnownFault` and then have changed nothing."""

    operator: Operator
    clock: Clock
    screen: str
    nature: str
    centre_name: str
    timezone: str
    seat_code: str
    """IANA name of the zone whose clock the district lives by"""

    @property
    def book(self) -> Book: ...

    def do(self, command: Command) -> Changes: ...
    def do_all(self, commands: Sequence[Command]) -> tuple[Changes, list[Exception | None]]:
        """Several commands in one transaction (group commit); a refused one harms only itself."""
        ...

    def queue(self, ids: Collection[str] | None = None, *, ended: bool = False) -> list[QueueRow]:
        """Rows of open incidents (with `ended` also the ended ones), or just of `ids` (whatever their phase)."""
        ...

    def read_marks(self) -> dict[str, int]:
        """incident id → changed_seq this operator last looked at."""
        ...

    def incident(self, incident_id: str) -> IncidentView: ...
    def conflicts(self) -> list[Conflict]:
        """This operator's acts that another one overtook and that they have not answered yet, oldest first."""
        ...

    def timeline(self, limit: int = 50) -> list[TimelineEntry]:
        """The last events of all incidents in the operator's area, newest first."""
        ...

    def duplicates(self, *, lon: float | None, lat: float | None, kind: str, text: str = "",
                   exclude: str | None = None) -> list[DuplicateHit]: ...
    def whistles(self) -> list[WhistleView]:
        """Open whistles that the operator sees and those of this month, newest first."""
        ...

    def departments(self) -> list[UnitRow]:
        """Departments that can be called, wherever they lie, by name."""
        ...

    def recommend(self, incident_id: str) -> Recommendation: ...
    def find(self, text: str, limit: int = 20) -> list[Hit]: ...
    def units(self, ids: Collection[str] | None = None) -> list[UnitRow]: ...
    def tracks(self, since: float) -> dict[str, list[tuple[float, float, float]]]:
        """unit id → sampled (epoch s, lon, lat)."""
        ...

    def cameras(self, ids: Collection[str] | None = None) -> list[CameraRow]: ...
    def masks(self, camera_id: str) -> tuple[Mask, ...]:
        """The privacy masks in force over a camera's pictures."""
        ...

    def nearest_cameras(self, lon: float, lat: float, limit: int = 6, *, wall: bool = False) -> list[CameraRow]: ...
    def components(self) -> ComponentColumns: ...
    def areas(self) -> list[AreaRow]: ...
    def area_at(self, lon: float, lat: float) -> str | None: ...
    def calls(self) -> list[CallRow]: ...
    def call_number(self, call_id: str) -> str:
        """A caller's number for who calls back; that it was shown is an event."""
        ...

    def drafts(self) -> list[Draft]: ...
    def duty(self) -> DutyView | None: ...
    def handovers(self, limit: int = 50) -> list[Handover]:
        """Hand-overs of the centre, newest first: those that nobody has signed for yet, and the last ended ones."""
        ...

    def open_now(self) -> Open:
        """What is open at this instant, for a hand-over."""
        ...

    def warnings(self) -> list[Warning_]: ...
    def status(self) -> Status: ...
    def base_map(self) -> str | None:
        """Path of the vector base (npz of app.geo.base), or None."""
        ...

    def blob(self, digest: str) -> bytes: ...
    def put_blob(self, data: bytes, mime: str) -> str: ...
    def setting(self, key: str, default: object = None) -> object:
        """A value of this seat that is no event: layout, sound, map layers (JSON)."""
        ...

    def set_setting(self, key: str, value: object) -> None: ...
    def poll_changes(self) -> Changes:
        """What changed since the last call, by this or any other process of the seat. Cheap when nothing did."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ComponentColumns:
    """All components as columns of equal length; numpy arrays (float64, float64, int16) and the kinds' codes."""

    ids: Sequence[str]
    lon: object
    lat: object
    kind_index: object
    kinds: tuple[str, ...]
