"""Panes of the desk: each can leave for a window of its own, on another monitor, and comes back when that is closed."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QRect, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from widgets.forms.field import ime_off
from widgets.screens.desk_words import tr
from widgets.theme.labels import Label
from widgets.theme.tokens import px

SPLIT_BELOW_PX = 880
"""Below this height the lower panes of the right column share one place as tabs."""
STAYS_DOWN_TO_PX = 790
"""A column on show keeps its panes down to this: a message above it must not turn them into tabs and back."""


class FloatWindow(QWidget):
    """The own window of a pane. Keys it does not need go to the desk. `left_full()`: Esc on the full screen."""

    left_full = Signal()

    def __init__(self, pane: Pane, keys: Callable[[QKeyEvent], bool]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pane, self._keys = pane, keys
        self.setFocusProxy(pane.content)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(8), px(8), px(8))
        box.addWidget(pane.content)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where nothing in it took it, comes back from the full screen."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.left_full.emit()
        elif not self._keys(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window brings the pane back; nothing is lost."""
        event.accept()
        self._pane.dock()


class AwayFace(QWidget):
    """What stands in the place of a pane that is in its own window, where nothing else fills that place."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.text = Label("", "muted", self)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.back = QPushButton(self)
        self.back.clicked.connect(pane.dock)
        ime_off(self.back)
        box = QVBoxLayout(self)
        box.setSpacing(px(12))
        box.addStretch(1)
        box.addWidget(self.text)
        box.addWidget(self.back, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Texts in the language now in use."""
        self.text.setText(tr("{pane} is in its own window.", pane=self._pane.title()))
        self.back.setText(tr("Bring it back"))


class Pane(QFrame):
    """A place that holds one widget. `moved()` when it left or came back, `left_full()` Esc in its full screen.

    In a stack only the current page may be seen: a pane that comes back behind another one stays behind it.
    """

    moved = Signal()
    left_full = Signal()

    def __init__(self, name: str, content: QWidget, title: Callable[[], str], keys: Callable[[QKeyEvent], bool],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.content, self.title = name, content, title
        self._keys = keys
        self.window_: FloatWindow | None = None
        self._face: AwayFace | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(content)

    @property
    def torn(self) -> bool:
        """Whether it is in a window of its own."""
        return self.window_ is not None

    def tear(self, geometry: QRect | None = None) -> None:
        """Leave for an own window, at `geometry` or beside where it was."""
        if self.window_ is not None:
            self.window_.raise_()
            self.window_.activateWindow()
            return
        at = QRect(self.mapToGlobal(self.rect().topLeft()), self.size())
        self.window_ = FloatWindow(self, self._keys)
        self.window_.setWindowTitle(self.title())
        self.window_.left_full.connect(self.left_full)
        self.window_.setGeometry(geometry or at.translated(px(32), px(32)))
        self.window_.show()
        self.content.show()
        if isinstance(self.parentWidget(), QStackedWidget):
            self._face = AwayFace(self)
            self._box.addWidget(self._face)
            self._face.show()
        else:
            self.hide()
        self.moved.emit()

    def dock(self) -> None:
        """Come back."""
        window, self.window_ = self.window_, None
        if window is None:
            return
        face, self._face = self._face, None
        if face is not None:
            face.hide()
            self._box.removeWidget(face)
            face.deleteLater()
        self._box.addWidget(self.content)
        self.content.show()
        stack = self.parentWidget()
        if not isinstance(stack, QStackedWidget) or stack.currentWidget() is self:
            self.show()
        window.hide()
        window.deleteLater()
        self.moved.emit()

    def retranslate(self) -> None:
        """The window's title in the language now in use."""
        if self.window_ is not None:
            self.window_.setWindowTitle(self.title())
        if self._face is not None:
            self._face.retranslate()


class SideColumn(QWidget):
    """The right column: the incident above, the other panes below, one under the other or as tabs where it is low."""

    def __init__(self, first: Pane, others: list[Pane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.others = first, others
        self.split = QSplitter(Qt.Orientation.Vertical, self)
        self.split.setChildrenCollapsible(False)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.low: bool | None = None
        self.moved_by_hand = False
        self.split.splitterMoved.connect(self._on_split_moved)
        self.split.addWidget(first)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.split)
        for pane in (first, *others):
            pane.moved.connect(self._on_moved)
        self._arrange(low=False)

    def _arrange(self, *, low: bool) -> None:
        if low == self.low:
            return
        self.low = low
        self.split.addWidget(self.tabs)
        if low:
            for pane in self.others:
                self.tabs.addTab(pane, pane.title())
        else:
            for pane in self.others:
                self.split.addWidget(pane)
                pane.setVisible(not pane.torn)
        self._on_moved()
        self.default_sizes()

    def default_sizes(self) -> None:
        """The shares before anybody moved a handle."""
        high = max(100, self.height())
        if self.low:
            self.split.setSizes([high * 58 // 100, high * 42 // 100])
        else:
            self.split.setSizes([high * 41 // 100, *(high * share // 100 for share in (23, 16, 20)), 0])

    def _on_moved(self) -> None:
        if self.low:
            for at, pane in enumerate(self.others):
                self.tabs.setTabVisible(at, not pane.torn)
            self.tabs.setVisible(any(not pane.torn for pane in self.others))
        else:
            self.tabs.hide()

    def show_pane(self, name: str) -> None:
        """Bring a pane to the front."""
        for at, pane in enumerate(self.others):
            if pane.name == name and self.low and not pane.torn:
                self.tabs.setCurrentIndex(at)

    def retranslate(self) -> None:
        """Titles of the tabs in the language now in use."""
        if self.low:
            for at, pane in enumerate(self.others):
                self.tabs.setTabText(at, pane.title())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stays = self.low is False and self.isVisible()
        self._arrange(low=event.size().height() < px(STAYS_DOWN_TO_PX if stays else SPLIT_BELOW_PX))
        if not self.moved_by_hand:
            self.default_sizes()

    @Slot()
    def _on_split_moved(self) -> None:
        self.moved_by_hand = True

    def state(self) -> str:
        """Sizes, as text for the settings."""
        return bytes(self.split.saveState().toBase64().data()).decode("ascii")

    def restore(self, state: str) -> None:
        """Sizes of an earlier session; what does not fit is ignored."""
        self.moved_by_hand = True
        self.split.restoreState(QByteArray.fromBase64(state.encode("ascii", "ignore")))
