"""The hub on a real PostgreSQL: what it lets in, what it refuses, that its order is whole."""
from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.domain.events import Event, canonical, content_hash
from app.domain.faults import KnownFault
from app.services.sync_rules import DECIDING, GENESIS_CHAIN, JOINING, link, overtaken
from data.sync import address as addresses
from data.sync import admin
from data.sync.audit import verify_chain
from data.sync.faults import HubRefusal, HubTrouble, known
from data.sync.migrations import HUB_HEAD
from tests.fakes.postgres import Postgres, running

_names = itertools.count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def hub(server: Postgres) -> addresses.HubAddress:
    """A prepared hub with a centre over everything and one over the area a/b/."""
    address = addresses.parse_address(server.create(f"schema{next(_names)}"))
    admin.init(address, server.SECRET, district="340803", district_name="D", now_ms=1)
    admin.put_centre(address, server.SECRET, "c", "Centre", level=0, parent=None, prefix="")
    admin.put_centre(address, server.SECRET, "s", "Street", level=1, parent="c", prefix="a/b/")
    return address


Enter = Callable[..., psycopg.Connection[Any]]


@pytest.fixture
def enter(server: Postgres, hub: addresses.HubAddress) -> Iterator[Enter]:
    """`enter(name, centre)` lets a seat in and says hello as `name`'s store."""
    opened: list[psycopg.Connection[Any]] = []

    def door(name: str, centre: str = "c") -> psycopg.Connection[Any]:
        address, secret = admin.add_seat(hub, server.SECRET, name, centre)
        connection = addresses.connect(address, secret, seconds=5, name="test")
        opened.append(connection)
        connection.execute("SELECT * FROM hub.hello(%s, '340803', %s, 0)", (f"store-{name}", centre))
        return connection

    yield door
    for one in opened:
        one.close()


def event(no: int, seat: str = "store-a", stream: str = "incident/i1", kind: str = "incident.noted",
          **more: Any) -> Event:
    return Event(**{"id": f"e{no}-{seat}", "stream": stream, "kind": kind, "district": "340803", "centre": "c",
                    "seat": seat, "seat_no": no, "prev_seat_hash": "0" * 64, "screen": "desk", "actor": "x",
                    "occurred_at": 5, "nature": "drill", "body": {}, **more})


def chained(count: int) -> list[Event]:
    """Events 1 to `count` of a seat, each with the hash of the one before it."""
    made: list[Event] = []
    for no in range(1, count + 1):
        made.append(event(no, **({"prev_seat_hash": content_hash(canonical(made[-1]))} if made else {})))
    return made


def append(connection: psycopg.Connection[Any], *events: Event | str) -> list[str]:
    texts = [e if isinstance(e, str) else canonical(e) for e in events]
    ids = [f"raw{i}" if isinstance(e, str) else e.id for i, e in enumerate(events)]
    row = connection.execute("CALL hub.append(%s, %s)", (ids, texts)).fetchone()
    assert row is not None
    return list(row[0])


