"""The shift on the command line: signing in, a hand-over written, read, given back, changed, signed, and the report."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.bootstrap import seats
from app.domain.events import NewEvent
from tests.widgets.real_stage import found, give, report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found(tmp_path / "seat")
    give(tmp_path / "seat", report(1))
    return tmp_path / "seat"


def run(folder: Path, who: str, *words: str, status: int = 0, capsys: pytest.CaptureFixture[str]) -> Any:
    assert cli.main([*words, "--data", str(folder), "--as", who, "--lang", "en", "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_a_shift_is_handed_over_by_two_people(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def duty(who: str, *words: str, status: int = 0) -> Any:
        return run(folder, who, "duty", *words, status=status, capsys=capsys)

    assert duty("Li", "sign-in")["duty"]["leader"] == "Li"
    (one,) = duty("Li", "write", "--text", "pump 1 runs")["handovers"]
    assert (one["phase"], one["items"][0]["place"]) == ("waiting", "Gate 1")
    assert "stay responsible" in duty("Li", "sign-out", status=1)["error"]
    assert "own hand-over" in duty("Li", "sign", "J01", status=1)["error"]
    assert duty("Wang", "object", "J01", "--text", "which?")["handovers"][0]["reason"] == "which?"
    assert duty("Li", "rewrite", "J01", "--text", "pump 2 runs")["handovers"][0]["phase"] == "waiting"
    shown = duty("Wang")["duty"]
    assert [(p["name"], p["waits"]) for p in shown["people"]] == [("Li", True)]
    assert duty("Wang", "sign", one["number"])["handovers"][0]["incoming"] == "Wang"
    assert "No hand-over" in duty("Wang", "read", "J99", status=1)["error"]
    assert "Which hand-over?" in duty("Wang", "sign", status=1)["error"]
    assert cli.main(["duty", "read", "J01", "--data", str(folder), "--lang", "zh_CN"]) == 0
    told = capsys.readouterr().out
    assert "pump 2 runs" in told
    assert "已接班" in told
    out = tmp_path / "h.html"
    assert run(folder, "Li", "report", "handovers", "--out", str(out), capsys=capsys)["bytes"] == out.stat().st_size
    assert "given back by Wang: which?" in out.read_text("utf-8")


@pytest.mark.parametrize("words", [("duty", "list"), ("duty", "read", "9"), ("queue",), ("show", "9"),
                                   ("whistle", "list"), ("video", "views")])
def test_a_number_from_another_seat_cannot_move_the_terminal(folder: Path, words: tuple[str, ...],
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers are texts of events: what another seat wrote there is nothing that this one made."""
    bad = {"number": "\x1b[2J\u202e9", "place": "p"}
    item = {**bad, "incident": "i", "kind": "0102", "phase": "x", "level": 1}
    with seats.opened(folder) as store, store.transaction(screen="desk", actor="x") as tx:
        for stream, kind, body in (
                ("incident/i", "incident.reported", {**bad, "id": "i", "kind": "0102"}),
                ("handover/h", "handover.written", {**bad, "id": "h", "role": "dispatcher", "name": "Q", "note": "n",
                                                    "items": [item]}),
                ("whistle/w", "whistle.blown", {**bad, "id": "w", "matter": "m", "level": 1, "units": [
                    {"unit": "u", "name": "U"}]}),
                ("camera/c", "camera.viewed", {"reason": "r", "incident": "i"})):
            tx.append(NewEvent(stream, kind, body, tx.now_ms))
    capsys.readouterr()
    assert cli.main([*words, "--data", str(folder), "--as", "Wang", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "[2J9" in said
    assert "\x1b" not in said
    assert "\u202e" not in said
