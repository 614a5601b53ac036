"""Turning a camera on the screen: recorded first, moves while held, stops when let go, only where there is a drive."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.domain.faults import KnownFault, Message, Refused
from app.services.commands import MoveCamera
from app.services.ptz import Preset
from app.services.views import CameraRow
from tests.fakes.fake_seat import DISPATCHER, SUPERVISOR, FakeSeat
from tests.widgets.wall_stage import until
from widgets.bridge import Bridge, Runner
from widgets.cameras.ptz import PtzBar
from widgets.theme import language


class FakePtz:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self.slow_s = 0.0
        self.fault: KnownFault | None = None
        self.cannot: Message | None = None

    def reaches(self, address: str) -> bool:
        return address.startswith("wvp://")

    def move(self, address: str, direction: str, speed: float = 0.5) -> None:
        time.sleep(self.slow_s)
        if self.fault is not None:
            raise self.fault
        self.told.append((address, direction))

    def stop(self, address: str) -> None:
        self.told.append((address, "stop"))

    def presets(self, address: str) -> list[Preset]:
        if self.fault is not None:
            raise self.fault
        return [Preset("1", "<b>大门</b>"), Preset("2", "")]

    def goto(self, address: str, token: str) -> None:
        self.told.append((address, "preset", token))

    def teaching(self, address: str) -> Message | None:
        return self.cannot

    def teach(self, address: str, name: str) -> str:
        self.told.append((address, "teach", name))
        return name

    def forget(self, address: str, token: str) -> None:
        self.told.append((address, "forget", token))


class Stage:
    def __init__(self) -> None:
        self.seat = FakeSeat(operator=SUPERVISOR, open_=3, cameras=4)
        self.runner = Runner()
        self.bridge = Bridge(lambda: self.seat, drain_ms=20, poll_ms=20)  # type: ignore[arg-type,return-value]
        self.bridge.start()
        assert until(lambda: self.bridge.facts is not None)
        self.ptz = FakePtz()
        self.bar = PtzBar(self.bridge, self.runner, self.ptz)
        self.bar.resize(420, 36)

    def camera(self, **more: object) -> CameraRow:
        first = next(iter(self.seat.camera_rows.values()))
        return replace(first, **{"kind": "ptz", "source": "wvp://h/1/2", **more})  # type: ignore[arg-type]

    @property
    def moves(self) -> list[MoveCamera]:
        return [c for c in self.seat.done if isinstance(c, MoveCamera)]

    def close(self) -> None:
        self.bar.close()
        until(lambda: self.bridge.idle)
        self.runner.close()
        self.bridge.close()
        for thing in (self.bar, self.runner, self.bridge):
            thing.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def stage(qapp) -> Iterator[Stage]:
    language.use(qapp, "zh_CN")
    made = Stage()
    yield made
    made.close()


def test_only_a_camera_with_a_drive_and_a_way_to_it_has_the_bar(stage: Stage):
    for more, shown in (({}, True), ({"kind": "fixed"}, False), ({"source": "rtsp://h/1"}, False)):
        stage.bar.show_for(stage.camera(**more), "why")
        assert stage.bar.isVisible() is shown
    stage.bar.show_for(None, "")
    assert not stage.bar.isVisible()


def test_held_it_moves_and_let_go_it_stops_and_the_record_comes_first(stage: Stage):
    stage.bar.show_for(stage.camera(), "smoke reported", "i1")
    button = stage.bar.buttons["left"]
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    assert until(lambda: stage.ptz.told == [("wvp://h/1/2", "left")])
    assert [(m.what, m.reason, m.incident_id) for m in stage.moves] == [("left", "smoke reported", "i1")]
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert until(lambda: stage.ptz.told[1:] == [("wvp://h/1/2", "stop")])


def test_keys_do_the_same_and_repeat_does_not_record_again(stage: Stage):
    stage.bar.show_for(stage.camera(), "why")
    stage.bar.activateWindow()
    stage.bar.setFocus()
    QTest.keyPress(stage.bar, Qt.Key.Key_Plus)
    QTest.keyPress(stage.bar, Qt.Key.Key_Plus)
    assert until(lambda: stage.ptz.told == [("wvp://h/1/2", "zoomin")])
    QTest.keyRelease(stage.bar, Qt.Key.Key_Plus)
    assert until(lambda: stage.ptz.told[-1] == ("wvp://h/1/2", "stop"))
    assert len(stage.moves) == 1


def test_a_touch_is_a_move_and_a_stop_in_this_order_however_slow_the_camera(stage: Stage):
    stage.ptz.slow_s = 0.3
    stage.bar.show_for(stage.camera(), "why")
    stage.bar.press("up")
    stage.bar.release()
    assert until(lambda: len(stage.ptz.told) == 2)
    assert [t[1] for t in stage.ptz.told] == ["up", "stop"]


@pytest.mark.parametrize("act", ["goto", "teach", "fault", "presets"])
def test_what_one_camera_answers_late_is_not_said_of_the_next_one(stage: Stage, act: str, monkeypatch):
    ended: list[str] = []
    run = stage.runner.run

    def told(do, done, failed, *, owner):
        def heard(answer, then):
            if then is not None:
                then(answer)
            ended.append("heard")

        return run(do, lambda found: heard(found, done), lambda fault: heard(fault, failed), owner=owner)

    monkeypatch.setattr(stage.runner, "run", told)
    stage.bar.show_for(stage.camera(), "why")
    if act == "goto":
        stage.bar.goto(Preset("1", "gate"))
    elif act == "teach":
        stage.bar.teach("gate")
    elif act == "presets":
        stage.ptz.fault = KnownFault(Message("the drive is stuck"))
        stage.bar.presets_button.click()
    else:
        stage.ptz.fault = KnownFault(Message("the drive is stuck"))
        stage.bar.press("left")
    stage.bar.show_for(stage.camera(id="another", source="wvp://h/3/4"), "why")
    assert until(lambda: bool(ended))
    assert stage.bar.note.text() == ""


def test_hiding_and_another_camera_stop_it(stage: Stage):
    stage.bar.show_for(stage.camera(), "why")
    stage.bar.press("left")
    assert until(lambda: len(stage.ptz.told) == 1)
    stage.bar.show_for(stage.camera(id="other", source="wvp://h/9/9"), "why")
    assert until(lambda: stage.ptz.told[-1] == ("wvp://h/1/2", "stop")), "the one that moves, not the new one"
    stage.bar.press("right")
    assert until(lambda: stage.ptz.told[-1] == ("wvp://h/9/9", "right"))
    stage.bar.hide()
    assert until(lambda: stage.ptz.told[-1] == ("wvp://h/9/9", "stop"))


def test_without_the_right_nothing_moves_and_the_bar_says_so(stage: Stage):
    stage.bar.show_for(stage.camera(), "why")
    stage.seat.fail_next = Refused(Message("Your role may not do this."))
    stage.bar.press("left")
    assert until(lambda: stage.bar.note.text() != "")
    stage.bar.release()
    until(lambda: False, 0.2)
    assert stage.ptz.told == []
    stage.ptz.fault = KnownFault(Message("no answer in time"))
    stage.bar.press("left")
    assert until(lambda: "应答" in stage.bar.note.text() or "超时" in stage.bar.note.text()), stage.bar.note.text()


def test_presets_are_offered_and_going_there_is_recorded(stage: Stage):
    stage.bar.show_for(stage.camera(), "why")
    stage.bar.presets_button.click()
    assert until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [a.text() for a in menu.actions()][:2] == ["1 <b>大门</b>", "2"]
    menu.actions()[0].trigger()
    menu.close()
    assert until(lambda: stage.ptz.told == [("wvp://h/1/2", "preset", "1")])
    assert [(m.what, m.preset) for m in stage.moves] == [("preset", "1")]


def menu_of(stage: Stage) -> QMenu:
    stage.bar.presets_button.click()
    assert until(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_a_preset_is_kept_and_removed_each_recorded_first(stage: Stage):
    stage.bar.show_for(stage.camera(), "drill", "i1")
    menu = menu_of(stage)
    keep = next(a for a in menu.actions() if a.text().startswith("记下当前位置"))
    assert keep.isEnabled()
    keep.trigger()
    menu.close()
    assert stage.bar.asking.isVisible()
    assert stage.bar.asking.field.text() == "3", "the next free number is offered"
    stage.bar.asking.field.setText("河岸")
    stage.bar.asking.answer()
    assert until(lambda: stage.ptz.told == [("wvp://h/1/2", "teach", "河岸")])
    assert [(m.what, m.preset, m.reason, m.incident_id) for m in stage.moves] == [("preset_set", "河岸", "drill", "i1")]
    assert until(lambda: stage.bar.note.text() == "已记为 河岸")
    menu = menu_of(stage)
    gone = next(a.menu() for a in menu.actions() if a.menu() is not None)
    gone.actions()[0].trigger()
    menu.close()
    assert stage.bar.asking.isVisible(), "what cannot be had back is asked about"
    assert stage.ptz.told[1:] == []
    stage.bar.asking.answer()
    assert until(lambda: stage.ptz.told[1:] == [("wvp://h/1/2", "forget", "1")])
    assert [m.what for m in stage.moves] == ["preset_set", "preset_removed"]


@pytest.mark.parametrize("why", ["camera", "role"])
def test_where_no_preset_can_be_kept_the_menu_says_why(stage: Stage, why: str):
    if why == "camera":
        stage.ptz.cannot = Message("the camera keeps no presets")
    else:
        facts = stage.bridge.facts
        assert facts is not None
        stage.bridge.facts = replace(facts, operator=DISPATCHER)
    stage.bar.show_for(stage.camera(), "why")
    menu = menu_of(stage)
    keep = next(a for a in menu.actions() if a.text().startswith("记下当前位置"))
    assert not keep.isEnabled()
    assert ("不支持预置位" if why == "camera" else "仅限") in keep.text()
    assert not [a for a in menu.actions() if a.menu() is not None], "nor removed"
    menu.close()
