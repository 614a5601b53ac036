"""The wall's ranking of areas and its ticker: every area that fits is there, and each line says what happened."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from app.services.book import Book
from app.services.views import Flag
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.test_wall_screen import check_panels
from tests.widgets.wall_stage import wall
from widgets.wall import phrases
from widgets.wall.news import event_text
from widgets.wall.phrases import ranked_level


class Neighbourhoods(FakeSeat):
    """A city whose areas are one level below the streets: none of level 1."""

    @property
    def book(self) -> Book:
        return without_streets(super().book)


def without_streets(book: Book) -> Book:
    """The same book, its street level taken out."""
    kept = {k: replace(a, parent_id=None) if a.level == 2 else a for k, a in book.areas.items() if a.level != 1}
    codes = [code for list_ in book._lists for code in book.codes(list_)]
    return Book(book.version, codes, kept.values())


@pytest.mark.parametrize(("lang", "title"), [("zh_CN", "区域"), ("en", "Areas")])
def test_a_city_without_streets_ranks_its_coarsest_areas(qapp, lang, title):
    with wall(Neighbourhoods(), lang=lang) as window:
        panel = window.panels["areas"]
        book = window.scene.snapshot.book
        assert ranked_level(book) == 2
        assert panel.streets()
        assert {book.areas[s.area_id].level for s in panel.streets()} == {2}
        assert panel.texts()[0] == title
        assert phrases.say("no areas are imported yet") not in panel.texts()
        check_panels(window)


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_street_of_the_district_is_ranked_on_a_full_hd_wall(qapp, lang):
    with wall(FakeSeat(), lang=lang) as window:
        panel = window.panels["areas"]
        shown = " ".join(panel.texts())
        streets = panel.streets()
        assert len(streets) > 8
        for street in streets:
            assert phrases.name_variants(window.scene.snapshot.book.area_label(street.area_id))[:2][-1] in shown
        assert panel.texts()[0] == phrases.say("Streets and townships")
        shares = [text for text in panel.texts() if text.endswith("%")]
        told = {"zh_CN": "按期率", "en": "on time"}[lang] in panel.texts()[1]
        assert told or not shares, "a column of shares that is not named"


def test_a_sensitive_matter_in_the_ticker_says_which_step_and_nobody_s_name(qapp):
    seat = FakeSeat()
    for row in list(seat.rows.values()):
        seat.rows[row.id] = row._replace(flags=int(Flag.SENSITIVE))
    with wall(seat) as window:
        ticker = window.panels["ticker"]
        news = window.scene.snapshot.news[0]
        words = ticker._words(replace(news, unit="某某队"))
        assert all(w.startswith(event_text(news.entry.kind)) for w in words)
        assert not any("某某队" in w for w in words)
        assert news.row.place not in " ".join(words)


def test_an_event_of_another_day_is_told_with_its_date(qapp):
    now = 1_780_000_000.0
    assert phrases.event_time(now - 60, now, UTC) == phrases.clock_text(now - 60, UTC)
    old = phrases.event_time(now - 86_400 * 400, now, UTC)
    assert str(phrases.local(now - 86_400 * 400, UTC).year) in old
    assert old != phrases.clock_text(now - 86_400 * 400, UTC)


def test_equal_neighbours_stand_in_the_ticker_once(qapp):
    with wall(FakeSeat()) as window:
        ticker, snapshot = window.panels["ticker"], window.scene.snapshot
        first, second = snapshot.news[0], next(n for n in snapshot.news[1:] if n.row.id != snapshot.news[0].row.id)
        ticker.show_scene(replace(window.scene, snapshot=replace(snapshot, news=(first, first, first, second))))
        window.grab()
        said = [text for text in ticker.texts() if text in ticker._words(first)]
        assert len(said) == 1
