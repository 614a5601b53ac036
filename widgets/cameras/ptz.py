"""Turning a camera by hand: arrows, zoom and presets, for cameras that have a drive. Each act is recorded before it is
done (who, which camera, when, why)."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.services.commands import MoveCamera
from app.services.permissions import TEACHER_ROLES
from app.services.ptz import Preset, Ptz, can_turn
from app.services.views import CameraRow
from app.text import plain, render
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.bridge.runner import Runner, Task
from widgets.cameras.asking import AskLine
from widgets.cameras.tile import say
from widgets.theme.labels import ElidedLabel
from widgets.theme.tokens import px

HOLD_MOST_MS = 10_000
"""a button that is held longer lets go by itself: a screen that hangs must not turn a camera for ever"""
_BUTTONS = (("left", "◀"), ("up", "▲"), ("down", "▼"), ("right", "▶"), ("zoomout", "－"), ("zoomin", "＋"))
KEYS = {Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right", Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down",
        Qt.Key.Key_Plus: "zoomin", Qt.Key.Key_Equal: "zoomin", Qt.Key.Key_Minus: "zoomout"}


class PtzBar(QWidget):
    """`show_for(camera, reason, incident)`; hidden for a camera without a drive. A button or key held down moves,
    letting go stops; so do hiding it, losing the focus and another camera."""

    def __init__(self, bridge: Bridge, runner: Runner, ptz: Ptz | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._runner, self._ptz = bridge, runner, ptz
        self.camera: CameraRow | None = None
        self._why: tuple[str, str | None] = ("", None)
        self._held = ""
        self._moving = False
        """the last order that was sent is a move: it wants a stop"""
        self._orders: list[tuple[str, str]] = []
        """(address, direction or "stop"), in their order"""
        self._task: Task | None = None
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD_MOST_MS)
        self._hold.timeout.connect(self.release)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout()
        row.setSpacing(px(2))
        for name, sign in _BUTTONS:
            button = QToolButton(self)
            button.setText(sign)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.pressed.connect(partial(self.press, name))
            button.released.connect(self.release)
            row.addWidget(button)
            self.buttons[name] = button
        self.presets_button = QToolButton(self)
        self.presets_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.presets_button.clicked.connect(self._ask_presets)
        row.addWidget(self.presets_button)
        self.note = ElidedLabel("", self, role="muted")
        row.addWidget(self.note, 1)
        self.asking = AskLine(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(2))
        box.addLayout(row)
        box.addWidget(self.asking)
        self._retranslate()
        self.hide()

    def show_for(self, camera: CameraRow | None, reason: str, incident_id: str | None = None) -> None:
        """Serve a camera; without one, or one that cannot be turned, the bar goes."""
        if camera is None or self.camera is None or camera.id != self.camera.id:
            self.release()
            self.note.setText("")
            self.asking.leave()
        self.camera, self._why = camera, (reason, incident_id)
        self.setVisible(camera is not None and can_turn(camera, self._ptz))

    # ---- moving ----------------------------------------------------------------------------------------------------

    @Slot(str)
    def press(self, direction: str) -> None:
        """Begin to move: first the record, then the order."""
        camera = self.camera
        if camera is None or self._held or not self.isVisible():
            return
        self._held = direction
        self._hold.start()
        self.note.setText("")

        def recorded(_changes: object) -> None:
            self._moving = True
            self._order(camera.source, direction)
            if self._held != direction:  # let go meanwhile: a touch moves it a little
                self._stop(camera.source)

        self._bridge.act(MoveCamera(camera.id, direction, *self._why), recorded, self._refused(camera.source),
                         owner=self)

    @Slot()
    def release(self) -> None:
        """Stand still."""
        self._hold.stop()
        self._held = ""
        if self._moving and self.camera is not None:
            self._stop(self.camera.source)

    def _stop(self, address: str) -> None:
        self._moving = False
        self._order(address, "stop")

    def _order(self, address: str, what: str) -> None:
        self._orders.append((address, what))
        self._next()

    def _next(self) -> None:
        """One order at a time, so that a stop never overtakes the move before it."""
        ptz = self._ptz
        if self._task is not None or not self._orders or ptz is None:
            return
        address, what = self._orders.pop(0)

        def do(_task: Task) -> None:
            if what == "stop":
                ptz.stop(address)
            else:
                ptz.move(address, what)

        def failed(fault: Fault) -> None:
            self._task = None
            self._refused(address)(fault)
            self._next()

        self._task = self._runner.run(do, self._done, failed, owner=self)

    def _done(self, _nothing: object) -> None:
        self._task = None
        self._next()

    def _serves(self, address: str) -> bool:
        """Whether the bar is still that camera's: an answer that comes late is none of the next one's."""
        return self.camera is not None and self.camera.source == address

    def _tell(self, address: str, words: str) -> None:
        if self._serves(address):
            self.note.setText(words)

    def _refused(self, address: str) -> Callable[[Fault], None]:
        def refused(fault: Fault) -> None:
            if self._serves(address):
                self._held = ""
                self._hold.stop()
                self.note.setText(render(fault.message))
        return refused

    # ---- presets ---------------------------------------------------------------------------------------------------

    @Slot()
    def _ask_presets(self) -> None:
        camera, ptz = self.camera, self._ptz
        if camera is None or ptz is None:
            return
        self.note.setText(say("asking for presets"))
        facts = self._bridge.facts
        may = facts is not None and bool(facts.operator.roles & TEACHER_ROLES)

        def ask(_task: Task) -> tuple[str, list[Preset], str]:
            found = ptz.presets(camera.source)
            if not may:
                return camera.id, found, say("only a supervisor or duty leader")
            refused = ptz.teaching(camera.source)
            return camera.id, found, render(refused) if refused is not None else ""

        self._runner.run(ask, self._show_presets, self._refused(camera.source), owner=self)

    def _show_presets(self, answer: tuple[str, list[Preset], str]) -> None:
        """`answer`: the camera's id, its presets, and why it can be taught none."""
        camera_id, presets, refused = answer
        if self.camera is None or self.camera.id != camera_id:
            return
        self.note.setText("" if presets else say("no presets"))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for preset in presets:
            words = f"{preset.token} {plain(preset.name)}".strip().replace("&", "&&")
            menu.addAction(words).triggered.connect(partial(self.goto, preset))
        menu.addSeparator()
        why = f" ({refused})" if refused else ""
        menu.addAction(say("Keep where it looks now…") + why, lambda: self._ask_teach(presets)).setEnabled(not refused)
        if presets and not refused:
            gone = menu.addMenu(say("Remove"))
            for preset in presets:
                words = f"{preset.token} {plain(preset.name)}".strip().replace("&", "&&")
                gone.addAction(f"{words}…").triggered.connect(partial(self._ask_forget, preset))
        menu.popup(self.presets_button.mapToGlobal(QPoint(0, self.presets_button.height())))

    def goto(self, preset: Preset, *_checked: object) -> None:
        """Send the camera to a preset, once that is recorded."""
        camera, ptz = self.camera, self._ptz
        if camera is None or ptz is None:
            return

        def recorded(_changes: object) -> None:
            self._tell(camera.source, say("to {name}", name=plain(preset.name) or preset.token))
            self._runner.run(lambda _task: ptz.goto(camera.source, preset.token), None, refused, owner=self)

        refused = self._refused(camera.source)
        self._bridge.act(MoveCamera(camera.id, "preset", *self._why, preset=preset.token), recorded, refused,
                         owner=self)

    def _ask_teach(self, presets: list[Preset]) -> None:
        free = next(n for n in range(1, len(presets) + 2) if str(n) not in {p.token for p in presets})
        self.asking.ask(say("Name or number of the preset"), str(free), self.teach)

    def teach(self, name: str) -> None:
        """The camera remembers where it looks now, once that is recorded."""
        self._change("preset_set", name, lambda ptz, address: ptz.teach(address, name),
                     lambda: say("kept as {name}", name=plain(name)))

    def _ask_forget(self, preset: Preset, *_checked: object) -> None:
        name = plain(preset.name) or preset.token
        self.asking.confirm(say("Remove the preset {name}?", name=name), say("Remove"),
                            lambda _words: self.forget(preset))

    def forget(self, preset: Preset) -> None:
        """A preset goes, once that is recorded."""
        self._change("preset_removed", preset.token, lambda ptz, address: ptz.forget(address, preset.token),
                     lambda: say("removed: {name}", name=plain(preset.name) or preset.token))

    def _change(self, what: str, which: str, do: Callable[[Ptz, str], object], words: Callable[[], str]) -> None:
        camera, ptz = self.camera, self._ptz
        if camera is None or ptz is None:
            return

        def recorded(_changes: object) -> None:
            self._runner.run(lambda _task: do(ptz, camera.source), lambda _done: self._tell(camera.source, words()),
                             refused, owner=self)

        refused = self._refused(camera.source)
        self._bridge.act(MoveCamera(camera.id, what, *self._why, preset=which), recorded, refused, owner=self)

    # ---- keys and looks --------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and + - move while they are held."""
        direction = KEYS.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.press(direction)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go stops."""
        if Qt.Key(event.key()) in KEYS:
            if not event.isAutoRepeat():
                self.release()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The key that would be let go is heard elsewhere now."""
        super().focusOutEvent(event)
        self.release()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees what moves."""
        super().hideEvent(event)
        self.release()

    def _retranslate(self) -> None:
        self.presets_button.setText(say("Presets"))
        names = {"left": say("turn left"), "right": say("turn right"), "up": say("tilt up"), "down": say("tilt down"),
                 "zoomin": say("zoom in"), "zoomout": say("zoom out")}
        for name, button in self.buttons.items():
            button.setAccessibleName(names[name])
            button.setToolTip(names[name])
        self.setAccessibleName(say("turn the camera"))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
