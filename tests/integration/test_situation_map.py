"""The situation map in a real browser with no network: it asks for nothing, no script fails, no person is in it."""
from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app import text
from app.domain.faults import KnownFault
from app.reports import situation_map
from app.reports.situation_map import MAX_BYTES, write_situation_map
from tests.fakes.fake_seat import FakeSeat

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
          "--disable-background-networking", "--disable-component-update", "--disable-extensions",
          "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=3000", "--enable-logging=stderr")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_map_asks_no_network_and_no_script_fails(tmp_path: Path) -> None:
    page, log = tmp_path / "map.html", tmp_path / "net.json"
    write_situation_map(FakeSeat(), page)
    done = subprocess.run([str(CHROMIUM), *_FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}",
                           "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=120, check=False)
    errors = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert errors == []
    assert "leaflet-marker-icon" in done.stdout, "the incidents were not drawn"
    asked = set(re.findall(r'"url":"https?://([^/"]+)', log.read_text(errors="replace")))
    browsers_own = {host for host in asked if host.endswith((".google.com", ".googleapis.com"))}
    assert asked - browsers_own == set()
    assert not any(host in page.read_text(encoding="utf-8") for host in browsers_own)


def test_the_map_is_small_and_names_no_person(tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    seat = FakeSeat()
    size = write_situation_map(seat, page)
    assert size == page.stat().st_size <= MAX_BYTES
    html = page.read_text(encoding="utf-8")
    own = html[html.rindex("</style>"):]
    assert not re.search(r"(?<![0-9a-f])1[3-9]\d{9}(?![0-9a-f])", own), "ids of nodes are hexadecimal"
    for row in seat.queue():
        for reporter in seat.incident(row.id).reporters:
            if len(reporter.phone) > 4:
                assert reporter.phone not in own


def test_more_incidents_than_a_page_carries_are_counted_and_it_is_told_how_many_are_marked(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(situation_map, "MAX_INCIDENTS", 30)
    page, seat = tmp_path / "map.html", FakeSeat()
    rows = seat.queue()
    write_situation_map(seat, page)
    html = page.read_text(encoding="utf-8")
    assert len(rows) > 30
    marks = len(re.findall(r"L\.(?:circleMarker|marker)\(", html))
    assert 0 < marks <= 30
    frame = html[html.index('class="frame top"'):]
    assert {str(len(rows)), str(marks)} <= set(re.findall(r"\d+", frame[:frame.index("</div>")]))
    levels = zip(("I", "II", "III", "IV"), (sum(1 for r in rows if r.level == n) for n in (1, 2, 3, 4)), strict=True)
    assert " ".join(f"{numeral} {count}" for numeral, count in levels) in frame
    told = [int(n) for n in re.findall(r'"n": (\d+)', html)]
    assert sum(told) == sum(1 for r in rows if r.area_id), "the grids tell of all"


def test_texts_of_people_are_no_markup_on_the_map(tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    seat = FakeSeat()
    seat.centre_name = "</script><script>alert(1)</script><b>x"
    write_situation_map(seat, page)
    assert "<script>alert(1)" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_the_map_speaks_the_language_asked_for(tmp_path: Path, lang: str) -> None:
    before = text.language().lang
    text.set_language(lang)
    try:
        write_situation_map(FakeSeat(), tmp_path / "map.html")
    finally:
        text.set_language(before)
    html = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert ("DEMO" in html) is (lang == "en") or "演示" in html


def test_an_empty_seat_says_what_to_do_and_writes_nothing(tmp_path: Path) -> None:
    seat = FakeSeat(open_=0, ended=0)
    seat.areas = list  # type: ignore[method-assign]
    with pytest.raises(KnownFault, match="nothing to draw"):
        write_situation_map(seat, tmp_path / "map.html")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownFault, match="cannot be written"):
        write_situation_map(FakeSeat(), tmp_path / "none" / "map.html")


