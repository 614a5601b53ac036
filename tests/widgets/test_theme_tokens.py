"""The promises of the tokens: contrast, colour vision, one scale; fonts that show what the product writes."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QApplication

from widgets.theme import contrast, fonts, style, tokens
from widgets.theme.tokens import DARK, LIGHT, Step, Tokens

BOTH = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    tokens.use("dark")
    tokens.set_scale(1.0)


@BOTH
@pytest.mark.parametrize(("name", "least"), [("text", 13), ("muted", 7), ("faint", 5), ("accent", 4.5), ("good", 4.5),
                                             ("notice", 4.5), ("danger", 4.5), ("lamp_green_text", 4.5)])
def test_texts_keep_their_contrast_on_all_three_depths(theme: Tokens, name: str, least: float) -> None:
    for depth in (theme.ground, theme.surface, theme.raised):
        assert contrast.contrast(getattr(theme, name), depth) >= least


@BOTH
def test_lamps_marks_and_banners_can_be_read(theme: Tokens) -> None:
    assert contrast.contrast(theme.lamp_yellow_text, theme.lamp_yellow_fill) >= 4.5
    assert contrast.contrast(theme.lamp_red_text, theme.lamp_red_fill) >= 4.5
    assert contrast.contrast(theme.accent_text, theme.accent) >= 4.5
    for fill, ink in zip(theme.level + theme.load_steps, theme.level_ink + theme.load_ink, strict=True):
        assert contrast.contrast(fill, ink) >= 4.5
    for banner, level in zip(theme.warning_fill, theme.level_text, strict=True):
        assert contrast.contrast(theme.warning_text, banner) >= 7
        assert contrast.contrast(level, banner) >= 4.5
    for name in ("text", "muted", "faint"):
        assert contrast.contrast(getattr(theme, name), theme.selection) >= 4.5
        assert contrast.contrast(getattr(theme, name), theme.hover) >= 4.5


@BOTH
def test_marks_stand_out_from_the_ground_and_the_map(theme: Tokens) -> None:
    for depth in (theme.ground, theme.surface, theme.raised, theme.map_inside):
        for unit in (theme.unit_free, theme.unit_going, theme.unit_on_scene, theme.unit_off, theme.drone):
            assert contrast.contrast(unit, depth) >= 3
        for fill, edge in zip(theme.level, theme.level_edge, strict=True):
            assert max(contrast.contrast(fill, depth), contrast.contrast(edge, depth)) >= 3


@BOTH
def test_levels_stay_apart_for_every_kind_of_colour_vision(theme: Tokens) -> None:
    for one, other in combinations(theme.level, 2):
        assert contrast.least_distance(one, other) >= 10
    units = (theme.unit_free, theme.unit_going, theme.unit_on_scene, theme.unit_off)
    for one, other in combinations(units, 2):
        assert contrast.least_distance(one, other) >= 9


@BOTH
def test_the_four_steps_of_load_can_be_told_apart_on_the_map(theme: Tokens) -> None:
    for one, other in combinations(theme.load_steps, 2):
        assert contrast.least_distance(one, other) >= 15
    for one, other in pairwise(theme.load_steps):
        assert contrast.contrast(one, other) >= 1.35
    assert contrast.least_distance(theme.load_steps[0], theme.map_inside) >= 5


def test_distances_are_zero_for_equal_colours_and_symmetric() -> None:
    assert contrast.distance("#FF4D4F", "#FF4D4F") == 0
    assert contrast.least_distance("#FF4D4F", "#40C057") == contrast.least_distance("#40C057", "#FF4D4F")
    assert contrast.contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_the_wall_s_scale_follows_the_viewing_distance() -> None:
    scale = tokens.wall_scale(5.0, 0.634)
    assert tokens.SIZES_PX[Step.BODY] * tokens.HAN_HEIGHT_PER_SIZE * scale * 0.634 == pytest.approx(5000 / 215)
    assert tokens.wall_scale(10.0, 0.634) == pytest.approx(2 * scale)
    assert tokens.wall_scale(0.3, 0.634) == 0.5
    with pytest.raises(ValueError, match="above zero"):
        tokens.wall_scale(0, 1)


def test_another_theme_or_scale_is_told_once_and_an_unknown_theme_refused(qtbot: Any) -> None:
    told: list[int] = []

    def note() -> None:
        told.append(1)
    tokens.changed().connect(note)
    try:
        tokens.use("light")
        tokens.use("light")
        tokens.set_scale(2.0)
        assert len(told) == 2
        assert (tokens.size(Step.BODY), tokens.space(2), tokens.px(0), tokens.px(0.1)) == (28, 32, 0, 1)
        with pytest.raises(ValueError, match="pink"):
            tokens.use("pink")
    finally:
        tokens.changed().disconnect(note)


@BOTH
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_style_sheet_has_no_hole_left_and_only_token_colours(theme: Tokens, scale: float) -> None:
    sheet = style.sheet(theme, scale)
    assert "@{" not in sheet
    template = style.TEMPLATE.read_text(encoding="utf-8")
    assert not [line for line in template.splitlines() if "#" in line and "color: #" in line]
    for line in sheet.splitlines():
        if "url(" in line:
            assert Path(line.split('"')[1]).is_file()


def test_the_style_is_applied_without_a_complaint_of_qt(qtbot: Any, qapp: QApplication) -> None:
    before = (qapp.styleSheet(), qapp.palette(), qapp.font())
    try:
        style.apply(qapp, "light", "zh_CN")
        assert qapp.palette().window().color() == QColor(LIGHT.ground)
        assert qapp.font().pixelSize() == 14
    finally:
        qapp.setStyleSheet(before[0])
        qapp.setPalette(before[1])
        qapp.setFont(before[2])


SHOWN = ("智慧大观联动中心带班领导值班长调度员核查员待受理分拨签收处置退回超期督办挂账办结评价街道社区网格暴雨黄色预警"
         "ABCxyz0123456789 ，。：；、？！（）【】《》“”‘’…—·／～▲▶■▽◇●○★☎⚠←↑→↓×✓ⅠⅡⅢⅣ①²³℃％℉≤≥")


def test_the_bundled_fonts_show_every_character_that_the_product_writes(qtbot: Any) -> None:
    assert fonts.register()
    for name in fonts.FILES:
        assert (fonts.FOLDER / name).stat().st_size < 8_000_000
        raw = QRawFont(str(fonts.FOLDER / name), 16)
        assert [c for c in SHOWN if not raw.supportsCharacter(ord(c))] == []
    common = QRawFont(str(fonts.FOLDER / fonts.FILES[0]), 16)
    assert all(common.supportsCharacter(code) for code in range(0x4E00, 0x9FA6))


@pytest.mark.parametrize("bold", [False, True])
def test_figures_all_have_one_width(qtbot: Any, bold: bool) -> None:
    for step in Step:
        metrics = QFontMetricsF(fonts.font(step, bold=bold))
        assert len({round(metrics.horizontalAdvance(digit), 2) for digit in "0123456789"}) == 1
