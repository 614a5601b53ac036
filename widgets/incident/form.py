"""One act's form, in place: its fields, its refusal, the confirmation of what can't be taken back."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.faults import Message
from app.services.views import ActionOption, FieldOption
from widgets.forms.field import Field, FlagField, ime_off
from widgets.forms.make import FormPlace, make_field
from widgets.forms.matching import Choice
from widgets.forms.pickers import PointField
from widgets.forms.typeahead import TypeAhead
from widgets.incident.words import plain, say, tr
from widgets.theme import px
from widgets.theme.labels import Label, set_role


def _open_choice(verb: str, option: FieldOption) -> FieldOption:
    """An assignment is given to any force, not only to those that have one already."""
    if verb == "assign" and option.need.type == "unit":
        return FieldOption(option.need)
    return option


LEAST_FIELDS_PX = 90
"""Lower than this the fields never get."""
SHORT_FORM = 4
"""Up to so many fields a form without blanks to fill begins at its words."""


@dataclass
class Typed:
    """What was typed for one incident and verb, and the last refusal; kept until the act is done."""

    fields: dict[str, object] = field(default_factory=dict)
    refusal: str = ""


class _FieldsArea(QScrollArea):
    """The fields: as high as they are while there is room, else they scroll and the foot stays in sight."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.body = QWidget(self)
        self.body.setObjectName("scrolled")
        self.lines = QVBoxLayout(self.body)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.setSpacing(px(4))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(self.body)
        self.body.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.body.isAncestorOf(now):
            self.ensureWidgetVisible(now)

    def sizeHint(self) -> QSize:
        wide = max(1, self.viewport().width())
        high = self.lines.totalHeightForWidth(wide) if self.lines.hasHeightForWidth() else -1
        return QSize(px(200), high if high >= 0 else self.lines.totalSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), min(self.sizeHint().height(), px(LEAST_FIELDS_PX)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.body and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return bool(super().eventFilter(watched, event))


class ActionForm(QFrame):
    """The form of one `ActionOption`. Emits `sent(params)`; the owner answers with `refuse` or by closing it."""

    sent = Signal(dict)
    cancelled = Signal()
    point_wanted = Signal(object)
    """the `PointField` that waits for a click on the map"""

    def __init__(self, option: ActionOption, place: FormPlace, typed: Typed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self.option = option
        self.typed = typed
        self.fields: dict[str, Field] = {}
        self._confirming = False
        self._sending = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(px(8), px(8), px(8), px(8))
        self._layout.setSpacing(px(4))
        self._title()
        self._area = _FieldsArea(self)
        self._layout.addWidget(self._area)
        self._area.setVisible(bool(option.fields))
        for need_field in (_open_choice(option.verb, f) for f in option.fields):
            self._add(need_field.need.name, say(Message(need_field.need.label)), need_field.need.required,
                      make_field(need_field, place, self))
        self._foot()
        for name, kept in typed.fields.items():
            if name in self.fields:
                self.fields[name].restore(kept)
        for each in self.fields.values():
            each.changed.connect(self._on_changed)
            each.submitted.connect(self.send)
        if typed.refusal:
            self.refuse(typed.refusal)

    def _title(self) -> None:
        self._layout.addWidget(Label(f"{self.option.key}  {say(self.option.label)}".strip(), "strong", self))
        if self.option.help is not None:
            note = Label(say(self.option.help), "muted", self)
            note.setWordWrap(True)
            self._layout.addWidget(note)

    def _add(self, name: str, label: str, required: bool, made: Field) -> None:
        if not isinstance(made, FlagField):
            text = plain(label) if required else tr("{label} (may be left out)", label=plain(label))
            self._area.lines.addWidget(Label(text, "muted", self._area.body))
        made.setAccessibleName(plain(label))
        self._area.lines.addWidget(made)
        self.fields[name] = made
        if isinstance(made, PointField):
            made.wanted.connect(lambda: self.point_wanted.emit(made))

    def _foot(self) -> None:
        self._note = Label("", "refusal", self)
        self._note.setWordWrap(True)
        self._note.hide()
        self.send_button = QPushButton(self._send_text(), self)
        self.send_button.setObjectName("primary")
        self.send_button.setAutoDefault(False)
        self.send_button.clicked.connect(self.send)
        cancel = QPushButton(tr("Cancel  Esc"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.send_button, 1)
        row.addWidget(cancel)
        ime_off(self.send_button)
        ime_off(cancel)
        self._layout.addWidget(self._note)
        self._layout.addLayout(row)

    def _send_text(self) -> str:
        return tr("{act}  Enter", act=say(self.option.label)).replace("&", "&&")

    def offer_units(self, units: Sequence[Choice]) -> None:
        """Forces to pick from, best first; what was typed stays."""
        for option in self.option.fields:
            made = self.fields[option.need.name]
            if option.need.type in ("unit", "units") and isinstance(made, TypeAhead):
                if _open_choice(self.option.verb, option).choices:
                    continue
                made.set_choices(units)

    def focus_first(self) -> None:
        """The first field that is needed and blank; else, in a short form, the words; else the first field."""
        needs = [option.need for option in self.option.fields]
        blank = [n for n in needs if self.fields[n.name].value() in (None, "")]
        wanted = [n for n in blank if n.required]
        if not wanted and len(needs) <= SHORT_FORM:
            wanted = [n for n in blank if n.type == "lines"]
        first = (wanted or needs)[:1]
        target: QWidget = self.fields[first[0].name] if first else self.send_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> None:
        """Put what is typed into `typed`."""
        self.typed.fields = {name: kept for name, each in self.fields.items() if (kept := each.kept()) is not None}

    @Slot()
    def _on_changed(self) -> None:
        self.keep()
        if self._confirming:
            self._unconfirm()
        if not self._sending:
            self.typed.refusal = ""
            self._say("")

    def _say(self, text: str, role: str = "refusal") -> None:
        set_role(self._note, role)
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def params(self) -> Mapping[str, object]:
        """Values of all fields that are not blank."""
        return {name: value for name, each in self.fields.items() if (value := each.value()) is not None}

    def _wrong(self) -> tuple[Field, str] | None:
        for option in self.option.fields:
            each = self.fields[option.need.name]
            if problem := each.problem():
                return each, tr("{label}: {problem}", label=say(Message(option.need.label)), problem=problem)
            if option.need.required and each.value() in (None, ""):
                return each, tr("{label} is needed", label=say(Message(option.need.label)))
        return None

    @Slot()
    def send(self) -> None:
        """Check, confirm what can't be taken back, send."""
        if self._sending:
            return
        wrong = self._wrong()
        if wrong is not None:
            self._say(plain(wrong[1]))
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.option.irreversible and not self._confirming:
            self._confirming = True
            self._say(tr("This can't be taken back. Enter again: do it. Esc: don't."), "warning")
            self.send_button.setText(tr("Yes, {act}  Enter", act=say(self.option.label)).replace("&", "&&"))
            self.send_button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.keep()
        self._sending = True
        self._say(tr("Sending…"), "muted")
        for each in self.fields.values():
            each.setEnabled(False)
        self.send_button.setEnabled(False)
        self.sent.emit(dict(self.params()))

    def _unconfirm(self) -> None:
        self._confirming = False
        self.send_button.setText(self._send_text())

    def refuse(self, reason: str) -> None:
        """Show why it was not done; everything typed stays and may be sent again."""
        self._sending = False
        self._unconfirm()
        for each in self.fields.values():
            each.setEnabled(True)
        self.send_button.setEnabled(True)
        self.typed.refusal = reason
        self._say(tr("Not done: {reason} What you typed is kept.", reason=plain(reason).rstrip(".。") + tr(".")))
        self.focus_first()

    @property
    def sending(self) -> bool:
        """Whether it waits for the seat's answer."""
        return self._sending

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._confirming:
                self._unconfirm()
                self._say("")
            else:
                self.keep()
                self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        elif event.text() and event.text().isprintable():
            event.accept()  # a letter on a form's button is no act of the panel
        else:
            super().keyPressEvent(event)
