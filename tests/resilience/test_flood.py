"""Promise 12: a flood of 1,000 events a second is stored to the last one while desk and wall stay alive."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from app.bench.figures import Figure
from app.bootstrap import bench_screens

LOOSE_STALL_MS = 5_000.0
"""a bound that no slow machine breaks; the promised 50 and 250 ms are asserted in the long form"""


def told(figures: dict[str, Figure], seconds: int) -> str:
    sent, stored, rate, p99, most, added = (round(figures[f"flood.{name}"]["value"]) for name in (
        "sent", "stored", "rate_per_s", "stall_p99_ms", "stall_max_ms", "memory_added_mb"))
    return (f"promise 12: {seconds} s, sent {sent}, stored {stored} at {rate}/s; stall p99 {p99} ms, max {most} ms; "
            f"memory +{added} MB")


@pytest.mark.xdist_group("flood")
@pytest.mark.timeout(240)
def test_a_flood_is_stored_to_the_last_event_while_both_screens_live(figure: Callable[[str], None]) -> None:
    figures = bench_screens.flood(quick=True, seconds=10)
    figure(told(figures, 10))
    assert figures["flood.sent"]["value"] == 10_000
    assert figures["flood.stored"]["value"] == figures["flood.sent"]["value"]
    assert figures["flood.stall_max_ms"]["value"] < LOOSE_STALL_MS
    assert figures["flood.memory_added_mb"]["value"] < 300


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_a_minute_of_flood_leaves_the_screens_quick_and_small(figure: Callable[[str], None]) -> None:
    figures = bench_screens.flood(quick=False, seconds=60)
    figure(told(figures, 60))
    assert figures["flood.stored"]["value"] == figures["flood.sent"]["value"] == 60_000
    assert figures["flood.stall_p99_ms"]["value"] <= bench_screens.STALL_P99_MS
    assert figures["flood.stall_max_ms"]["value"] <= bench_screens.STALL_MAX_MS
    assert figures["flood.memory_added_mb"]["value"] <= 50
