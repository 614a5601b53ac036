"""What every field promises, and the plain ones: a line, several lines, a choice, minutes, a score, a time, a mark."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from widgets.forms.matching import Choice, folded
from widgets.forms.words import local, tr
from widgets.theme import px

LONGEST_LINE = 500
LONGEST_TEXT = 20_000


class Field(QWidget):
    """One datum of a form. `value()` is what a command takes (None: left blank); `kept()` is what was typed so far.

    `kept()` may be given to `restore()` of another field of the same kind at any time: nothing typed is lost.
    """

    changed = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def value(self) -> object:
        """What a command takes, or None when the field is blank."""
        raise NotImplementedError

    def problem(self) -> str:
        """Why the value can't be sent as it stands, "" when it can."""
        return ""

    def kept(self) -> object:
        """What was typed, as JSON can hold it; None when nothing was."""
        return self.value()

    def restore(self, kept: object) -> None:
        """Show what was typed before, or a default value."""
        raise NotImplementedError


def _box(field: QWidget, *, down: bool = False) -> QHBoxLayout | QVBoxLayout:
    layout = QVBoxLayout(field) if down else QHBoxLayout(field)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(px(4))
    return layout


class LineField(Field):
    """One line of text; Enter sends the form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.edit.setMaxLength(LONGEST_LINE)
        _box(self).addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._on_text)
        self.edit.returnPressed.connect(self.submitted)

    @Slot(str)
    def _on_text(self, _text: str) -> None:
        self.changed.emit()

    def value(self) -> object:
        return self.edit.text().strip() or None

    def kept(self) -> object:
        return self.edit.text() or None

    def restore(self, kept: object) -> None:
        self.edit.setText("" if kept is None else str(kept))


class LinesEdit(QPlainTextEdit):
    """Several lines: Enter sends, Shift+Enter makes a new line, Tab goes on to the next field."""

    sent = Signal()

    def __init__(self, parent: QWidget | None = None, *, lines: int = 3) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines = lines
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._lines + px(16))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as plain text, and no more than a seat takes: a huge line would stop the screen."""
        room = LONGEST_TEXT + 1 - len(self.toPlainText())
        if room > 0:
            self.insertPlainText(source.text()[:room])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.sent.emit()
                return
            self.insertPlainText("\n")
            return
        super().keyPressEvent(event)


class LinesField(Field):
    """Several lines of text."""

    def __init__(self, parent: QWidget | None = None, *, lines: int = 3, hint: str = "") -> None:
        super().__init__(parent)
        self.edit = LinesEdit(self, lines=lines)
        self.edit.setPlaceholderText(hint or tr("Enter sends, Shift+Enter: new line"))
        _box(self).addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._on_text)
        self.edit.sent.connect(self.submitted)

    @Slot()
    def _on_text(self) -> None:
        self.changed.emit()

    def value(self) -> object:
        return self.edit.toPlainText().strip() or None

    def problem(self) -> str:
        extra = len(self.edit.toPlainText()) - LONGEST_TEXT
        return tr("longer than {count} characters", count=LONGEST_TEXT) if extra > 0 else ""

    def kept(self) -> object:
        return self.edit.toPlainText() or None

    def restore(self, kept: object) -> None:
        self.edit.setPlainText("" if kept is None else str(kept)[: LONGEST_TEXT + 1])


class ChoiceField(Field):
    """One of a few: buttons in a row, picked by click, arrow, or their digit."""

    def __init__(self, choices: Sequence[Choice], parent: QWidget | None = None, *, required: bool = True) -> None:
        super().__init__(parent)
        self._required = required
        self._choices = tuple(choices)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        layout = _box(self)
        for index, choice in enumerate(self._choices):
            button = QPushButton(choice.label.replace("&", "&&"), self)
            button.setObjectName("choice")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus if index else Qt.FocusPolicy.StrongFocus)
            button.setMinimumWidth(0)
            button.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
            button.installEventFilter(self)
            self._group.addButton(button, index)
            layout.addWidget(button, 1)
        self._group.buttonClicked.connect(self._on_clicked)
        if self._choices:
            self.setFocusProxy(self._group.button(0))

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        self._pick(self._group.id(button), toggle=not button.isChecked())

    def _pick(self, index: int, *, toggle: bool = False) -> None:
        for other in self._group.buttons():
            other.setChecked(self._group.id(other) == index and not (toggle and not self._required))
        if any(other.hasFocus() for other in self._group.buttons()):
            self._group.button(index).setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key, text = event.key(), folded(event.text())
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.submitted.emit()
                return True
            if text.isdecimal() and text.isascii() and 1 <= int(text) <= len(self._choices):
                self._pick(int(text) - 1)
                return True
            if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                step = 1 if key == Qt.Key.Key_Right else -1
                self._pick((self._index() + step) % len(self._choices))
                return True
        return super().eventFilter(watched, event)

    def _index(self) -> int:
        return next((self._group.id(b) for b in self._group.buttons() if b.isChecked()), -1)

    def value(self) -> object:
        index = self._index()
        return self._choices[index].code if index >= 0 else None

    def restore(self, kept: object) -> None:
        code = "" if kept is None else str(kept)
        for button, choice in zip(self._group.buttons(), self._choices, strict=True):
            button.setChecked(choice.code == code)
        self.changed.emit()


