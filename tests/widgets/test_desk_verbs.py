"""Every verb of the process table that has a key, by the keyboard alone, on the desk over a real store."""
from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import seats
from app.domain.incident_process import INCIDENT
from app.domain.process import Role, Transition
from app.intake.records import UnitRecord
from app.intake.sink import PackCounts
from app.services.commands import Act, ReportIncident
from app.services.operator import Operator
from data.store import people
from data.store.store import Founding
from tests.widgets.desk_stage import body_of, opened
from tests.widgets.room_stage import bridge_to, key, keys, settle, shown, until
from widgets.bridge import Bridge
from widgets.forms.field import ChoiceField, NumberField
from widgets.forms.matching import Choice
from widgets.forms.typeahead import TypeAhead
from widgets.screens.desk import DeskWindow
from widgets.screens.desk_body import DeskBody

UNIT = "t:u1"
PATH: tuple[tuple[str, dict[str, object]], ...] = (
    ("register", {}), ("assign", {"unit": UNIT}), ("acknowledge", {}), ("feed_back", {"result": "swept"}),
    ("verify", {}), ("close", {}))
"""the way of an incident; each verb begins where its phase is reached"""
AFTER = {"reported": 0, "registered": 1, "assigned": 2, "acknowledged": 3, "fed_back": 4, "verified": 5, "closed": 6}
BEFORE: dict[str, tuple[str, dict[str, object]]] = {
    "resume": ("hold", {"reason": "x"}), "approve_extension": ("request_extension", {"minutes": 30, "reason": "x"})}
BEFORE["refuse_extension"] = BEFORE["approve_extension"]
VERBS = [t for t in INCIDENT if t.key and t.roles and "centre" not in {n.type for n in t.needs}
         and t.guard not in ("pass_to_me", "refusable", "pass_from_me")]
TYPED = {"unit": "Patrol 1", "service": "110", "ground": "overdue", "satisfaction": "satisfied", "minutes": "30"}


def begin(row: Transition) -> int:
    """How many steps of the way come before a verb."""
    return min(AFTER[phase] for phase in row.sources if phase in AFTER)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verbs") / "seat"
    seats.found(folder, Founding("340803", "D", "c", "Centre", "drill"))
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="test")
        pack = sink.begin_pack("units", "t", "1", "")
        sink.write_rows(pack, [UnitRecord(f"t:u{i}", f"Patrol {i}", "patrol", lon=117.0, lat=30.5, digest="1")
                               for i in (1, 2)])
        sink.activate(pack, PackCounts(2, 2))
        boss = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.DUTY_LEADER, Role.VERIFIER})
        people.put_operator(store, Operator("boss", "Boss", boss, None), "")
        people.put_operator(store, Operator("worker", "Worker", frozenset({Role.GRID_WORKER}), None, UNIT), "")
    return folder


def as_(folder: Path, who: str) -> contextlib.closing[seats.OpenSeat]:
    return contextlib.closing(seats.open_seat(folder, who, screen="test"))


def prepared(folder: Path, row: Transition) -> tuple[str, str]:
    """The incident that a verb is tried on, and the number of another one."""
    with as_(folder, "boss") as boss, as_(folder, "worker") as worker:
        other, one = (next(iter(boss.do(ReportIncident("0102", "patrol", f"Gate {n}", lon=117.0, lat=30.5)).incidents))
                      for n in (1, 2))
        for verb, params in PATH[:begin(row)]:
            (worker if verb in ("acknowledge", "feed_back") else boss).do(Act(one, verb, params))
        if row.verb in BEFORE:
            verb, params = BEFORE[row.verb]
            boss.do(Act(one, verb, params))
        return one, boss.queue([other])[0].number


def kinds(folder: Path, incident: str) -> list[str]:
    with as_(folder, "boss") as boss:
        return [entry.kind for entry in boss.incident(incident).timeline]


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "seat"))


