"""A shift's hand-over as a fold of its events: pure, total. Reads neither lists nor a clock.

Who signs, signs a text: the events of the incoming person name the version that they read, and one that names another
than the last changes nothing. Persons are known as the roster knows them, by post and name.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from app.domain.events import Json
from app.domain.handover_process import ENDED, HANDOVER, INCOMING, OWN
from app.domain.incident_state import Fact
from app.domain.process import Transition

_BY_EVENT: Mapping[str, Transition] = {t.event: t for t in HANDOVER}
_ITEM = ("incident", "number", "kind", "phase", "place")


class Step(NamedTuple):
    """What was done with it. `at` in ms; `text`: what was written with it, for a signature the remark."""

    verb: str
    at: int
    name: str
    text: str


class Item(NamedTuple):
    """An open incident as it stood when the text was written."""

    incident: str
    number: str
    kind: str
    phase: str
    place: str
    level: int
    overdue: bool


@dataclass(slots=True)
class HandoverState:
    """All that follows from a hand-over's events. Treat it as immutable: `apply` returns a new one. Times in ms, 0 when
    not yet."""

    id: str = ""
    number: str = ""
    phase: str = ""
    role: str = ""
    """the post that is handed over"""
    name: str = ""
    """the outgoing person"""
    note: str = ""
    items: list[Item] = field(default_factory=list)
    matters: dict[str, int] = field(default_factory=dict)
    version: str = ""
    """the event that brought the text as it stands"""
    began_at: int = 0
    written_at: int = 0
    reason: str = ""
    """why it was given back"""
    incoming: str = ""
    """who signed for it"""
    signed_at: int = 0
    ended_at: int = 0
    steps: list[Step] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    events: int = 0

    @property
    def open(self) -> bool:
        """Whether the outgoing person is still responsible."""
        return bool(self.phase) and self.phase not in ENDED

    def dump(self) -> str:
        """The state as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @classmethod
    def load(cls, text: str) -> HandoverState:
        """The reverse of `dump`."""
        raw = json.loads(text)
        raw["steps"] = [Step(*s) for s in raw["steps"]]
        raw["items"] = [Item(*i) for i in raw["items"]]
        return cls(**raw)


def apply(state: HandoverState | None, event: Fact) -> HandoverState:
    """The state after `event`. Total: an event that may not follow is kept as superseded and changes nothing else."""
    s = HandoverState() if state is None else copy.copy(state)
    s.events += 1
    row = _BY_EVENT.get(event.kind)
    if row is None or s.phase not in row.sources or not _fits(s, row, event):
        s.superseded = [*s.superseded, event.id]
        return s
    assert row.to is not None
    s.phase = row.to
    s.ended_at = event.occurred_at if row.to in ENDED else 0
    _FOLDS[row.verb](s, event)
    said = next((t for n in ("note", "reason", "remark") if (t := _text(event.body, n))), "")
    s.steps = [*s.steps, Step(row.verb, event.occurred_at, _text(event.body, "name"), said)]
    return s


def _fits(s: HandoverState, row: Transition, e: Fact) -> bool:
    name = _text(e.body, "name")
    if row.guard == OWN:
        return name == s.name and (row.verb != "rewrite" or bool(_text(e.body, "note")))
    if row.guard == INCOMING:
        return bool(name) and name != s.name and _text(e.body, "version") == s.version
    return bool(name and _text(e.body, "note"))


def _written(s: HandoverState, e: Fact) -> None:
    for name in ("id", "number", "role", "name"):
        setattr(s, name, _text(e.body, name))
    s.began_at = e.occurred_at
    _told(s, e)


def _told(s: HandoverState, e: Fact) -> None:
    s.note, s.version, s.written_at, s.reason = _text(e.body, "note"), e.id, e.occurred_at, ""
    matters, items = e.body.get("matters"), e.body.get("items")
    s.matters = {k: v for k, v in matters.items() if _is_count(v) and isinstance(v, int)} if isinstance(
        matters, dict) else {}
    s.items = [_item(i) for i in items if isinstance(i, dict)] if isinstance(items, list) else []


def _signed(s: HandoverState, e: Fact) -> None:
    s.incoming, s.signed_at = _text(e.body, "name"), e.occurred_at


def _returned(s: HandoverState, e: Fact) -> None:
    s.reason = _text(e.body, "reason")


def _withdrawn(_s: HandoverState, _e: Fact) -> None:
    return


_FOLDS = {"write": _written, "rewrite": _told, "sign": _signed, "object": _returned, "withdraw": _withdrawn}


def _item(raw: Mapping[str, Json]) -> Item:
    level = raw.get("level")
    known = level if isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= 4 else 4
    incident, number, kind, phase, place = (_text(raw, name) for name in _ITEM)
    return Item(incident, number, kind, phase, place, known, raw.get("overdue") is True)


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
