"""The video board's cameras: read while it is looked at, only those that changed; read anew when it is shown again."""
from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject, Signal, Slot

from app.services.changes import Changes
from app.services.views import CameraRow
from widgets.bridge.bridge import Bridge


class CameraRows(QObject):
    """`came()` when `rows` (by id) are others; `failed(Fault)`. `looked_at()` tells whether anybody sees them."""

    came = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge, looked_at: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._looked_at = bridge, looked_at
        self._stale = False
        self.rows: dict[str, CameraRow] = {}
        bridge.changed.connect(self._on_changed)

    def ask(self) -> None:
        """All cameras anew."""
        self._stale = False
        self._bridge.ask(lambda seat: seat.cameras(), self._on_all, self.failed.emit, owner=self, key="cameras")

    def wake(self) -> None:
        """They are looked at again: read what changed since."""
        if self._stale:
            self.ask()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if not (changes.cameras or changes.packs):
            return
        if not self._looked_at():
            self._stale = True
        elif changes.packs or "*" in changes.cameras:
            self.ask()
        else:
            ids = changes.cameras
            self._bridge.ask(lambda seat: seat.cameras(ids), lambda rows: self._on_some(ids, rows), self.failed.emit,
                             owner=self)

    def _on_all(self, rows: Collection[CameraRow]) -> None:
        self.rows = {c.id: c for c in rows}
        self.came.emit()

    def _on_some(self, ids: Collection[str], rows: Collection[CameraRow]) -> None:
        found = {c.id: c for c in rows}
        kept = {key: found.get(key, row) for key, row in self.rows.items() if key in found or key not in ids}
        self.rows = {**kept, **found}
        self.came.emit()
