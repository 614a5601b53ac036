"""Every text of the rooms of the incident, calls, forces and log-in has its Chinese, with the same placeholders."""
from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.faults import Message
from app.domain.incident_process import INCIDENT
from app.services.views import ReporterView
from app.text import Catalogue
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.room_stage import as_before
from widgets.incident.facts import source_lines, state_lines
from widgets.theme import language

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("forms", "incident", "calls", "units", "login")
HOLES = re.compile(r"\{\w+\}")


def sources(room: str) -> list[str]:
    found = []
    for path in sorted((ROOT / "widgets" / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}: tr() takes a literal"
                found.append(str(node.args[0].value))
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_of_the_room_is_translated(room: str) -> None:
    chinese = Catalogue.load("zh_CN")
    texts = sources(room)
    assert texts
    missing = [text for text in texts if chinese.lookup(room, text) is None]
    assert not missing
    for text in texts:
        assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(chinese.lookup(room, text) or "")), text


def test_every_act_and_its_data_are_translated() -> None:
    chinese = Catalogue.load("zh_CN")
    wanted = {text for t in INCIDENT for text in (t.label, t.help, *(n.label for n in t.needs)) if text}
    assert not [text for text in sorted(wanted) if chinese.lookup("text", text) is None]


@pytest.mark.parametrize(("lang", "who"), [("en", "Reporter a 1, b 2"), ("zh_CN", "反映人 a 1、b 2")])
def test_what_is_listed_is_listed_as_the_language_lists(qapp: QApplication, lang: str, who: str) -> None:
    seat = FakeSeat(open_=3, ended=0)
    view = replace(seat.incident(next(iter(seat.rows))), due_because=(Message("x"), Message("y")),
                   reporters=(ReporterView("r", "a", "1", False), ReporterView("s", "b", "2", False)))
    with as_before():
        language.use(qapp, lang)
        assert source_lines(view, seat.book, lang, seat.now)[-1][1] == who
        due = [text for _, text in state_lines(view, seat.book, seat.now) if "x" in text]
        assert [text[-5:] for text in due] == ["x · y"]
