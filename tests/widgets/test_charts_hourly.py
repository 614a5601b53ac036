"""The hourly bars: sharp, right, quiet."""
from __future__ import annotations

import psutil
import pyqtgraph as pg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from widgets.charts.hourly import HOURS, HourlyBars, nice_top
from widgets.theme import tokens

COUNTS = (3, 2, 2, 1, 2, 4, 9, 16, 26, 31, 28, 22, 17, 19, 25, 30, 26, 20, 12, 0, 0, 0, 0, 0)


def shown(qapp, size=(408, 145), scale=1.0, counts=COUNTS, now=18):
    chart = HourlyBars(scale=scale)
    chart.resize(*size)
    chart.set_values(counts, now)
    chart.show()
    qapp.processEvents()
    image = chart.grab().toImage()
    return chart, image


def close(chart) -> None:
    chart.close()
    chart.deleteLater()


def columns_of(image: QImage, colours: set[str]) -> list[int]:
    """Height in pixels of each run of columns that holds one of the colours."""
    runs: list[int] = []
    inside = False
    for x in range(image.width()):
        high = sum(image.pixelColor(x, y).name() in colours for y in range(image.height()))
        if high and not inside:
            runs.append(high)
        inside = bool(high)
    return runs


@pytest.mark.parametrize(("size", "scale"), [((408, 145), 1.2), ((816, 290), 2.4), ((260, 96), 0.85)])
def test_each_hour_has_its_bar_at_its_height_with_sharp_edges(qapp, size, scale):
    chart, image = shown(qapp, size, scale)
    try:
        theme = tokens.current()
        heights = columns_of(image, {theme.bar.lower(), theme.bar_now.lower()})
        assert len(heights) == sum(c > 0 for c in COUNTS)
        unit = max(heights) / max(COUNTS)
        for high, count in zip(heights, [c for c in COUNTS if c], strict=True):
            assert abs(high - count * unit) <= 1.5
        known = {QColor(c).name() for c in (theme.bar, theme.bar_now, theme.surface, theme.line)}
        middle = image.height() // 2
        soft = [image.pixelColor(x, middle).name() for x in range(image.width() // 6, image.width())]
        assert set(soft) <= known, "no half-tones beside a bar"
    finally:
        close(chart)


def test_the_running_hour_stands_out_and_nothing_is_white(qapp):
    chart, image = shown(qapp)
    try:
        theme = tokens.current()
        assert len(columns_of(image, {theme.bar_now.lower()})) == 1
        assert image.pixelColor(image.width() - 2, 2).name() == QColor(theme.surface).name()
    finally:
        close(chart)


@pytest.mark.expects_log(r"not accepted by receiving widget")
def test_no_mouse_and_no_menu_reaches_the_chart(qapp):
    chart, _ = shown(qapp)
    try:
        before = chart.plotItem.getViewBox().viewRange()
        QTest.mouseClick(chart.viewport(), Qt.MouseButton.RightButton, pos=QPoint(100, 60))
        QTest.mouseDClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 60))
        assert chart.plotItem.getViewBox().viewRange() == before
        assert not chart.plotItem.getViewBox().menuEnabled()
        assert chart.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        assert chart.focusPolicy() == Qt.FocusPolicy.NoFocus
    finally:
        close(chart)


def test_a_wrong_number_of_hours_is_refused(qapp):
    chart, _ = shown(qapp)
    try:
        with pytest.raises(ValueError, match="24"):
            chart.set_values([1, 2, 3], 1)
    finally:
        close(chart)


@given(st.integers(0, 10_000_000))
def test_the_axis_ends_at_a_round_figure_not_below_the_highest_bar(most):
    top = nice_top(most)
    assert top >= max(most, 4)
    assert top <= max(4, most * 2)
    assert len(str(top).rstrip("0")) <= 2


def test_old_data_dims_and_the_theme_is_followed(qapp):
    chart, _ = shown(qapp)
    try:
        chart.set_values(COUNTS, 18, dim=True)
        assert chart.getAxis("left").textPen().color() == QColor(tokens.current().faint)
        tokens.use("light")
        image = chart.grab().toImage()
        assert image.pixelColor(image.width() - 2, 2).name() == QColor(tokens.current().surface).name()
    finally:
        tokens.use("dark")
        close(chart)


def test_a_day_of_updates_leaves_no_memory_behind(qapp):
    chart, _ = shown(qapp)
    process = psutil.Process()
    try:
        def updates(n: int) -> None:
            for i in range(n):
                chart.set_values([(i + h) % 60 for h in range(HOURS)], i % HOURS)
                if i % 10 == 0:
                    chart.grab()
        updates(200)
        before = process.memory_info().rss
        updates(600)
        assert process.memory_info().rss - before < 6 * 2**20
    finally:
        close(chart)


def test_the_settings_of_pyqtgraph_are_made_once_here():
    import widgets.charts  # noqa: F401
    assert pg.getConfigOption("antialias") is False
    assert pg.getConfigOption("useOpenGL") is False
