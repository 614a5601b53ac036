"""What the desk's command line can be about: incidents, forces, and how far each force is from the incident meant."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from app.services.changes import Changes
from app.services.command_line import Near, Scene
from app.services.views import QueueRow

if TYPE_CHECKING:
    from widgets.screens.desk_body import DeskBody

POSITIONS_MS = 2_000
"""Distances are reckoned anew at most so often while positions come in."""


class DeskScene(QObject):
    """Distances are kept for each incident asked about, until it, a force or a position changes."""

    def __init__(self, body: DeskBody) -> None:
        super().__init__(body)
        self._body = body
        self._near: dict[str, Near] = {}
        self._moved = QTimer(self)
        self._moved.setSingleShot(True)
        self._moved.setInterval(POSITIONS_MS)
        self._moved.timeout.connect(self._on_moved)
        body.bridge.changed.connect(self._on_changed)

    def scene(self) -> Scene:
        """What the command line can be about now."""
        body = self._body
        facts = body.bridge.facts
        assert facts is not None
        index = body.queue.model.index_
        rows, view = index.by_id(), body.incident.view
        ending: Callable[[str], Iterable[QueueRow]] = index.ending
        if view is not None and view.row.id not in rows:  # an ended one that is looked at
            ended = view.row
            rows = _OneMore(rows, ended)
            ending = lambda digits: chain(index.ending(digits), (ended,))  # noqa: E731
        return Scene(rows, tuple(body.map.feed.units.values()), facts.book, facts.operator.roles, body.desk.lang,
                     body.incident.incident_id, ending=ending, video_names=body.board_.names)

    def near(self, incident_id: str) -> Near:
        """How far each force is from an incident, with the recommended ones' times once the seat has answered."""
        if incident_id not in self._near:
            body = self._body
            row = body.row_of(incident_id)
            far = body.map.distances(row.lon, row.lat) if row and row.lon is not None and row.lat is not None else {}
            self._near[incident_id] = far

            def arrived(answer: Near) -> None:
                self._near[incident_id] = {**far, **answer}
                if body.command.field.hasFocus():
                    body.command.refresh()

            body.bridge.ask(lambda seat: {c.unit.id: (c.distance_m, c.eta_s)
                                          for c in seat.recommend(incident_id).candidates},
                            arrived, lambda _fault: None, owner=self, key=("near", incident_id))
        return self._near[incident_id]

    def forget(self, incident_id: str) -> None:
        """The incident was read anew."""
        self._near.pop(incident_id, None)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        for incident_id in changes.incidents & self._near.keys():
            self._near.pop(incident_id, None)
        if changes.units:
            self._near.clear()
        if changes.positions and self._near and not self._moved.isActive():
            self._moved.start()

    @Slot()
    def _on_moved(self) -> None:
        self._near.clear()
        line = self._body.command
        if line.field.hasFocus() and line.field.text().strip():
            line.refresh()


class _OneMore(Mapping[str, QueueRow]):
    """Rows and one beside them, without copying."""

    def __init__(self, rows: Mapping[str, QueueRow], row: QueueRow) -> None:
        self._rows, self._row = rows, row

    def __getitem__(self, key: str) -> QueueRow:
        return self._row if key == self._row.id else self._rows[key]

    def __iter__(self) -> Iterator[str]:
        return chain(self._rows, (self._row.id,))

    def __len__(self) -> int:
        return len(self._rows) + 1
