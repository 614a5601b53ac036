"""What sounds on the desk: incidents nobody has taken, and those that ran over their time since this desk looks on."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Slot

from widgets.queue.panel import QueuePanel
from widgets.screens.desk_topbar import TopBar
from widgets.sound import SoundBoard

KEEP_EVERY_MS = 300
"""in a flood thousands wait: what sounds is gathered anew at most this often"""


class DeskAlarms(QObject):
    """Keeps the sound board and the alarm chip in step with the queue.

    Not taken: sounds until somebody accepts it. Overdue: sounds until this operator looks at it or it is no longer so;
    what was overdue already when the desk was opened is shown, but does not sound.
    """

    def __init__(self, board: SoundBoard, queue: QueuePanel, top: TopBar) -> None:
        super().__init__(queue)
        self._board, self._queue, self._top = board, queue, top
        self._known_late: set[str] | None = None
        self._late: dict[str, int] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(KEEP_EVERY_MS)
        self._soon.timeout.connect(self._on_soon)
        self._changed = False
        self._others: list[Callable[[], Mapping[str, int]]] = []
        queue.counts_changed.connect(self._on_counts)

    def add(self, waiting: Callable[[], Mapping[str, int]]) -> None:
        """One more that knows what waits (id → level); `again` when that changes."""
        self._others.append(waiting)

    @Slot()
    def again(self) -> None:
        """Something else waits than before."""
        self._keep()

    @Slot(object)
    def _on_counts(self, counts: object) -> None:
        if isinstance(counts, dict) and self._queue.model.loaded:
            self._top.show_alarms(int(counts["to_accept"]))
            self._changed = True
            if not self._soon.isActive():
                self._on_soon()

    def tick(self, now: float) -> None:
        """The second turned: something may have run over its time."""
        if not self._queue.model.loaded:
            return
        late = self._queue.model.index_.late(now)
        if self._known_late is None:
            self._known_late = set(late)
        fresh = {key: level for key, level in late.items() if key not in self._known_late}
        self._known_late &= late.keys()
        self._known_late |= fresh.keys()
        still = {key: level for key, level in self._late.items() if key in late}
        if fresh or len(still) != len(self._late):
            self._late = {**still, **fresh}
            self._keep()

    def seen(self, incident_id: str) -> None:
        """The operator looks at it."""
        if self._late.pop(incident_id, None) is not None:
            self._keep()

    @Slot()
    def _on_soon(self) -> None:
        """At once after a pause, and then at most every `KEEP_EVERY_MS`."""
        if self._changed:
            self._changed = False
            self._keep()
            self._soon.start()

    def _keep(self) -> None:
        waiting = self._queue.model.index_.waiting()
        others = {key: level for source in self._others for key, level in source().items()}
        self._board.keep({**waiting, **{f"late {key}": level for key, level in self._late.items()}, **others})
