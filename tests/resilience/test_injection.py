"""Promise 19 for the doors without Qt: what people write comes out of map, table and command line as mere words."""
from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app import text
from app.bootstrap import seats
from app.bootstrap.city import import_list
from app.cli import main
from app.domain.faults import KnownFault
from app.intake.records import AreaRecord, CodeRecord, UnitRecord
from app.intake.sink import PackCounts
from app.reports.situation_map import write_situation_map
from app.services.commands import Act, CallEvent, Command, Reporter, ReportIncident
from data.store import audit
from data.store.store import Founding
from tests.fixtures.payloads import PAYLOADS, REFUSED

SHOWN_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f\u061c\ufeff\u2028\u2029]")
FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?%?\Z", re.ASCII | re.IGNORECASE)
LEAVING = {"src", "href", "action", "data", "background", "xlink:href", "srcset"}
FRAGMENT_TAGS = {"div", "b", "br", "span"}
FRAGMENT_ATTRIBUTES = {"id", "class", "style"}


class Nodes(HTMLParser):
    """All nodes of a page; what could act is told by `active`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.scripts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "script":
            self._script = True
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = False

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts[-1] += data

    def active(self) -> list[str]:
        """Handlers, addresses that leave the file, nodes that load or send."""
        found = [f"<{tag}>" for tag in self.tags if tag in {
            "iframe", "object", "embed", "base", "form", "input", "button", "svg", "math", "video", "audio", "template",
            "frame", "applet", "img", "a", "isindex", "marquee", "details", "table", "noscript"}]
        for tag, name, value in self.attributes:
            if name.startswith("on") or name in LEAVING:
                found.append(f"<{tag} {name}={value[:40]!r}>")
            if "url(" in value or "javascript:" in value.lower() or "@import" in value:
                found.append(f"<{tag} {name}={value[:40]!r}>")
            if tag == "meta" and name == "http-equiv" and value.lower() == "refresh":
                found.append("<meta refresh>")
        return found


def nodes(page: str) -> Nodes:
    parser = Nodes()
    parser.feed(page)
    parser.close()
    return parser


def literals(script: str) -> Iterator[str]:
    """What a script makes nodes of: the template literals given to $(...). A hole or an early end fails."""
    at = 0
    while (begin := script.find("$(`", at)) >= 0:
        end = begin + 3
        while script[end] != "`":
            assert not script.startswith("${", end), script[end - 80:end + 40]
            end += 2 if script[end] == "\\" else 1
        assert script.startswith("`)[0];", end), f"the literal ends early: {script[begin:end + 40]!r}"
        yield script[begin + 3:end]
        at = end


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which every text that somebody could write is a payload."""
    import shapely

    data = tmp_path_factory.mktemp("injection") / "seat"
    seats.found(data, Founding("340803", PAYLOADS[0], "c", "</script><script>alert(1)</script>${alert(2)}`", "drill"))
    with seats.opened(data) as store:
        sink = seats.pack_sink(store, actor="test")
        kinds = [CodeRecord(f"x:kind/9{n:03d}", "kind", f"9{n:03d}", p, p, "01", {"position": 900 + n}, "1")
                 for n, p in enumerate(PAYLOADS)]
        areas = [AreaRecord("x:d", "0", PAYLOADS[1], 0, "district",
                            geometry=shapely.to_wkb(shapely.box(116.9, 30.4, 117.5, 30.6)), digest="1")]
        for n, payload in enumerate(PAYLOADS):
            cell = shapely.box(116.9 + n / 1000, 30.4, 116.901 + n / 1000, 30.6)
            areas.append(AreaRecord(f"x:{n}", str(n), payload, 3, "grid", "x:d", shapely.to_wkb(cell), digest="1"))
        units = [UnitRecord(f"x:u{n}", p, "patrol", call_sign=p, digest="1") for n, p in enumerate(PAYLOADS)]
        for kind, rows in (("codes", kinds), ("areas", areas), ("units", units)):
            pack = sink.begin_pack(kind, "x", PAYLOADS[2], PAYLOADS[3])
            sink.write_rows(pack, rows)  # type: ignore[arg-type]
            sink.activate(pack, PackCounts(len(rows), len(rows)))
    seat = seats.open_seat(data, screen="test")
    try:
        reports: list[Command] = [ReportIncident(
            f"9{n:03d}", "patrol", p.strip() or "x", 1 + n % 4, p, 116.9005 + n / 1000, 30.5, accept=True,
            reporter=Reporter(p, p, p), external=(p, p), device=p, incident_id=f"i{n}") for n, p in enumerate(PAYLOADS)]
        reports += [CallEvent(f"c{n}", "rang", p) for n, p in enumerate(PAYLOADS)]
        _, faults = seat.do_all(reports)
        assert not any(faults), [f for f in faults if f][:3]
        acts: list[Command] = []
        for n, p in enumerate(PAYLOADS):
            words = p.strip() or "x"
            acts += [Act(f"i{n}", "note", {"note": words}), Act(f"i{n}", "told", {"service": "119", "number": words}),
                     Act(f"i{n}", "assign", {"unit": f"x:u{n}", "note": words}),
                     Act(f"i{n}", "raise", {"reason": words})]
        _, faults = seat.do_all(acts)
        assert not any(faults), [f for f in faults if f][:3]
    finally:
        seat.close()
    return data


def test_there_are_more_than_five_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) >= 500


