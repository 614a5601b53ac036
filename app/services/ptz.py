"""Turning cameras, as a screen sees it; `app.video` does the work. Who may, and that it is recorded: MoveCamera."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from app.domain.faults import Message
from app.services.views import CameraRow

DIRECTIONS: Final = ("left", "right", "up", "down", "upleft", "upright", "downleft", "downright", "zoomin", "zoomout")
TURNED_KINDS: Final = frozenset({"ptz", "lookout", "drone"})


@dataclass(frozen=True, slots=True)
class Preset:
    """A place that a camera has been taught to look at."""

    token: str
    name: str


class Ptz(Protocol):
    """All but `reaches` block on the network and raise `KnownFault`: never call them on the GUI thread."""

    def reaches(self, address: str) -> bool:
        """Whether cameras at this address can be turned at all. Touches nothing."""
        ...

    def move(self, address: str, direction: str, speed: float = 0.5) -> None:
        """Move until `stop`; the camera ends by itself after some seconds without one. `speed` from 0 to 1."""
        ...

    def stop(self, address: str) -> None: ...
    def presets(self, address: str) -> list[Preset]: ...
    def goto(self, address: str, token: str) -> None: ...
    def teaching(self, address: str) -> Message | None:
        """Why this camera can be taught no presets; None where it can."""
        ...

    def teach(self, address: str, name: str) -> str:
        """Remember where the camera looks now, under a name (where a platform keeps numbers only: a number from 1 to
        255); one of that name is overwritten. Returns its token."""
        ...

    def forget(self, address: str, token: str) -> None:
        """The preset goes."""
        ...


def can_turn(camera: CameraRow, ptz: Ptz | None) -> bool:
    """Whether this camera has a drive, and a way to it."""
    return ptz is not None and camera.kind in TURNED_KINDS and ptz.reaches(camera.source)
