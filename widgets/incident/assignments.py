"""Who works on it: each assignment with its own state and its age, lead first; merged incidents to go to."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.services.views import AssignmentView, IncidentView
from widgets.forms.field import ime_off
from widgets.incident.words import age_text, assignment_label, distance_text, plain, tr
from widgets.theme import px
from widgets.theme.labels import ElidedLabel, Label, set_role

STALE_POSITION_S = 300
_STATE_ROLE = {"assigned": "warning", "on_scene": "strong", "returned": "warning", "recalled": "faint"}


def state_age(assignment: AssignmentView, now: float) -> str:
    """How long it has been in its state."""
    since = {
        "acknowledged": assignment.acknowledged_at, "on_scene": assignment.arrived_at,
        "fed_back": assignment.fed_back_at,
    }.get(assignment.state) or assignment.acknowledged_at or assignment.assigned_at
    return age_text(now - since)


def where_text(assignment: AssignmentView, now: float) -> str:
    """Distance, marked when the position it comes from is old; how often it was chased."""
    parts = [] if assignment.confirmed else [tr("to be confirmed")]
    if assignment.distance_m is not None and assignment.state not in ("on_scene", "fed_back", "returned", "recalled"):
        old = assignment.position_at is None or now - assignment.position_at > STALE_POSITION_S
        parts.append(("? " if old else "") + distance_text(assignment.distance_m))
    if assignment.position_at is not None and now - assignment.position_at > STALE_POSITION_S:
        parts.append(tr("position {age} old", age=age_text(now - assignment.position_at)))
    if assignment.chased:
        parts.append(tr("chased {n}×", n=assignment.chased))
    return " · ".join(parts)


class AssignmentList(QWidget):
    """All assignments. Ages go on with `tick(now)`."""

    unit_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Label, ElidedLabel, Label, ElidedLabel]] = []
        self._assignments: Sequence[AssignmentView] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(2))
        self._grid.setColumnStretch(1, 3)
        self._grid.setColumnStretch(3, 2)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_assignments(self, assignments: Sequence[AssignmentView], now: float) -> None:
        """Lead first, then in the order they were made."""
        self._assignments = sorted(assignments, key=lambda a: (a.state in ("returned", "recalled"), not a.lead,
                                                               a.assigned_at))
        while len(self._rows) < len(self._assignments):
            self._rows.append(self._made(len(self._rows)))
        for index, row in enumerate(self._rows):
            for part in row:
                part.setVisible(index < len(self._assignments))
        self.setVisible(bool(self._assignments))
        self.tick(now)

    def _made(self, index: int) -> tuple[Label, ElidedLabel, Label, ElidedLabel]:
        part, name = Label("", "faint", self), ElidedLabel(parent=self)
        state, where = Label("", "muted", self), ElidedLabel(parent=self, role="muted")
        for column, label in enumerate((part, name, state, where)):
            self._grid.addWidget(label, index, column)
        return part, name, state, where

    def tick(self, now: float) -> None:
        """The clock went on."""
        for assignment, (part, name, state, where) in zip(self._assignments, self._rows, strict=False):
            part.setText(tr("lead") if assignment.lead else tr("help"))
            name.setText(plain(assignment.unit_name))
            text = f"{assignment_label(assignment.state)} {state_age(assignment, now)}"
            if state.text() != text:
                state.setText(text)
            set_role(state, _STATE_ROLE.get(assignment.state, "muted"))
            where.setText(where_text(assignment, now))


class MergedList(QWidget):
    """Incidents merged into this one, or the one it was merged into; a click goes there."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[str, str], ...] = ()
        self._title = Label("", "muted", self)
        self._buttons: list[QPushButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(px(2))
        self._layout.addWidget(self._title)

    def show_view(self, view: IncidentView) -> None:
        """The merged ones of a view."""
        listed = view.merged if view.merged_into is None else (view.merged_into,)
        self._title.setText(tr("Merged here: {n}", n=len(view.merged)) if view.merged_into is None
                            else tr("Merged into another one; work goes on there:"))
        self.setVisible(bool(listed))
        if listed == self._shown:
            return
        self._shown = listed
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(*pair) for pair in listed[:20]]

    def _button(self, incident_id: str, number: str) -> QPushButton:
        button = QPushButton(plain(number).replace("&", "&&"), self)
        button.setObjectName("link")
        button.setFlat(True)
        ime_off(button)
        button.clicked.connect(lambda: self.opened.emit(incident_id))
        self._layout.addWidget(button)
        return button
