"""A desk over a fake seat, for tests that need no real store; everything is as before when it is closed."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.commands import Act, ViewCamera
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import stage, until
from widgets.screens.desk import DeskWindow
from widgets.screens.desk_body import DeskBody
from widgets.theme import language, tokens


def made_seat(**numbers: int) -> FakeSeat:
    """A small district."""
    return FakeSeat(operator=SUPERVISOR, **{"open_": 80, "ended": 10, "units": 60, "cameras": 30, "components": 100,
                                            **numbers})


@contextmanager
def desk_on(seat: FakeSeat, *, size: tuple[int, int] = (1280, 720), lang: str = "en", restore: bool = False,
            report: object = None) -> Iterator[DeskBody]:
    """A running desk with the keys in its queue."""
    app = cast(QApplication, QApplication.instance())
    font, palette = app.font(), app.palette()
    try:
        with stage(seat, lang) as bridge:
            window = DeskWindow(bridge, settings={"window": restore}, report_map=report,  # type: ignore[arg-type]
                                lang=lang, theme="dark")
            try:
                window.resize(*size)
                window.show()
                window.activateWindow()
                assert until(lambda: window.body is not None and window.body.queue.model.loaded and bridge.idle)
                assert window.body is not None
                QTest.qWait(30)
                window.body.queue.view.setFocus()
                yield window.body
            finally:
                window.close()
    finally:
        tokens.use("dark")
        language.use(app, "en")
        app.setStyleSheet("")
        app.setFont(font)
        app.setPalette(palette)


def one(seat: FakeSeat, phase: str, *, number: int = 0) -> str:
    """An incident in a phase, not held, with a place."""
    return [r.id for r in seat.rows.values() if r.phase == phase and not r.flags & 1 and r.lon is not None][number]


def acts(seat: FakeSeat) -> list[Act]:
    """What was done to incidents."""
    return [c for c in seat.done if isinstance(c, Act)]


def views(seat: FakeSeat) -> list[ViewCamera]:
    """Which views of cameras were recorded, beginnings and ends."""
    return [c for c in seat.done if isinstance(c, ViewCamera)]
