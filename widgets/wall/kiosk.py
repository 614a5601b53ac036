"""What a screen nobody sits at needs: no pointer, no way out by accident, awake for as long as it shows."""
from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Slot

log = logging.getLogger(__name__)
SERVICE, PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"


class Awake(QObject):
    """Asks the desktop not to blank the screen, by D-Bus where there is one; quietly does nothing elsewhere."""

    def __init__(self, application: str, reason: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cookie: int | None = None
        self._watcher: QObject | None = None
        try:
            from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher
        except ImportError:
            return
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        call = QDBusMessage.createMethodCall(SERVICE, PATH, SERVICE, "Inhibit")
        call.setArguments([application, reason])
        watcher = QDBusPendingCallWatcher(bus.asyncCall(call, 2_000), self)
        watcher.finished.connect(self._on_answer)
        self._watcher = watcher

    @Slot(object)
    def _on_answer(self, watcher: object) -> None:
        reply = watcher.reply()
        arguments = reply.arguments()
        if arguments and isinstance(arguments[0], int):
            self._cookie = arguments[0]
            log.info("the screen is kept awake")

    def release(self) -> None:
        """Let the desktop blank the screen again."""
        if self._cookie is None:
            return
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
        call = QDBusMessage.createMethodCall(SERVICE, PATH, SERVICE, "UnInhibit")
        call.setArguments([self._cookie])
        QDBusConnection.sessionBus().send(call)
        self._cookie = None
