"""Whatever is refused by the hub is told in words: every kind of event has some."""
from __future__ import annotations

import re

from app.services import timeline
from tests.conftest import ROOT

_KIND = re.compile(r'"((?:incident|unit|duty|handover|call|whistle|camera|pack|person)\.[a-z_]+)"')


def test_every_kind_of_event_has_words() -> None:
    kinds = {kind for room in ("app/domain", "app/services", "data/store") for file in (ROOT / room).rglob("*.py")
             for kind in _KIND.findall(file.read_text(encoding="utf-8"))}
    assert len(kinds) > 60
    assert kinds - timeline._WORDS.keys() == {"camera.masks"}, "the setting of older versions"
