"""Events: identity, canonical text, hashes, and what a body may not carry."""
from __future__ import annotations

import contextlib
import json
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import GENESIS, Event, Json, canonical, check_json, content_hash, machine_event_id, parse, uuid7
from app.domain.faults import KnownFault, Message, Rejected

ONE = Event("e1", "incident/i1", "incident.reported", "340803", "c", "s", 1, GENESIS, "desk", "dispatcher", 1_790_000,
            "live", {"place": "人民路 1 号", "level": 2}, "t:u1", 12, ("e0",))
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
bodies = st.recursive(
    st.none() | st.booleans() | st.integers(-2**60, 2**60) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12)


def test_ids_sort_by_their_time_and_are_of_version_7() -> None:
    ids = [uuid7(ms) for ms in (1, 2, 1_790_000_000_000)]
    assert ids == sorted(ids)
    assert {uuid.UUID(i).version for i in ids} == {7}
    assert {uuid.UUID(i).variant for i in ids} == {uuid.RFC_4122}
    assert len({uuid7(5) for _ in range(2000)}) == 2000
    assert int(uuid7(1_790_000_000_000).replace("-", "")[:12], 16) == 1_790_000_000_000


def test_the_id_of_a_machines_event_is_the_same_on_every_seat() -> None:
    assert machine_event_id("incident/1", "overdue", 5) == machine_event_id("incident/1", "overdue", 5)
    assert len({machine_event_id(s, c, d) for s in "ab" for c in "cd" for d in (1, 2)}) == 8
    assert uuid.UUID(machine_event_id("a", "b", 1)).version == 5


@given(st.dictionaries(texts, bodies, max_size=5))
def test_an_event_survives_its_canonical_text(body: dict[str, Json]) -> None:
    event = replace(ONE, body=body)
    text = canonical(event)
    assert parse(text) == event
    assert canonical(parse(text)) == text
    assert content_hash(text) == content_hash(canonical(parse(text)))


def test_canonical_text_has_its_keys_sorted_and_no_blank() -> None:
    text = canonical(ONE)
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert "人民路" in text


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"a": "nul \x00 within"}, "without NUL"), ({"a\x00": 1}, "without NUL"), ({"a": ["x", {"b": "\x00"}]}, "NUL"),
        ({"a": 10**5000}, "64 bits"), ({"a": [float("nan")]}, "finite"),
        ({"a": float("nan")}, "finite"), ({"a": float("inf")}, "finite"), ({"a": [float("-inf")]}, "finite"),
    ],
)
def test_what_json_text_cannot_carry_is_refused(body: dict[str, Json], why: str) -> None:
    with pytest.raises(Rejected, match=why):
        canonical(replace(ONE, body=body))


def test_a_backslash_u0000_that_was_typed_is_no_nul() -> None:
    assert parse(canonical(replace(ONE, body={"a": "\\u0000"}))).body == {"a": "\\u0000"}


def test_a_lone_surrogate_is_refused_before_it_is_hashed() -> None:
    with pytest.raises(Rejected, match="surrogates"):
        content_hash(canonical(replace(ONE, body={"a": "\ud800"})))
    with pytest.raises(Rejected, match="surrogates"):
        check_json({"a": "\ud800"})


def test_a_number_beyond_64_bits_is_refused() -> None:
    check_json([2**63 - 1, -(2**63)])
    with pytest.raises(Rejected, match="64 bits"):
        check_json({"a": 2**63})


def test_a_header_that_no_json_text_can_carry_is_our_own_fault() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(replace(ONE, occurred_at=float("nan")))  # type: ignore[arg-type]


def test_a_ring_is_refused() -> None:
    ring: dict[str, Json] = {}
    ring["a"] = ring
    with pytest.raises(Rejected, match="32 levels"):
        canonical(replace(ONE, body=ring))


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {2}}, {"a": b"x"}, object(), {"a": (1, object())}])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(Rejected):
        check_json(value)


def test_a_nest_of_33_levels_is_refused_and_one_of_32_is_not() -> None:
    nest: Json = 1
    for _ in range(32):
        nest = [nest]
    check_json(nest)
    with pytest.raises(Rejected, match="32 levels"):
        check_json([nest])
    check_json({"a": [1, 2.5, True, None, "x", (1, 2)]})


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"id":1}', "nonsense", "[" * 100_000, canonical(ONE)[:-1],
                                  json.dumps({**json.loads(canonical(ONE)), "seen": 5})])
def test_a_text_that_is_no_event_is_rejected(text: str) -> None:
    with pytest.raises(Rejected, match="canonical JSON"):
        parse(text)


@given(st.text(max_size=200))
def test_parsing_knows_only_one_fault(text: str) -> None:
    with contextlib.suppress(Rejected):
        parse(text)


def test_a_message_without_its_parameters_still_says_something() -> None:
    assert str(Message("{a} and {b}", {"a": 1, "b": Message("two")})) == "1 and two"
    assert str(Message("{a} and {b}", {"a": 1})) == "{a} and {b}"
    assert str(Message("{ unbalanced")) == "{ unbalanced"
    assert str(KnownFault(Message("{a}", {"a": "x"}))) == "x"
    fault = Rejected("body.level", "x" * 200, "a number")
    assert len(fault.got) == 80
    assert str(fault).startswith("body.level: got 'xxx")
