"""Starting a screen: the application, the bridge, the window; or one picture of it without a display."""
from __future__ import annotations

import ctypes
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QEventLoop, QObject, Qt, QThread, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app import text
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.services.seat import Seat
from app.services.streams import Streams
from widgets.bridge import gc_guard, qt_messages
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.bridge.runner import Runner
from widgets.login import LoginPanel
from widgets.theme import language, px, style

if TYPE_CHECKING:
    # each program loads its own screen only: the other one is a good part of a start
    from widgets.screens.desk import DeskWindow, ExportCameras, Report
    from widgets.screens.wall import WallWindow

log = logging.getLogger(__name__)
SHOT_WAIT_S = 25.0
"""how long a picture waits for the screen to have loaded its data"""
CALM_TURNS = 10
_OWN_SCREENS = frozenset({"offscreen", "minimal", "vnc", "linuxfb", "eglfs"})

OpenSeat = Callable[[], Seat]
MakeWindow = Callable[[Bridge], "DeskWindow | WallWindow"]


def has_display() -> bool:
    """Whether windows can be shown: always on Windows and macOS, else an X or Wayland display (offscreen is none)."""
    if sys.platform in ("win32", "darwin"):
        return True
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def demand_display() -> None:
    """Raise `KnownFault` where Qt would end the program: an X display that does not answer, a library it lacks."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if sys.platform in ("win32", "darwin") or platform in _OWN_SCREENS or platform.startswith("wayland"):
        return
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland and not platform and (Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / wayland).exists():
        return
    for library, package in (("libxcb.so.1", "libxcb1"), ("libxcb-cursor.so.0", "libxcb-cursor0")):
        try:
            loaded = ctypes.CDLL(library)
        except OSError as fault:
            raise KnownFault(Message("Windows cannot be shown without the system library {library}. Install it "
                                     "(Debian, Ubuntu: apt-get install {package}).",
                                     {"library": library, "package": package})) from fault
        if library == "libxcb.so.1" and not _answers(loaded):
            raise KnownFault(Message("The display {display} does not answer: is its X server running, and may this "
                                     "user use it? A picture needs none: main.py shot desk --out desk.png",
                                     {"display": os.environ.get("DISPLAY", "")}))


def _answers(xcb: ctypes.CDLL) -> bool:
    """Whether the X server of DISPLAY takes a connection."""
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    bad = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not bad


def application(theme: str, lang: str, *, offscreen: bool = False) -> QApplication:
    """The one QApplication, dressed. Raises `KnownFault` when windows were wanted and there is no display."""
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif not has_display() and os.environ.get("QT_QPA_PLATFORM") not in _OWN_SCREENS:
        raise KnownFault(Message("There is no display. Start it in a graphical session, or paint a picture with: "
                                 "main.py shot desk --out desk.png"))
    elif not offscreen:
        demand_display()
    QCoreApplication.setOrganizationName("liandong")
    QCoreApplication.setApplicationName("liandong")
    found = QCoreApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    qt_messages.install()
    language.use(app, lang)
    style.apply(app, theme, lang)
    if app.property("gc_guard") is None:
        app.setProperty("gc_guard", gc_guard.GcGuard(app))
    return app


def make_desk(theme: str, lang: str, report_map: Report, report_handovers: Report, *,
              streams: Streams | None = None, export_cameras: ExportCameras | None = None) -> MakeWindow:
    """A maker of the desk's window. Without `streams` cameras show stills only."""
    from widgets.screens.desk import DeskWindow

    return lambda bridge: DeskWindow(bridge, settings={}, report_map=report_map,
                                     report_handovers=report_handovers, lang=lang, theme=theme,
                                     streams=streams, export_cameras=export_cameras)


def make_wall(theme: str, lang: str, settings: Mapping[str, object], *, kiosk: bool = False,
              screen: int | None = None, streams: Streams | None = None) -> MakeWindow:
    """A maker of the wall's window. Without `streams` cameras show stills only."""
    from widgets.screens.wall import WallWindow

    return lambda bridge: WallWindow(bridge, settings=settings, kiosk=kiosk, screen=screen, lang=lang, theme=theme,
                                     streams=streams)


def show(open_seat: OpenSeat, make: MakeWindow, *, full: bool = False) -> int:
    """Run a screen until it is closed; returns the exit status. Needs `application` first."""
    app = QCoreApplication.instance()
    assert isinstance(app, QApplication)
    bridge = Bridge(open_seat)
    window = make(bridge)
    bridge.start()
    if full:
        window.showFullScreen()
    else:
        window.show()
    code = app.exec()
    _end(window, bridge)
    return code


