"""What people wrote can be read to its end: a button and a key."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from app.services.commands import Act, ReportIncident
from app.services.views import IncidentView
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import key, settle, shown, stage
from widgets.bridge import Bridge
from widgets.incident import IncidentPanel, TimelinePanel

END = "and that is the end"
LONG = "leak at the gate. " * 200 + END


class Wordy(FakeSeat):
    """Two incidents with long words."""

    def incident(self, incident_id: str) -> IncidentView:
        view = super().incident(incident_id)
        return replace(view, description=LONG) if incident_id in ("n901", "n902") else view


@pytest.fixture
def seat() -> FakeSeat:
    made = Wordy(operator=SUPERVISOR, open_=3, ended=0, units=4, cameras=0, components=0)
    for key_ in ("n901", "n902"):
        made.do(ReportIncident("0401", "hotline", "gate", description=LONG, accept=True, incident_id=key_))
        made.do(Act(key_, "note", {"note": LONG}))
    return made


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat) as made:
        yield made


def test_a_long_description_unfolds_and_folds(bridge: Bridge, seat: FakeSeat) -> None:
    panel = IncidentPanel(bridge, seat.clock)
    shown(panel)
    panel.show_incident("n901")
    settle(bridge)
    assert not panel.words.texts()[-1].endswith(END)
    panel.words.button.click()
    assert panel.words.texts()[-1].endswith(END)
    panel.setFocus()
    key(Qt.Key.Key_Comma)
    assert not panel.words.texts()[-1].endswith(END)
    key(Qt.Key.Key_Comma)
    panel.show_incident("n902")
    settle(bridge)
    assert not panel.words.unfolded


def test_a_long_note_of_the_timeline_is_read_to_its_end(bridge: Bridge, seat: FakeSeat) -> None:
    panel = TimelinePanel(bridge, seat.clock)
    shown(panel, 400, 400)
    panel.show_incident("n901")
    settle(bridge)
    last = panel.model.index(panel.model.rowCount() - 1)
    option = QStyleOptionViewItem()
    option.initFrom(panel.view)
    option.widget = panel.view  # type: ignore[attr-defined]
    folded = panel.view.itemDelegate().sizeHint(option, last).height()
    assert panel.button.isVisible()
    panel.view.setFocus()
    key(Qt.Key.Key_Comma)
    row = panel.model.row(last.row())
    assert row is not None
    assert row.words.endswith(END)
    assert panel.view.itemDelegate().sizeHint(option, last).height() > 3 * folded
    panel.button.click()
    assert panel.view.itemDelegate().sizeHint(option, last).height() == folded


def test_nothing_is_offered_where_nothing_is_cut(bridge: Bridge, seat: FakeSeat) -> None:
    panel, timeline = IncidentPanel(bridge, seat.clock), TimelinePanel(bridge, seat.clock)
    shown(panel)
    shown(timeline)
    key_ = next(i for i in seat.rows if i not in ("n901", "n902"))
    panel.show_incident(key_)
    timeline.show_incident(key_)
    settle(bridge)
    assert panel.words.button.isHidden()
    assert timeline.button.isHidden()
