"""A panel: title, right-hand note, body, and the states that every view has."""
from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from widgets.theme import shapes, tokens
from widgets.theme.labels import ElidedLabel, Label, Themed, set_role
from widgets.theme.tokens import Step, px

SHOW_LOADING_AFTER_MS = 500


class State(StrEnum):
    """What a view can say about its content."""

    OK = "ok"
    EMPTY = "empty"
    LOADING = "loading"
    PARTIAL = "partial"
    STALE = "stale"
    DISCONNECTED = "disconnected"
    ERROR = "error"


_ROLES = {State.PARTIAL: "notice", State.STALE: "notice", State.DISCONNECTED: "notice", State.ERROR: "danger"}


class _Hatch(Themed):
    """A slip of the hatch that says "not known to be true now"."""

    def sizeHint(self) -> QSize:
        return QSize(self.px(16), self.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), shapes.hatch(tokens.current().notice, 0.8))
        painter.end()


class Panel(QFrame):
    """A frame with a title line, a strip for its state, and a body (`body_layout`).

    `set_state(State.STALE, "as of 6 min ago")` keeps the body and says so above it; EMPTY, and LOADING or ERROR before
    anything was shown, take the body's place. LOADING shows only after half a second.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None, *, note: str = "", bare: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._state, self._ever_ok = State.OK, False
        self.title_label = Label(title, "title")
        self.note_label = ElidedLabel(note, role="muted")
        self.note_label.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.header = QWidget(self)
        self._header_row = QHBoxLayout(self.header)
        self._header_row.addWidget(self.title_label)
        self._header_row.addWidget(self.note_label, 1)
        self.body = QWidget(self)
        self.body_layout = QVBoxLayout(self.body)
        self._strip, self._strip_text = self._make_strip()
        self._page, self._page_text, self._progress = self._make_page()
        self._stack = QStackedLayout()
        self._stack.addWidget(self.body)
        self._stack.addWidget(self._page)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.header)
        self._column.addWidget(self._strip)
        self._column.addLayout(self._stack, 1)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._on_late)
        self._waiting: tuple[str, float | None] = ("", None)
        self._bare = bare
        tokens.holder().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._show_header()

    def _make_strip(self) -> tuple[QWidget, ElidedLabel]:
        strip = QWidget(self)
        text = ElidedLabel(role="notice")
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        hatch = _Hatch(strip)
        hatch.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(hatch)
        row.addWidget(text, 1)
        strip.hide()
        return strip, text

    def _make_page(self) -> tuple[QWidget, Label, QProgressBar]:
        page = QWidget(self)
        text = Label(role="muted")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        progress = QProgressBar(page)
        progress.hide()
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(text)
        column.addWidget(progress)
        column.addStretch(1)
        return page, text, progress

    # ---- content --------------------------------------------------------------------------------------------------

    def set_title(self, text: str) -> None:
        """Another title; without title and note there is no title line."""
        self.title_label.setText(text)
        self._show_header()

    def set_note(self, text: str, role: str = "muted") -> None:
        """Another note on the right of the title."""
        self.note_label.setText(text)
        set_role(self.note_label, role)
        self._show_header()

    def add_header_widget(self, widget: QWidget) -> None:
        """A further widget at the right end of the title line."""
        self._header_row.addWidget(widget)
        self.header.show()

    def set_body(self, widget: QWidget, stretch: int = 1) -> None:
        """Add the widget that fills the body."""
        self.body_layout.addWidget(widget, stretch)

    def _show_header(self) -> None:
        self.header.setVisible(bool(self.title_label.text() or self.note_label.text() or self._header_row.count() > 2))

    # ---- state ----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The state as set last."""
        return self._state

    def shown_text(self) -> str:
        """What the panel says about its state at this moment; "" when it says nothing."""
        if self._stack.currentWidget() is self._page:
            return self._page_text.text()
        return self._strip_text.text() if self._strip.isVisibleTo(self) else ""

    def set_state(self, state: State | str, text: str = "", *, progress: float | None = None) -> None:
        """Say how the content stands. `text`: what happened, what was kept, what to do. `progress` (LOADING): 0..1.

        Without a text a short standard one is shown.
        """
        self._state = State(state)
        self._late.stop()
        text = text or self._standard(self._state)
        if self._state is State.OK:
            self._ever_ok = True
            self._strip.hide()
            self._stack.setCurrentWidget(self.body)
        elif self._state is State.LOADING:
            self._waiting = (text, progress)
            if self._loading_shown():
                self._on_late()
            else:
                self._late.start(SHOW_LOADING_AFTER_MS)
        elif self._state is State.EMPTY or (self._state in (State.ERROR, State.DISCONNECTED) and not self._ever_ok):
            self._show_page(text, _ROLES.get(self._state, "muted"), None)
        else:
            self._show_strip(text, _ROLES[self._state])

    def _loading_shown(self) -> bool:
        return self._progress.isVisibleTo(self._page) and self._stack.currentWidget() is self._page

    @Slot()
    def _on_late(self) -> None:
        text, progress = self._waiting
        if self._ever_ok:
            self._show_strip(text if progress is None else f"{text} {progress:.0%}", "muted")
        else:
            self._show_page(text, "muted", -1.0 if progress is None else progress)

    def _show_page(self, text: str, role: str, progress: float | None) -> None:
        self._strip.hide()
        self._page_text.setText(text)
        set_role(self._page_text, role)
        self._progress.setVisible(progress is not None)
        if progress is not None:
            self._progress.setRange(0, 0 if progress < 0 else 100)
            self._progress.setValue(round(100 * max(0.0, progress)))
        self._stack.setCurrentWidget(self._page)

    def _show_strip(self, text: str, role: str) -> None:
        self._strip_text.setText(text)
        set_role(self._strip_text, role)
        self._strip.show()
        self._stack.setCurrentWidget(self.body)

    @staticmethod
    def _standard(state: State) -> str:
        def tr(source: str) -> str:
            return QCoreApplication.translate("Panel", source)
        return {
            State.OK: "", State.EMPTY: tr("Nothing here now"), State.LOADING: tr("Loading"),
            State.PARTIAL: tr("Not all of it could be read"), State.STALE: tr("Not up to date"),
            State.DISCONNECTED: tr("Not connected"),
            State.ERROR: tr("This can't be shown now; nothing was lost"),
        }[state]

    @Slot()
    def _on_theme_changed(self) -> None:
        edge = 0 if self._bare else px(12)
        self._column.setContentsMargins(edge, 0 if self._bare else px(8), edge, 0 if self._bare else px(10))
        self._column.setSpacing(px(6))
        self._header_row.setContentsMargins(0, 0, 0, 0)
        self._header_row.setSpacing(px(8))
        self.body_layout.setContentsMargins(0, 0, 0, 0)
        self.body_layout.setSpacing(px(6))
        self._progress.setFixedHeight(px(tokens.SIZES_PX[Step.LEAD]))
