"""The numbers and names around the desk's work, read together so that they are of one instant."""
from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.changes import Changes
from app.services.duty_views import DutyView
from app.services.seat import Seat
from app.services.views import Status, Warning_
from widgets.bridge import Bridge, Fault

REREAD_MS = 5_000
PAUSE_MS = 500
STALE_AFTER_S = 15.0
DIVERGENCE_TOLD = "divergence_told"


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """`war`: the mode is 战时, else 平时."""

    status: Status
    duty: DutyView | None
    warnings: tuple[Warning_, ...]
    war: bool
    divergence_told: float = 0.0
    """when the last divergence was mended that an operator of this seat was told of"""


def read_facts(seat: Seat) -> DeskFacts:
    """One reading."""
    told = seat.setting(DIVERGENCE_TOLD, 0.0)
    return DeskFacts(seat.status(), seat.duty(), tuple(seat.warnings()), seat.setting("mode", "peace") == "war",
                     float(told) if isinstance(told, int | float) else 0.0)


class FactsFeed(QObject):
    """`arrived(DeskFacts)` at the start, half a second after changes, and every five seconds; `failed(Fault)`."""

    arrived = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.ask)
        self._again = QTimer(self)
        self._again.setInterval(REREAD_MS)
        self._again.timeout.connect(self.ask)
        bridge.changed.connect(self._on_changed)

    def start(self) -> None:
        """Read now and go on."""
        self.ask()
        self._again.start()

    def stop(self) -> None:
        """Read no more."""
        self._again.stop()
        self._pause.stop()

    @Slot()
    def ask(self) -> None:
        """Read now."""
        self._bridge.ask(read_facts, self._on_read, self._on_failed, owner=self, key="facts")

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if not self._pause.isActive():
            self._pause.start()

    def _on_read(self, facts: DeskFacts) -> None:
        self.arrived.emit(facts)

    def _on_failed(self, fault: Fault) -> None:
        self.failed.emit(fault)
