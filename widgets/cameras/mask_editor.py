"""Where privacy masks are drawn: over the picture of one camera, kept by an act with a reason, in force at once."""
from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.domain.masks import Mask
from app.services.changes import Changes
from app.services.commands import SetMasks
from app.services.permissions import MASK_ROLES
from app.services.views import CameraRow
from app.text import plain, render
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.cameras.mask_canvas import MaskCanvas
from widgets.cameras.tile import Tile, say
from widgets.theme.labels import ElidedLabel, Label
from widgets.theme.tokens import px

PICTURE_MS = 100


def why_not(bridge: Bridge, tile: Tile, reason: str) -> str:
    """Why the masks of a tile's camera cannot be drawn now; "" where they can."""
    facts = bridge.facts
    if facts is None or not facts.operator.roles & MASK_ROLES:
        return say("only a supervisor or duty leader")
    if tile.visitors:
        return say("not while visitors are here")
    if tile.camera is None or not tile.has_picture or not reason:
        return say("without a picture there is nothing to draw on")
    return ""


class MaskEditor(QFrame):
    """`open(tile, reason, incident)` lies over its parent's grid until it is saved or left; the tile goes on below.

    `said(text, good)`: for the desk's banner. `closed()`.
    """

    said = Signal(str, bool)
    closed = Signal()

    def __init__(self, bridge: Bridge, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("raised")
        self.setAutoFillBackground(True)
        self._bridge, self._over = bridge, over
        self._tile: Tile | None = None
        self._camera: CameraRow | None = None
        self._why: tuple[str, str | None] = ("", None)
        self._kept: tuple[Mask, ...] = ()
        self._saving = False
        self.title, self.hint = ElidedLabel("", self, role="strong"), Label("", "muted", self)
        self.hint.setWordWrap(True)
        self.canvas = MaskCanvas(self)
        self.canvas.changed.connect(self._show)
        self.canvas.left.connect(self.leave)
        self.boxes, self.points = QToolButton(self), QToolButton(self)
        self._tools = QButtonGroup(self)
        for tool in (self.boxes, self.points):
            tool.setCheckable(True)
            self._tools.addButton(tool)
        self.boxes.setChecked(True)
        self.boxes.toggled.connect(self._on_tool)
        self.delete, self.undo = QToolButton(self), QToolButton(self)
        self.delete.clicked.connect(self.canvas.delete)
        self.undo.clicked.connect(self.canvas.undo)
        self.save, self.cancel = QPushButton(self), QPushButton(self)
        self.save.setObjectName("primary")
        self.save.clicked.connect(self._on_save)
        self.cancel.clicked.connect(self.leave)
        tools = QHBoxLayout()
        tools.setSpacing(px(4))
        for button in (self.boxes, self.points, self.delete, self.undo):
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(self.save)
        tools.addWidget(self.cancel)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(6), px(8), px(6))
        box.setSpacing(px(4))
        box.addWidget(self.title)
        box.addLayout(tools)
        box.addWidget(self.canvas, 1)
        box.addWidget(self.hint)
        self._pictures = QTimer(self)
        self._pictures.setInterval(PICTURE_MS)
        self._pictures.timeout.connect(self._on_picture)
        over.installEventFilter(self)
        bridge.changed.connect(self._on_changed)
        self._retranslate()
        self.hide()

    def open(self, tile: Tile, reason: str, incident_id: str | None) -> None:
        """Draw over this tile's camera, as soon as its masks are known. What is being drawn already goes on."""
        if self._tile is not None:
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        refused = why_not(self._bridge, tile, reason)
        if refused or tile.camera is None:
            self.said.emit(say("Masks cannot be drawn: {why}", why=refused), False)
            return
        camera = tile.camera

        def begin(masks: tuple[Mask, ...]) -> None:
            if tile.camera is None or tile.camera.id != camera.id or tile.visitors:
                return
            self._tile, self._camera, self._why, self._kept = tile, camera, (reason, incident_id), masks
            self.canvas.begin(masks)
            self.title.setText(say("Privacy masks of {name}", name=plain(camera.name)))
            self._place()
            self._on_picture()
            self.show()
            self.raise_()
            self._pictures.start()
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

        self._bridge.ask(lambda seat: seat.masks(camera.id), begin, self._failed, owner=self, key="masks")

    def _failed(self, fault: Fault) -> None:
        self.said.emit(plain(render(fault.message)), False)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        """Somebody else covered more meanwhile: that is drawn in, so that saving this does not uncover it."""
        camera = self._camera
        if camera is None or self._saving or not changes.masks & {camera.id, "*"}:
            return

        def read(masks: tuple[Mask, ...]) -> None:
            if self._camera is None or self._camera.id != camera.id or self._saving or masks == self._kept:
                return
            if self.changed or self.canvas.drawing:
                self.canvas.take_in([m for m in masks if m not in self._kept])
            else:
                self.canvas.begin(masks)
            self._kept = masks
            self._show()
            self.said.emit(say("Masks of {name} were changed elsewhere: they are drawn in.", name=plain(camera.name)),
                           False)

        self._bridge.ask(lambda seat: seat.masks(camera.id), read, self._failed, owner=self, key="masks")

    @Slot()
    def _on_picture(self) -> None:
        """The picture goes on; with its camera the editor goes too, and when visitors come in."""
        tile = self._tile
        if tile is None:
            return
        gone = tile.camera is None or self._camera is None or tile.camera.id != self._camera.id
        if gone or tile.visitors or not self._over.isVisible():
            self.leave()
            return
        self.canvas.set_image(tile.picture)

    @Slot(bool)
    def _on_tool(self, boxes: bool) -> None:
        self.canvas.by_points = not boxes
        self.canvas.drop()
        self._show()

    @property
    def changed(self) -> bool:
        """Whether there is something to save."""
        return tuple(self.canvas.masks) != self._kept

    @Slot()
    def _on_save(self) -> None:
        camera, masks = self._camera, tuple(self.canvas.masks)
        if camera is None or self._saving:
            return
        if self.canvas.drawing:
            self.canvas.finish()
            masks = tuple(self.canvas.masks)

        def failed(fault: Fault) -> None:
            self._saving = False
            self.hint.setText(plain(render(fault.message)))

        def done(_changes: object) -> None:
            self._saving = False
            self._kept = tuple(self.canvas.masks)
            self.said.emit(say("{name}: {n} masks are in force", name=plain(camera.name), n=len(masks)), True)
            self.leave()

        self._saving = True
        self._bridge.act(SetMasks(camera.id, masks, *self._why), done, failed, owner=self)

    @Slot()
    def leave(self) -> None:
        """Close it; what was not saved is dropped, and that is said."""
        if self._tile is None:
            return
        if self.changed:
            self.said.emit(say("Masks of {name} are as before.", name=plain(self._camera.name if self._camera else "")),
                           True)
        self._pictures.stop()
        self._tile = self._camera = None
        self.canvas.set_image(None)
        self.hide()
        self._over.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the grid."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        self.setGeometry(self._over.rect())

    def _show(self) -> None:
        self.delete.setEnabled(self.canvas.chosen is not None)
        self.undo.setEnabled(self.canvas.can_undo)
        self.save.setEnabled(self.changed or self.canvas.drawing)
        self.hint.setText(
            say("click corner by corner · double click or Enter ends it") if self.canvas.by_points else
            say("drag: new, move, bend · Ins new · PgUp PgDn choose · arrows move, Ctrl sizes · Del · Ctrl+S · Esc"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S saves, Esc leaves; the board below hears none of it."""
        if event.key() == Qt.Key.Key_S and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.save.isEnabled():
                self._on_save()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        event.accept()

    def _retranslate(self) -> None:
        self.boxes.setText(say("Rectangle"))
        self.points.setText(say("Polygon"))
        self.delete.setText(say("Delete"))
        self.undo.setText(say("Undo"))
        self.save.setText(say("Save"))
        self.cancel.setText(say("Cancel"))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
