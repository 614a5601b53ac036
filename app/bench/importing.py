"""Benchmark of imports: made-up lists of a city's size through the same door as any file."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.bench.figures import Figure, at_most, told
from app.intake.result import ImportResult

COMPONENTS, INCIDENTS = 100_000, 23_000
COMPONENTS_S, INCIDENTS_S = 15.0, 60.0
"""targets on two cores (issue: 100,000 components in 15 s, 23,000 incidents in 60 s)"""

Import = Callable[[str, Path, str | None], ImportResult]
"""(kind, file, profile) → result, into the store that is measured."""


def write_components(path: Path, count: int, seed: int = 1) -> None:
    """A CSV of components about the district, in the generic columns."""
    rng = random.Random(seed)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "kind", "name", "lon", "lat"])
        for i in range(count):
            out.writerow([f"c{i}", rng.choice(("manhole", "lamp", "bin", "tree")), f"component {i}",
                          f"{rng.uniform(116.95, 117.05):.6f}", f"{rng.uniform(30.48, 30.56):.6f}"])


def write_incidents(path: Path, count: int, seed: int = 1) -> None:
    """A CSV of closed and open incidents of two months, in the generic columns."""
    rng = random.Random(seed)
    start = datetime(2026, 5, 1, tzinfo=UTC)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "title", "kind", "opened", "closed", "status", "address", "lon", "lat"])
        for i in range(count):
            opened = start + timedelta(seconds=rng.uniform(0, 60 * 86400))
            closed = opened + timedelta(hours=rng.expovariate(1 / 12)) if rng.random() < 0.98 else None
            out.writerow([f"i{i}", f"incident {i}", "0102", opened.strftime("%Y-%m-%d %H:%M:%S"),
                          closed.strftime("%Y-%m-%d %H:%M:%S") if closed else "", "closed" if closed else "open",
                          f"Road {i % 400} no. {i % 97}", f"{rng.uniform(116.95, 117.05):.6f}",
                          f"{rng.uniform(30.48, 30.56):.6f}"])


def run(folder: Path, bring: Import, *, quick: bool = False) -> dict[str, Figure]:
    """Import both lists into a fresh store; seconds are scaled to the full counts in a quick run."""
    parts = 10 if quick else 1
    components, incidents = folder / "components.csv", folder / "incidents.csv"
    write_components(components, COMPONENTS // parts)
    write_incidents(incidents, INCIDENTS // parts)
    first = bring("components", components, None)
    second = bring("incidents", incidents, None)
    again = bring("components", components, None)
    if first.accepted != COMPONENTS // parts or second.accepted != INCIDENTS // parts or again.accepted:
        raise RuntimeError(f"the import lost rows: {first.accepted}, {second.accepted}, {again.accepted}")
    return {
        "import.components_s": at_most(first.seconds * parts, "s", COMPONENTS_S),
        "import.incidents_s": at_most(second.seconds * parts, "s", INCIDENTS_S),
        "import.components_rows_per_s": told(first.rows_per_s, "rows/s"),
        "import.incidents_rows_per_s": told(second.rows_per_s, "rows/s"),
        "import.same_again_s": told(again.seconds * parts, "s"),
        "import.peak_rss_mb": told(max(first.peak_rss_mb, second.peak_rss_mb), "MB"),
    }
