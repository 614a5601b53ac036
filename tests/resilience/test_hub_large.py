"""The hub's log at 10,000,000 events: what append, pull and size are there, and what partitions by the order give."""
from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from app.bootstrap import bench_start
from app.domain.events import Event, canonical, uuid7
from data.sync import address as addresses
from data.sync import admin
from data.sync.link import HubLink
from tests.fakes.postgres import Postgres, running

Tell = Callable[[str], None]
PARTS = 10
YOUNG = 20_000


def append_rate(link: HubLink, first: int, batches: int = 20, size: int = 250) -> float:
    """Events a second of one seat's append."""
    took = 0.0
    for n in range(batches):
        events = [Event(uuid7(1_900_000_000_000 + first), f"incident/new{first + n}", "incident.noted",
                        bench_start.DISTRICT, bench_start.CENTRE, "large", first + n * size + i, "0" * 64, "desk", "x",
                        5, "drill", {"note": "现场已处置，等待核查" * 4}) for i in range(size)]
        began = time.monotonic()
        link.append([e.id for e in events], [canonical(e) for e in events])
        took += time.monotonic() - began
    return batches * size / took


def pull_rate(link: HubLink, places: list[int]) -> float:
    """Rows a second of pulls of 1,000 rows after each of the places."""
    began, rows = time.monotonic(), 0
    for after in places:
        rows += len(link.pull(after, 1_000))
    return rows / (time.monotonic() - began)


def sizes(c: Any) -> dict[str, int]:
    return dict(c.execute("SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON "
                          "n.oid = "
                          "c.relnamespace WHERE n.nspname = 'hub' AND c.relkind = 'r' ORDER BY 2 DESC LIMIT "
                          "6").fetchall())


def _told(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in found.items())


def enter(server: Postgres, name: str) -> tuple[addresses.HubAddress, HubLink]:
    address = addresses.parse_address(server.create(name))
    admin.init(address, server.SECRET, district=bench_start.DISTRICT, district_name="D", now_ms=1)
    admin.put_centre(address, server.SECRET, bench_start.CENTRE, "C", level=0, parent=None, prefix="")
    seat, secret = admin.add_seat(address, server.SECRET, "large", bench_start.CENTRE)
    link = HubLink(seat, secret, answer_s=120)
    link.hello("large", bench_start.DISTRICT, bench_start.CENTRE, 0)
    return address, link


@pytest.mark.parametrize("count", [50_000, pytest.param(10_000_000, marks=pytest.mark.prove)])
def test_append_and_pull_do_not_grow_with_the_log(count: int, figure: Tell) -> None:
    count = int(os.environ.get("LIANDONG_LARGE", count)) if count > 50_000 else count
    with running() as server:
        young_hub, small = enter(server, "small")
        address, large = enter(server, "large")
        with contextlib.closing(small), contextlib.closing(large):
            bench_start.fill(server, young_hub.database, YOUNG)
            filled = bench_start.fill(server, address.database, count)
            with server.connect(address.database) as c:
                c.execute("VACUUM ANALYZE")
                before = sizes(c)
                figure(f"{count:,} events: filled by COPY in {filled:.0f} s; {_told(before)}; "
                       f"{sum(before.values()) / count:.0f} bytes an event")
                places = [count * n // 12 for n in range(12)]
                rates: dict[str, list[float]] = {"small": [], "large": []}
                for n in range(3):
                    for name, link in (("small", small), ("large", large)):
                        rates[name].append(append_rate(link, 1 + n * 10_000))
                pulled = [pull_rate(large, places) for _ in range(3)]
                young = pull_rate(small, [0, 5_000, 10_000, 15_000, 20_000])
                a, b = sorted(rates["small"])[1], sorted(rates["large"])[1]
                old = sorted(pulled)[1]
                figure(f"{count:,} events: append {b:,.0f} events/s beside {a:,.0f} on a young hub (ratio "
                       f"{b / a:.2f}); pull {old:,.0f} rows/s over the whole log beside {young:,.0f} on a young one")
                assert b > a / 4
                assert large.pull(count // 2, 10)[0].seq == count // 2 + 1
                _partitions(c, count, figure)


def _partitions(c: Any, count: int, figure: Tell) -> None:
    """Bodies apart from the order, in partitions of it: insert, pull, and taking the oldest away."""
    step = count // PARTS
    c.execute("CREATE TABLE hub.body (seq bigint NOT NULL, content text NOT NULL) PARTITION BY RANGE (seq)")
    for n in range(PARTS + 1):
        c.execute(f"CREATE TABLE hub.body_{n} PARTITION OF hub.body FOR VALUES FROM ({n * step + 1}) TO "
                  f"({(n + 1) * step + 1})")
    began = time.monotonic()
    c.execute("INSERT INTO hub.body SELECT o.seq, e.content FROM hub.ordering o JOIN hub.event e ON e.id = o.event_id "
              "WHERE o.seq <= %s", (count,))
    moved = time.monotonic() - began
    c.execute("ALTER TABLE hub.body ADD PRIMARY KEY (seq)")
    c.execute("CREATE TABLE hub.body_plain (seq bigint PRIMARY KEY, content text NOT NULL)")
    c.execute("ANALYZE hub.body")
    inserted: dict[str, list[float]] = {"body": [], "body_plain": []}
    for n in range(3):
        for table in inserted:
            began = time.monotonic()
            for k in range(20):
                first = count + 1 + (n * 20 + k) * 30
                c.execute(f"INSERT INTO hub.{table} SELECT s, repeat('x', 600) FROM generate_series(%s::bigint, "
                          "%s::bigint) s", (first, first + 29))
            inserted[table].append(20 * 30 / (time.monotonic() - began))
    a, b = sorted(inserted["body"])[1], sorted(inserted["body_plain"])[1]
    began, rows = time.monotonic(), 0
    for n in range(12):
        rows += len(c.execute("SELECT o.seq, o.chain, b.content FROM (SELECT * FROM hub.ordering WHERE seq > %s "
                              "ORDER BY seq LIMIT 1000) o LEFT JOIN hub.body b ON b.seq = o.seq ORDER BY o.seq",
                              (count * n // 12,)).fetchall())
    pulled = rows / (time.monotonic() - began)
    one = c.execute("SELECT pg_total_relation_size('hub.body_0')").fetchone()[0]
    began = time.monotonic()
    c.execute("ALTER TABLE hub.body DETACH PARTITION hub.body_0")
    c.execute("DROP TABLE hub.body_0")
    gone = time.monotonic() - began
    left = c.execute("SELECT count(*) FILTER (WHERE b.seq IS NULL), count(*) FROM hub.ordering o LEFT JOIN hub.body "
                     "b ON "
                     "b.seq = o.seq WHERE o.seq <= %s AND o.seq > %s", (step + 500, step - 500)).fetchone()
    assert left == (500, 1000), "the order stays whole, only the oldest bodies are gone"
    figure(f"{count:,} events in {PARTS} partitions of bodies by the order (moved in {moved:.0f} s): insert {a:,.0f} "
           f"rows/s beside {b:,.0f} in a plain table, pull {pulled:,.0f} rows/s, the oldest tenth "
           f"({one / 1e6:,.0f} MB) gone in {gone * 1000:.0f} ms")
