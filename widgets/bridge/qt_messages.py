"""Qt's own messages go to the log, under "qt" and their category."""
from __future__ import annotations

import logging
import re

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO,
           QtMsgType.QtWarningMsg: logging.WARNING, QtMsgType.QtCriticalMsg: logging.ERROR,
           QtMsgType.QtFatalMsg: logging.CRITICAL}
# What says nothing about this program: the offscreen platform about itself, and desktops without a session.
_HARMLESS = re.compile("This plugin does not support|propagateSizeHints|XDG_RUNTIME_DIR|Populating font family")


def _receive(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    level = logging.DEBUG if _HARMLESS.search(text) else _LEVELS.get(kind, logging.WARNING)
    category = context.category or "default"
    name = "qt" if category == "default" else f"qt.{category.removeprefix('qt.')}"
    logging.getLogger(name).log(level, "%s", text)


def install() -> None:
    """Send Qt's messages to logging from now on."""
    qInstallMessageHandler(_receive)


def uninstall() -> None:
    """Give them back to Qt."""
    qInstallMessageHandler(None)
