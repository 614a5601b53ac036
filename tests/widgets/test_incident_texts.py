"""Every text of the rooms of the incident, calls, forces and log-in has its Chinese, with the same placeholders."""
from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app.domain.incident_process import INCIDENT
from app.text import Catalogue

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
