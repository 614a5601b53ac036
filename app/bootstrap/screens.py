"""Starting what shows something. Qt is imported here and nowhere else outside widgets."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import text
from app.bootstrap import seats
from app.bootstrap.output import emit, say
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.domain.process import Role
from app.services.seat import Seat
from app.text import mark

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from widgets.bridge.bridge import Bridge

log = logging.getLogger(__name__)
SHOT_WAIT_S = 20.0
"""how long a picture waits for the screen to have loaded its data"""


def has_display() -> bool:
    """Whether windows can be shown: always on Windows and macOS, else an X or Wayland display (offscreen is none)."""
    if sys.platform in ("win32", "darwin"):
        return True
    return os.environ.get("QT_QPA_PLATFORM") not in ("offscreen", "minimal") and bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def application(theme: str, lang: str, *, offscreen: bool = False) -> QApplication:
    """The one QApplication, dressed. Raises `KnownFault` when windows were wanted and there is no display."""
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif not has_display() and os.environ.get("QT_QPA_PLATFORM") not in (
        "offscreen",
        "minimal",
        "vnc",
        "linuxfb",
        "eglfs",
    ):
        raise KnownFault(
            Message(
                "There is no display. Start it in a graphical session, or paint a picture with: "
                "main.py shot desk --out desk.png"
            )
        )
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from widgets.bridge import gc_guard, qt_messages
    from widgets.theme import style

    QCoreApplication.setOrganizationName("liandong")
    QCoreApplication.setApplicationName("liandong")
    found = QCoreApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    qt_messages.install()
    style.apply(app, theme, lang)
    app.setProperty("gc_guard", gc_guard.GcGuard(app))
    return app


def make_bridge(folder: Path, operator: str | None, screen: str, role: Role) -> Bridge:
    """A started bridge onto the seat of `folder`."""
    from widgets.bridge.bridge import Bridge

    def open_it() -> Seat:
        return seats.open_seat(folder, operator, screen=screen, role=role)

    bridge = Bridge(open_it)
    bridge.start()
    return bridge


def _check(folder: Path, operator: str | None, role: Role) -> None:
    # a fault that can be told before a window opens is told on the command line
    seats.open_seat(folder, operator, screen="check", role=role).close()


def desk(args: argparse.Namespace) -> int:
    """`main.py desk`."""
    folder = args.data or seats.default_folder()
    return show(
        folder,
        args.operator,
        lambda bridge: make_desk(bridge, folder, args.theme, args.lang),
        "desk",
        Role.DISPATCHER,
        args.theme,
        args.lang,
    )


def wall(args: argparse.Namespace) -> int:
    """`main.py wall`."""
    folder = args.data or seats.default_folder()
    settings: dict[str, object] = {"wall.distance_m": args.distance} if args.distance else {}
    return show(
        folder,
        args.operator,
        lambda bridge: make_wall(bridge, args.theme, args.lang, settings, kiosk=args.kiosk, screen=args.screen),
        "wall",
        Role.WALL,
        args.theme,
        args.lang,
        full=args.kiosk,
    )


def make_desk(bridge: Bridge, folder: Path, theme: str | None, lang: str) -> QWidget:
    """The desk's window on a started bridge."""
    from widgets.screens.desk import DeskWindow

    from app.reports.situation_map import write_situation_map

    return DeskWindow(bridge, settings={}, report_map=write_situation_map, lang=lang, theme=theme or "dark")


def make_wall(
    bridge: Bridge,
    theme: str | None,
    lang: str,
    settings: dict[str, object],
    *,
    kiosk: bool = False,
    screen: int | None = None,
    scale: float | None = None,
) -> QWidget:
    """The wall's window on a started bridge."""
    from widgets.screens.wall import WallWindow

    return WallWindow(bridge, settings=settings, kiosk=kiosk, screen=screen, scale=scale, lang=lang, theme=theme)


def show(
    folder: Path,
    operator: str | None,
    make: Callable[[Bridge], QWidget],
    screen: str,
    role: Role,
    theme: str | None,
    lang: str,
    *,
    full: bool = False,
) -> int:
    """Open a screen and run it until it is closed."""
    app = application(theme or "dark", lang)
    _check(folder, operator, role)
    bridge = make_bridge(folder, operator, screen, role)
    window = make(bridge)
    if full:
        window.showFullScreen()
    else:
        window.show()
    code = app.exec()
    window.close()
    window.deleteLater()
    bridge.close()
    return int(code)


def shot(args: argparse.Namespace) -> int:
    """`main.py shot desk|wall`."""
    folder = args.data or seats.default_folder()
    role = Role.DISPATCHER if args.what == "desk" else Role.WALL
    _check(folder, args.operator, role)
    application(args.theme, args.lang, offscreen=True)
    seconds = paint(
        folder, args.what, args.size, args.theme, args.lang, args.out, operator=args.operator, select=args.select
    )
    emit(
        args,
        {"out": str(args.out), "width": args.size[0], "height": args.size[1], "seconds": round(seconds, 2)},
        say(mark("{file} painted."), file=str(args.out)),
    )
    return 0


def paint(
    folder: Path,
    what: str,
    size: tuple[int, int],
    theme: str,
    lang: str,
    out: Path,
    *,
    operator: str | None = None,
    select: str | None = None,
) -> float:
    """Paint a screen's real state into a PNG; returns the seconds it took. Raises `KnownFault` when it cannot."""
    from PySide6.QtCore import QCoreApplication, QEvent

    from widgets.theme import style

    clock = SystemClock()
    started = clock.monotonic()
    text.set_language(lang)
    style.apply(QCoreApplication.instance(), theme, lang)  # type: ignore[arg-type]
    role = Role.DISPATCHER if what == "desk" else Role.WALL
    bridge = make_bridge(folder, operator, "shot", role)
    window = make_desk(bridge, folder, theme, lang) if what == "desk" else make_wall(bridge, theme, lang, {})
    window.resize(*size)
    window.show()
    if select:
        window.select_number(select)  # type: ignore[attr-defined]
    _settle(window)
    picture = window.grab()
    out.parent.mkdir(parents=True, exist_ok=True)
    saved = picture.save(str(out))
    window.close()
    window.deleteLater()
    bridge.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if not saved:
        raise KnownFault(
            Message("{file} cannot be written: the folder must exist and the name end in .png", {"file": str(out)})
        )
    return clock.monotonic() - started


def _settle(window: Any) -> None:
    """Run the event loop until the screen says that all it shows has arrived."""
    from PySide6.QtCore import QCoreApplication, QElapsedTimer, QThread

    timer = QElapsedTimer()
    timer.start()
    calm = 0
    while timer.elapsed() < SHOT_WAIT_S * 1000:
        QCoreApplication.processEvents()
        QThread.msleep(15)
        calm = calm + 1 if window.is_settled() else 0
        if calm >= 10:
            return
    log.info("the picture is painted before everything had arrived")