class NumberField(Field):
    """A whole number between two bounds, with buttons for the usual ones."""

    def __init__(self, low: int, high: int, usual: Sequence[int] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high = low, high
        self.edit = QLineEdit(self)
        self.edit.setValidator(QIntValidator(0, 10 * high, self))
        self.edit.setMaximumWidth(px(96))
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        layout = _box(self)
        layout.addWidget(self.edit)
        for number in usual:
            layout.addWidget(self._usual(number))
        layout.addStretch(1)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._on_text)
        self.edit.returnPressed.connect(self.submitted)

    def _usual(self, number: int) -> QPushButton:
        button = QPushButton(str(number), self)
        button.setObjectName("choice")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setMinimumWidth(0)
        button.clicked.connect(lambda: self.restore(number))
        return button

    @Slot(str)
    def _on_text(self, _text: str) -> None:
        self.changed.emit()

    def value(self) -> object:
        text = folded(self.edit.text())
        return int(text) if text.isdecimal() and text.isascii() else None

    def problem(self) -> str:
        number = self.value()
        if isinstance(number, int) and not self._low <= number <= self._high:
            return tr("between {low} and {high}", low=self._low, high=self._high)
        return ""

    def kept(self) -> object:
        return self.edit.text() or None

    def restore(self, kept: object) -> None:
        self.edit.setText("" if kept is None else str(kept))


class FlagField(Field):
    """Yes or no."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(text.replace("&", "&&"), self)
        _box(self).addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.toggled.connect(self._on_toggled)

    @Slot(bool)
    def _on_toggled(self, _on: bool) -> None:
        self.changed.emit()

    def value(self) -> object:
        return self.box.isChecked()

    def kept(self) -> object:
        return True if self.box.isChecked() else None

    def restore(self, kept: object) -> None:
        self.box.setChecked(bool(kept))


class TimeField(Field):
    """A time of the district, "18:42" (the nearest one) or "11-23 18:42". Value: epoch s."""

    def __init__(self, now: Callable[[], datetime], zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now, self._zone = now, zone
        self.edit = QLineEdit(self)
        self.edit.setPlaceholderText(tr("18:42 or 11-23 18:42"))
        self.edit.setMaxLength(20)
        _box(self).addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._on_text)
        self.edit.returnPressed.connect(self.submitted)

    @Slot(str)
    def _on_text(self, _text: str) -> None:
        self.changed.emit()

    def value(self) -> object:
        text = folded(self.edit.text())
        today = local(self._now().timestamp(), self._zone)
        for form in ("%H:%M", "%H:%M:%S", "%m-%d %H:%M", "%Y-%m-%d %H:%M"):
            try:
                whole = (text, form) if "%Y" in form else (f"2000 {text}", f"%Y {form}")
                read = datetime.strptime(*whole).replace(tzinfo=today.tzinfo)
            except ValueError:
                continue
            return self._near(read, form, today).timestamp()
        return None

    @staticmethod
    def _near(read: datetime, form: str, today: datetime) -> datetime:
        if "%d" not in form:
            at = today.replace(hour=read.hour, minute=read.minute, second=read.second, microsecond=0)
            return at - timedelta(days=1) if at - today > timedelta(hours=12) else at
        year = read.year if "%Y" in form else today.year
        return read.replace(year=year)

    def problem(self) -> str:
        return tr("not a time") if self.edit.text().strip() and self.value() is None else ""

    def kept(self) -> object:
        return self.edit.text() or None

    def restore(self, kept: object) -> None:
        if isinstance(kept, int | float):
            self.edit.setText(f"{local(float(kept), self._zone):%Y-%m-%d %H:%M}")
        else:
            self.edit.setText("" if kept is None else str(kept))


def ime_off(widget: QWidget) -> None:
    """A view that takes no text takes no input method either: its letters act."""
    widget.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)


class _Letters(QObject):
    """Lets what would be typed pass on to who stands around the view."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        text = event.text()
        if event.modifiers() & ~_BARE or not text.isprintable() or not text.strip():
            return False
        event.ignore()  # taken from the view, still on its way to the window
        return True


_BARE = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier


def letters_act(view: QAbstractItemView) -> None:
    """A list or table that is not searched by typing: letters and / act as everywhere, and no input method takes them.

    Qt's own views look for an entry that begins with what is typed, and swallow it."""
    ime_off(view)
    view.installEventFilter(_Letters(view))


