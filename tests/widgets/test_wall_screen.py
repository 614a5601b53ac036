"""The wall as people see it: at every size, in both languages and themes, in every state."""
from __future__ import annotations

import itertools
import logging
import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from app.domain.faults import KnownFault, Message
from app.services.changes import Changes
from app.services.commands import Act
from app.services.duty_views import DutyPerson
from app.services.lamp import time_left_text
from app.services.views import Flag, Ratio
from app.text import render
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.wall_stage import SIZES, all_texts, until, wall, warn
from widgets.bridge import Bridge
from widgets.screens.wall import WallWindow
from widgets.theme import language, tokens
from widgets.wall.layout import SMALLEST_PX, WAR
from widgets.wall.privacy import personal_data_in

NARROW = ((1080, 1920), (1280, 1024))
"""here English has no room for all that is said of who is on duty"""
STATES = {("zh_CN", "not in"): "（未签到）", ("zh_CN", "waits"): "（待接班）", ("en", "not in"): " (not signed in)",
          ("en", "waits"): " (waits to be relieved)"}
SMALL_FLOOD = {"open_": 3_000, "units": 300, "cameras": 600}


def check_panels(window) -> None:
    """No panel on another; no text cut that must not be, outside its panel, too small, or on another text."""
    visible = [(n, p) for n, p in window.panels.items() if p.isVisible()]
    for (a, one), (b, two) in itertools.combinations(visible, 2):
        assert not one.geometry().intersects(two.geometry()), f"{a} lies on {b}"
    least = round(SMALLEST_PX * window.scene.look.scale)
    for name, panel in visible:
        assert window.rect().contains(panel.geometry()), name
        inside = QRectF(panel.rect())
        for label in panel.labels:
            assert not (label.must and label.cut), f"{name}: {label.text!r} is cut to {label.shown!r}"
            assert inside.contains(label.rect), f"{name}: {label.shown!r} leaves the panel: {label.rect} {inside}"
            assert label.size_px >= least, f"{name}: {label.shown!r} is too small"
        for one_, two_ in itertools.combinations(panel.labels, 2):
            cross = one_.rect.intersected(two_.rect)
            assert cross.width() < 1.5 or cross.height() < 1.5, f"{name}: {one_.shown!r} lies on {two_.shown!r}"


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_nothing_is_cut_or_crowded_at_any_size(qapp, size, lang):
    seat = FakeSeat()
    warn(seat, 2)
    with wall(seat, size, lang=lang) as window:
        check_panels(window)
        assert window.plan is not None
        assert window.plan.left_out == ()


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("state", ["not in", "waits"])
def test_all_rates_and_who_is_on_duty_stand_on_every_wall(qapp, size, lang, state, monkeypatch):
    seat = FakeSeat()
    people = tuple(DutyPerson(role, name, True, state == "waits", seat.now, waits=state == "waits")
                   for role, name in (("duty_leader", "带班领导 01"), ("supervisor", "值班长 01")))
    seat.duty_view = replace(seat.duty_view, leader_in=state == "waits", supervisor_in=state == "waits", people=people)
    many, status = Ratio(12_186, 14_358), seat.status()
    monkeypatch.setattr(seat, "status", lambda: replace(status, handled_on_time=many, closing=many, satisfied=many,
                                                        closed_on_time=many))
    with wall(seat, size, lang=lang) as window:
        check_panels(window)
        rates, title = window.panels["rates"].texts(), " ".join(window.panels["title"].texts())
        assert rates.count("84.9%") == rates.count("12,186 / 14,358") == 4
        assert "带班领导 01" in title
        if size not in NARROW:
            assert title.count(STATES[lang, state]) == 2
            assert "5/6" in title


