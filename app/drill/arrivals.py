"""New incidents of an ordinary day: Poisson by the hour, each told in the words of its channel."""
from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from app.drill.shape import levels_of
from app.drill.stage import Stage
from app.services.commands import Reporter, ReportIncident

_PERSONAL = frozenset({"city_order", "hotline", "citizen_photo", "neighbour_chat"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report that came in, and where (metres)."""

    report: ReportIncident
    x: float
    y: float


class Arrivals:
    """Draws reports; `intensity` scales the day's mean."""

    def __init__(self, stage: Stage, seed: int, intensity: float = 1.0) -> None:
        self._stage, self._intensity = stage, intensity
        self._rng = np.random.default_rng((seed, 41))
        self._zone = ZoneInfo(stage.calendar.timezone)
        self._next: float | None = None
        self._numbers = 0

    def new_id(self) -> str:
        """An id from the seed: the same drill makes the same ids."""
        return str(uuid.UUID(bytes=self._rng.bytes(16), version=4))

    def due(self, now: datetime) -> list[Arrival]:
        """What came in since the last call, up to `now`; a long gap brings at most an hour's worth."""
        at = now.timestamp()
        if self._next is None:
            self._next = at + self._wait(now)
        self._next = max(self._next, at - 3600.0)
        out = []
        while self._next <= at:
            moment = datetime.fromtimestamp(self._next, UTC)
            arrival = self._draw(moment)
            if arrival is not None:
                out.append(arrival)
            self._next += self._wait(moment)
        return out

    def _wait(self, at: datetime) -> float:
        local = at.astimezone(self._zone)
        off = not self._stage.calendar.is_working_day(local.date())
        rate = self._stage.shape.rate_per_hour(local.weekday(), local.hour, day_off=off) * self._intensity
        return float(self._rng.exponential(3600.0 / max(rate, 1e-6)))

    def _draw(self, at: datetime) -> Arrival | None:
        shape, rng = self._stage.shape, self._rng
        weights = shape.weights(at.astimezone(self._zone).hour)
        if not len(weights) or not len(self._stage.spots.lon):
            return None
        kind = int(rng.choice(len(weights), p=weights / weights.sum()))
        channel = shape.channels[int(rng.choice(len(shape.channels), p=shape.channel[kind]))]
        pool = self._stage.spots.pools[shape.draw[kind]]
        level = int(levels_of(np.array([float(shape.level[kind])]), rng)[0])
        return self.report(shape.kinds[kind], channel, int(pool[int(rng.integers(len(pool)))]), level)

    def report(self, kind: str, channel: str, spot: int, level: int | None, *, text: str = "", device: str = "",
               jitter_m: float = 0.0) -> Arrival:
        """A report of a kind at one of the stage's places."""
        spots, rng = self._stage.spots, self._rng
        dx, dy = rng.normal(0.0, 1.0, 2) * jitter_m
        x, y = float(spots.x[spot] + dx), float(spots.y[spot] + dy)
        lon, lat = (float(v) for v in self._stage.frame.to_deg(x, y))
        label = self._stage.book.label("kind", kind, "zh_CN")
        place = spots.address[spot]
        told = text or self._stage.words.told(channel, place, kind, label, float(rng.random()))
        self._numbers += 1
        external = ("city", f"AQ-D{self._numbers:06d}") if channel == "city_order" else None
        # No telephone number in the land begins with 100.
        person = Reporter("市民（演示）", f"100{int(rng.integers(10**8)):08d}") if channel in _PERSONAL else None
        report = ReportIncident(kind=kind, channel=channel, place=place, level=level, description=told, lon=lon,
                                lat=lat, reporter=person, external=external, device=device,
                                incident_id=self.new_id())
        return Arrival(report, x, y)
