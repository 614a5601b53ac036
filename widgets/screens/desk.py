"""The desk of a dispatcher: one window of panes over one seat. Composition only."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget

from app.services.seat import Seat
from app.services.streams import Streams
from app.services.views import AreaRow, CameraRow
from app.text import plain, render
from widgets.bridge import Bridge, Fault
from widgets.screens.desk_body import DeskBody
from widgets.screens.desk_words import ZONE, tr
from widgets.theme import language, style, tokens
from widgets.theme.tokens import px

LANGUAGES = ("zh_CN", "en")
LEAST_PX = (1280, 720)
TICK_MS = 200
OPENING_AFTER_MS = 500
PICTURE = "shot"
"""The screen's name when only a picture is painted: windows are neither restored nor remembered."""
Report = Callable[[Seat], Callable[[Path], object]]
ExportCameras = Callable[[Sequence[CameraRow], Mapping[str, AreaRow], Path, str], object]


LOOK_KEY = "desk.look"
"""the seat's setting that holds {"theme", "lang"} of its desk"""


class DeskWindow(QMainWindow):
    """A desk on a bridge that may still be opening its seat.

    `settings`: "zone" (IANA name) and "window" (False: do not restore windows); both optional. `report_map(seat)`
    reads the situation, `report_handovers(seat)` the last hand-overs, and gives back what draws it into a file on
    another thread; without it the act says that it is not available.
    """

    def __init__(self, bridge: Bridge, *, settings: Mapping[str, object] | None = None,
                 report_map: Report | None = None, report_handovers: Report | None = None,
                 lang: str | None = None, theme: str | None = None,
                 streams: Streams | None = None, export_cameras: ExportCameras | None = None,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge, self.streams = bridge, streams
        self.report_map, self.report_handovers = report_map, report_handovers
        self.settings = dict(settings or {})
        self.export_cameras = export_cameras
        self.lang, self.theme = lang or LANGUAGES[0], theme or "dark"
        self.body: DeskBody | None = None
        self._select = ""
        self._fault: Fault | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            language.use(app, self.lang)
            style.apply(app, self.theme, self.lang)
        self.setObjectName("desk")
        self.setMinimumSize(px(960), px(600))
        self.resize(px(LEAST_PX[0]), px(LEAST_PX[1]))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._page = self._make_page()
        self.setCentralWidget(self._page)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._show_page)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        bridge.ready.connect(self._on_ready)
        bridge.failed.connect(self._on_failed)
        bridge.trouble.connect(self._on_trouble)
        self._retitle()
        if bridge.facts is not None:
            self._on_ready()
        else:
            self._late.start(OPENING_AFTER_MS)

    # ---- opening ---------------------------------------------------------------------------------------------------

    def _make_page(self) -> QWidget:
        """What stands here before the seat is open, or when it cannot be opened."""
        page = QWidget(self)
        page.setObjectName("screen")
        self._page_text = QLabel(page)
        self._page_text.setTextFormat(Qt.TextFormat.PlainText)
        self._page_text.setWordWrap(True)
        self._page_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._again = QPushButton(page)
        self._again.setObjectName("primary")
        self._again.clicked.connect(self._on_again)
        self._again.hide()
        box = QVBoxLayout(page)
        box.setContentsMargins(px(64), px(64), px(64), px(64))
        box.addStretch(1)
        box.addWidget(self._page_text)
        box.addWidget(self._again, 0, Qt.AlignmentFlag.AlignCenter)
        box.addStretch(1)
        return page

    @Slot()
    def _show_page(self) -> None:
        if self._fault is not None:
            why = plain(render(self._fault.message))
            self._page_text.setText(tr("The seat could not be opened: {why}\n"
                                       "Nothing was lost. Mend the cause, then try again.", why=why))
        else:
            self._page_text.setText(tr("Opening the seat…"))
        self._again.setText(tr("Try again"))
        self._again.setVisible(self._fault is not None)

    @Slot()
    def _on_again(self) -> None:
        self._fault = None
        self._show_page()
        self.bridge.start()

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._late.stop()
        self._fault = fault
        self._show_page()

    @Slot()
    def _on_ready(self) -> None:
        if self.body is not None:
            return
        self._late.stop()
        self._fault = None
        self.body = DeskBody(self, self._zone())
        self.setCentralWidget(self.body)
        self._retitle()
        shown = self.bridge.facts is not None and self.bridge.facts.screen != PICTURE
        self.body.start(restore=shown and self.settings.get("window") is not False)
        if self._select:
            self.body.select_later(self._select)
        self._tick.start()

    def _zone(self) -> str:
        """The zone whose clock the desk shows: the settings', else the seat's."""
        facts = self.bridge.facts
        return str(self.settings.get("zone") or (facts.timezone if facts is not None else ZONE))

    def _retitle(self) -> None:
        facts = self.bridge.facts
        name = plain(facts.centre_name) if facts is not None else tr("Linkage command")
        self.setWindowTitle(tr("{centre} — desk", centre=name))

    # ---- for the program -------------------------------------------------------------------------------------------

    def select_incident(self, incident_id: str) -> None:
        """Select an incident, open or ended, as soon as the queue is there."""
        self._select = incident_id
        if self.body is not None:
            self.body.select_later(incident_id)

    def is_settled(self) -> bool:
        """Whether all that the screen shows has arrived."""
        if self._fault is not None:
            return True
        return self.body is not None and self.bridge.idle and self.body.is_settled()

    def set_theme(self, theme: str) -> None:
        """Dark or light, at once."""
        self.theme = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.apply(app, theme, self.lang)
        self._remember_look()

    def _remember_look(self) -> None:
        """The next start of a desk on this seat looks and speaks as it was left."""
        if self.bridge.facts is None:
            return
        look = {"theme": self.theme, "lang": self.lang}
        self.bridge.ask(lambda seat: seat.set_setting(LOOK_KEY, look), lambda _nothing: None, owner=self, key="look")

    def set_language(self, lang: str) -> None:
        """zh_CN or en, at once; what is half typed stays."""
        self.lang = lang
        app = QApplication.instance()
        if isinstance(app, QApplication):
            language.use(app, lang)
        if self.body is not None:
            self.body.set_language(lang)
        self._retitle()
        self._remember_look()

    def toggle_theme(self) -> None:
        """The other one."""
        self.set_theme("light" if tokens.current().dark else "dark")

    def toggle_language(self) -> None:
        """The other one."""
        self.set_language(LANGUAGES[(LANGUAGES.index(self.lang) + 1) % len(LANGUAGES)])

    # ---- Qt --------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_tick(self) -> None:
        facts = self.bridge.facts
        if self.body is not None and facts is not None:
            self.body.tick(facts.clock.now().timestamp())

    @Slot(object)
    def _on_trouble(self, fault: Fault | None) -> None:
        if self.body is not None:
            self.body.show_trouble(fault)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.body is None or not self.body.key(event):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.body is None:
            self._show_page()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tick.stop()
        self._late.stop()
        if self.body is not None:
            self.body.stop()
        super().closeEvent(event)