@pytest.mark.parametrize("size", [(1920, 1080), (2560, 800), (1080, 1920)], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_nothing_is_cut_in_wartime_flooded_empty_or_from_afar(qapp, size, lang):
    war = FakeSeat()
    war.set_setting("mode", WAR)
    war.set_setting("plan", {"title": "低洼路段防汛预案", "items": [{"text": f"步骤 {i}",
                                                             "done": i < 2} for i in range(20)]})
    for seat, options in ((war, {}), (FakeSeat(**SMALL_FLOOD), {}), (FakeSeat.empty(), {}),
                          (FakeSeat(), {"settings": {"wall.distance_m": 14.0, "wall.height_m": 3.0}})):
        with wall(seat, size, lang=lang, **options) as window:
            check_panels(window)


def test_every_number_is_the_status_own(qapp):
    seat = FakeSeat()
    with wall(seat) as window:
        status = seat.status()
        texts = {name: panel.texts() for name, panel in window.panels.items()}
        for tab in ("to_accept", "to_assign", "to_sign", "in_hand", "returned", "to_verify"):
            assert f"{status.tabs[tab]:,}" in texts["phases"]
        assert sum(status.tabs[t] for t in window.panels["phases"].TABS) == status.tabs["all"]
        for channel in status.channels:
            assert f"{channel.count:,}" in texts["today"]
        assert any(str(status.tabs["overdue"]) in t for t in texts["urgent"])
        ratio = status.handled_on_time
        assert f"{ratio.numerator:,} / {ratio.denominator:,}" in texts["rates"]
        assert window.bars.counts == status.hourly
        row = window.scene.snapshot.urgent[0]
        assert render(time_left_text(row, window.scene.now)) in texts["urgent"]


def test_a_change_at_the_desk_is_on_the_wall_at_once(qapp):
    seat = FakeSeat()
    with wall(seat) as window:
        row = next(r for r in seat.queue() if r.phase == "reported")
        before = window.scene.snapshot.status.tabs["to_accept"]
        window._bridge.act(Act(row.id, "register", {}), owner=window)
        assert until(lambda: window.scene.snapshot.status.tabs["to_accept"] == before - 1, 2.0)


def test_no_personal_data_anywhere_on_the_wall(qapp):
    seat = FakeSeat()
    for i, row in enumerate(list(seat.rows.values())):
        seat.rows[row.id] = row._replace(place=f"北村 {i} 栋 502室 电话 1390556{i % 10000:04d} 340803199001011234")
    seat.unit_rows = {k: replace(u, name=f"{u.name} 13800001111") for k, u in seat.unit_rows.items()}
    seat.rows = {k: r._replace(handler=f"{r.handler} 13800001111" if r.handler else "") for k, r in seat.rows.items()}
    warn(seat)
    seat.warning_rows[0] = replace(seat.warning_rows[0], text="咨询电话 13905561234", source="值班员 13905561234")
    for size in ((1920, 1080), (3840, 1080)):
        with wall(seat, size) as window:
            texts = all_texts(window)
            assert len(texts) > 80
            for text in texts:
                assert not personal_data_in(text), text
                assert "502" not in text


def test_a_sensitive_incident_shows_only_class_and_grid(qapp):
    seat = FakeSeat()
    secret = next(r for r in seat.queue() if r.lon is not None and r.handler)
    for row in [r for r in seat.queue() if r.level <= 2]:
        seat.rows[row.id] = row._replace(level=4)
    seat.rows[secret.id] = secret._replace(level=1, kind="0602", place="一村 7 栋",
                                           flags=int(Flag.SENSITIVE | Flag.SUPERVISED),
                                           phase="on_scene", reported_at=seat.now - 5, due_at=seat.now + 900)
    with wall(seat) as window:
        card = window.panels["card"].texts()
        label = seat.book.label("kind_class", "06", "zh_CN")
        assert label in card
        assert seat.book.label("kind", "0602", "zh_CN") not in " ".join(all_texts(window))
        assert not any("一村 7 栋" in t for t in card)
        assert not any(secret.handler in t for t in card)
        assert any(seat.book.area_label(secret.area_id) in t for t in card)


def test_a_seat_that_fails_leaves_the_last_picture_greyed_with_since_when(qapp):
    seat = FakeSeat()
    with wall(seat) as window:
        good = window.grab().toImage()
        shown = window.scene.snapshot

        def boom():
            raise KnownFault(Message("the store is gone"))

        real, seat.status = seat.status, boom  # type: ignore[method-assign]
        seat.clock.advance(95)
        window.link.refresh()
        assert until(lambda: window.scene.lost_since is not None)
        window._on_tick()
        lost = window.grab().toImage()
        assert window.scene.snapshot is shown, "the last data stay"
        title, foot = " ".join(window.panels["title"].texts()), " ".join(window.panels["ticker"].texts())
        assert "18:42" in title
        assert "连接中断" in title
        assert "18:42:07" in foot
        assert "18:43:42" in title, "the clock goes on"
        assert lost != good
        assert white_share(lost) < 0.02
        assert not any(x.colour == "good" for x in window.panels["centres"].labels), "never green without fresh news"
        seat.status = real  # type: ignore[method-assign]
        window.link.refresh()
        assert until(lambda: window.scene.lost_since is None)
        window.grab()
        assert "连接中断" not in " ".join(window.panels["title"].texts())


def test_before_the_first_data_every_panel_says_that_it_waits(qapp):
    seat = FakeSeat()

    def boom():
        raise KnownFault(Message("the store is gone"))

    seat.status = boom  # type: ignore[method-assign]
    language.use(qapp, "zh_CN")
    bridge = Bridge(lambda: seat)
    window = WallWindow(bridge, show_map=False)
    try:
        window.resize(1920, 1080)
        window.show()
        bridge.start()
        assert until(lambda: window.link.lost)
        image = window.grab().toImage()
        assert white_share(image) < 0.01
        for name, panel in window.panels.items():
            if panel.isVisible() and name not in ("title", "card"):
                assert "等待数据" in panel.texts(), name
        assert any("连接中断" in t for t in window.panels["title"].texts())
    finally:
        window.leave()
        window.close()
        bridge.close()
        window.deleteLater()
        tokens.set_scale(1.0)


def white_share(image: QImage) -> float:
    """Share of nearly white pixels, sampled."""
    hits = total = 0
    for x in range(0, image.width(), 13):
        for y in range(0, image.height(), 13):
            total += 1
            hits += QColor(image.pixel(x, y)).lightness() > 245
    return hits / total


def test_what_no_source_feeds_says_not_connected(qapp):
    seat = FakeSeat.empty()
    seat.centres, seat.duty_view = (), None
    with wall(seat) as window:
        for name in ("today", "centres", "cameras", "hourly"):
            assert any("未接入" in t for t in window.panels[name].texts()), name
        assert any("未接入" in t for t in window.panels["title"].texts())
        assert "card" not in {n for n, p in window.panels.items() if p.isVisible()}
        rates = window.panels["rates"].texts()
        assert rates.count("—") >= 3
        assert "0.0%" not in rates


def test_wartime_and_back_is_one_act(qapp):
    seat = FakeSeat()
    with wall(seat) as window:
        peace = {n for n, p in window.panels.items() if p.isVisible()}
        few = window.scene.snapshot.urgent_total

        def switch(mode):
            def act(s):
                s.set_setting("mode", mode)
                s._changes = Changes(settings=True)
            window._bridge.ask(act, owner=window, act=True)
            assert until(lambda: window.scene.snapshot.mode == mode)
            window.grab()

        switch("war")
        war = {n for n, p in window.panels.items() if p.isVisible()}
        assert war - peace >= {"checklist", "forces"}
        assert peace - war >= {"rates", "hourly", "areas"}
        assert window.scene.snapshot.urgent_total > few
        assert "战时" in window.panels["title"].texts()
        assert "无预案启动" in window.panels["checklist"].texts()
        check_panels(window)
        switch("peace")
        assert {n for n, p in window.panels.items() if p.isVisible()} == peace
        assert "平时" in window.panels["title"].texts()


def test_the_banner_stands_only_while_a_warning_is_in_force(qapp):
    seat = FakeSeat()
    with wall(seat) as window:
        assert not window.panels["warning"].isVisible()
        warn(seat, 2)
        window.link.refresh()
        assert until(lambda: window.panels["warning"].isVisible())
        window.grab()
        texts = " ".join(window.panels["warning"].texts())
        assert "大风橙色预警" in texts, "the gravest first"
        assert "另有 1" in texts
        seat.warning_rows.clear()
        window.link.refresh()
        assert until(lambda: not window.panels["warning"].isVisible())


def test_demo_and_drill_are_marked_and_live_is_not(qapp):
    for nature, word in (("demo", "演示"), ("drill", "演练"), ("live", None)):
        with wall(FakeSeat(nature=nature)) as window:
            texts = window.panels["title"].texts()
            assert (word in texts) if word else not {"演示", "演练"} & set(texts)


def test_a_wall_for_a_monitor_that_is_not_there_says_where_it_is_shown(qapp, caplog):
    with wall(FakeSeat(), kiosk=True, screen=7) as window, caplog.at_level(logging.INFO, "widgets.screens.wall"):
        window.showFullScreen()
    assert "There is no monitor 7 (there are 0 to 0); shown on" in caplog.text


def test_a_kiosk_is_left_by_its_own_keys_only(qapp):
    with wall(FakeSeat(), kiosk=True) as window:
        assert window.cursor().shape() == Qt.CursorShape.BlankCursor
        QTest.keyClick(window, Qt.Key.Key_Escape)
        QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
        assert window.isVisible()
        QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert not window.isVisible()


def test_language_and_theme_change_without_a_restart(qapp):
    from widgets.theme import language
    with wall(FakeSeat()) as window:
        assert "今日受理" in window.panels["today"].texts()
        language.use(qapp, "en")
        qapp.processEvents()
        window.grab()
        assert "Taken in today" in window.panels["today"].texts()
        assert not any(re.search(r"[\u4e00-\u9fff]", t) for t in window.panels["phases"].texts())
        dark = window.grab().toImage()
        tokens.use("light")
        light = window.grab().toImage()
        assert QColor(light.pixel(3, 3)).lightness() > QColor(dark.pixel(3, 3)).lightness() + 100


def test_lists_say_how_many_more_there_are(qapp):
    seat = FakeSeat(open_=900)
    with wall(seat) as window:
        panel = window.panels["urgent"]
        more = next(t for t in panel.texts() if t.startswith("另有"))
        lamps = [x for x in panel.labels if x.colour == "lamp"]
        assert len(lamps) + int(re.sub(r"\D", "", more)) == window.scene.snapshot.urgent_total


def test_the_wall_scrolls_nothing_and_takes_no_focus(qapp):
    from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QDialog
    with wall(FakeSeat()) as window:
        assert not window.findChildren(QDialog)
        assert not window.findChildren(QAbstractButton)
        for area in window.findChildren(QAbstractScrollArea):
            assert not area.verticalScrollBar().isVisible()
            assert not area.horizontalScrollBar().isVisible()


@pytest.mark.expects_log(r"can.t be opened")
def test_a_seat_that_cannot_be_opened_is_tried_again(qapp, monkeypatch):
    from widgets.bridge import Bridge
    from widgets.screens.wall import WallWindow
    from widgets.wall import link
    monkeypatch.setattr(link, "RETRY_MS", 100)
    seat = FakeSeat(open_=20)
    attempts: list[int] = []

    def open_seat():
        attempts.append(1)
        if len(attempts) < 3:
            raise KnownFault(Message("the store is locked"))
        return seat

    bridge = Bridge(open_seat)  # type: ignore[arg-type]
    window = WallWindow(bridge, show_map=False)
    try:
        window.resize(1280, 720)
        window.show()
        bridge.start()
        assert until(lambda: window.link.lost)
        assert until(lambda: window.scene.snapshot is not None)
        assert len(attempts) == 3
        assert until(lambda: not window.link.lost)
    finally:
        window.leave()
        window.close()
        bridge.close()
        window.deleteLater()
        tokens.set_scale(1.0)
