"""One act upon a whistle, in place: its fields made from the transition table, its refusal, sending."""
from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.faults import Message
from app.domain.process import Need, Transition
from app.services.views import FieldOption
from widgets.forms.field import Field
from widgets.forms.make import FormPlace, make_field
from widgets.forms.matching import Choice
from widgets.forms.typeahead import TypeAhead
from widgets.theme import px
from widgets.theme.labels import Label
from widgets.whistle.words import plain, say, tr

LEVEL_CHOICES = (("1", "I"), ("2", "II"), ("3", "III"), ("4", "IV"))


class DepartmentsField(Field):
    """Several departments: each one that is picked joins the line, a press on it takes it out again."""

    def __init__(self, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = {c.code: c.label for c in choices}
        self._picked: list[str] = []
        self.finder = TypeAhead(choices, self, placeholder=tr("Department: name or pinyin initials"))
        self._line = QHBoxLayout()
        self._line.setSpacing(px(4))
        self._line.addStretch(1)
        self._chips: list[QPushButton] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(2))
        box.addWidget(self.finder)
        box.addLayout(self._line)
        self.setFocusProxy(self.finder)
        self.finder.picked.connect(self._on_picked)
        self.finder.submitted.connect(self.submitted)

    def _on_picked(self, code: str) -> None:
        self.finder.restore(None)
        if code not in self._picked:
            self._picked.append(code)
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        for chip in self._chips:
            self._line.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for code in self._picked:
            chip = QPushButton(f"{plain(self._names.get(code, code)).replace('&', '&&')}  ×", self)
            chip.setAccessibleName(tr("Take out {name}", name=plain(self._names.get(code, code))))
            chip.clicked.connect(self._taker(code))
            self._line.insertWidget(len(self._chips), chip)
            self._chips.append(chip)

    def _taker(self, code: str) -> Callable[[bool], None]:
        def take(_checked: bool = False) -> None:
            self._picked.remove(code)
            self._show()
            self.changed.emit()
        return take

    def value(self) -> object:
        return list(self._picked) or None

    def problem(self) -> str:
        return self.finder.problem()

    def restore(self, kept: object) -> None:
        self._picked = [str(k) for k in kept] if isinstance(kept, list) else []
        self._show()

    def kept(self) -> object:
        return list(self._picked) or None


class WhistleForm(QFrame):
    """`sent(params)`: everything is there; the owner answers with `refuse` or by closing it. `cancelled()`."""

    sent = Signal(dict)
    cancelled = Signal()

    def __init__(self, row: Transition, place: FormPlace, departments: Sequence[Choice], known: dict[str, object],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self.row, self._known = row, known
        self.fields: dict[str, Field] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(8), px(8), px(8))
        box.setSpacing(px(4))
        box.addWidget(Label(say(Message(row.label)), "strong", self))
        if row.help:
            note = Label(say(Message(row.help)), "muted", self)
            note.setWordWrap(True)
            box.addWidget(note)
        self.about = Label("", "muted", self)
        self.about.hide()
        box.addWidget(self.about)
        for need in row.needs:
            if need.name in known:
                continue
            label = plain(say(Message(need.label)))
            box.addWidget(Label(label if need.required else tr("{label} (may be left out)", label=label), "muted",
                                self))
            made = self._field(need, place, departments)
            made.setAccessibleName(label)
            made.submitted.connect(self.send)
            self.fields[need.name] = made
            box.addWidget(made)
        self.note = Label("", "refusal", self)
        self.note.setWordWrap(True)
        self.note.hide()
        box.addWidget(self.note)
        self.send_button, self.cancel_button = QPushButton(tr("Send"), self), QPushButton(tr("Cancel"), self)
        self.send_button.setObjectName("primary")
        self.send_button.clicked.connect(lambda _checked=False: self.send())
        self.cancel_button.clicked.connect(lambda _checked=False: self.cancelled.emit())
        foot = QHBoxLayout()
        foot.addWidget(self.send_button)
        foot.addWidget(self.cancel_button)
        foot.addStretch(1)
        box.addLayout(foot)

    def _field(self, need: Need, place: FormPlace, departments: Sequence[Choice]) -> Field:
        if need.type == "units":
            return DepartmentsField(departments, self)
        if need.type == "unit":
            return TypeAhead(departments, self, placeholder=tr("Department: name or pinyin initials"))
        choices: tuple[tuple[str, Message | str], ...] = ()
        if need.name == "level":
            choices = LEVEL_CHOICES
        elif need.type.startswith("choice:"):
            choices = tuple((c, Message(f"{need.name}.{c}")) for c in need.type[7:].split("|"))
        return make_field(FieldOption(need, choices, "3" if need.name == "level" else None), place, self)

    def kept(self) -> dict[str, object]:
        """What is typed, by field, as `restore` takes it."""
        return {name: made.kept() for name, made in self.fields.items()}

    def restore(self, kept: dict[str, object]) -> None:
        """Show what was typed before."""
        for name, made in self.fields.items():
            if kept.get(name) is not None:
                made.restore(kept[name])

    def focus_first(self) -> None:
        """The first field takes the keys."""
        for made in self.fields.values():
            made.setFocus()
            return
        self.send_button.setFocus()

    def send(self) -> None:
        """Check what is there and hand it over. Once: again after a refusal."""
        if not self.send_button.isEnabled():
            return
        params = dict(self._known)
        for name, made in self.fields.items():
            if made.problem():
                self.refuse(made.problem())
                made.setFocus()
                return
            value = made.value()
            if value is not None:
                params[name] = value
        for need in self.row.needs:
            if need.required and not params.get(need.name):
                self.refuse(tr("{what} is missing.", what=plain(say(Message(need.label)))))
                self.fields[need.name].setFocus()
                return
        self.note.hide()
        self.send_button.setEnabled(False)
        self.sent.emit(params)

    def say(self, text: str) -> None:
        """What the act is about."""
        self.about.setText(text)
        self.about.show()

    def refuse(self, text: str) -> None:
        """Say why it was not done; what was typed stays."""
        self.note.setText(text)
        self.note.show()
        self.send_button.setEnabled(True)
