"""Shipped code lists in a store of an older program: newer ones come into force, the district's own stay as they are,
and what those lack is told and can be added."""
from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app import cli
from app.bootstrap import reference, seats
from app.intake.records import CodeRecord
from app.intake.sink import PackCounts
from app.services.seat_calls import ring_s
from data.store.store import Founding
from tests.widgets.desk_stage import body_of, opened
from tests.widgets.room_stage import bridge_to, until

SHIPPED = seats.REFERENCE


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The lists as an older program shipped them: limits of 2026.2, without the rule for calls."""
    shutil.copytree(SHIPPED, tmp_path / "reference")
    file = tmp_path / "reference" / "codes" / "limit.toml"
    lines = [line for line in file.read_text("utf-8").splitlines() if '"call_answer:' not in line]
    text = "\n".join(lines).replace('version = "2026.3"', 'version = "2026.2"')
    file.write_text(text.replace('minutes = 30, calendar = "cont', 'minutes = 31, calendar = "cont'), "utf-8")
    return tmp_path / "reference"


@pytest.fixture
def folder(tmp_path: Path, older: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that the older program founded."""
    with monkeypatch.context() as patch:
        patch.setattr(seats, "REFERENCE", older)
        seats.found(tmp_path / "seat", Founding("340803", "D", "c", "Centre", "drill"))
    return tmp_path / "seat"


def limits(folder: Path) -> tuple[float | None, object]:
    """(seconds until a call is missed, minutes of a case of level I)."""
    with closing(seats.open_seat(folder, screen="desk")) as seat:
        case = seat.book.code("limit", "case:*:1")
        return ring_s(seat.book), case.extra["minutes"] if case else None


def own_limits(folder: Path, *codes: tuple[str, int]) -> None:
    """The district brings limits of its own in."""
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="t")
        pack = sink.begin_pack("codes", "district", "1", "p")
        sink.write_rows(pack, [CodeRecord(f"district:limit/{c}", "limit", c, c, c, None,
                                          {"minutes": m, "calendar": "continuous"}, "1") for c, m in codes])
        sink.activate(pack, PackCounts(len(codes), len(codes)))


def test_a_newer_shipped_list_comes_into_force_once(folder: Path) -> None:
    assert limits(folder) == (None, 31)
    with seats.opened(folder) as store:
        assert [(s.name, s.version, s.shipped) for s in reference.bring_up_to_date(store)] == [
            ("limit", "2026.2", "2026.3")]
        assert reference.bring_up_to_date(store) == []
    assert limits(folder) == (60, 30)
    with seats.opened(folder) as store:
        count = store.read.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'pack.activated'").scalar_one()
        assert reference.bring_up_to_date(store) == []
        assert store.read.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'pack.activated'"
                                          ).scalar_one() == count


def test_one_that_was_taken_back_stays_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with seats.opened(folder) as store:
        reference.bring_up_to_date(store)
        pack = store.read.exec_driver_sql("SELECT id FROM pack WHERE version = 'limit 2026.3'").scalar_one()
    assert cli.main(["pack", "rollback", pack, "--data", str(folder)]) == 0
    assert limits(folder) == (None, 31)
    with seats.opened(folder) as store:
        store.set_meta(reference.KEPT, "another program")
        assert reference.bring_up_to_date(store) == []
    assert limits(folder) == (None, 31)
    capsys.readouterr()


def test_a_list_of_the_district_s_own_is_left_and_what_it_lacks_is_added_when_told(
        folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own_limits(folder, ("case:*:1", 20), ("case:*:2", 40))
    with seats.opened(folder) as store:
        assert reference.bring_up_to_date(store) == []
    assert limits(folder) == (None, 20)
    assert cli.main(["pack", "shipped", "--data", str(folder), "--json"]) == 0
    shown = {s["name"]: s for s in json.loads(capsys.readouterr().out)["lists"]}
    assert (shown["limit"]["own"], shown["limit"]["missing"]) == (True, ["call_answer:*:*"])
    assert cli.main(["pack", "update", "--data", str(folder), "--json"]) == 0
    assert limits(folder) == (None, 20), "without its name the district's own list is left"
    assert cli.main(["pack", "update", "limit", "--data", str(folder), "--json"]) == 0
    assert limits(folder) == (60, 20), "the rule is there; what the district has is as it was"
    assert cli.main(["pack", "update", "nothing", "--data", str(folder), "--json", "--lang", "en"]) == 1
    assert "no shipped list nothing" in capsys.readouterr().out.splitlines()[-1]


def test_codes_of_a_list_are_told_in_the_language_with_the_district_s_own(
        folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="t")
        pack = sink.begin_pack("codes", "district", "1", "p")
        sink.write_rows(pack, [CodeRecord("district:kind/9901", "kind", "9901", "江豚搁浅", "Stranded porpoise", None,
                                          {}, "1")])
        sink.activate(pack, PackCounts(1, 1))

    def told(*words: str, lang: str = "en") -> str:
        assert cli.main(["pack", "codes", *words, "--data", str(folder), "--lang", lang]) == 0
        return capsys.readouterr().out.strip()

    assert told("level").splitlines()[0] == "1  Critical"
    assert "9901  Stranded porpoise" in told("kind").splitlines()
    assert "9901  江豚搁浅" in told("kind", lang="zh_CN").splitlines()
    kinds = json.loads(told("kind", "--json"))
    assert kinds["list"] == "kind"
    assert {"code": "9901", "label": "Stranded porpoise", "label_zh": "江豚搁浅", "label_en": "Stranded porpoise",
            "parent": None} in kinds["codes"]
    lists = json.loads(told("--json"))["lists"]
    assert lists["kind"] == len(kinds["codes"])
    assert {"channel", "level", "unit_kind"} <= lists.keys()
    assert f"kind  {lists['kind']}" in told().splitlines()


def test_a_store_without_shipped_lists_gets_none(tmp_path: Path) -> None:
    from app.clock import SystemClock
    from data.store.store import Store

    with closing(Store.create(tmp_path / "s", Founding("340803", "D", "c", "C", "drill"), SystemClock())) as store:
        assert reference.bring_up_to_date(store) == []
        assert store.read.exec_driver_sql("SELECT count(*) FROM code").scalar_one() == 0


def test_the_desk_says_which_rule_is_missing_and_how_to_add_it(qapp: QApplication, folder: Path,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    own_limits(folder, ("case:*:1", 20))
    with bridge_to(lambda: seats.open_seat(folder, screen="desk"), "en", "dark") as bridge:
        window = opened(bridge, lang="en")
        try:
            strip = body_of(window).strip
            assert until(lambda: strip.lacking.text() != "")
            assert not strip.lacking.is_elided()
            assert "call_answer" in strip.lacking.toolTip()
            assert "main.py pack update limit" in strip.lacking.toolTip()
            window.resize(2200, 800)
            assert until(lambda: "main.py pack update limit adds it" in strip.lacking.text())
            assert cli.main(["pack", "update", "limit", "--data", str(folder), "--json"]) == 0
            assert until(lambda: strip.lacking.text() == ""), "it goes by itself when the rule is there"
        finally:
            window.close()
    capsys.readouterr()
