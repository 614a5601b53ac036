"""What happens when, where and how it is told: the shape of a district's days, for history and for the player."""
from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.drill.frame import Floats
from app.services.book import Book


@dataclass(frozen=True, slots=True)
class Shape:
    """Weights over kinds and hours of a day. `by_hour`: (kinds, 24), `channel`: (kinds, channels), rows sum to one."""

    kinds: tuple[str, ...]
    by_hour: Floats
    channel: Floats
    draw: tuple[str, ...]
    level: tuple[int, ...]
    rain: Floats
    channels: tuple[str, ...]
    daily_mean: float
    day_off_factor: float
    monday_first: tuple[float, ...]

    def rate_per_hour(self, weekday: int, hour: int, *, day_off: bool = False, rain: bool = False) -> float:
        """Expected incidents in that local hour (weekday 0 = Monday)."""
        share = float(self.weights(hour, rain=rain).sum() / self.by_hour.sum())
        return self.daily_mean * self.day_factor(weekday, day_off) * share

    def weights(self, hour: int, *, rain: bool = False) -> Floats:
        """Weights of the kinds in a local hour."""
        column: Floats = self.by_hour[:, hour]
        return column * self.rain if rain else column

    def day_factor(self, weekday: int, day_off: bool) -> float:
        """How busy a day is against the mean."""
        return self.day_off_factor if day_off else self.monday_first[weekday]


def make_shape(book: Book, root: Path) -> Shape:
    """The shape of `root`/scenarios/shape.toml over the kinds that the book knows; kinds it does not name are rare."""
    raw = tomllib.loads((root / "scenarios" / "shape.toml").read_text(encoding="utf-8"))
    rows: list[Floats] = []
    mixes: list[Floats] = []
    kinds, draws, levels, rain = [], [], [], []
    even = [1.0] * len(raw["channels"])
    for entry in book.codes("kind"):
        usual = entry.extra.get("level")
        level = usual if isinstance(usual, int) else 4
        if entry.code not in raw["kinds"] and level == 1:
            continue  # grave things that no ordinary day brings
        profile, weight, draw = raw["kinds"].get(entry.code, ("day", 0.06, "."))
        hours = np.asarray(raw["hours"][profile], dtype=np.float64)
        rows.append(weight * hours / hours.sum())
        mix = np.asarray(raw["channel_mix"].get(entry.code) or raw["channel_mix"].get(entry.parent or "", even),
                         dtype=np.float64)
        mixes.append(mix / mix.sum())
        kinds.append(entry.code)
        draws.append(draw)
        levels.append(level)
        rain.append(raw["rain_factor"] if entry.code in raw["rain_kinds"] else 1.0)
    return Shape(tuple(kinds), np.array(rows), np.array(mixes), tuple(draws), tuple(levels), np.array(rain),
                 tuple(raw["channels"]), raw["daily_mean"], raw["day_off_factor"], tuple(raw["monday_first"]))


def levels_of(usual: Floats, rng: np.random.Generator) -> Floats:
    """Levels drawn about the kinds' usual ones: now and then one up or down, never up to I by chance."""
    turn = rng.random(len(usual))
    level = np.where((turn < 0.04) & (usual > 2), usual - 1, usual)
    return np.where((turn > 0.93) & (usual < 4) & (usual > 1), usual + 1, level)
