"""A bridge over a fake seat and a dispatcher's hands, for the rooms of the incident, calls, forces and log-in."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.services.seat import Seat
from tests.fakes.fake_seat import FakeSeat
from widgets.bridge import Bridge
from widgets.theme import language, style, tokens


def until(said: Callable[[], object], wait_ms: int = 4_000) -> bool:
    """Turn the event loop until `said()` is true; whether it became so."""
    for _ in range(wait_ms // 10):
        if said():
            return True
        QTest.qWait(10)
    return bool(said())


def settle(bridge: Bridge) -> None:
    """Let everything asked be answered and shown."""
    until(lambda: bridge.idle)
    QTest.qWait(20)
    until(lambda: bridge.idle)


def second_click(button: QWidget) -> None:
    """The second half of a double click, as a mouse sends it."""
    middle = QPointF(button.rect().center())
    left = Qt.MouseButton.LeftButton
    QApplication.sendEvent(button, QMouseEvent(QEvent.Type.MouseButtonDblClick, middle, button.mapToGlobal(middle),
                                               left, left, Qt.KeyboardModifier.NoModifier))
    QTest.mouseRelease(button, left)


@contextmanager
def as_before() -> Iterator[None]:
    """What is done to the application inside (language, theme, style) is undone."""
    app = cast(QApplication, QApplication.instance())
    lang, theme = language.current(), tokens.current().name
    font, palette, sheet = app.font(), app.palette(), app.styleSheet()
    try:
        yield
    finally:
        tokens.use(theme)
        if lang:
            language.use(app, lang)
        else:
            language.forget(app)
        app.setStyleSheet(sheet)
        app.setFont(font)
        app.setPalette(palette)


@contextmanager
def bridge_to(open_seat: Callable[[], Seat], lang: str, theme: str) -> Iterator[Bridge]:
    """A running bridge; everything shown is gone afterwards, and the application as it was."""
    app = cast(QApplication, QApplication.instance())
    with as_before():
        language.use(app, lang)
        style.apply(app, theme, lang)
        bridge = Bridge(open_seat, drain_ms=20, poll_ms=20)
        bridge.start()
        try:
            assert until(lambda: bridge.facts is not None)
            yield bridge
        finally:
            bridge.close()
            for widget in app.topLevelWidgets():
                widget.hide()
                widget.deleteLater()
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            app.processEvents()


@contextmanager
def stage(seat: FakeSeat, lang: str = "en", theme: str = "dark") -> Iterator[Bridge]:
    """A running bridge to a fake seat."""
    with bridge_to(lambda: cast(Seat, seat), lang, theme) as bridge:
        yield bridge


def shown(widget: QWidget, width: int = 380, height: int = 700) -> None:
    """On screen, with focus."""
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    QTest.qWait(10)


def key(letter: str | Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    QTest.keyClick(target, cast(Qt.Key, letter), modifier)  # a letter is taken too


def keys(text: str) -> None:
    """Type where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None, "nothing has the focus"
    QTest.keyClicks(target, text)
