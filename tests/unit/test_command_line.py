"""The command line reads verbs in four spellings and never acts on an incident that was not meant."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.incident_process import INCIDENT
from app.services.command_line import Scene, complete, read, split_verb
from app.services.command_words import initials, vocabulary
from app.services.views import Flag
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat


@pytest.fixture(scope="module")
def scene() -> Scene:
    seat = FakeSeat()
    open_rows = {r.id: r for r in seat.queue()}
    waiting = [r for r in open_rows.values() if r.phase == "registered" and not r.flags & Flag.HELD]
    near = {"u0005": (640.0, 180.0)}
    return Scene(open_rows, seat.units(), seat.book, SUPERVISOR.roles, "zh_CN", waiting[0].id, near)


def other(scene: Scene, phase: str = "registered") -> str:
    """The counter of another incident in a phase."""
    return next(r.number for r in scene.rows.values() if r.phase == phase and r.id != scene.selected)[-4:]


@pytest.mark.parametrize("line", ["/派 抢险队1", "、派 抢险队1", "／派抢险队 1", "D 抢险队1", "d qxd1", "assign R01",
                                  "fb 抢险队 1", "分拨 R01", "派单 qxd1"])
def test_one_order_may_be_said_in_letters_words_chinese_and_initials(line: str, scene: Scene) -> None:
    reading = read(line, scene)
    assert (reading.command, reading.refusal, reading.params) == ("assign", None, {"unit": "u0005"})
    assert reading.incident_id == scene.selected


def test_preview_names_the_incident_the_distance_and_that_another_one_is_selected(scene: Scene) -> None:
    number = other(scene)
    reading = read(f"派 {number} 抢险队1", scene)
    said = " · ".join(map(str, reading.preview))
    assert f"Enter: Assign 抢险队 1 → {number}" in said
    assert "640 m away, about 3 min" in said
    assert "selected is" in said
    assert reading.incident_id != scene.selected


def test_number_that_two_incidents_end_in_is_refused_not_guessed(scene: Scene) -> None:
    first, second = [r for r in scene.rows.values() if r.phase == "registered"][:2]
    twins = replace(scene, rows={**scene.rows, first.id: first._replace(number="A-7771"),
                                 second.id: second._replace(number="B-7771")})
    reading = read("派 7771 抢险队1", twins)
    assert reading.refusal is not None
    assert reading.incident_id is None


def test_number_that_no_open_incident_has_is_refused_and_the_selected_one_is_not_taken_instead(scene: Scene) -> None:
    reading = read("派 99999 抢险队1", scene)
    assert str(reading.refusal) == "no open incident ends in 99999"
    assert reading.incident_id is None


def test_nothing_selected_and_no_number_is_refused(scene: Scene) -> None:
    assert "which incident" in str(read("催办", replace(scene, selected=None)).refusal)


def test_119_is_a_service_when_told_and_a_hash_makes_it_a_number(scene: Scene) -> None:
    assert read("e 119", scene).params == {"service": "119"}
    assert read("转 119 F-22", scene).params == {"service": "119", "number": "F-22"}


def test_minutes_and_reason_of_an_extension(scene: Scene) -> None:
    assert read("延时 30 交通管制", scene).params == {"minutes": 30, "reason": "交通管制"}


def test_missing_reason_is_said_before_enter(scene: Scene) -> None:
    assert str(read("作废", replace(scene, roles=SUPERVISOR.roles)).refusal) == "Void needs: Reason"


def test_phase_and_role_refuse_with_a_reason(scene: Scene) -> None:
    assert "is not possible" in str(read("结案", scene).refusal)
    assert "your role may not" in str(read("派 抢险队1", replace(scene, roles=frozenset())).refusal)


def test_unknown_or_ambiguous_forces_are_refused(scene: Scene) -> None:
    assert "no force is called" in str(read("派 无此队", scene).refusal)
    assert "forces fit" in str(read("派 巡逻队", scene).refusal)


def test_hold_is_resume_for_an_incident_that_is_held(scene: Scene) -> None:
    row = scene.rows[str(scene.selected)]
    held = replace(scene, rows={row.id: row._replace(flags=int(Flag.HELD))})
    assert read("h", held).command == "resume"
    assert read("h 材料未到", scene).command == "hold"


def test_merge_takes_one_or_two_numbers(scene: Scene) -> None:
    one, two = [r for r in scene.rows.values() if r.phase == "registered" and r.id != scene.selected][:2]
    reading = read(f"合并 {one.number[-4:]} {two.number[-4:]}", scene)
    assert (reading.incident_id, reading.params.get("into"), reading.refusal) == (one.id, two.id, None)
    assert read(f"m {one.number[-4:]}", scene).params["into"] == one.id
    assert read("m", scene).refusal is not None


def test_bare_number_selects_and_never_acts(scene: Scene) -> None:
    number = other(scene)
    assert (read(number, scene).command, read(f"/{number}", scene).is_act) == ("go", False)


@pytest.mark.parametrize(("line", "command", "choice"), [
    ("theme light", "theme", "light"), ("主题 浅色", "theme", "light"), ("lang en", "lang", "en"),
    ("语言 中文", "lang", "zh_CN")])
def test_theme_and_language_are_orders_too(line: str, command: str, choice: str, scene: Scene) -> None:
    assert (read(line, scene).command, read(line, scene).params["choice"]) == (command, choice)


def test_go_takes_coordinates_and_refuses_impossible_ones(scene: Scene) -> None:
    assert read("go 117.05,30.52", scene).params["point"] == (117.05, 30.52)
    assert read("去 217.05 30.52", scene).refusal is not None


def test_tab_completes_verbs_then_forces_nearest_first(scene: Scene) -> None:
    assert complete("/分", scene) == ("/分拨 ", "/分屏 ")
    assert complete("派 ", scene)[0] == "派 抢险队 1 "
    assert all("抢险队" in c for c in complete("派 qx", scene))
    assert complete("theme ", scene) == ("theme dark", "theme light")


def test_every_verb_with_a_letter_can_be_said_by_it() -> None:
    for transition in INCIDENT:
        if transition.key:
            verb, _ = split_verb(transition.key)
            # two pairs share a letter: the incident's state tells which of them it is
            assert verb == {"resume": "hold", "escalate_pass": "sign_pass"}.get(transition.verb, transition.verb)


def test_initials_mix_chinese_letters_and_digits() -> None:
    assert initials("抢险队 1") == "qxd1"
    assert vocabulary()["fb"].verb == "assign"


@given(st.text(max_size=30))
def test_any_text_is_read_without_an_error_and_never_means_a_foreign_incident(text: str) -> None:
    seat = _SMALL
    reading = read(text, seat)
    assert reading.refusal is None or str(reading.refusal)
    complete(text, seat)
    if reading.is_act and reading.incident_id is not None and reading.incident_id != seat.selected:
        assert any(c.isdigit() for c in text)


def _small() -> Scene:
    seat = FakeSeat(open_=20, ended=0, units=16, cameras=0, components=0)
    rows = {r.id: r for r in seat.queue()}
    return Scene(rows, seat.units(), seat.book, SUPERVISOR.roles, "zh_CN", next(iter(rows)))


_SMALL = _small()
