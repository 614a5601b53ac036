"""A wall on a fake seat, without its map: what the wall's tests share."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QWidget

from app.services.views import Warning_
from tests.fakes.fake_seat import FakeSeat
from widgets.bridge import Bridge
from widgets.screens.wall import WallWindow
from widgets.theme import language, tokens

SIZES = ((1920, 1080), (3840, 2160), (3840, 1080), (2560, 800), (1344, 768), (5760, 1080), (1080, 1920), (1280, 1024),
         (1280, 720))


def until(condition: Callable[[], bool], timeout_s: float = 8.0) -> bool:
    """Run the event loop until the condition holds; whether it came to hold in time."""
    deadline = time.perf_counter() + timeout_s
    while not condition():
        if time.perf_counter() > deadline:
            return False
        QCoreApplication.processEvents()
        time.sleep(0.004)
    return True


def warn(seat: FakeSeat, number: int = 1) -> None:
    """Put warnings in force."""
    for i in range(number):
        seat.warning_rows.append(Warning_(f"w{i}", 3 - i, ("暴雨黄色预警", "大风橙色预警")[i % 2],
                                          "未来 6 小时雨量 50 毫米以上",
                                          "街道 03、街道 04、街道 08", seat.now - 2820, seat.now - 2790, seat.now +
                                          17300,
                                          "市气象台"))


@contextmanager
def wall(seat: FakeSeat, size: tuple[int, int] = (1920, 1080), *, lang: str = "zh_CN", theme: str = "dark",
         **options: Any) -> Iterator[WallWindow]:
    """A wall that has its first snapshot, at a size; closed with all that belongs to it, whatever happens."""
    app = QApplication.instance()
    assert app is not None
    old_scale, old_theme = tokens.scale(), tokens.current().name
    language.use(app, lang)
    bridge = Bridge(lambda: seat, drain_ms=20, poll_ms=10)  # type: ignore[arg-type,return-value]
    options.setdefault("show_map", False)
    window = WallWindow(bridge, lang=lang, theme=theme, **options)
    try:
        window.resize(*size)
        window.show()
        bridge.start()
        assert until(lambda: window.scene.snapshot is not None)
        window.grab()
        yield window
    finally:
        window.leave()
        window.close()
        bridge.close()
        window.deleteLater()
        language.use(app, "zh_CN")
        tokens.use(old_theme)
        tokens.set_scale(old_scale)


def all_texts(window: WallWindow) -> list[str]:
    """Every text that the wall shows or tells an accessibility tool, of the whole widget tree."""
    found = [text for panel in window.panels.values() if panel.isVisible() for text in panel.texts()]
    for tile in window.tiles.tiles:
        found += tile.texts()
    for widget in [window, *window.findChildren(QWidget)]:
        for name in ("text", "title", "windowTitle", "toolTip", "accessibleName", "accessibleDescription", "statusTip"):
            value = getattr(widget, name, None)
            if callable(value):
                got = value()
                if isinstance(got, str):
                    found.append(got)
    return [t for t in found if t]
