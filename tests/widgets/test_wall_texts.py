"""Every text of the wall, the charts, the cameras and the duty panel stands in the Chinese catalogue, and none too
many."""
from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app.text import entries

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"wall": ("widgets/wall", "widgets/screens/wall.py"), "cameras": ("widgets/cameras",),
         "charts": ("widgets/charts",),
         "duty": ("widgets/duty",)}
HOLE = re.compile(r"\{\w+\}")


def sources(room: str) -> set[str]:
    """Texts given to `say`, or to `translate` with the room's context."""
    found: set[str] = set()
    for place in ROOMS[room]:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    values = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                    if name == "say":
                        found |= set(values[:1])
                    elif name == "translate" and values[:1] == [room]:
                        found |= set(values[1:2])
    return found


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_the_room_s_texts_are_all_translated_with_their_placeholders(room):
    known = {e.key[1]: e.forms for e in entries(ROOT / "resources/i18n/zh_CN") if e.key[0] == room}
    missing = sorted(sources(room) - set(known))
    assert not missing
    for source, forms in known.items():
        for form in forms:
            assert sorted(HOLE.findall(source)) == sorted(HOLE.findall(form)), source


def test_centres_that_fell_silent_stand_first_and_those_never_heard_last() -> None:
    from app.services.views import CentreLink
    from widgets.wall.lists import _by_trouble

    states = ("up", "unknown", "stale", "up", "down")
    found = _by_trouble(CentreLink(f"c{i}", "", 1, state, None) for i, state in enumerate(states))
    assert [(c.centre, c.state) for c in found] == [("c4", "down"), ("c2", "stale"), ("c0", "up"), ("c3", "up"),
                                                    ("c1", "unknown")]