def paint(open_seat: OpenSeat, make: MakeWindow, size: tuple[int, int], theme: str, lang: str, out: Path, *,
          select: str = "") -> float:
    """Paint a screen's real state into a PNG, on the desk with the incident of id `select` chosen; returns the seconds
    it took. Raises `KnownFault` when it cannot."""
    clock = SystemClock()
    began = clock.monotonic()
    app = QCoreApplication.instance()
    assert isinstance(app, QApplication)
    text.set_language(lang)
    style.apply(app, theme, lang)
    bridge = Bridge(open_seat)
    window = make(bridge)
    bridge.start()
    try:
        window.resize(*size)
        window.show()
        if select and window.objectName() == "desk":
            cast("DeskWindow", window).select_incident(select)
        _settle(window)
        saved = _save(window, out)
    finally:
        _end(window, bridge)
    if not saved:
        raise _unwritable(out)
    return clock.monotonic() - began


def paint_faces(size: tuple[int, int], out: Path) -> None:
    """Paint the legend of all states of a camera tile into a PNG."""
    from widgets.cameras.sheet import FaceSheet

    sheet = FaceSheet(SystemClock())
    sheet.resize(*size)
    sheet.show()
    QCoreApplication.processEvents()
    saved = _save(sheet, out)
    sheet.close()
    sheet.deleteLater()
    if not saved:
        raise _unwritable(out)


def _save(window: QWidget, out: Path) -> bool:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return window.grab().save(str(out))
    except OSError:
        return False


def _unwritable(out: Path) -> KnownFault:
    return KnownFault(Message("{file} cannot be written: the folder must exist and the name end in .png",
                              {"file": str(out)}))


def _end(window: QWidget, bridge: Bridge) -> None:
    window.close()
    window.deleteLater()
    bridge.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _settle(window: DeskWindow | WallWindow) -> None:
    """Run the event loop until the screen says that all it shows has arrived."""
    timer = QElapsedTimer()
    timer.start()
    calm = 0
    while timer.elapsed() < SHOT_WAIT_S * 1000:
        QCoreApplication.processEvents()
        QThread.msleep(15)
        calm = calm + 1 if window.is_settled() else 0
        if calm >= CALM_TURNS:
            return
    log.info("the picture is painted before everything had arrived")


class _SignIn(QObject):
    """Asks who sits down; ends with a name and password that `check` took, or with nothing."""

    def __init__(self, names: Sequence[tuple[str, str]], centre: str, check: Callable[[str, str], None]) -> None:
        super().__init__()
        self._check = check
        self._runner = Runner(self)
        self.who: tuple[str, str] | None = None
        self.window = QWidget()
        self.window.setWindowTitle(centre)
        layout = QVBoxLayout(self.window)
        self.panel = LoginPanel(self._try, self.window, names=names, centre=centre)
        layout.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignCenter)
        self._loop = QEventLoop(self)
        self.panel.logged_in.connect(self._on_logged_in)
        self.panel.cancelled.connect(self._on_cancelled)
        self._given = ("", "")

    def _try(self, name: str, password: str, done: Callable[[], None], failed: Callable[[Fault], None]) -> None:
        self._given = (name, password)
        self._runner.run(lambda _task: self._check(name, password), lambda _nothing: done(), failed, owner=self)

    @Slot(str)
    def _on_logged_in(self, _name: str) -> None:
        self.who = self._given
        self._loop.quit()

    @Slot()
    def _on_cancelled(self) -> None:
        self._loop.quit()

    def ask(self) -> tuple[str, str] | None:
        """Show the panel until somebody is in, or gave up."""
        self.window.resize(px(640), px(420))
        screen = self.window.screen()
        if screen is not None:
            self.window.move(screen.availableGeometry().center() - self.window.rect().center())
        self.window.installEventFilter(self)
        self.window.show()
        self.window.activateWindow()
        self._loop.exec()
        self.window.removeEventFilter(self)
        self.window.close()
        self.window.deleteLater()
        self._runner.close()
        return self.who

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Closing the window is giving up."""
        if watched is self.window and event.type() == QEvent.Type.Close:
            self._loop.quit()
        return False


def sign_in(names: Sequence[tuple[str, str]], centre: str, check: Callable[[str, str], None]
            ) -> tuple[str, str] | None:
    """Ask for name and password until `check` raises nothing; None when the window was closed. Needs `application`."""
    return _SignIn(names, centre, check).ask()
