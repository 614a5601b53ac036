"""The queue over a real store: what was looked at, what changed while nothing could be read."""
from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.services.commands import Act
from tests.widgets.real_stage import found, give, real_stage, report
from tests.widgets.room_stage import settle, shown, until
from widgets.incident import IncidentPanel
from widgets.queue.panel import QueuePanel


def test_an_incident_that_was_looked_at_is_no_longer_unread(qtbot: QtBot, tmp_path: Path) -> None:
    folder = found(tmp_path / "seat")
    give(folder, report(1), report(2))
    with real_stage(folder) as bridge:
        facts = bridge.facts
        assert facts is not None
        queue = QueuePanel(bridge, facts.clock, facts.book, "en")
        panel = IncidentPanel(bridge, facts.clock)
        shown(queue)
        shown(panel)
        assert until(lambda: queue.model.loaded)

        def unread(incident_id: str) -> bool:
            return queue.model.is_unread(queue.model.position(incident_id))

        assert unread("i1")
        assert unread("i2")
        panel.show_incident("i1")
        assert until(lambda: not unread("i1"))
        assert unread("i2")
        give(folder, Act("i2", "note", {"note": "the school was told"}))
        settle(bridge)
        assert unread("i2")
