"""What a benchmark prints: figures with unit, target and whether it was reached; and the machine they were taken on."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from typing import TypedDict

import psutil


class Figure(TypedDict):
    """One figure. `target` None: told, not judged (`ok` is true)."""

    value: float
    unit: str
    target: float | None
    ok: bool


def at_most(value: float, unit: str, target: float) -> Figure:
    """A figure that must not exceed its target."""
    return {"value": round(value, 3), "unit": unit, "target": target, "ok": bool(value <= target)}


def at_least(value: float, unit: str, target: float) -> Figure:
    """A figure that must reach its target."""
    return {"value": round(value, 3), "unit": unit, "target": target, "ok": bool(value >= target)}


def told(value: float, unit: str) -> Figure:
    """A figure without a target."""
    return {"value": round(value, 3), "unit": unit, "target": None, "ok": True}


def machine() -> dict[str, object]:
    """Cores, memory and versions; nothing that names the machine."""
    return {
        "cores": os.cpu_count() or 0,
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.system(),
        "arch": platform.machine(),
        "python": platform.python_version(),
        "load": round(psutil.getloadavg()[0], 2),
    }


def report(name: str, figures: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """The object that ``bench NAME --json`` prints."""
    return {"bench": name, "machine": machine(), "figures": dict(figures)}
