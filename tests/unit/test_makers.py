"""Who made an act: an operator's id means somebody only together with the seat that the login is of."""
from __future__ import annotations

from dataclasses import replace

from app.domain.incident import Fact, IncidentState, apply_in_place
from app.domain.incident_state import is_same_maker, maker_of
from app.domain.process import Role
from app.services.book import Book
from app.services.operator import Operator
from app.services.permissions import transition, why_not

HERE = Operator("lin", "Lin", frozenset(Role) - {Role.AUDITOR, Role.SECURITY_ADMIN}, None, seat="s1")
THERE = replace(HERE, seat="s2")


def story() -> IncidentState:
    state = IncidentState()
    for n, (kind, body) in enumerate((("reported", {"id": "i"}), ("registered", {}),
                                      ("assigned", {"unit": "u", "lead": True}), ("fed_back", {"unit": "u"}))):
        apply_in_place(state, Fact(f"e{n}", f"incident.{kind}", n + 1, "lin", body, "s1"))
    return state


def test_the_same_id_on_another_seat_is_somebody_else() -> None:
    state = story()
    assert state.dispatcher == HERE.maker == maker_of("lin", "s1")
    assert state.handlers == [HERE.maker]
    verify = transition("verify")
    assert "may not verify" in str(why_not(verify, state, HERE, Book(1, (), ())))
    assert why_not(verify, state, THERE, Book(1, (), ())) is None


def test_a_name_without_a_seat_is_taken_for_whoever_bears_it() -> None:
    state = story()
    state.handlers = ["lin"]
    for one in (HERE, THERE):
        assert "may not verify" in str(why_not(transition("verify"), state, one, Book(1, (), ())))
    assert not is_same_maker("", HERE.maker)
    assert not is_same_maker("li", HERE.maker)


def test_a_state_survives_the_way_to_text_and_back() -> None:
    assert IncidentState.load(story().dump()) == story()