def test_what_the_log_cannot_carry_is_refused_at_every_door(folder: Path) -> None:
    seat = seats.open_seat(folder, screen="test")
    try:
        before = seat.status().seq
        for payload in REFUSED:
            commands: list[Command] = [
                ReportIncident("0102", "patrol", payload), ReportIncident("0102", "patrol", "x", description=payload),
                ReportIncident("0102", "patrol", "x", reporter=Reporter(payload)), Act("i1", "note", {"note": payload}),
                Act(payload, "note", {"note": "x"}), CallEvent(payload, "rang"), CallEvent("c", "rang", payload)]
            _, faults = seat.do_all(commands)
            assert all(isinstance(fault, KnownFault) for fault in faults), faults
        assert seat.status().seq == before
    finally:
        seat.close()


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_the_map_holds_no_active_node_but_its_own_scripts(
        folder: Path, tmp_path: Path, lang: str, figure: Callable[[str], None]) -> None:
    text.set_language(lang)
    plain = tmp_path / "plain"
    seats.found(plain, Founding("1", "D", "c", "C", "drill"))
    with_one = seats.open_seat(plain, screen="test")
    with_one.do(ReportIncident("0102", "patrol", "x", 4, lon=117.0, lat=30.5))
    write_situation_map(with_one, tmp_path / "plain.html")
    with_one.close()
    seat = seats.open_seat(folder, screen="test")
    write_situation_map(seat, tmp_path / "hostile.html")
    seat.close()
    own = nodes((tmp_path / "plain.html").read_text("utf-8"))
    page = nodes((tmp_path / "hostile.html").read_text("utf-8"))
    assert page.active() == []
    assert page.tags["script"] == own.tags["script"]
    assert set(page.tags) - {"b", "span", "div"} == set(own.tags) - {"b", "span", "div"}
    policy = [v for t, n, v in page.attributes if t == "meta" and n == "content" and "default-src 'none'" in v]
    assert len(policy) == 1
    assert "connect-src" not in policy[0]
    made = [fragment for script in page.scripts for fragment in literals(script)]
    assert len(made) >= 500
    for fragment in made:
        found = nodes(re.sub(r"\\(.)", r"\1", fragment))
        assert set(found.tags) <= FRAGMENT_TAGS, fragment
        assert {name for _, name, _ in found.attributes} <= FRAGMENT_ATTRIBUTES, fragment
        assert found.active() == []
    names = [json.loads(f'"{m}"') for s in page.scripts for m in re.findall(r'"name": "((?:[^"\\]|\\.)*)"', s)]
    assert len(names) >= 500
    for name in names:
        assert not nodes(name).tags, name
    figure(f"promise 19: {len(PAYLOADS)} payloads through report, act and import: 0 active nodes among {len(made)} "
           f"popups and {len(names)} names of the map ({lang})")


def test_the_file_of_refused_rows_holds_no_formula(folder: Path, tmp_path: Path, figure: Callable[[str], None]) -> None:
    source = tmp_path / "cameras.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "name", "lon", "lat", "kind", *(f"extra {n}" for n in range(5))])
        for n, payload in enumerate(PAYLOADS):
            out.writerow([f"k{n}", payload, payload, "30.5", payload, *([payload] * 5)])
    result = import_list(folder, "cameras", source, None, crs="wgs84", dry_run=False)
    assert result.read == result.accepted + result.rejected + result.duplicates
    assert result.rejected > len(PAYLOADS) - 10
    assert result.rejected_file is not None
    cells = 0
    with result.rejected_file.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    for row in rows:
        assert len(row) == len(rows[0])
        for cell in row:
            cells += 1
            assert not (FORMULA.match(cell.lstrip()) and not NUMBER.match(cell)), cell
            assert not SHOWN_CONTROLS.search(cell), cell
    figure(f"promise 19: {cells} cells of refused rows, 0 formulas")


def typed(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main([*words, "--data", str(folder), "--lang", "en"]) == 0
    return capsys.readouterr().out


def test_the_command_line_prints_one_line_for_each_and_no_control(
        folder: Path, capsys: pytest.CaptureFixture[str], figure: Callable[[str], None]) -> None:
    listed = typed(folder, capsys, "queue", "--limit", "10000")
    assert not SHOWN_CONTROLS.search(listed)
    assert len(listed.splitlines()) == len(PAYLOADS)
    rows = json.loads(typed(folder, capsys, "queue", "--limit", "10000", "--json"))["incidents"]
    assert len(rows) == len(PAYLOADS)
    for row in rows[::16]:
        shown = typed(folder, capsys, "show", row["number"])
        assert not SHOWN_CONTROLS.search(shown), shown
        told = typed(folder, capsys, "show", row["number"], "--json")
        assert len(told.splitlines()) == 1
        assert not SHOWN_CONTROLS.search(told)
        json.loads(told)
    figure(f"promise 19: {len(PAYLOADS)} lines of the command line, 0 controls")


def test_nothing_was_done_by_words(folder: Path) -> None:
    with seats.opened(folder) as store:
        assert audit.verify(store).faults == ()
        assert store.read.exec_driver_sql("SELECT count(*) FROM incident").scalar_one() == len(PAYLOADS)
        for payload, place in zip(PAYLOADS, store.read.exec_driver_sql(
                "SELECT place FROM incident ORDER BY CAST(substr(id, 2) AS INTEGER)").scalars(), strict=True):
            assert place == (payload.strip() or "x"), "the caller's words are kept as they are"
    seat = seats.open_seat(folder, screen="test")
    try:
        for payload in PAYLOADS:
            assert isinstance(seat.find(payload, 5), list)
            assert isinstance(seat.duplicates(lon=None, lat=None, kind="0102", text=payload), list)
        assert len(seat.find("%", 1000)) < 100
    finally:
        seat.close()
