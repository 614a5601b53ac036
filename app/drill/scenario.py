"""Scripted moments of a drill: what is reported or warned of, when, where, and what belongs together."""
from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.domain.faults import KnownFault, Message

WHERE = ("quarter", "town", "shore", "homes", "anywhere")
_MOMENT: Mapping[str, type | tuple[type, ...]] = {
    "after_s": (int, float), "do": str, "ref": str, "kind": str, "level": int, "channel": str, "where": str,
    "same_place_as": str, "jitter_m": (int, float), "text": str, "device": str, "merge_into": str, "title": str,
    "areas": str, "source": str, "lasts_s": (int, float)}
_HEAD: Mapping[str, type | tuple[type, ...]] = {
    "name": str, "title_zh": str, "title_en": str, "starts_after_s": (int, float), "repeat_after_s": (int, float),
    "moment": list}
_NEEDED = {"report": ("kind", "channel", "text"), "warn": ("level", "title", "text")}


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens `after_s` seconds into the scenario. `do`: report or warn."""

    after_s: float
    do: str
    ref: str = ""
    kind: str = ""
    level: int | None = None
    channel: str = ""
    where: str = "town"
    same_place_as: str = ""
    jitter_m: float = 0.0
    text: str = ""
    device: str = ""
    merge_into: str = ""
    title: str = ""
    areas: str = ""
    source: str = ""
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Moments in time order; begins `starts_after_s` into the drill and again every `repeat_after_s` (0: once)."""

    name: str
    title_zh: str
    title_en: str
    starts_after_s: float
    repeat_after_s: float
    moments: tuple[Moment, ...]


def load_scenarios(root: Path, names: Iterable[str] | None = None) -> list[Scenario]:
    """The scenarios below `root`/scenarios (those with a `moment`), or the named ones.

    Raises KnownFault naming file and key for an unknown key, a wrong type, a reference to nothing, a name not there.
    """
    found: dict[str, Scenario] = {}
    for path in sorted((root / "scenarios").glob("*.toml")):
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as bad:
            raise KnownFault(Message("{file} cannot be read: {reason}", {"file": path.name, "reason": bad})) from bad
        if "moment" in raw:
            one = _scenario(path.name, raw)
            found[one.name] = one
    if names is None:
        return list(found.values())
    missing = [n for n in names if n not in found]
    if missing:
        raise KnownFault(Message("There is no scenario {name}; known: {known}",
                                 {"name": missing[0], "known": ", ".join(found)}))
    return [found[n] for n in names]


def _check(file: str, where: str, raw: Mapping[str, Any], known: Mapping[str, type | tuple[type, ...]]) -> None:
    for key, value in raw.items():
        wanted = known.get(key)
        if wanted is None:
            raise KnownFault(Message("{file}: unknown key {key}", {"file": file, "key": where + key}))
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise _fault(file, where + key, Message("another type of value"))


def _fault(file: str, where: str, expected: Message) -> KnownFault:
    return KnownFault(Message("{file}: {where}: expected {expected}",
                              {"file": file, "where": where, "expected": expected}))


def _scenario(file: str, raw: Mapping[str, Any]) -> Scenario:
    _check(file, "", raw, _HEAD)
    for key in ("name", "title_zh", "title_en", "starts_after_s"):
        if key not in raw:
            raise KnownFault(Message("{file}: key {key} is missing", {"file": file, "key": key}))
    moments: list[Moment] = []
    refs: set[str] = set()
    for number, entry in enumerate(raw["moment"], 1):
        where = f"moment {number}: "
        _check(file, where, entry, _MOMENT)
        do = entry.get("do")
        if do not in _NEEDED:
            raise _fault(file, where + "do", Message("report or warn"))
        for key in ("after_s", *_NEEDED[do]):
            if key not in entry:
                raise KnownFault(Message("{file}: key {key} is missing", {"file": file, "key": where + key}))
        if entry.get("where", "town") not in WHERE:
            raise _fault(file, where + "where", Message("one of {names}", {"names": ", ".join(WHERE)}))
        for key in ("same_place_as", "merge_into"):
            if entry.get(key) and entry[key] not in refs:
                raise _fault(file, where + key, Message("the ref of an earlier moment"))
        refs.add(entry.get("ref", ""))
        moments.append(Moment(**entry))
    if any(a.after_s > b.after_s for a, b in pairwise(moments)):
        raise _fault(file, "moment", Message("moments in time order"))
    return Scenario(raw["name"], raw["title_zh"], raw["title_en"], float(raw["starts_after_s"]),
                    float(raw.get("repeat_after_s", 0.0)), tuple(moments))
