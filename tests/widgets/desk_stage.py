"""A desk over a seat, most often a fake one: what the desk's tests share."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PySide6.QtTest import QTest

from app.services.commands import Act, ViewCamera
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import stage, until
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow
from widgets.screens.desk_body import DeskBody


def made_seat(**numbers: int) -> FakeSeat:
    """A small district."""
    return FakeSeat(operator=SUPERVISOR, **{"open_": 80, "ended": 10, "units": 60, "cameras": 30, "components": 100,
                                            **numbers})


def opened(bridge: Bridge, *, size: tuple[int, int] = (1280, 720), lang: str = "zh_CN", restore: bool = False,
           report: object = None, streams: object = None) -> DeskWindow:
    """A desk that has read its queue, with the keys in it. Close it."""
    window = DeskWindow(bridge, settings={"window": restore}, report_map=report, lang=lang,  # type: ignore[arg-type]
                        theme="dark", streams=streams)  # type: ignore[arg-type]
    window.resize(*size)
    window.show()
    window.activateWindow()
    assert until(lambda: window.body is not None and window.body.queue.model.loaded and bridge.idle)
    QTest.qWait(30)
    body_of(window).queue.view.setFocus()
    return window


def body_of(window: DeskWindow) -> DeskBody:
    """What the window shows once its seat is open."""
    assert window.body is not None
    return window.body


def opened_board(bridge: Bridge) -> DeskWindow:
    """A desk at its video board. Close it."""
    window = opened(bridge, size=(1600, 900))
    body_of(window).video.open_board()
    assert until(lambda: body_of(window).board_.rows and bridge.idle)
    return window


def with_stills(seat: FakeSeat, picture: Image.Image, file: Path) -> FakeSeat:
    """The same seat; each of its cameras is online and shows this picture, kept in `file`."""
    picture.save(file)
    seat.camera_rows = {k: replace(c, source=str(file), state="online") for k, c in seat.camera_rows.items()}
    return seat


@contextmanager
def desk_on(seat: FakeSeat, *, size: tuple[int, int] = (1280, 720), lang: str = "en", restore: bool = False,
            report: object = None) -> Iterator[DeskBody]:
    """A running desk over this seat."""
    with stage(seat, lang) as bridge:
        window = opened(bridge, size=size, lang=lang, restore=restore, report=report)
        try:
            yield body_of(window)
        finally:
            window.close()


def one(seat: FakeSeat, phase: str, *, number: int = 0) -> str:
    """An incident in a phase, not held, with a place."""
    return [r.id for r in seat.rows.values() if r.phase == phase and not r.flags & 1 and r.lon is not None][number]


def acts(seat: FakeSeat) -> list[Act]:
    """What was done to incidents."""
    return [c for c in seat.done if isinstance(c, Act)]


def views(seat: FakeSeat) -> list[ViewCamera]:
    """Which views of cameras were recorded, beginnings and ends."""
    return [c for c in seat.done if isinstance(c, ViewCamera)]
