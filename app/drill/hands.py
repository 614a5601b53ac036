"""Who takes a case: the force with the skill that is nearest, or the grid's own worker."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from app.drill.frame import Floats, Frame, Ints
from app.services.book import Book

LOCAL = frozenset({"0102", "0104", "0106", "0108", "0118", "0201", "0507", "0508", "0510", "1101", "1208", "1604",
                   "1904"})
"""kinds that the grid's own worker settles as a rule"""


@dataclass(frozen=True, slots=True)
class Force:
    """What choosing needs of a unit: id, name, kind, skills, home area; metres (NaN without a position)."""

    id: str
    name: str
    kind: str
    skills: tuple[str, ...]
    area: str | None
    on_duty: bool = True


class Hands:
    """Chooses forces. Positions may be moved between choices."""

    def __init__(self, forces: Sequence[Force], x: Floats, y: Floats) -> None:
        self.forces = tuple(forces)
        self.x, self.y = x, y
        self.index = {f.id: i for i, f in enumerate(self.forces)}
        self._by_skill: dict[str, list[int]] = {}
        self._worker: dict[str, int] = {}
        self._departments = [i for i, f in enumerate(self.forces) if f.kind == "department"]
        for i, force in enumerate(self.forces):
            if force.kind == "grid_worker" and force.area:
                self._worker[force.area] = i
            if force.kind == "department" or not force.on_duty:
                continue
            for skill in force.skills:
                self._by_skill.setdefault(skill, []).append(i)
        self._arrays: dict[str, Ints] = {k: np.array(v, dtype=np.int64) for k, v in self._by_skill.items()}

    def choose(self, kind: str, skill: str, family: str, area: str | None, x: float, y: float, turn: float,
               busy: Collection[int] = ()) -> int:
        """Index of the force to send. `turn` in 0..1 decides among near equals; `busy` ones are left out."""
        worker = self._worker.get(area or "")
        if worker is not None and worker not in busy and ((kind in LOCAL and turn < 0.75) or turn < 0.12):
            return worker
        if family == "service" and (turn < 0.55 or not skill) and self._departments:
            fit = [i for i in self._departments
                   if (skill in self.forces[i].skills if skill else not self.forces[i].skills)] or self._departments
            return fit[int(turn * 997) % len(fit)]
        near = self.nearest(skill, x, y, 4, busy)
        if near:
            return near[min(int(turn * turn * 4), len(near) - 1)]
        return worker if worker is not None else int(turn * 991) % len(self.forces)

    def nearest(self, skill: str, x: float, y: float, count: int, busy: Collection[int] = ()) -> list[int]:
        """Up to `count` forces on duty with a skill, nearest first; all skills when nobody has it."""
        mine = self._arrays.get(skill)
        if mine is None:
            mine = self._arrays.get("security")
        if mine is None or not len(mine):
            return []
        distance = (self.x[mine] - x) ** 2 + (self.y[mine] - y) ** 2
        distance = np.where(np.isnan(distance), np.inf, distance)
        most = min(len(mine), count + len(busy))
        found = mine[np.argpartition(distance, most - 1)[:most]] if most < len(mine) else mine
        order = sorted(found.tolist(), key=lambda i: float((self.x[i] - x) ** 2 + (self.y[i] - y) ** 2))
        return [i for i in order if i not in busy][:count]


def skill_of(book: Book, kind: str) -> tuple[str, str]:
    """(skill, family) that a kind names; "" where it names none."""
    entry = book.code("kind", kind)
    if entry is None:
        return "", ""
    return str(entry.extra.get("skill", "")), str(entry.extra.get("family", ""))


def forces_in_metres(frame: Frame, lon: Sequence[float | None], lat: Sequence[float | None]) -> tuple[Floats, Floats]:
    """Positions as metres, NaN where there is none."""
    return frame.to_m(np.array([np.nan if v is None else v for v in lon]),
                      np.array([np.nan if v is None else v for v in lat]))