def test_the_schema_is_at_the_revision_this_program_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(admin.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HUB_HEAD


def test_preparing_again_changes_nothing_and_another_district_is_refused(
        server: Postgres, hub: addresses.HubAddress) -> None:
    before = admin.standing(hub, server.SECRET).epoch
    assert admin.init(hub, server.SECRET, district="340803", district_name="D", now_ms=2) == before
    with pytest.raises(KnownFault, match="another district"):
        admin.init(hub, server.SECRET, district="110101", district_name="E", now_ms=2)


def test_order_repeats_nothing_and_is_linked(enter: Enter, server: Postgres, hub: addresses.HubAddress) -> None:
    a, b = enter("a"), enter("b")
    one, two, three = chained(3)
    assert append(a, one, two) == ["ok", "ok"]
    assert append(a, two, three, one) == ["ok", "ok", "ok"]
    rows = b.execute("SELECT * FROM hub.pull(0, 100)").fetchall()
    assert [r[0] for r in rows] == [1, 2, 3]
    chain = GENESIS_CHAIN
    for seq, identity, verdict, digest, linked, place, content in rows:
        chain = link(chain, seq, identity, verdict, digest)
        assert (linked, content_hash(content), place) == (chain, digest, seq)
    assert verify_chain(hub, server.SECRET) == (3, [])


@pytest.mark.parametrize("tampering", [
    "UPDATE hub.event SET content = replace(content, 'desk', 'wall') WHERE id = 'e2-store-a'",
    "UPDATE hub.ordering SET verdict = 'overtaken' WHERE seq = 2",
    "DELETE FROM hub.ordering WHERE seq = 2",
    "DELETE FROM hub.ordering WHERE seq = 4",
    "DELETE FROM hub.event WHERE id = 'e3-store-a'",
    "UPDATE hub.ordering SET event_id = 'e9' WHERE seq = 1",
])
def test_tampering_with_the_hub_is_found(tampering: str, enter: Enter, server: Postgres,
                                         hub: addresses.HubAddress) -> None:
    append(enter("a"), *chained(4))
    assert verify_chain(hub, server.SECRET) == (4, [])
    with server.connect(hub.database) as c:
        c.execute(tampering)
    assert verify_chain(hub, server.SECRET)[1]


def test_a_poison_event_is_ordered_as_refused_and_blocks_nothing(enter: Enter) -> None:
    a = enter("a")
    wrong = event(9, seat="store-other")
    huge = event(8, body={"text": "x" * 1_100_000})
    verdicts = append(a, "nonsense", "[1]", "{}", wrong, huge, event(7, district="1"), event(6, centre="s"),
                      event(5, nature="odd"), event(4, stream="no stream"), event(1))
    assert verdicts == ["refused:unreadable", "refused:unreadable", "refused:id", "refused:seat", "refused:size",
                        "refused:district", "refused:centre", "refused:nature", "refused:kind", "ok"]
    assert append(a, "nonsense") == ["refused:unreadable"]


def test_one_id_with_two_contents_and_one_number_with_two_events_are_refused(enter: Enter) -> None:
    a = enter("a")
    assert append(a, event(1)) == ["ok"]
    assert append(a, event(1, body={"other": 1})) == ["refused:collision"]
    fork = event(1, id="other")
    assert append(a, fork, event(2)) == ["refused:fork", "ok"]


def test_seats_have_no_right_on_any_table(enter: Enter, server: Postgres, hub: addresses.HubAddress) -> None:
    a = enter("a")
    with server.connect(hub.database) as c:
        tables = [r[0] for r in c.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'hub'").fetchall()]
        functions = [r[0] for r in c.execute("SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = "
                                             "p.pronamespace WHERE nspname = 'hub'").fetchall()]
    assert len(tables) > 10
    for table in tables:
        for words in (f"SELECT * FROM hub.{table}", f"DELETE FROM hub.{table}", f"TRUNCATE hub.{table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                a.execute(words)  # type: ignore[call-overload]
    assert {"me", "tell", "may_see", "as_json", "fault_of"} <= set(functions)
    for inner in ("hub.me()", "hub.tell(1)", "hub.as_json('1')"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            a.execute(f"SELECT {inner}")  # type: ignore[call-overload]


def test_a_seat_sees_its_area_and_what_its_centre_touched(enter: Enter) -> None:
    a, street = enter("a"), enter("b", "s")
    inside = event(1, stream="incident/in", kind="incident.reported", body={"area_path": "a/b/c/"})
    outside = event(2, stream="incident/out", kind="incident.reported", body={"area_path": "a/x/"})
    call, unit = event(3, stream="call/1", kind="call.rang"), event(4, stream="unit/u", kind="unit.on_duty")
    append(a, inside, outside, call, unit)
    rows = street.execute("SELECT o_id, o_content IS NOT NULL FROM hub.pull(0, 9)").fetchall()
    assert [r[1] for r in rows] == [True, False, False, True]
    append(a, event(5, stream="incident/out", kind="incident.corrected", body={"area_path": "a/b/"}))
    later = street.execute("SELECT o_place, o_content IS NOT NULL FROM hub.pull(4, 9)").fetchall()
    assert later == [(2, True)], "the place tells that an earlier one is lacking"
    back = street.execute("SELECT o_id FROM hub.stream_bodies(%s, 5)", (["incident/out"],)).fetchall()
    assert [r[0] for r in back] == ["e2-store-a", "e5-store-a"]


def test_the_hub_judges_as_the_rules_say(enter: Enter) -> None:
    a = enter("a")
    last_act: dict[str, str] = {}
    booking: dict[str, str] = {}
    number, known_acts = itertools.count(1), ["nothing"]
    for round_ in range(300):
        no = next(number)
        kind = sorted(DECIDING | JOINING)[round_ * 7 % len(DECIDING | JOINING)] if round_ % 3 else "incident.assigned"
        stream, unit = f"incident/i{round_ % 5}", f"u{round_ % 4}"
        seen = [(), ("x",), ("x", last_act.get(stream, "-"), booking.get(unit, "-")),
                ("x", known_acts[round_ % len(known_acts)])][round_ % 4]
        one = event(no, stream=stream, kind=kind, seen=seen, body={"unit": unit})
        expected = overtaken(kind, seen, last_act.get(stream, ""), booking.get(unit, ""))
        assert append(a, one) == ["overtaken" if expected else "ok"], (round_, one)
        if kind in DECIDING and not expected:
            last_act[stream] = one.id
            known_acts.append(one.id)
            if kind == "incident.assigned":
                booking[unit] = one.id


def acts(streams: int, count: int = 120) -> list[list[Event]]:
    """Batches of a seat over so many incidents each: acts that decide and that join, seen and not, with units."""
    out: list[list[Event]] = []
    kinds = [*sorted(DECIDING | JOINING)[:9], "incident.assigned"]
    last: dict[str, str] = {}
    for no in range(1, count + 1):
        at = (no - 1) // 6
        kind, stream = kinds[no * 7 % len(kinds)], f"incident/i{at * streams % 5 + no % streams}"
        seen = [(), ("x",), ("x", last.get(stream, "-")), ("x", "-")][no * 5 % 11 % 4] if at % 2 else ()
        one = event(no, stream=stream, kind=kind, seen=seen, body={"unit": f"u{no % 4}", "area_path": f"a/b{no % 2}/"})
        last[stream] = one.id
        if no % 6 == 1:
            out.append([])
        out[-1].append(one)
    return out


@pytest.mark.parametrize("streams", [1, 2, 3])
def test_a_batch_is_judged_and_ordered_as_its_events_one_by_one(streams: int, server: Postgres) -> None:
    found = []
    for together in (True, False):
        address = addresses.parse_address(server.create(f"schema{next(_names)}"))
        admin.init(address, server.SECRET, district="340803", district_name="D", now_ms=1)
        admin.put_centre(address, server.SECRET, "c", "Centre", level=0, parent=None, prefix="")
        own, secret = admin.add_seat(address, server.SECRET, "a", "c")
        verdicts: list[str] = []
        with contextlib.closing(addresses.connect(own, secret, seconds=5, name="test")) as line:
            line.execute("SELECT * FROM hub.hello('store-a', '340803', 'c', 0)")
            for batch in acts(streams):
                for part in [batch] if together else [[e] for e in batch]:
                    verdicts += append(line, *part)
        with server.connect(address.database) as c:
            tables = [c.execute(f"SELECT * FROM hub.{name} ORDER BY 1, 2").fetchall()
                      for name in ("ordering", "stream", "reach", "booking", "head")]
        found.append((verdicts, tables))
    assert found[0] == found[1]
    assert set(found[0][0]) == {"ok", "overtaken"}


def test_a_revoked_seat_is_out_at_once_and_may_come_back_with_a_new_secret(
        enter: Enter, server: Postgres, hub: addresses.HubAddress) -> None:
    a = enter("a")
    address, first = admin.add_seat(hub, server.SECRET, "a", "c")
    admin.revoke_seat(hub, server.SECRET, "a")
    with pytest.raises(psycopg.OperationalError):
        a.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError) as told:
        addresses.connect(address, first, seconds=5, name="test")
    assert isinstance(known(told.value), HubRefusal)
    address, second = admin.add_seat(hub, server.SECRET, "a", "c")
    addresses.connect(address, second, seconds=5, name="test").close()
    with pytest.raises(psycopg.OperationalError) as wrong:
        addresses.connect(address, first, seconds=5, name="test")
    assert "secret" in str(known(wrong.value))
    assert first not in str(known(wrong.value))


def test_a_secret_serves_one_store_only(enter: Enter) -> None:
    a = enter("a")
    for arguments, words in ((("store-z", "340803", "c"), "another seat"), (("store-a", "1", "c"), "another district"),
                             (("store-a", "340803", "s"), "another centre")):
        with pytest.raises(psycopg.Error) as told:
            a.execute("SELECT * FROM hub.hello(%s, %s, %s, 0)", arguments)
        assert words in str(known(told.value))


def test_an_unreachable_or_unprepared_hub_is_told_in_a_sentence(server: Postgres) -> None:
    nowhere = addresses.parse_address("postgresql://x@127.0.0.1:1/none")
    with pytest.raises(HubTrouble, match="cannot be reached"):
        admin.standing(nowhere, None)
    with pytest.raises(HubTrouble, match="no such database"):
        admin.standing(addresses.parse_address(server.url("absent")), server.SECRET)
    with pytest.raises(HubTrouble, match="hub init"):
        admin.standing(addresses.parse_address(server.create("bare")), server.SECRET)


@pytest.mark.parametrize("url", ["postgresql://u:word@h/d", "postgresql://h/d?password=word", "postgresql://u:@h/d",
                                 "postgres://u%3Aword@h/d", "http://h/d", "postgresql://[", "word"])
def test_a_password_in_the_address_is_refused_and_never_repeated(url: str) -> None:
    with pytest.raises(KnownFault) as told:
        addresses.parse_address(url)
    assert "word@" not in str(told.value)
    assert url not in str(told.value)


def test_a_secret_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    addresses.write_secret_file(path, "abc")
    assert addresses.read_secret_file(path) == "abc"
    path.chmod(0o644)
    with pytest.raises(KnownFault, match="chmod 600"):
        addresses.read_secret_file(path)


def test_structure_is_read_from_text_that_stays_as_it_was(enter: Enter) -> None:
    a, b = enter("a"), enter("b")
    one = canonical(event(1, body={"z": 1, "a": "人民路 \\ \" 😀", "n": 1.50}))
    identity = json.loads(one)["id"]
    a.execute("CALL hub.append(%s, %s)", ([identity], [one]))
    assert b.execute("SELECT o_content FROM hub.pull(0, 1)").fetchone() == (one,)
