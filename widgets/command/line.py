"""The field of the command line: reads as one types, says what Enter would do, recalls, completes."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from app.services.command_line import Reading, Scene, complete, read
from app.text import plain, render
from widgets.theme import px
from widgets.theme.labels import ElidedLabel, Label, set_role

READ_PAUSE_MS = 40
KEPT = 100
"""Lines that ↑ brings back."""
Near = Mapping[str, tuple[float | None, float | None]]


def tr(source: str, **params: object) -> str:
    """The room's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("command", source)
    return text.format(**params) if params else text


class _Field(QLineEdit):
    """Keeps Tab for completion, also with nothing typed: the letters after it must never act on the incident."""

    tab = Signal(bool)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Tab:
                self.tab.emit(True)
                return True
            if event.key() == Qt.Key.Key_Backtab:
                self.tab.emit(False)
                return True
        return super().event(event)


class CommandLine(QFrame):
    """`scene()` tells what the line can be about, `near(incident)` how far each force is from it (empty: not known).

    Signals: `acted(verb, incident id, params)` and `ordered(command, params)` on Enter; the desk answers with `done` or
    `refused`, naming the line that `sent` held. `left()` Esc.
    The text field takes an input method; a leading / 、 ／ is the same.
    """

    acted = Signal(str, str, object)
    ordered = Signal(str, object)
    left = Signal()

    def __init__(self, scene: Callable[[], Scene], near: Callable[[str], Near], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene, self._near = scene, near
        self._history: list[str] = []
        self._at: int | None = None
        self._walk: tuple[tuple[str, ...], int] | None = None
        self._confirm = ""
        self.sent = ""
        """the line whose act was sent last"""
        self._waiting: set[str] = set()
        self._refusal = ("", "")
        """the line that was refused, and why"""
        self.prompt = Label("/", "strong", self)
        self.field = _Field(self)
        self.field.setMaxLength(300)
        self.field.setFrame(False)
        self.preview = ElidedLabel("", self, role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(12), 0)
        row.setSpacing(px(8))
        row.addWidget(self.prompt)
        row.addWidget(self.field, 2)
        row.addWidget(self.preview, 3)
        self.setFocusProxy(self.field)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(READ_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self.field.textEdited.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_enter)
        self.field.tab.connect(self._on_tab)
        self.field.installEventFilter(self)
        self.retranslate()

    # ---- for the desk ----------------------------------------------------------------------------------------------

    def begin(self, text: str = "") -> None:
        """Take the focus; what stood there stays unless `text` is given."""
        if text:
            self.field.setText(text)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.setCursorPosition(len(self.field.text()))
        self.refresh()

    def done(self, text: str, line: str | None = None) -> bool:
        """The order of a line (None: the one that stands there) was carried out: say so, clear it. False when another
        one was typed since: that stays, and what was done is to be said elsewhere."""
        if not self._answered(line):
            return False
        self._walk = None
        self.field.clear()
        self._say(text, "good")
        return True

    def refused(self, text: str, line: str | None = None) -> bool:
        """It was refused: the line stays, to be mended, and so does the reason until it is. False as with `done`, and
        also when the line was wiped."""
        if not self._answered(line) or (line and not self.field.text().strip()):
            return False
        self._refusal = (self.field.text().strip(), text)
        self._say(text, "danger")
        return True

    def _answered(self, line: str | None) -> bool:
        """An answer came; whether the field is still about it."""
        stands = self.field.text().strip()
        if line is None:
            line = stands
        self._waiting.discard(line)
        return stands in ("", line)

    def history(self) -> tuple[str, ...]:
        """Lines entered, oldest first."""
        return tuple(self._history)

    def set_history(self, lines: Iterable[str]) -> None:
        """Lines entered in an earlier session."""
        self._history = [str(line) for line in lines][-KEPT:]

    def reading(self) -> Reading:
        """What Enter would do now."""
        return read(self.field.text(), replace(self._scene(), near_of=self._near))

    @Slot()
    def refresh(self) -> None:
        """Say what Enter would do."""
        text = self.field.text().strip()
        if not text:
            hint = tr("verb, object — for example: assign 0309 R01 · Tab completes · ↑ recalls")
            self._say(hint if self.field.hasFocus() else "", "muted")
            return
        if self._refusal[0] == text:
            self._say(self._refusal[1], "danger")
            return
        if text in self._waiting:
            self._say(tr("Sending…"), "muted")
            return
        reading = self.reading()
        if reading.refusal is not None:
            self._say(render(reading.refusal), "notice")
        elif self._confirm == text:
            self._say(tr("This can't be undone. Enter once more to do it, Esc to leave it."), "danger")
        else:
            self._say(" · ".join([*map(render, reading.preview), tr("Tab completes")]), "muted")

    # ---- typing ----------------------------------------------------------------------------------------------------

    def _say(self, text: str, role: str) -> None:
        self.preview.setText(plain(text))
        self.preview.setAccessibleName(plain(text))
        set_role(self.preview, role)

    @Slot()
    def _on_typed(self) -> None:
        self._walk, self._at, self._confirm, self._refusal = None, None, "", ("", "")
        self._pause.start()

    @Slot()
    def _on_enter(self) -> None:
        self._pause.stop()
        self._refusal = ("", "")
        text = self.field.text().strip()
        if text in self._waiting:  # Enter again before the answer: one line is one act
            return
        reading = self.reading()
        if not text or not reading.command:
            self.refresh()
            return
        if reading.refusal is not None:
            self._say(render(reading.refusal), "danger")
            return
        if reading.irreversible and self._confirm != text:
            self._confirm = text
            self.refresh()
            return
        self._confirm = ""
        self._remember(text)
        if reading.is_act and reading.incident_id is not None:
            self._say(tr("Sending…"), "muted")
            self.sent = text
            self._waiting.add(text)
            self.acted.emit(reading.command, reading.incident_id, dict(reading.params))
        else:
            params = dict(reading.params)
            if reading.incident_id is not None:
                params["incident"] = reading.incident_id
            self.field.clear()
            self._say("", "muted")
            self.ordered.emit(reading.command, params)

    def _remember(self, text: str) -> None:
        if text in self._history:
            self._history.remove(text)
        self._history.append(text)
        del self._history[:-KEPT]
        self._at = None

    @Slot(bool)
    def _on_tab(self, forward: bool) -> None:
        if self._walk is None:
            self._walk = (complete(self.field.text(), self._scene_with_near()), -1 if forward else 0)
            if not self.field.text().strip():
                self._say(tr("verbs: {list}", list=" · ".join(w.strip() for w in self._walk[0])), "muted")
                return
        lines, at = self._walk
        if not lines:
            self._say(tr("nothing to complete"), "muted")
            self._walk = None
            return
        at = (at + (1 if forward else -1)) % len(lines)
        self._walk = (lines, at)
        self.field.setText(lines[at])
        self.refresh()

    def _scene_with_near(self) -> Scene:
        scene = self._scene()
        target = read(self.field.text(), scene).incident_id or scene.selected
        return replace(scene, near=self._near(target)) if target is not None else scene

    def _recall(self, by: int) -> None:
        if not self._history:
            return
        at = len(self._history) if self._at is None else self._at
        at = min(len(self._history), max(0, at + by))
        self._at = at
        self.field.setText(self._history[at] if at < len(self._history) else "")
        self.refresh()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.field and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._pause.start()
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._recall(-1 if key == Qt.Key.Key_Up else 1)
                return True
            if key == Qt.Key.Key_Escape:
                self._confirm, self._walk = "", None
                self.field.clear()
                self._say("", "muted")
                self.left.emit()
                return True
        return bool(super().eventFilter(watched, event))  # type: ignore[arg-type]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Texts in the language now in use."""
        self.field.setPlaceholderText(tr("Command (/)"))
        self.field.setAccessibleName(tr("Command line"))
        self.refresh()
