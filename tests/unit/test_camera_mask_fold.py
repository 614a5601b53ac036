"""Which privacy masks are in force: a pure fold of a camera's acts; nothing that stood goes without being known."""
from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from app.domain.events import GENESIS, Event, canonical, parse
from app.domain.masks import KIND, WHOLE, Mask, MaskState, apply, as_json

A: Mask = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.5))
B: Mask = ((0.5, 0.5), (0.9, 0.5), (0.9, 0.9))
C: Mask = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1))


def act(name: str, *masks: Mask, seat: str = "s1", seen: Sequence[str] | None = (), body: object = None) -> Event:
    """`seen` None: of a time when masks were a setting of one seat."""
    return Event(name, "camera/c", KIND, "d", "c", seat, 1, GENESIS, "desk", "me", 1, "live",
                 {"masks": as_json(masks) if body is None else body},  # type: ignore[dict-item]
                 seen=tuple(seen or ()), schema_version=1 if seen is None else 2)


def folded(*events: Event) -> MaskState:
    state = MaskState()
    for event in events:
        state = apply(state, parse(canonical(event)))
    return state


def test_who_knows_what_stands_replaces_it_and_who_does_not_was_overtaken() -> None:
    state = folded(act("e1", A), act("e2", B, seat="s2", seen=["e1"]))
    assert (state.in_force, state.acts, state.superseded) == ((B,), ("e2",), ())
    late = apply(state, act("e3", C, seat="s3", seen=["e1"]))
    assert (late.in_force, late.acts, late.superseded) == ((B,), ("e2",), ("e3",))
    assert apply(late, act("e4", seen=["e2"])).in_force == (), "also that nothing is covered"


def test_settings_of_seats_are_in_force_together_until_somebody_who_knows_them_says_anew() -> None:
    old = act("o1", A, seat="s1", seen=None), act("o2", B, seat="s2", seen=None), act("o3", C, seat="s1", seen=None)
    state = folded(*old)
    assert set(state.in_force) == {B, C}, "of each seat what it set last"
    assert apply(state, act("n1", A, seen=["o3"])).superseded == ("n1",), "it did not know what the other seat covers"
    new = apply(state, act("n2", A, seen=["o3", "o2"]))
    assert new.in_force == (A,)
    assert set(apply(new, act("o4", B, seat="s2", seen=None)).in_force) == {A, B}, "sent late: nothing is uncovered"


def test_what_cannot_be_read_covers_all() -> None:
    for body in (None, 7, {}, [[[0, 0], [1, 1]]], ["x"], [[[0, 0], [1, 1], [0, 2]]]):
        assert folded(act("e", body=body if body is not None else "no list")).in_force == (WHOLE,)


histories = some.lists(some.tuples(some.sampled_from([(), (A,), (B, C), (A, B, C)]), some.sampled_from("xyz"),
                                   some.booleans(), some.sets(some.integers(0, 11))), max_size=12)


@given(histories)
def test_any_history_folds_to_one_state_that_survives_being_written_down(history: list[tuple]) -> None:
    events = [act(f"e{i}", *masks, seat=seat, seen=None if old else [f"e{k}" for k in known if k < i])
              for i, (masks, seat, old, known) in enumerate(history)]
    states = [MaskState()]
    for event in events:
        states.append(MaskState.load(apply(states[-1], event).dump()))
    assert states[-1] == folded(*events)
    for (before, after), event in zip(pairwise(states), events, strict=True):
        stood = set(before.acts) - {before.parts.get(event.seat, ("",))[0]}
        if event.schema_version == 1:
            assert stood <= set(after.acts), "of a seat's own setting nothing of others falls"
        elif set(before.acts) <= set(event.seen):
            assert (after.acts, set(after.in_force)) == ((event.id,), set(folded(event).in_force))
        else:
            assert (after.in_force, after.superseded[-1]) == (before.in_force, event.id)
    assert len(set(states[-1].superseded)) == len(states[-1].superseded)
