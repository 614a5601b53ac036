"""Shared parts: plain text only, states of a panel, marks by shape, texts that fit."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app import text as texts
from app.text import Catalogue
from widgets.theme import fonts, language, shapes, tokens
from widgets.theme.parts import Bar, ElidedLabel, Figure, KeyButton, Label, Lamp, LevelMark, Panel, State, UnitMark
from widgets.theme.tokens import DARK, LIGHT

EVIL = "<b>bold</b><img src='file:///etc/passwd'>\u202eevil\x00 & <script>"


def painted(widget: QWidget, width: int, height: int) -> QImage:
    widget.resize(width, height)
    return widget.grab().toImage()


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())}


def silhouette(image: QImage, drawn: Callable[[QColor], bool]) -> str:
    return "".join("01"[drawn(image.pixelColor(x, y))] for x in range(image.width()) for y in range(image.height()))


@pytest.fixture
def shown(qtbot: Any) -> Iterator[Any]:
    def show(widget: QWidget) -> QWidget:
        qtbot.addWidget(widget)
        widget.show()
        return widget
    yield show
    tokens.use("dark")


def test_no_part_renders_a_text_as_markup(shown: Any) -> None:
    panel = shown(Panel(EVIL, note=EVIL))
    panel.set_state(State.EMPTY, EVIL)
    panel.set_body(ElidedLabel(EVIL))
    labels = panel.findChildren(QLabel)
    assert len(labels) >= 4
    for label in labels:
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert "\u202e" not in label.text()
    button = shown(KeyButton("E", EVIL))
    assert button.label.startswith("<b>bold</b>")
    narrow = shown(ElidedLabel(EVIL))
    narrow.resize(60, 20)
    assert narrow.is_elided()
    assert "<b>" not in narrow.toolTip()
    assert "&lt;b&gt;" in narrow.toolTip()
    narrow.resize(2000, 20)
    assert narrow.toolTip() == ""


def test_a_stale_or_disconnected_panel_keeps_its_body_and_says_so(shown: Any, qtbot: Any) -> None:
    panel = shown(Panel("Queue"))
    content = Label("content")
    panel.set_body(content)
    panel.set_state(State.OK)
    qtbot.waitUntil(content.isVisible, timeout=2000)
    for state in (State.STALE, State.DISCONNECTED, State.ERROR, State.PARTIAL):
        panel.set_state(state, "since 18:42")
        assert content.isVisibleTo(panel)
        assert panel.shown_text() == "since 18:42"
    panel.set_state("ok")
    assert panel.shown_text() == ""


def test_an_empty_panel_and_one_that_never_had_anything_show_the_reason_instead(shown: Any) -> None:
    panel = shown(Panel("Queue"))
    content = Label("content")
    panel.set_body(content)
    for state in (State.EMPTY, State.DISCONNECTED, State.ERROR):
        panel.set_state(state)
        assert not content.isVisibleTo(panel)
        assert panel.shown_text()


def test_loading_shows_a_number_only_after_half_a_second(shown: Any, qtbot: Any) -> None:
    panel = shown(Panel("Map"))
    panel.set_state(State.LOADING, "reading", progress=0.4)
    assert panel.shown_text() == ""
    qtbot.waitUntil(lambda: panel.shown_text() == "reading", timeout=3000)
    assert panel._progress.value() == 40
    panel.set_state(State.LOADING, "reading", progress=0.6)
    assert panel._progress.value() == 60
    panel.set_state(State.OK)
    assert panel.shown_text() == ""


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_every_level_has_a_shape_of_its_own_in_its_colour(qtbot: Any, theme: tokens.Tokens) -> None:
    silhouettes = set()
    for level in (1, 2, 3, 4):
        image = QImage(48, 48, QImage.Format.Format_RGB32)
        image.fill(QColor("#808080"))
        painter = QPainter(image)
        shapes.paint_level(painter, QRectF(0, 0, 48, 48), level, theme)
        painter.end()
        assert theme.level[level - 1] in colours(image)
        assert theme.level_ink[level - 1] in colours(image)
        silhouettes.add(silhouette(image, lambda colour: colour.name() != "#808080"))
    assert len(silhouettes) == 4


def test_units_differ_by_shape_and_the_unknown_is_never_green(qtbot: Any) -> None:
    silhouettes = set()
    for state in shapes.UNIT_STATES:
        image = QImage(32, 32, QImage.Format.Format_RGB32)
        image.fill(QColor("black"))
        painter = QPainter(image)
        shapes.paint_unit(painter, QRectF(0, 0, 32, 32), state)
        painter.end()
        silhouettes.add(silhouette(image, lambda colour: colour.lightness() > 60))
    assert len(silhouettes) == 5
    for state in ("unknown", "no such state", "off"):
        assert shapes.unit_colour(state) not in (DARK.unit_free, DARK.good)


def test_lamps_have_the_room_their_text_needs_and_the_colours_of_the_field(shown: Any) -> None:
    lamp = shown(Lamp())
    fills = {"yellow": DARK.lamp_yellow_fill, "red": DARK.lamp_red_fill, "green": DARK.lamp_green_outline}
    for kind, fill in fills.items():
        lamp.set_lamp(kind, "1:12:00")
        assert fill in colours(painted(lamp, lamp.sizeHint().width(), lamp.sizeHint().height()))
    metrics_width = lamp.sizeHint().width()
    lamp.set_lamp("red", "8:88:88")
    assert lamp.sizeHint().width() == metrics_width


def test_marks_follow_the_theme_and_say_their_name_to_a_screen_reader(shown: Any) -> None:
    mark = shown(LevelMark(2))
    assert mark.accessibleName() == "II"
    assert DARK.level[1] in colours(painted(mark, 24, 24))
    tokens.use("light")
    assert LIGHT.level[1] in colours(painted(mark, 24, 24))
    unit = shown(UnitMark("on_scene"))
    assert LIGHT.unit_on_scene in colours(painted(unit, 14, 14))


def test_an_unknown_figure_and_share_are_hatched_not_zero(shown: Any) -> None:
    figure, bar = shown(Figure("Satisfaction")), shown(Bar())
    figure.set_figure(None, note="not connected")
    assert "?" in figure.accessibleName()
    bar.set_share(0.0)
    none = painted(bar, 80, 8)
    bar.set_share(None)
    assert painted(bar, 80, 8) != none
    bar.set_share(float("nan"))
    assert bar.accessibleName() == "?"
    bar.set_share(7.0)
    assert bar.accessibleName() == "100%"


def test_a_key_button_keeps_its_key_when_it_is_narrow(shown: Any) -> None:
    button = shown(KeyButton("F12", "Give back the order", primary=True))
    assert button.minimumSizeHint().width() < button.sizeHint().width()
    assert button.sizeHint().width() > button.fontMetrics().horizontalAdvance("Give back the order")
    assert "F12" in button.accessibleName()
    painted(button, button.minimumSizeHint().width(), button.minimumSizeHint().height())


def test_the_language_is_switched_while_widgets_are_open(shown: Any, qapp: QApplication, qtbot: Any,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    class Greeting(Label):
        """Sets its text anew when told."""

        def changeEvent(self, event: QEvent) -> None:
            super().changeEvent(event)
            if event.type() == QEvent.Type.LanguageChange:
                self.setText(self.tr("Hello"))
    label = shown(Greeting())
    made = {"zh_CN": Catalogue("zh_CN", {("Greeting", "Hello", ""): ("你好",), ("X", "%n left", ""): ("余 %n",)}),
            "en": Catalogue("en", {("X", "%n left", ""): ("%n is left", "%n are left")})}

    def set_language(lang: str) -> Catalogue:
        return made[lang]
    monkeypatch.setattr(language, "set_language", set_language)
    try:
        language.use(qapp, "zh_CN")
        qtbot.waitUntil(lambda: label.text() == "你好", timeout=2000)
        assert QCoreApplication.translate("X", "%n left", None, 3) == "余 3"
        language.use(qapp, "en")
        qtbot.waitUntil(lambda: label.text() == "Hello", timeout=2000)
        assert QCoreApplication.translate("X", "%n left", None, 1) == "1 is left"
        assert QCoreApplication.translate("X", "%n left", None, 3) == "3 are left"
        language.forget(qapp)
        assert language.current() == ""
    finally:
        monkeypatch.undo()
        language.use(qapp, "zh_CN")
    assert texts.language().lang in texts.LANGUAGES


def test_no_shape_leaves_its_square(qtbot: Any) -> None:
    fonts.register()
    for path in (*(shapes.level_path(n) for n in (1, 2, 3, 4)), *(shapes.numeral_path(n) for n in (1, 2, 3, 4)),
                 *(shapes.unit_path(s) for s in shapes.UNIT_STATES), shapes.camera_path(), shapes.drone_path()):
        assert QRectF(-1, -1, 2, 2).contains(path.boundingRect())
    for level in (1, 2, 3, 4):
        assert shapes.level_path(level).contains(shapes.numeral_path(level))