@contextlib.contextmanager
def desk_on(folder: Path) -> Iterator[tuple[DeskWindow, Bridge]]:
    with bridge_to(lambda: seats.open_seat(folder, "boss", screen="desk"), "en", "dark") as bridge:
        window = opened(bridge, lang="en")
        try:
            yield window, bridge
        finally:
            window.close()


def press(row: Transition) -> None:
    key(getattr(Qt.Key, f"Key_{row.key}"))


def fill(body: DeskBody, row: Transition, number: str) -> None:
    """Type what the form needs, field by field."""
    form = body.incident.form
    assert form is not None
    for need in row.needs:
        field = form.fields[need.name]
        if not need.required or field.value() is not None:
            continue
        field.setFocus()
        if isinstance(field, ChoiceField):
            key("1")
        elif isinstance(field, TypeAhead):
            keys(number if need.type == "incident" else TYPED[need.name])
            assert until(lambda f=field: f.list.isVisible()), need.name  # type: ignore[misc]
            key(Qt.Key.Key_Return)
        elif isinstance(field, NumberField):
            keys(TYPED["minutes"])
        else:
            keys("words of " + need.name)
        assert field.value() is not None, need.name


@pytest.mark.parametrize("row", VERBS, ids=lambda t: t.verb)
def test_a_verb_is_begun_by_its_key_says_what_is_missing_keeps_its_draft_and_is_done_by_enter(
        row: Transition, folder: Path, qtbot: QtBot) -> None:
    incident, number = prepared(folder, row)
    before, needed = kinds(folder, incident), [n for n in row.needs if n.required]
    with desk_on(folder) as (window, bridge):
        body = body_of(window)
        body.select(incident)
        settle(bridge)
        body.queue.view.setFocus()
        press(row)
        assert until(lambda: body.incident.form is not None), "its key opens the form"
        form = body.incident.form
        assert form is not None
        assert form.option.verb == row.verb
        if needed and not all(form.fields[n.name].value() for n in needed):
            form.send_button.setFocus()
            key(Qt.Key.Key_Return)
            blank = next(n for n in needed if not form.fields[n.name].value())
            focused = QApplication.focusWidget()
            assert form._note.text().endswith("is needed"), "what is missing is named"
            assert focused is not None
            assert form.fields[blank.name].isAncestorOf(focused) or form.fields[blank.name] is focused
        fill(body, row, number)
        kept = form.fields[needed[0].name].kept() if needed else None
        if row.irreversible:
            form.send_button.setFocus()
            key(Qt.Key.Key_Return)
            key(Qt.Key.Key_Escape)
            assert body.incident.form is form, "the first Esc only takes the question back"
        key(Qt.Key.Key_Escape)
        assert until(lambda: body.incident.form is None), "Esc puts the form away"
        settle(bridge)
        assert kinds(folder, incident) == before, "and has done nothing"
        body.queue.view.setFocus()
        press(row)
        assert until(lambda: body.incident.form is not None)
        form = body.incident.form
        assert form is not None
        if needed:
            assert form.fields[needed[0].name].kept() == kept, "and keeps what was typed"
        form.send_button.setFocus()
        key(Qt.Key.Key_Return)
        if row.irreversible:
            assert body.incident.form is form, "what cannot be taken back asks once more"
            key(Qt.Key.Key_Return)
        assert until(lambda: body.incident.form is None), form._note.text()
        settle(bridge)
    assert kinds(folder, incident) == [*before, row.event]


def test_what_was_typed_before_the_choices_came_finds_them_when_they_come(qtbot: QtBot) -> None:
    field = TypeAhead()
    shown(field, 300, 200)
    field.setFocus()
    assert until(lambda: field.edit.hasFocus())
    keys("pat")
    assert not field.list.isVisible()
    field.set_choices([Choice("u1", "Patrol 1")])
    assert field.list.isVisible()
    key(Qt.Key.Key_Return)
    assert field.value() == "u1"
    field.set_choices([Choice("u1", "Patrol 1"), Choice("u2", "Patrol 2")])
    assert not field.list.isVisible(), "what was taken is taken"
    field.close()
    field.deleteLater()
