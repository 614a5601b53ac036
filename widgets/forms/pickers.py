"""Fields that ask the seat: another incident, a point of the map, files."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.faults import KnownFault, Message
from app.services.seat import Seat
from app.services.views import Hit
from widgets.bridge import Bridge, Fault
from widgets.forms.field import Field
from widgets.forms.matching import Choice, folded
from widgets.forms.typeahead import TypeAhead
from widgets.forms.words import plain, say, tr
from widgets.theme import px
from widgets.theme.labels import Label

SEARCH_PAUSE_MS = 150
POINT_PAUSE_MS = 600
"""So long a half-typed point is not called wrong."""
MOST_FILES = 9
LARGEST_FILE = 20_000_000
MIMES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".gif": "image/gif",
         ".bmp": "image/bmp", ".pdf": "application/pdf"}


class SearchField(TypeAhead):
    """Finds an incident, unit or place in the store while it is typed.

    Only what answers the text as it stands can be taken: Enter, Tab or leaving before the answer has come takes the
    best hit when it comes."""

    found = Signal(object)
    """the `Hit` that was taken"""

    def __init__(self, bridge: Bridge, kinds: Sequence[str], parent: QWidget | None = None, *, exclude: str = "",
                 placeholder: str = "") -> None:
        super().__init__((), parent, placeholder=placeholder or tr("Number, place or kind"))
        self._bridge, self._kinds, self._exclude = bridge, frozenset(kinds), exclude
        self._hits: dict[str, Hit] = {}
        self._answered = ""
        """the text that the choices answer"""
        self._take_first = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self.searched.connect(self._on_searched)
        self.picked.connect(self._on_picked)

    def _found(self) -> Sequence[Choice]:
        return () if self.waiting else self._choices

    @property
    def waiting(self) -> bool:
        """Whether the answer for what is typed is still to come."""
        text = folded(self.edit.text())
        return self._code is None and bool(text) and text != self._answered

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        self._take_first = False
        if folded(text):
            self._pause.start()
        else:
            self._pause.stop()
            self._answer("", ())

    @Slot()
    def _on_pause(self) -> None:
        self._pause.stop()
        text = folded(self.edit.text())
        self._bridge.ask(lambda seat: seat.find(text, 20), lambda hits: self._on_hits(text, hits), self._on_failed,
                         owner=self, key="find")

    def _answer(self, text: str, hits: Sequence[Hit]) -> None:
        self._answered, self._hits = text, {h.id: h for h in hits}
        self._choices = tuple(Choice(h.id, h.label, (), h.detail) for h in hits)

    def _on_hits(self, text: str, hits: Sequence[Hit]) -> None:
        if self._code is not None or text != folded(self.edit.text()):
            return  # typed on meanwhile, or taken
        self._answer(text, [h for h in hits if h.kind in self._kinds and h.id != self._exclude])
        take, self._take_first = self._take_first, False
        if take:
            self.model.show(self._found())
            self._take(0)
        elif self.edit.hasFocus():
            self._open()
        self.changed.emit()

    def _take_when_answered(self) -> None:
        self._take_first = True
        self._on_pause()

    def _left(self) -> None:
        if self.waiting or self.list.isVisible():
            self.settle()

    def settle(self) -> None:
        if self.waiting:
            self._take_when_answered()
            self._close_list()
        else:
            super().settle()

    def _key(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.waiting and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._take_when_answered()
            return True
        return super()._key(event)

    def problem(self) -> str:
        if self.waiting:
            return tr("Still looking for {text}", text=plain(self.edit.text())[:40])
        return super().problem()

    def restore(self, kept: object) -> None:
        self._take_first = False
        super().restore(kept)

    @Slot(object)
    def _on_failed(self, _fault: object) -> None:
        self._answer("", ())
        self._take_first = False
        self._close_list()

    @Slot(str)
    def _on_picked(self, code: str) -> None:
        if code in self._hits:
            self.found.emit(self._hits[code])


class PointField(Field):
    """A point in WGS-84: typed "117.043210, 30.512340" or picked on the map. Value: (lon, lat)."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.edit.setPlaceholderText(tr("lon, lat"))
        self.edit.setMaxLength(60)
        pick = QPushButton(tr("Pick on the map"), self)
        pick.setObjectName("choice")
        pick.setAutoDefault(False)
        pick.clicked.connect(self.wanted)
        self.sign = Label("", "danger", self)
        self.sign.setWordWrap(True)
        self.sign.hide()
        row = QHBoxLayout()
        row.setSpacing(px(4))
        row.addWidget(self.edit, 1)
        row.addWidget(pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(2))
        layout.addLayout(row)
        layout.addWidget(self.sign)
        self.setFocusProxy(self.edit)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(POINT_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self.edit.textChanged.connect(self._on_text)
        self.edit.editingFinished.connect(self._on_pause)
        self.edit.returnPressed.connect(self.submitted)

    @Slot(str)
    def _on_text(self, _text: str) -> None:
        if self.problem():
            self._pause.start()
        else:
            self._on_pause()
        self.changed.emit()

    @Slot()
    def _on_pause(self) -> None:
        """Say that it can't be read, once the typing rests."""
        self._pause.stop()
        problem = self.problem()
        self.sign.setText(problem)
        self.sign.setVisible(bool(problem))

    def value(self) -> object:
        parts = folded(self.edit.text()).replace("，", ",").replace(" ", ",").split(",")
        try:
            numbers = [float(p) for p in parts if p]
        except ValueError:
            return None
        if len(numbers) != 2 or not (-180 <= numbers[0] <= 180 and -90 <= numbers[1] <= 90) or numbers == [0.0, 0.0]:
            return None
        return (numbers[0], numbers[1])

    def problem(self) -> str:
        return tr("Not a point: longitude, latitude") if self.edit.text().strip() and self.value() is None else ""

    def kept(self) -> object:
        return self.edit.text() or None

    def restore(self, kept: object) -> None:
        if isinstance(kept, tuple | list) and len(kept) == 2:
            self.edit.setText(f"{float(kept[0]):.6f}, {float(kept[1]):.6f}")
        else:
            self.edit.setText("" if kept is None else str(kept))


class BlobsField(Field):
    """Photos and files: chosen, or dropped here. Value: a tuple of blob digests; each is stored before it counts."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._files: list[tuple[str, str]] = []
        self._waiting = 0
        self._dialog: QFileDialog | None = None
        self.setAcceptDrops(True)
        self.button = QPushButton(tr("Add photos: choose or drop here"), self)
        self.button.setObjectName("choice")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_choose)
        self._names = QVBoxLayout()
        self._names.setSpacing(px(2))
        self._state = Label("", "muted", self)
        self._state.setWordWrap(True)
        self._state.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(2))
        layout.addWidget(self.button)
        layout.addLayout(self._names)
        layout.addWidget(self._state)
        self.setFocusProxy(self.button)

    @Slot()
    def _on_choose(self) -> None:
        if self._dialog is None:
            self._dialog = QFileDialog(self, tr("Photos"))
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
            self._dialog.setNameFilter(tr("Photos and documents") + " (" + " ".join(f"*{s}" for s in MIMES) + ")")
            self._dialog.setModal(False)
            self._dialog.filesSelected.connect(self.add_files)
        self._dialog.show()

    @Slot(list)
    def add_files(self, paths: Sequence[str]) -> None:
        """Store files and count them in; what is too many, too large or of another kind is named and left out."""
        refused: list[str] = []
        for path in map(Path, paths):
            mime = MIMES.get(path.suffix.lower())
            if mime is None or len(self._files) + self._waiting >= MOST_FILES:
                refused.append(path.name)
                continue
            self._waiting += 1
            self._bridge.ask(_store(path, mime), self._on_stored(path.name), self._on_failed(path.name), owner=self)
        self._say(tr("Left out (kind or number of files): {names}", names=", ".join(refused)) if refused else "")

    def _on_stored(self, name: str) -> Callable[[object], None]:
        def stored(digest: object) -> None:
            self._waiting -= 1
            self._files.append((str(digest), name))
            self._show_files()
        return stored

    def _on_failed(self, name: str) -> Callable[[Fault], None]:
        def failed(fault: Fault) -> None:
            self._waiting -= 1
            self._say(tr("Not stored: {name} ({why})", name=name, why=say(fault)))
        return failed

    def _say(self, text: str) -> None:
        self._state.setText(plain(text))
        self._state.setVisible(bool(text))
        self.changed.emit()

    def _show_files(self) -> None:
        while (item := self._names.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for index, (_digest, name) in enumerate(self._files):
            button = QPushButton("✕  " + plain(name)[:40].replace("&", "&&"), self)
            button.setObjectName("choice")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(self._remover(index))
            self._names.addWidget(button)
        self.changed.emit()

    def _remover(self, index: int) -> Callable[[], None]:
        def remove() -> None:
            del self._files[index]
            self._show_files()
        return remove

    def value(self) -> object:
        return tuple(digest for digest, _ in self._files) or None

    def problem(self) -> str:
        return tr("Photos are still being stored: {count}", count=self._waiting) if self._waiting else ""

    def kept(self) -> object:
        return [list(pair) for pair in self._files] or None

    def restore(self, kept: object) -> None:
        pairs = kept if isinstance(kept, list | tuple) else ()
        self._files = [(str(p[0]), str(p[1])) if isinstance(p, list | tuple) else (str(p), str(p)[:8]) for p in pairs]
        self._show_files()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add_files([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.button.setText(tr("Add photos: choose or drop here"))


def _store(path: Path, mime: str) -> Callable[[Seat], object]:
    def store(seat: Seat) -> object:
        if path.is_file() and path.stat().st_size > LARGEST_FILE:
            raise KnownFault(Message("larger than {mb} MB", {"mb": LARGEST_FILE // 1_000_000}))
        try:
            data = path.read_bytes()
        except OSError as error:
            raise KnownFault(Message("the file can't be read")) from error
        return seat.put_blob(data, mime)
    return store
